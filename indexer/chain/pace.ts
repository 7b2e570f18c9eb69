import { pause } from './pause.ts'

/** How many requests are under way at once, and when the next may start. */
export type Pace = {
  /** Runs `send` when its turn has come. */
  run<T>(send: () => Promise<T>, signal: AbortSignal | undefined): Promise<T>
  /** An answer came: after many in a row one more request may be under way. */
  granted(): void
  /**
   * The endpoint finds it too much: half as many requests at once, and none before `waitMs` have passed.
   * @param sentMs when the refused request was sent, on the clock of the pace; now when left out.
   */
  refused(waitMs: number, sentMs?: number): void
  /** Requests that may be under way at once, now. */
  width(): number
}

/** Answers in a row, for each request that may be under way, before one more is tried. */
const GRANTED_PER_STEP = 10

/** A pace that starts with `widthMax` requests at once (additive increase, multiplicative decrease). */
export function createPace(widthMax: number, now: () => number = () => performance.now()): Pace {
  let width = widthMax
  let underWay = 0
  let granted = 0
  let closedUntilMs = 0
  let halvedMs = Number.NEGATIVE_INFINITY
  const waiting: (() => void)[] = []
  const next = () => {
    while (underWay < width && waiting.length > 0) {
      underWay++
      waiting.shift()!()
    }
  }
  const enter = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => {
        waiting.splice(waiting.indexOf(start), 1)
        reject(signal?.reason)
      }
      const start = () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      waiting.push(start)
      next()
    })
  return {
    run: async (send, signal) => {
      await enter(signal)
      try {
        while (closedUntilMs > now()) await pause(closedUntilMs - now(), signal)
        return await send()
      } finally {
        underWay--
        next()
      }
    },
    granted: () => {
      if (width < widthMax && ++granted >= width * GRANTED_PER_STEP) {
        width++
        granted = 0
        next()
      }
    },
    refused: (waitMs, sentMs = now()) => {
      // Requests that were under way together are refused together; they count as one.
      if (closedUntilMs <= now() && sentMs > halvedMs) {
        width = Math.max(1, width >> 1)
        halvedMs = now()
      }
      granted = 0
      closedUntilMs = Math.max(closedUntilMs, now() + waitMs)
    },
    width: () => width,
  }
}
