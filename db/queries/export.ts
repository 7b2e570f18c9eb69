import { type SQL, sql } from 'drizzle-orm'
import type { Database, Row } from '../database.ts'
import { blocks } from '../schema/blocks.ts'
import { chains, cursors } from '../schema/chains.ts'
import { runSql } from './sql.ts'

/**
 * How a value travels: `decimal` is an integer of any size, `unix` a time in whole seconds, `instant` one with
 * microseconds; the others are what they are called.
 */
export type WireKind = 'text' | 'json' | 'bytes' | 'integer' | 'decimal' | 'double' | 'boolean' | 'unix' | 'instant'

/** A column that is read: its name in the result, how it travels, and its expression over the alias `x` and the joins. */
export type WireColumn = { name: string; kind: WireKind; expression: SQL }

/** A part of the order: a column of `x` and its type in SQL. */
export type KeyColumn = { name: string; type: string }

/** What is exported of a chain: blocks, both included, and the block as of which later knowledge counts. */
export type ExportScope = { chainId: number; from: number; to: number; asOfBlock: number }

/** Key values as text, in the order of the key columns. */
export type ExportKey = readonly string[]

/** The rows between two keys: the first excluded, the last included; null = no bound. */
export type KeySpan = { after: ExportKey | null; last: ExportKey | null }

/** Where the rows of a data set come from. */
export type ExportSource = {
  /** The table that has the key, without alias; it must have `chain_id`. */
  keyed: SQL
  /** The table or view that has the columns, without alias; it must have `chain_id` and the key. */
  table: SQL
  /** Which rows of `x` belong to the scope, beside those of its chain. */
  within: (scope: ExportScope) => SQL
  /** Joins that add columns and keep one row a row of `x`; they may use that all rows lie in the span. */
  joins?: (scope: ExportScope, span: KeySpan) => SQL
  /** The order; no two rows of a chain have the same. */
  key: readonly KeyColumn[]
  columns: readonly WireColumn[]
}

/** One page: of each value that was asked for, those of all rows as text, with a newline between them. */
export type ExportPage = { rows: number; columns: readonly string[] }

/** How far the chain of an export is stored. */
export type ExportChain = { chainId: number; name: string; startBlock: number; indexedBlock: number }

/** The chains that have indexed blocks, by chain id ascending. */
export async function listExportChains(database: Database): Promise<ExportChain[]> {
  const rows = await runSql(
    database,
    sql`select ${chains.chainId} as id, ${chains.name} as name, ${cursors.startBlock} as start,
        ${cursors.blockNumber} as indexed
      from ${chains} join ${cursors} on ${cursors.chainId} = ${chains.chainId}
      where ${cursors.blockNumber} >= ${cursors.startBlock} order by ${chains.chainId}`,
  )
  return rows.map((row) => ({
    chainId: Number(row.id),
    name: String(row.name),
    startBlock: Number(row.start),
    indexedBlock: Number(row.indexed),
  }))
}

/** The hash of a stored block as lower-case 0x hex; null when the block is not stored. */
export async function readBlockHash(database: Database, chainId: number, blockNumber: number): Promise<string | null> {
  const [row] = await runSql(
    database,
    sql`select encode(${blocks.hash}, 'hex') as hash from ${blocks}
      where ${blocks.chainId} = ${chainId} and ${blocks.number} = ${blockNumber}`,
  )
  return row === undefined ? null : `0x${row.hash}`
}

/** The key of the last row of a page of `pageRows` rows after a key; null when fewer rows are left. */
export async function findPageEnd(
  database: Database,
  source: ExportSource,
  scope: ExportScope,
  after: ExportKey | null,
  pageRows: number,
): Promise<ExportKey | null> {
  const names = source.key.map(({ name }) => sql`x.${sql.identifier(name)}`)
  // The offset is one within the page, whose rows the index has to pass in any case.
  const [row] = await runSql(
    database,
    sql`select ${list(names.map((name, index) => sql`${name}::text as ${key(index)}`))} from ${source.keyed} as x
      where ${matchSql(source, scope, { after, last: null })}
      order by ${list(names)} offset ${sql.raw(String(pageRows - 1))} limit 1`,
  )
  return row === undefined ? null : source.key.map((_, index) => String(row[`k${index}`]))
}

/** Values of the rows of a span in the order of the key; each is an expression that gives a text and is never null. */
export async function readExportPage(
  database: Database,
  source: ExportSource,
  scope: ExportScope,
  span: KeySpan,
  values: readonly SQL[],
): Promise<ExportPage> {
  const sums = values.map((_, index) => sql`string_agg(${column(index)}, chr(10)) as ${column(index)}`)
  // The limit is no bound: with one, Postgres sorts the rows before it makes text of them, and sorts less.
  const [row] = await runSql(
    database,
    sql`select count(*) as rows, ${list(sums)} from (
      select ${list(values.map((value, index) => sql`${value} as ${column(index)}`))}
      from ${source.table} as x ${source.joins?.(scope, span) ?? sql``}
      where ${matchSql(source, scope, span)}
      order by ${list(source.key.map(({ name }) => sql`x.${sql.identifier(name)}`))} limit 1000000000
    ) as page`,
  )
  return toPage(row, values.length)
}

function toPage(row: Row | undefined, width: number): ExportPage {
  const rows = Number(row?.rows ?? 0)
  return { rows, columns: Array.from({ length: width }, (_, index) => String(row?.[`c${index}`] ?? '')) }
}

/** The rows of `x` that belong to a scope and lie in a span. */
function matchSql(source: ExportSource, scope: ExportScope, { after, last }: KeySpan): SQL {
  const conditions = [sql`x.chain_id = ${scope.chainId}`, source.within(scope)]
  if (after !== null) conditions.push(sql`${keysSql(source.key)} > ${valuesSql(source.key, after)}`)
  if (last !== null) conditions.push(sql`${keysSql(source.key)} <= ${valuesSql(source.key, last)}`)
  // Of the comparison of rows Postgres estimates nothing; of its first column it does.
  const [first] = source.key
  if (first !== undefined && after !== null) conditions.push(sql`${keysSql([first])} >= ${valuesSql([first], after)}`)
  if (first !== undefined && last !== null) conditions.push(sql`${keysSql([first])} <= ${valuesSql([first], last)}`)
  return sql.join(conditions, sql` and `)
}

function keysSql(columns: readonly KeyColumn[]): SQL {
  return sql`(${list(columns.map(({ name }) => sql`x.${sql.identifier(name)}`))})`
}

function valuesSql(columns: readonly KeyColumn[], values: ExportKey): SQL {
  return sql`(${list(columns.map(({ type }, index) => sql`${values[index]}::text::${sql.raw(type)}`))})`
}

/**
 * A value as text that holds no newline. An absent value is empty, of `text` and `json` it is `\N`; there newline and
 * backslash are written as `\n` and `\\`. Bytes are `\x` and hex, instants microseconds since 1970.
 */
export function wireSql({ kind, expression }: WireColumn): SQL {
  switch (kind) {
    case 'text':
    case 'json':
      return sql`coalesce(replace(replace((${expression})::text, chr(92), chr(92) || chr(92)), chr(10), chr(92) || 'n'), chr(92) || 'N')`
    case 'double':
      return sql`coalesce((${finiteSql(expression)})::text, '')`
    case 'instant':
      return sql`coalesce((extract(epoch from ${expression}) * 1000000)::bigint::text, '')`
    default:
      return sql`coalesce((${expression})::text, '')`
  }
}

/** A double; null when it is not a finite number, which neither JSON nor every reader of the other formats knows. */
export function finiteSql(expression: SQL): SQL {
  const value = sql`(${expression})::float8`
  return sql`case when ${value} between -1.7976931348623157e308 and 1.7976931348623157e308 then ${value} end`
}

const list = (items: readonly SQL[]): SQL => sql.join([...items], sql`, `)
const column = (index: number): SQL => sql.raw(`c${index}`)
const key = (index: number): SQL => sql.raw(`k${index}`)
