// Runs PGlite off the main thread, because each of its queries blocks the thread it runs on.
// Plain JavaScript so that Node 20 can load it from the source tree, from tests and from a build alike.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

if (!parentPort) throw new Error('worker.mjs runs as a worker thread only')
const port = parentPort

const pglite = new PGlite({
  dataDir: workerData.folder,
  // A Date would cut the microseconds of a timestamptz.
  parsers: { 1184: (value) => value },
  // The write-ahead log of a bulk load would otherwise grow to 1 GB.
  postgresqlconf: ['max_wal_size = 128MB', 'min_wal_size = 32MB', "timezone = 'UTC'"],
})

/**
 * @typedef {import('../database.ts').CopyLines} CopyLines
 * @param {{ kind: string, text: string, parameters: unknown[], rowMode: 'array' | 'object', tables: CopyLines[] }} request
 */
async function answer(request) {
  switch (request.kind) {
    case 'query':
      return (await pglite.query(request.text, request.parameters, { rowMode: request.rowMode })).rows
    case 'execute':
      await pglite.exec(request.text)
      return null
    case 'bulkInsert':
      await pglite.transaction(async (transaction) => {
        await transaction.exec(request.text)
        for (const { table, columns, lines } of request.tables) {
          const copy = `copy ${table} (${columns.join(', ')}) from '/dev/blob'`
          await transaction.query(copy, [], { blob: new Blob([lines]) })
        }
      })
      return null
    case 'close':
      await pglite.close()
      return null
    default:
      throw new Error(`unknown request ${request.kind}`)
  }
}

port.on('message', async ({ id, ...request }) => {
  try {
    port.postMessage({ id, result: await answer(request) })
  } catch (error) {
    const { message, code, stack } = /** @type {Error & { code?: string }} */ (error)
    port.postMessage({ id, error: { message, code, stack } })
  }
})

pglite.waitReady.then(
  () => port.postMessage({ id: 0, result: null }),
  (error) => port.postMessage({ id: 0, error: { message: String(error?.message ?? error) } }),
)
