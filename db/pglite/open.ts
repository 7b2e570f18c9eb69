import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { drizzle } from 'drizzle-orm/pg-proxy'
import type { Database, Row, Transaction } from '../database.ts'
import { DatabaseFolderError } from '../errors.ts'
import { projectRoot } from '../root.ts'
import { lockFolder } from './lock.ts'

type Ask = (request: Record<string, unknown>) => Promise<unknown>

/**
 * Opens an embedded PGlite database in a worker thread, made if absent.
 * @param folder where its files are.
 * @throws DatabaseLockedError when a live process uses the folder; DatabaseFolderError when it cannot be opened.
 */
export async function openPglite(folder: string): Promise<Database> {
  const path = resolve(folder)
  const unlock = lockFolder(path)
  let worker: Worker
  let ask: Ask
  try {
    mkdirSync(path, { recursive: true })
    worker = new Worker(join(projectRoot(), 'db/pglite/worker.mjs'), { workerData: { folder: path } })
    ask = await connect(worker)
  } catch (cause) {
    unlock()
    throw new DatabaseFolderError(path, cause)
  }
  // One connection: whoever comes second waits until the transaction before has ended.
  const exclusive = createQueue()
  const query = async (text: string, parameters: readonly unknown[] = [], rowMode: 'object' | 'array' = 'object') =>
    (await ask({ kind: 'query', text, parameters, rowMode })) as Row[]
  return {
    kind: 'pglite',
    location: `pglite://${folder}`,
    query: (text, parameters) => exclusive(() => query(text, parameters)),
    execute: (script) => exclusive(async () => void (await ask({ kind: 'execute', text: script }))),
    transaction: (run) => exclusive(() => inTransaction(query, run)),
    bulkInsert: (first, tables) => exclusive(async () => void (await ask({ kind: 'bulkInsert', text: first, tables }))),
    reader: drizzle(async (text, parameters, method) => ({
      rows: await exclusive(() => query(text, parameters, method === 'all' ? 'array' : 'object')),
    })),
    claimWriter: async () => async () => {},
    close: async () => {
      await exclusive(() => ask({ kind: 'close' }))
      await worker.terminate()
      unlock()
    },
  }
}

async function inTransaction<T>(
  query: Transaction['query'],
  run: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  await query('begin')
  try {
    const result = await run({ query })
    await query('commit')
    return result
  } catch (error) {
    await query('rollback').catch(() => {})
    throw error
  }
}

async function connect(worker: Worker): Promise<Ask> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let dead: Error | null = null
  const failAll = (error: Error) => {
    dead ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('error', failAll)
  worker.on('exit', (code) => failAll(new Error(`the database thread ended with code ${code}`)))
  worker.on('message', ({ id, result, error }) => {
    const request = waiting.get(id)
    waiting.delete(id)
    if (error) request?.reject(Object.assign(new Error(error.message), { code: error.code }))
    else request?.resolve(result)
  })
  await new Promise((resolve, reject) => waiting.set(0, { resolve, reject }))
  let last = 0
  return (request) =>
    new Promise((resolve, reject) => {
      if (dead !== null) return reject(dead)
      const id = ++last
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, ...request })
    })
}

function createQueue() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task, task)
    last = result.catch(() => {})
    return result
  }
}
