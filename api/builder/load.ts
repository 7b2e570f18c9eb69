import { getTableName } from 'drizzle-orm'
import type { Row } from '../../db/database.ts'
import { EVERY_ROW, type Filter } from '../../db/queries/filter.ts'
import { linkKeys, listCounts, listPages, type PageQuery, type Source } from '../../db/queries/page.ts'
import { keyOf } from '../../db/queries/sql.ts'
import type { ApiContext } from '../context.ts'

/** The page of a parent's rows; the pages of all parents asked for together come with one query. */
export function loadPage(context: ApiContext, source: Source, parent: Row, query: PageQuery): Promise<Row[]> {
  const load = (parents: readonly Row[]) => listPages(context.database, source, parents, query)
  return context.batch(kindOf('page', source, query), parent, linkKeys(source.link), load)
}

/** Number of a parent's rows; the counts of all parents asked for together come with one query. */
export function loadCount(context: ApiContext, source: Source, parent: Row, filter: Filter): Promise<number> {
  const load = (parents: readonly Row[]) => listCounts(context.database, source, parents, filter)
  return context.batch(kindOf('count', source, filter), parent, linkKeys(source.link), load)
}

/** The one row that belongs to a parent; null when it is not stored or the parent names none. Batched like pages. */
export async function loadRow(
  context: ApiContext,
  source: Source,
  parent: Row,
  filter = EVERY_ROW,
): Promise<Row | null> {
  if (linkKeys(source.link).some((key) => parent[key] === null)) return null
  const order = { column: keyOf(source.table)[0] ?? 'chainId', descending: true }
  const [row] = await loadPage(context, source, parent, { filter, order, bounds: [], limit: 1, fromEnd: false })
  return row ?? null
}

/** The same text for loads that one query can answer. */
function kindOf(what: string, { table, link, through }: Source, query: unknown): string {
  const exact = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
  const between = through && [getTableName(through.table), through.keys]
  return JSON.stringify([what, getTableName(table), link, between, query], exact)
}
