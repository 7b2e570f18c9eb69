import { startApi } from '../../../api/server.ts'
import { readStoredStatus } from '../../../api/status.ts'
import { migrate } from '../../../db/migrate.ts'
import { openDatabase, openForReading } from '../../../db/open.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { assertPortFree } from '../port.ts'
import { stopOnSignal, untilAborted } from '../stop.ts'
import { readVersion } from '../version.ts'

/** `flowprint serve`: serves what a database holds, and indexes nothing. */
export async function runServe(config: Config): Promise<void> {
  const log = await createLog(config)
  const signal = stopOnSignal()
  await assertPortFree(config.host, config.port)
  const database = await openDatabase(config.databaseUrl)
  await migrate(database)
  const version = readVersion()
  const readers = await openForReading(database, config.databaseUrl)
  const api = await startApi({
    database: readers,
    host: config.host,
    port: config.port,
    status: () => readStoredStatus(database, version),
    metrics: createMetrics(null),
    log,
  })
  log.info({ url: api.url, database: database.location }, 'serving')
  if (config.json) process.stdout.write(`${JSON.stringify({ url: api.url })}\n`)
  await untilAborted(signal)
  await api.close()
  await readers.close()
  await database.close()
}
