import { getTableName } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { liveTables, tableDocs } from '../../db/schema/index.ts'

/** Every row of every table, but those of what only a live observer can see, as Postgres prints it, in the order of its text: equal dumps mean equal tables. */
export async function dumpTables(database: Database): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const { table } of tableDocs) {
    const name = getTableName(table)
    if (liveTables.has(name)) continue
    const rows = await database.query(`select t::text as line from ${name} t order by t::text collate "C"`)
    dump[name] = rows.map(({ line }) => String(line))
  }
  return dump
}
