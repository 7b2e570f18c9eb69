import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { projectRoot } from '../db/root.ts'

const LIMIT_MS = 20_000
const QUERY = '{ swaps(first: 1) { nodes { blockNumber amount0 pool { protocol } } } }'

let folder: string
let program: ChildProcess

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowprint-first-'))
})

afterAll(async () => {
  // As Ctrl-C does: to npm and all that it has started.
  process.kill(-program.pid!, 'SIGINT')
  await new Promise((resolve) => program.once('close', resolve))
  rmSync(folder, { recursive: true, force: true })
}, 10_000)

test(`npm start on a new folder answers a query with swaps within ${LIMIT_MS / 1000} s`, async () => {
  const port = await freePort()
  const startedMs = performance.now()
  const args = ['start', '--silent', '--', '--port', String(port), '--database-url', `pglite://${join(folder, 'data')}`]
  program = spawn('npm', args, { cwd: projectRoot(), stdio: 'ignore', detached: true })
  let answer: unknown = null
  while (answer === null && performance.now() - startedMs < LIMIT_MS * 2) answer = await firstSwap(port)
  const elapsedMs = performance.now() - startedMs
  console.info(`first answer with data after ${(elapsedMs / 1000).toFixed(1)} s`)
  expect(answer).toMatchObject({ amount0: expect.stringMatching(/^-?\d+$/), pool: { protocol: expect.any(String) } })
  expect(elapsedMs).toBeLessThan(LIMIT_MS)
})

async function firstSwap(port: number): Promise<unknown> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY }),
    })
    const { data } = (await response.json()) as { data?: { swaps?: { nodes: unknown[] } } }
    return data?.swaps?.nodes[0] ?? null
  } catch {
    // Not listening yet; asking ten times a second is often enough.
    await new Promise((resolve) => setTimeout(resolve, 100))
    return null
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
