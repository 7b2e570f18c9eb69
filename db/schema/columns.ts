import { getTableColumns } from 'drizzle-orm'
import { bigint, customType, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'

/** Hash, address or other byte string: `bytea` in SQL, `0x` and lower-case hex in code. */
export const bytes = customType<{ data: `0x${string}`; driverData: string | Uint8Array }>({
  dataType: () => 'bytea',
  // PGlite takes no text for bytea. A copy, so that no buffer pool travels behind it to the database thread.
  toDriver: (value) => new Uint8Array(Buffer.from(value.slice(2), 'hex')),
  fromDriver: (value) =>
    typeof value === 'string'
      ? `0x${value.slice(2)}`
      : `0x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`,
})

/** Signed or unsigned 256-bit amount in base units: `numeric(78,0)` in SQL, bigint in code. */
export const integer256 = customType<{ data: bigint; driverData: string }>({
  dataType: () => 'numeric(78,0)',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => BigInt(value),
})

/** Sum of 256-bit amounts, of any size: `numeric` in SQL, bigint in code. */
export const integerSum = customType<{ data: bigint; driverData: string }>({
  dataType: () => 'numeric',
  toDriver: (value) => value.toString(),
  fromDriver: (value) => BigInt(value),
})

/** Position, counter or unix time: `bigint` in SQL, a number up to 2^53-1 in code. */
export const count = (name: string) => bigint(name, { mode: 'number' })

/**
 * Moment with microseconds: `timestamptz` in SQL, RFC 3339 text in UTC with six decimals in code.
 * The drivers give it as Postgres prints it: their dates would cut it to milliseconds.
 */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamptz',
  toDriver: (value) => value,
  fromDriver: (value) => {
    const [, day, time, fraction = ''] = /^(\S+) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(value)!
    return `${day}T${time}.${fraction.padEnd(6, '0')}Z`
  },
})

/** Structured value: `jsonb` in SQL, as it is in code; integers that may be large are decimal strings. */
export const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
})

/** What a table and each of its columns mean; the text of the SQL comments and of the GraphQL descriptions. */
export type TableDocs<T extends PgTable = PgTable> = {
  table: T
  /** One sentence: what a row is, and its key. */
  row: string
  /** One sentence a column, by its key in the drizzle table: meaning, unit, what null means, source. */
  columns: { [K in keyof T['_']['columns']]: string }
}

/** Pairs a table with its documentation; the type demands a sentence for every column. */
export function documented<T extends PgTable>(table: T, row: string, columns: TableDocs<T>['columns']): TableDocs<T> {
  return { table, row, columns }
}

/** The columns of a documented table in declaration order: key in code, drizzle column, sentence. */
export function documentedColumns(docs: TableDocs): { key: string; column: PgColumn; text: string }[] {
  const texts: Record<string, string> = docs.columns
  return Object.entries(getTableColumns(docs.table)).map(([key, column]) => ({ key, column, text: texts[key] ?? '' }))
}
