import { join } from 'node:path'
import { getTableName } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pg-proxy'
import { migrate as runMigrations } from 'drizzle-orm/pg-proxy/migrator'
import type { Database } from './database.ts'
import { projectRoot } from './root.ts'
import { documentedColumns } from './schema/columns.ts'
import { tableDocs } from './schema/index.ts'

/** Lock that makes two starting processes migrate one after the other; any fixed number will do. */
const MIGRATION_LOCK = 0x666c6f78

/** Brings the tables to this version and writes the column comments; does nothing when they are up to date. Returns the number of statements run. */
export async function migrate(database: Database): Promise<number> {
  return database.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    // Drizzle's migrator only reads the folder and says what is missing; all of it runs under the lock.
    const locked = drizzle(async (text, parameters) => ({ rows: await transaction.query(text, parameters) }))
    let missing: string[] = []
    const collect = async (queries: string[]) => {
      missing = queries
    }
    await runMigrations(locked, collect, { migrationsFolder: join(projectRoot(), 'db/migrations') })
    const statements = missing.length === 0 ? [] : [...missing, ...commentStatements()]
    for (const statement of statements) await transaction.query(statement)
    return statements.length
  })
}

/** `COMMENT ON` for every table and column, from the schema's documentation. */
export function commentStatements(): string[] {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
  return tableDocs.flatMap((docs) => {
    const table = getTableName(docs.table)
    return [
      `comment on table "${table}" is ${quote(docs.row)}`,
      ...documentedColumns(docs).map(
        ({ column, text }) => `comment on column "${table}"."${column.name}" is ${quote(text)}`,
      ),
    ]
  })
}
