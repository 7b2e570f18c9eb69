import { getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database, Row } from '../database.ts'
import { type Filter, filterSql } from './filter.ts'
import { type Bound, boundSql, type Order, orderSql } from './order.ts'
import { columnOf, decodeRow, parameter, runSql, selectList } from './sql.ts'

/** Two keys of a parent: what belongs to it lies from the value at one to the value at the other, both included. */
export type KeyRange = { from: string; to: string }

/**
 * How rows belong to a parent: child column to the parent key that it equals, or to the range of parent keys that it
 * lies in; all of one alternative, any of the alternatives. The chain id always matches; `[{}]` is all rows of the
 * parent's chain.
 */
export type Link = readonly Readonly<Record<string, string | KeyRange>>[]

/** A table between: its rows belong to the parent, and name the rows that are meant; child column to its column. */
export type Through = { table: PgTable; keys: Readonly<Record<string, string>> }

/** Where rows come from: a table, and what makes them belong to a parent; with a table between, what makes its rows belong. */
export type Source = { table: PgTable; link: Link; through?: Through }

/** Which rows of a source, and in what order. */
export type PageQuery = {
  filter: Filter
  order: Order
  bounds: readonly Bound[]
  /** At most so many rows for each parent. */
  limit: number
  /** Whether the limit keeps the last rows instead of the first; the order of the result is the same. */
  fromEnd: boolean
}

/**
 * One page of rows for each parent, in one query.
 * @param parents rows or keys with `chainId` and what the link names.
 * @returns as many pages as there are parents, in their order; each in the order asked for.
 */
export async function listPages(
  database: Database,
  source: Source,
  parents: readonly Row[],
  query: PageQuery,
): Promise<Row[][]> {
  const { table } = source
  const conditions = query.bounds.map((bound) => boundSql(table, query.order, bound))
  const rows = await runSql(
    database,
    sql`select parent.position as parent_position, ${selectList(table)} from ${parentsSql(source, parents)} cross join lateral (
      ${candidatesSql(source, parents.length, query.order, matchSql(source, query.filter, conditions))}
      order by ${orderSql(table, query.order, query.fromEnd)} limit ${sql.raw(String(query.limit))}
    ) as ${sql.identifier(getTableName(table))} order by parent.position, ${orderSql(table, query.order)}`,
  )
  const pages: Row[][] = parents.map(() => [])
  for (const row of rows) pages[Number(row.parent_position)]?.push(decodeRow(table, row))
  return pages
}

/** The rows of one parent, to be put in order and cut to a page. */
function candidatesSql({ table, link, through }: Source, parents: number, order: Order, match: SQL): SQL {
  const rows = sql`select ${selectList(table)} from ${table} where ${match}`
  const isRange = ([childKey, key]: [string, string | KeyRange]) => typeof key !== 'string' && childKey !== order.column
  const hasRange = link.some((alternative) => Object.entries(alternative).some(isRange))
  // Of one parent through a table between it knows, from its statistics.
  if (!hasRange && (through === undefined || parents === 1)) return rows
  // Postgres cannot know how few rows a parent has, and takes them for so many that it would walk the index of the order
  // until a page is full, which is the whole table; `offset 0` makes it read those of the parent first.
  return sql`select ${selectList(table)} from (${rows} offset 0) as ${table}`
}

/** How many rows each parent has, in one query; in the order of the parents. */
export async function listCounts(
  database: Database,
  source: Source,
  parents: readonly Row[],
  filter: Filter,
): Promise<number[]> {
  const rows = await runSql(
    database,
    sql`select matching.rows from ${parentsSql(source, parents)} cross join lateral (
      select count(*) as rows from ${source.table} where ${matchSql(source, filter, [])}
    ) as matching order by parent.position`,
  )
  return rows.map((row) => Number(row.rows))
}

/** The parents as a table `parent(position, chainId, …keys)`, for a lateral join. */
export function parentsSql(source: Source, parents: readonly Row[]): SQL {
  const columns = Object.entries(parentColumns(source))
  const rows = parents.map((parent, position) => {
    const values = columns.map(([key, childKey]) => {
      const column = columnOf(linkedTable(source), childKey)
      return sql`${parameter(column, parent[key])}::${sql.raw(column.getSQLType())}`
    })
    return sql`(${sql.join([sql.raw(String(position)), ...values], sql`, `)})`
  })
  const names = columns.map(([key]) => sql.identifier(key))
  return sql`(values ${sql.join(rows, sql`, `)}) as parent(position, ${sql.join(names, sql`, `)})`
}

/** Keys of the parent that a link reads, each once, in the order of the link; the chain id is not named. */
export function linkKeys(link: Link): string[] {
  return [...new Set(link.flatMap((alternative) => Object.values(alternative).flatMap(keysOf)))]
}

function keysOf(match: string | KeyRange): string[] {
  return typeof match === 'string' ? [match] : [match.from, match.to]
}

/** Parent keys the link needs, each with a child column that has its type. */
function parentColumns({ link }: Pick<Source, 'link'>): Record<string, string> {
  const pairs = link.flatMap((alternative) =>
    Object.entries(alternative).flatMap(([childKey, match]) => keysOf(match).map((key) => [key, childKey])),
  )
  return { chainId: 'chainId', ...Object.fromEntries(pairs) }
}

/** The table whose columns the link names. */
function linkedTable({ table, through }: Source): PgTable {
  return through?.table ?? table
}

function matchSql(source: Source, filter: Filter, conditions: readonly SQL[]): SQL {
  const { table, through } = source
  const ofChain = sql`${columnOf(table, 'chainId')} = parent.${sql.identifier('chainId')}`
  const belonging = through === undefined ? [linkSql(source)] : [ofChain, throughSql(source, through)]
  return sql.join([...belonging, filterSql(table, filter), ...conditions], sql` and `)
}

/** The rows that rows of the table between name. */
function throughSql(source: Source, { table, keys }: Through): SQL {
  const columns = (of: PgTable, names: readonly string[]) =>
    sql.join(
      names.map((name) => sql`${columnOf(of, name)}`),
      sql`, `,
    )
  const named = sql`select ${columns(table, Object.values(keys))} from ${table} where ${linkSql(source)}`
  return sql`(${columns(source.table, Object.keys(keys))}) in (${named})`
}

/** The rows of the linked table that belong to the parent. */
function linkSql(source: Source): SQL {
  const table = linkedTable(source)
  const belongs = (childKey: string, match: string | KeyRange) => {
    const column = columnOf(table, childKey)
    const key = (name: string) => sql`parent.${sql.identifier(name)}`
    if (typeof match === 'string') return sql`${column} = ${key(match)}`
    return sql`${column} between ${key(match.from)} and ${key(match.to)}`
  }
  const alternatives = source.link.map((alternative) => {
    const pairs = Object.entries(alternative).map(([childKey, match]) => belongs(childKey, match))
    return pairs.length > 0 ? sql.join(pairs, sql` and `) : sql`true`
  })
  return sql`${belongs('chainId', 'chainId')} and (${sql.join(alternatives, sql` or `)})`
}
