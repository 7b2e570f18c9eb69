import { linkAbort } from '../chain/abort.ts'
import { pause } from '../chain/pause.ts'

/** Something on or beside the chain that is read again and again, apart from the blocks. */
export type Watcher = {
  /** For messages: what is watched. */
  name: string
  /**
   * One idempotent round: reads what has changed and writes it.
   * @returns milliseconds until the next round.
   * @throws the errors of the chain layer and the database; the round is then tried again later.
   */
  round(signal: AbortSignal): Promise<number>
  close(): Promise<void>
}

/** How watchers are run. */
export type WatchOptions = {
  signal: AbortSignal
  /** True for an error that may be over when tried again; any other ends everything. */
  isPassing: (error: unknown) => boolean
  onFailure: (name: string, error: Error, waitMs: number) => void
  /** A watcher that had failed works again. */
  onRecovery?: (name: string) => void
}

/** Watchers at work. */
export type Watching = {
  /** Never resolves; rejects with the first error that will not pass. */
  failed: Promise<never>
  /** Resolves when each watcher has begun and ended one more round; rejects when one cannot. */
  finish(): Promise<void>
  /** Resolves when all have stopped, after the signal. */
  ended: Promise<void>
}

const FAILURE_WAIT_MS = 500
const FAILURE_WAIT_MAX_MS = 30_000
/** Failures in a row after which the last round is given up. */
const LAST_ROUND_FAILURES = 6

/** Runs each watcher round after round, apart from the others, until `signal` aborts. */
export function runWatchers(watchers: readonly Watcher[], options: WatchOptions): Watching {
  const finishing = new AbortController()
  const runs = watchers.map((watcher) => runWatcher(watcher, finishing.signal, options))
  const failed = new Promise<never>((_, reject) => {
    for (const run of runs) run.catch(reject)
  })
  failed.catch(() => {})
  return {
    failed,
    finish: async () => {
      finishing.abort()
      await Promise.all(runs)
    },
    ended: Promise.allSettled(runs).then(async () => {
      await Promise.allSettled(watchers.map((watcher) => watcher.close()))
    }),
  }
}

async function runWatcher(watcher: Watcher, finishing: AbortSignal, options: WatchOptions): Promise<void> {
  const { signal, isPassing, onFailure } = options
  let failures = 0
  while (!signal.aborted) {
    const isLast = finishing.aborted
    let waitMs: number
    try {
      waitMs = await watcher.round(signal)
      if (failures > 0) options.onRecovery?.(watcher.name)
      failures = 0
      if (isLast) return
    } catch (error) {
      if (signal.aborted) return
      if (!isPassing(error) || (isLast && failures >= LAST_ROUND_FAILURES)) throw error
      waitMs = Math.min(FAILURE_WAIT_MAX_MS, FAILURE_WAIT_MS * 2 ** failures++)
      onFailure(watcher.name, error as Error, waitMs)
    }
    // The end cuts the wait of a round short, not that of a failure.
    if (failures === 0 && finishing.aborted) continue
    const link = linkAbort(signal)
    const wake = () => link.abort()
    if (failures === 0) finishing.addEventListener('abort', wake)
    await pause(waitMs, link.signal).catch(() => {})
    finishing.removeEventListener('abort', wake)
    link.release()
  }
}
