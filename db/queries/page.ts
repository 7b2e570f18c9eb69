import { getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database, Row } from '../database.ts'
import { type Filter, filterSql } from './filter.ts'
import { type Bound, boundSql, type Order, orderSql } from './order.ts'
import { columnOf, decodeRow, parameter, runSql, selectList } from './sql.ts'

/**
 * How rows belong to a parent: child column to parent key, all of one alternative, any of the alternatives.
 * The chain id always matches; `[{}]` is all rows of the parent's chain.
 */
export type Link = readonly Readonly<Record<string, string>>[]

/** Where rows come from: a table, and what makes them belong to a parent. */
export type Source = { table: PgTable; link: Link }

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
      select ${selectList(table)} from ${table} where ${matchSql(source, query.filter, conditions)}
      order by ${orderSql(table, query.order, query.fromEnd)} limit ${sql.raw(String(query.limit))}
    ) as ${sql.identifier(getTableName(table))} order by parent.position, ${orderSql(table, query.order)}`,
  )
  const pages: Row[][] = parents.map(() => [])
  for (const row of rows) pages[Number(row.parent_position)]?.push(decodeRow(table, row))
  return pages
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
      const column = columnOf(source.table, childKey)
      return sql`${parameter(column, parent[key])}::${sql.raw(column.getSQLType())}`
    })
    return sql`(${sql.join([sql.raw(String(position)), ...values], sql`, `)})`
  })
  const names = columns.map(([key]) => sql.identifier(key))
  return sql`(values ${sql.join(rows, sql`, `)}) as parent(position, ${sql.join(names, sql`, `)})`
}

/** Parent keys the link needs, each with a child column that has its type. */
function parentColumns({ link }: Source): Record<string, string> {
  const pairs = link.flatMap((alternative) => Object.entries(alternative))
  return { chainId: 'chainId', ...Object.fromEntries(pairs.map(([childKey, key]) => [key, childKey])) }
}

function matchSql({ table, link }: Source, filter: Filter, conditions: readonly SQL[]): SQL {
  const equal = (childKey: string, key: string) => sql`${columnOf(table, childKey)} = parent.${sql.identifier(key)}`
  const alternatives = link.map((alternative) => {
    const pairs = Object.entries(alternative).map(([childKey, key]) => equal(childKey, key))
    return pairs.length > 0 ? sql.join(pairs, sql` and `) : sql`true`
  })
  return sql.join(
    [equal('chainId', 'chainId'), sql`(${sql.join(alternatives, sql` or `)})`, filterSql(table, filter), ...conditions],
    sql` and `,
  )
}
