// Processes that a bench starts.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { interrupted } from './cleanup.mjs'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

const STOP_MS = 10_000
/** @type {Set<ChildProcess>} */
const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a process whose output goes to a file.
 * @param {readonly string[]} argv
 * @param {{ cwd: string, env?: Record<string, string | undefined>, log: string, onLine?: (line: string) => void }} options
 */
export function start(argv, { cwd, env = {}, log, onLine }) {
  const [command = '', ...args] = argv
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const file = createWriteStream(log)
  child.stdout.pipe(file, { end: false })
  child.stderr.pipe(file, { end: false })
  if (onLine) createInterface(child.stdout).on('line', onLine)
  return track(child)
}

/**
 * Ends with the bench, at the latest.
 * @template {ChildProcess} T
 * @param {T} child
 */
export function track(child) {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/**
 * Asks a process to stop and waits for it; one that does not is killed.
 * @param {ChildProcess} child
 */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await ended
  clearTimeout(timer)
}

/**
 * Waits for a child; fails when it ends first or the bench is interrupted.
 * @template T
 * @param {ChildProcess} child
 * @param {(resolve: (value: T) => void) => void} listen is given how to tell that it has come
 * @param {string} what is waited for, in words
 * @returns {Promise<T>}
 */
export function awaitFrom(child, listen, what) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`${what}: the process ended (${code ?? signal})`)))
    interrupted.addEventListener('abort', () => reject(interrupted.reason), { once: true })
    listen(resolve)
  })
}

/**
 * Starts our program with `--json` and waits until it serves.
 * @param {{ program: string, root: string, args: readonly string[], log: string }} options
 * @returns {Promise<{ url: string, child: ChildProcess }>}
 */
export async function startFlowprint({ program, root, args, log }) {
  /** @type {(url: string) => void} */
  let tell = () => {}
  const child = start(
    [process.execPath, '--max-semi-space-size=64', program, 'start', ...args, '--port', '0', '--json'],
    { cwd: root, log, onLine: (line) => tellUrl(line, (url) => tell(url)) },
  )
  const url = await awaitFrom(child, (resolve) => (tell = resolve), `flowprint does not start, see ${log}`)
  return { url, child }
}

/**
 * @param {string} line
 * @param {(url: string) => void} tell
 */
function tellUrl(line, tell) {
  try {
    const { url } = JSON.parse(line)
    if (typeof url === 'string') tell(url)
  } catch {
    // Not the line with the URL.
  }
}

/** A port that is free now. */
export function freePort() {
  return new Promise((/** @type {(port: number) => void} */ resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}
