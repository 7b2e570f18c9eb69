// What a bench starts, it ends: children, databases and folders, also when it is interrupted.
import { setTimeout as delay } from 'node:timers/promises'

const interruption = new AbortController()
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(name, () => {
    // Who asks a second time does not want to wait for the cleaning up.
    if (interruption.signal.aborted) process.exit(130)
    process.exitCode = 130
    interruption.abort(new Error(`interrupted by ${name}`))
  })
}

/** Aborts when the bench is interrupted. */
export const interrupted = interruption.signal

/** @typedef {(undo: () => unknown) => void} Defer */

/**
 * Runs `work`; what it gave to `defer` is undone in reverse order, however it ends.
 * @template T
 * @param {(defer: Defer) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withCleanup(work) {
  /** @type {(() => unknown)[]} */
  const undos = []
  try {
    return await work((undo) => undos.push(undo))
  } finally {
    for (const undo of undos.reverse()) {
      try {
        await undo()
      } catch (error) {
        console.error(`bench: cleaning up: ${String(error)}`)
      }
    }
  }
}

/**
 * Waits, and throws when the bench is interrupted.
 * @param {number} milliseconds
 */
export async function pause(milliseconds) {
  interrupted.throwIfAborted()
  await delay(milliseconds, undefined, { signal: interrupted })
}

/**
 * Waits until `isTrue` is, asking every `everyMs`.
 * @param {() => boolean | Promise<boolean>} isTrue
 * @param {{ everyMs: number, timeoutMs: number, what: string }} options `what` is waited for, in words
 */
export async function waitFor(isTrue, { everyMs, timeoutMs, what }) {
  const deadline = performance.now() + timeoutMs
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1000} s`)
    await pause(everyMs)
  }
}
