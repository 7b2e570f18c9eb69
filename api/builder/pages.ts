import { GraphQLEnumType, type GraphQLFieldConfigArgumentMap, GraphQLInt, GraphQLString } from 'graphql'
import type { Row } from '../../db/database.ts'
import { type Filter, namesColumn } from '../../db/queries/filter.ts'
import type { Bound, Order } from '../../db/queries/order.ts'
import type { PageQuery, Source } from '../../db/queries/page.ts'
import type { ApiContext } from '../context.ts'
import { createError } from '../graphqlErrors.ts'
import type { ApiColumn } from './columns.ts'
import { decodeCursor } from './cursors.ts'
import type { Entity } from './entity.ts'
import { type FilterInput, readFilter } from './filters.ts'
import { loadCount, loadPage } from './load.ts'

/** Length of a page when the query names none. */
export const PAGE_DEFAULT = 100
/** Largest length of a page. */
export const PAGE_MAX = 1_000

/** What is needed to read the arguments of a list. */
export type ListInputs = {
  entity: Entity
  columns: readonly ApiColumn[]
  filter: FilterInput
  orderBy: GraphQLEnumType
}

/** Which way a list runs. */
export const OrderDirection = new GraphQLEnumType({
  name: 'OrderDirection',
  description: 'Direction of an order; nulls come last in both.',
  values: {
    asc: { description: 'Smallest first.' },
    desc: { description: 'Largest first; newest first for positions and times.' },
  },
})

/** The `orderBy` enum of a type: its columns. */
export function createOrderBy(typeName: string, columns: readonly ApiColumn[]): GraphQLEnumType {
  return new GraphQLEnumType({
    name: `${typeName}OrderBy`,
    description: `Column that orders ${typeName} rows; rows with equal values follow their key.`,
    values: Object.fromEntries(columns.map(({ key, description }) => [key, { description }])),
  })
}

/** The arguments of a list of the type. */
export function listArguments({ entity, filter, orderBy }: ListInputs): GraphQLFieldConfigArgumentMap {
  const direction = entity.descending ? 'desc' : 'asc'
  return {
    first: {
      type: GraphQLInt,
      description: `Length of the page from the start, ${PAGE_DEFAULT} unless given, at most ${PAGE_MAX}.`,
    },
    after: { type: GraphQLString, description: 'Cursor of the row before the page.' },
    last: {
      type: GraphQLInt,
      description: `Length of the page from the end, at most ${PAGE_MAX}; not together with first.`,
    },
    before: { type: GraphQLString, description: 'Cursor of the row after the page.' },
    where: { type: filter.type, description: `Conditions the rows fulfil; ${describeUnfiltered(entity)}.` },
    orderBy: { type: orderBy, description: `Column of the order, then the key; ${entity.defaultOrder} unless given.` },
    orderDirection: { type: OrderDirection, description: `Direction of the order; ${direction} unless given.` },
  }
}

function describeUnfiltered({ hidden }: Entity): string {
  if (!hidden) return 'all rows unless given'
  return `rows whose ${hidden.column} is ${hidden.value} are left out unless one of them names ${hidden.column}`
}

/** A page as the resolvers of a connection ask for it: nothing is read before it is selected. */
export type Page = {
  order: Order
  rows(): Promise<Row[]>
  hasNext(): Promise<boolean>
  hasPrevious(): Promise<boolean>
  count(): Promise<number>
}

/**
 * The page of a source that the arguments of a list ask for.
 * @throws GraphQLError BAD_USER_INPUT for a wrong length, cursor or filter; COMPLEXITY_LIMIT for too large a filter.
 */
export function createPage(context: ApiContext, inputs: ListInputs, source: Source, parent: Row, args: Row): Page {
  const query = readArguments(inputs, args)
  let read: Promise<Row[]> | undefined
  // One row more than asked for tells whether there are others in the direction of the page.
  const readOneMore = () => {
    read ??= loadPage(context, source, parent, { ...query, limit: query.limit + 1 })
    return read
  }
  const more = async () => (await readOneMore()).length > query.limit
  const isBeyond = async (side: Bound['side']) => {
    const opposite = query.bounds.find((bound) => bound.side === side)
    if (!opposite) return false
    const outside: Bound = { ...opposite, side: side === 'after' ? 'before' : 'after', inclusive: true }
    return (await loadPage(context, source, parent, { ...query, bounds: [outside], limit: 1 })).length > 0
  }
  return {
    order: query.order,
    rows: async () => {
      const rows = await readOneMore()
      if (rows.length <= query.limit) return rows
      return query.fromEnd ? rows.slice(1) : rows.slice(0, -1)
    },
    hasNext: () => (query.fromEnd ? isBeyond('before') : more()),
    hasPrevious: () => (query.fromEnd ? more() : isBeyond('after')),
    count: () => loadCount(context, source, parent, query.filter),
  }
}

function readArguments({ entity, columns, filter }: ListInputs, args: Row): PageQuery {
  const order: Order = {
    column: typeof args.orderBy === 'string' ? args.orderBy : entity.defaultOrder,
    descending: args.orderDirection ? args.orderDirection === 'desc' : entity.descending,
  }
  const bounds = (['after', 'before'] as const).flatMap((side): Bound[] => {
    const cursor = args[side]
    if (typeof cursor !== 'string') return []
    return [{ side, position: decodeCursor(entity, columns, order, cursor), inclusive: false }]
  })
  return { filter: withoutHidden(entity, readFilter(filter, args.where)), order, bounds, ...readLength(args) }
}

function withoutHidden({ hidden }: Entity, filter: Filter): Filter {
  if (!hidden || namesColumn(filter, hidden.column)) return filter
  return { all: [filter, { ...hidden, operator: 'not' }] }
}

function readLength({ first, last }: Row): { limit: number; fromEnd: boolean } {
  if (typeof first === 'number' && typeof last === 'number') {
    throw createError('BAD_USER_INPUT', 'first and last exclude each other; give one of them')
  }
  const fromEnd = typeof last === 'number'
  const limit = fromEnd ? last : typeof first === 'number' ? first : PAGE_DEFAULT
  if (limit >= 0 && limit <= PAGE_MAX) return { limit, fromEnd }
  throw createError('BAD_USER_INPUT', `${fromEnd ? 'last' : 'first'} is ${limit}; it must be from 0 to ${PAGE_MAX}`)
}
