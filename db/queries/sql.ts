import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import { getTableConfig, type PgColumn, PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import type { Database, Row } from '../database.ts'

const dialect = new PgDialect()

/** Runs one statement built with drizzle's `sql`; returns its rows as the driver gives them. */
export function runSql(database: Database, statement: SQL): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  return database.query(text, params)
}

/** A value as a parameter of the type of a column. */
export function parameter(column: PgColumn, value: unknown): SQL {
  return sql`${column.mapToDriverValue(value)}`
}

/** The column of a table by its key in code. @throws Error when the table has no such column (a fault of the program). */
export function columnOf(table: PgTable, key: string): PgColumn {
  const column = getTableColumns(table)[key]
  if (!column) throw new Error(`no column ${key}`)
  return column as PgColumn
}

const keys = new WeakMap<PgTable, string[]>()

/** The primary key of a table without the leading chain id, as keys in code, in index order. */
export function keyOf(table: PgTable): string[] {
  // Remembered, because drizzle builds the whole description of the table anew at each call.
  const key = keys.get(table) ?? readKey(table)
  keys.set(table, key)
  return key
}

function readKey(table: PgTable): string[] {
  const columns = getTableConfig(table).primaryKeys[0]?.columns ?? []
  const names = new Map(Object.entries(getTableColumns(table)).map(([key, column]) => [column.name, key]))
  return columns.map((column) => names.get(column.name) ?? column.name).filter((key) => key !== 'chainId')
}

/** All columns of a table, qualified, as a select list. */
export function selectList(table: PgTable): SQL {
  return sql.join(
    Object.values(getTableColumns(table)).map((column) => sql`${column}`),
    sql`, `,
  )
}

/** A driver row with the values and keys of code: bigint for amounts, `0x` hex for bytes. */
export function decodeRow(table: PgTable, row: Row): Row {
  const decoded: Row = {}
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    const value = row[column.name]
    decoded[key] = value === null ? null : column.mapFromDriverValue(value)
  }
  return decoded
}
