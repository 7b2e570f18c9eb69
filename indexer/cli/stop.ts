/** How long a graceful stop may take before the process ends anyway: what is not committed is simply not there. */
const STOP_MS_MAX = 1_700

/** A signal that aborts on SIGINT or SIGTERM; a second one, or a stop that takes too long, ends the process at once. */
export function stopOnSignal(): AbortSignal {
  const controller = new AbortController()
  const stop = () => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Error('stopped'))
    setTimeout(() => process.exit(130), STOP_MS_MAX).unref()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return controller.signal
}

/** Resolves when `signal` aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
