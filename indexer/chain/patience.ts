/** How long to wait for an answer: a multiple of what the endpoint usually takes. */
export type Patience = {
  /** Milliseconds for attempt 1, 2, …; each doubles the one before. */
  timeoutMs(attempt: number): number
  /** An answer took `elapsedMs`. */
  answered(elapsedMs: number): void
}

const FIRST_MS = 10_000
const LEAST_MS = 4_000
const USUAL_TIMES = 8
/** Weight of the newest answer. */
const WEIGHT = 0.1

/** Patience that never exceeds `mostMs`. */
export function createPatience(mostMs: number): Patience {
  let usualMs: number | null = null
  return {
    timeoutMs: (attempt) => {
      const base = usualMs === null ? FIRST_MS : Math.max(LEAST_MS, usualMs * USUAL_TIMES)
      return Math.round(Math.min(mostMs, base * 2 ** (attempt - 1)))
    },
    answered: (elapsedMs) => {
      // Quick answers must not make it impatient with the one large range that takes its time.
      usualMs = usualMs === null ? elapsedMs : Math.max(elapsedMs, usualMs * (1 - WEIGHT) + elapsedMs * WEIGHT)
    },
  }
}
