import { join } from 'node:path'
import { getTableName } from 'drizzle-orm'
import { migrate as runMigrations } from 'drizzle-orm/pg-proxy/migrator'
import type { Database } from './database.ts'
import { projectRoot } from './root.ts'
import { documentedColumns } from './schema/columns.ts'
import { tableDocs } from './schema/index.ts'

/** Lock that makes two starting processes migrate one after the other; any fixed number will do. */
const MIGRATION_LOCK = 0x666c6f78

/** Brings the tables to this version and writes the column comments; does nothing when they are up to date. Returns the number of statements run. */
export async function migrate(database: Database): Promise<number> {
  let statements: string[] = []
  const collect = async (queries: string[]) => {
    statements = queries
  }
  await runMigrations(database.reader, collect, { migrationsFolder: join(projectRoot(), 'db/migrations') })
  if (statements.length === 0) return 0
  return database.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    const newest = /VALUES\('[0-9a-f]+', '(\d+)'\)/.exec(statements.at(-1) ?? '')?.[1] ?? '0'
    const done = await transaction.query('select 1 from drizzle.__drizzle_migrations where created_at >= $1', [newest])
    if (done.length > 0) return 0
    const all = [...statements, ...commentStatements()]
    for (const statement of all) await transaction.query(statement)
    return all.length
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
