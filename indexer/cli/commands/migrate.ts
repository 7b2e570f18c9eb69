import { migrate } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'

/** `flowprint migrate`: brings the tables of a database to this version. */
export async function runMigrate(config: Config): Promise<void> {
  const log = await createLog(config)
  const database = await openDatabase(config.databaseUrl)
  try {
    const statements = await migrate(database)
    const result = { database: database.location, statements }
    if (config.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else log.info(result, statements === 0 ? 'the tables are up to date' : 'the tables were brought up to date')
  } finally {
    await database.close()
  }
}
