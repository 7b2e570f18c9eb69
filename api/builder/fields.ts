import {
  type GraphQLArgumentConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLNonNull,
  type GraphQLObjectType,
} from 'graphql'
import type { Row } from '../../db/database.ts'
import type { Filter } from '../../db/queries/filter.ts'
import { linkKeys } from '../../db/queries/page.ts'
import { type ApiContext, findChain } from '../context.ts'
import { createError } from '../graphqlErrors.ts'
import type { ApiColumn } from './columns.ts'
import type { Connection } from './connections.ts'
import type { EntityName, Relation, Single } from './entity.ts'
import { loadRow } from './load.ts'
import { createPage, type ListInputs, listArguments } from './pages.ts'
import { Long } from './scalars.ts'

/** What the builder made of one entity. */
export type Built = {
  inputs: ListInputs
  object: GraphQLObjectType<Row, ApiContext>
  connection: GraphQLObjectType<Connection, ApiContext>
}

/** Gives what was made of an entity; throws for a name without one. */
export type Registry = (name: EntityName) => Built

/** Fields of the query type. */
export type RootFields = GraphQLFieldConfigMap<unknown, ApiContext>

type RowFields = GraphQLFieldConfigMap<Row, ApiContext>

/** The argument that chooses a chain, on every root field. */
export const chainArgument: GraphQLFieldConfigArgumentMap = {
  chainId: { type: Long, description: 'Chain id; may be left out when one chain is indexed.' },
}

/** All rows of the parent's chain. */
const ALL_OF_CHAIN = [{}]

/** The fields of an object type: columns, each followed by its relation, then lists and what the entity adds. */
export function objectFields({ entity, columns }: ListInputs, registry: Registry): RowFields {
  const one = Object.entries(entity.one ?? {})
  const many = Object.entries(entity.many ?? {})
  const follows = ({ link }: Relation, key: string) => linkKeys(link)[0] === key
  const columnsWithRelations = columns.flatMap((column): [string, RowFields[string]][] => [
    [column.key, columnField(column)],
    ...one.filter(([, relation]) => follows(relation, column.key)).map(oneEntry),
  ])
  function oneEntry([name, relation]: [string, Relation]): [string, RowFields[string]] {
    return [name, oneField(registry(relation.to), relation)]
  }
  return {
    ...Object.fromEntries(columnsWithRelations),
    ...Object.fromEntries(one.filter(([, { link }]) => linkKeys(link).length === 0).map(oneEntry)),
    ...Object.fromEntries(many.map(([name, relation]) => [name, manyField(registry(relation.to), relation)])),
    ...entity.extra?.((name) => registry(name).object),
  }
}

function columnField({ scalar, notNull, description }: ApiColumn): RowFields[string] {
  return { type: notNull ? new GraphQLNonNull(scalar) : scalar, description }
}

function oneField({ inputs, object }: Built, { link, description }: Relation): RowFields[string] {
  const source = { table: inputs.entity.docs.table, link }
  return { type: object, description, resolve: (row, _, context) => loadRow(context, source, row) }
}

function manyField({ inputs, connection }: Built, { link, through, description }: Relation): RowFields[string] {
  const source = { table: inputs.entity.docs.table, link, ...(through ? { through } : {}) }
  return {
    type: new GraphQLNonNull(connection),
    description,
    args: listArguments(inputs),
    resolve: (row, args, context) => ({ entity: inputs.entity, page: createPage(context, inputs, source, row, args) }),
  }
}

/** The root fields of an entity: its list and its single. */
export function rootFields(built: Built): RootFields {
  const { list, single } = built.inputs.entity
  return {
    ...(list ? { [list]: listField(built) } : {}),
    ...(single ? { [single.field]: singleField(built, single) } : {}),
  }
}

function listField({ inputs, connection }: Built): RootFields[string] {
  const { docs, defaultOrder, descending } = inputs.entity
  const source = { table: docs.table, link: ALL_OF_CHAIN }
  return {
    type: new GraphQLNonNull(connection),
    description: `${docs.row} Ordered by ${defaultOrder}, ${descending ? 'newest' : 'smallest'} first, unless said otherwise.`,
    args: { ...listArguments(inputs), ...chainArgument },
    resolve: async (_, args: Row, context) => {
      const { chainId } = await findChain(context, args.chainId)
      return { entity: inputs.entity, page: createPage(context, inputs, source, { chainId }, args) }
    },
  }
}

function singleField({ inputs, object }: Built, { field, by, description }: Single): RootFields[string] {
  const keys = by.flat()
  const source = { table: inputs.entity.docs.table, link: ALL_OF_CHAIN }
  return {
    type: object,
    description,
    args: {
      ...Object.fromEntries(keys.map((key) => [key, singleArgument(inputs, key, by.length === 1)])),
      ...chainArgument,
    },
    resolve: async (_, args: Row, context) => {
      const { chainId } = await findChain(context, args.chainId)
      return loadRow(context, source, { chainId }, readKey(field, by, args))
    },
  }
}

function singleArgument({ columns }: ListInputs, key: string, required: boolean): GraphQLArgumentConfig {
  const column = columns.find((each) => each.key === key)
  if (!column) throw new Error(`no column ${key}`)
  return { type: required ? new GraphQLNonNull(column.scalar) : column.scalar, description: column.description }
}

function readKey(field: string, by: Single['by'], args: Row): Filter {
  const isGiven = (key: string) => args[key] !== undefined && args[key] !== null
  const given = by.find((keys) => keys.every(isGiven))
  if (given && by.flat().filter(isGiven).length === given.length) {
    return { all: given.map((column) => ({ column, operator: 'equals', value: args[column] })) }
  }
  throw createError(
    'BAD_USER_INPUT',
    `${field} needs exactly one of: ${by.map((keys) => keys.join(' with ')).join(', ')}`,
  )
}
