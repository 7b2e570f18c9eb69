/** When the next block may be expected. */
export type Rhythm = {
  /** The head is at `number`. */
  heard(number: number): void
  /** Milliseconds to wait before it is worth asking for the head again. */
  waitMs(): number
}

/** Share of the usual time between blocks that passes before a new one is looked for, and between two looks. */
const FIRST_SHARE = 0.6
const NEXT_SHARE = 1 / 6
const WAIT_MAX_MS = 1_000
/** Weight of the newest time between blocks. */
const WEIGHT = 0.2

/**
 * Learns the time between blocks from when they are heard of: asking much more often finds nothing, and providers count it.
 * @param leastMs never less than this between two looks.
 * @param now a clock in milliseconds.
 */
export function createRhythm(leastMs: number, now: () => number = () => performance.now()): Rhythm {
  let last: { number: number; atMs: number } | null = null
  let usualMs: number | null = null
  let isFresh = false
  return {
    heard: (number) => {
      isFresh = last === null || number > last.number
      if (!isFresh) return
      if (last !== null) {
        const eachMs = (now() - last.atMs) / (number - last.number)
        usualMs = usualMs === null ? eachMs : usualMs * (1 - WEIGHT) + eachMs * WEIGHT
      }
      last = { number, atMs: now() }
    },
    waitMs: () => {
      const share = (usualMs ?? 0) * (isFresh ? FIRST_SHARE : NEXT_SHARE)
      return Math.max(leastMs, Math.min(WAIT_MAX_MS, share))
    },
  }
}
