/** A signal of its own that follows another one until it is released. */
export type LinkedAbort = {
  signal: AbortSignal
  abort(reason?: unknown): void
  /** Lets go of the signal that is followed. */
  release(): void
}

/** AbortSignal.any on Node 20 keeps every signal it made for as long as a source of it lives, which here is the whole run. */
export function linkAbort(followed: AbortSignal | undefined): LinkedAbort {
  const controller = new AbortController()
  const onAbort = () => controller.abort(followed?.reason)
  if (followed?.aborted) onAbort()
  followed?.addEventListener('abort', onAbort, { once: true })
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => followed?.removeEventListener('abort', onAbort),
  }
}
