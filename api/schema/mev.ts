import type { PgTable } from 'drizzle-orm/pg-core'
import { GraphQLList, GraphQLNonNull, type GraphQLObjectType, type GraphQLScalarType, GraphQLString } from 'graphql'
import type { Link } from '../../db/queries/page.ts'
import { finality } from '../../db/schema/chains.ts'
import {
  mevBundlesDocs,
  mevLegs,
  mevLegsDocs,
  mevProfits,
  mevProfitsDocs,
  mevVictims,
  mevVictimsDocs,
} from '../../db/schema/mev.ts'
import { pools } from '../../db/schema/pools.ts'
import {
  type Entity,
  type EntityName,
  type EntityTypes,
  type ExtraField,
  type Relation,
  toOne,
} from '../builder/entity.ts'
import { loadPage, loadRow } from '../builder/load.ts'
import { Address } from '../builder/scalars.ts'

const ofBundle = [{ bundleId: 'id' }]
const bundle = toOne('MevBundle', 'id', 'bundleId', 'The bundle.')
const hidden = { column: 'band', value: 'candidate' }

/**
 * A list of the bundles that have an action in something.
 * @param link columns of `mev_legs` to keys of the row.
 */
export function bundlesOf(link: Link, description: string): Relation {
  return { to: 'MevBundle', link, through: { table: mevLegs, keys: { id: 'bundleId' } }, description }
}

const listOf = (type: GraphQLScalarType | GraphQLObjectType) =>
  new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))

/** A bundle has rarely more; what is left out can be listed by its own type. */
const PARTS_MAX = 1_000
/** What the parts of one bundle count in the limit of a query. */
const PARTS_USUAL = 5

function partsField(
  types: EntityTypes,
  table: PgTable,
  name: EntityName,
  order: string,
  description: string,
): ExtraField {
  return {
    type: listOf(types(name)),
    description,
    extensions: { rows: PARTS_USUAL },
    resolve: (row, _, context) =>
      loadPage(context, { table, link: ofBundle }, row, {
        ...{ filter: { all: [] }, bounds: [], limit: PARTS_MAX, fromEnd: false },
        order: { column: order, descending: false },
      }),
  }
}

/** `MevBundle`: the rows of `mev_bundles`. */
export const mevBundleEntity: Entity = {
  name: 'MevBundle',
  docs: mevBundlesDocs,
  list: 'mevBundles',
  single: { field: 'mevBundle', by: [['id']], description: 'The bundle with an id; null when there is none.' },
  defaultOrder: 'decidedBlock',
  descending: true,
  hidden,
  one: { block: toOne('Block', 'number', 'decidedBlock', 'The block at whose end it was complete.') },
  extra: (types) => ({
    variants: { type: listOf(GraphQLString), description: mevBundlesDocs.columns.variants },
    poolAddresses: { type: listOf(Address), description: mevBundlesDocs.columns.poolAddresses },
    pools: {
      type: listOf(types('Pool')),
      description: 'The pools of poolAddresses.',
      extensions: { rows: PARTS_USUAL },
      resolve: async ({ chainId, poolAddresses }, _, context) => {
        const source = { table: pools, link: [{ address: 'address' }] }
        const found = (poolAddresses as string[]).map((address) => loadRow(context, source, { chainId, address }))
        return (await Promise.all(found)).filter((pool) => pool !== null)
      },
    },
    status: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'final once decidedBlock is known to be final, else open: a reorganisation may still take it away.',
      resolve: async (row, _, context) => {
        const known = await loadRow(context, { table: finality, link: [{}] }, row)
        return known !== null && Number(known.blockNumber) >= Number(row.decidedBlock) ? 'final' : 'open'
      },
    },
    legs: partsField(types, mevLegs, 'MevLeg', 'position', 'The actions of the bundle in the order of the chain.'),
    victims: partsField(types, mevVictims, 'MevVictim', 'position', 'Who lost by it, in the order of the chain.'),
    profits: partsField(
      types,
      mevProfits,
      'MevProfit',
      'tokenAddress',
      'What the actor gained and gave, by token ascending.',
    ),
  }),
}

/** `MevLeg`: the rows of `mev_legs`. */
export const mevLegEntity: Entity = {
  name: 'MevLeg',
  docs: mevLegsDocs,
  list: 'mevLegs',
  defaultOrder: 'blockNumber',
  descending: true,
  hidden,
  one: {
    bundle,
    block: toOne('Block', 'number', 'blockNumber', 'The block of the action.'),
    transaction: toOne(
      'Transaction',
      'hash',
      'transactionHash',
      'The transaction of the action; null when it is not stored.',
    ),
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool.'),
  },
}

/** `MevVictim`: the rows of `mev_victims`. */
export const mevVictimEntity: Entity = {
  name: 'MevVictim',
  docs: mevVictimsDocs,
  list: 'mevVictims',
  defaultOrder: 'blockNumber',
  descending: true,
  hidden,
  one: {
    bundle,
    block: toOne('Block', 'number', 'blockNumber', 'The block of the transaction.'),
    transaction: toOne('Transaction', 'hash', 'transactionHash', 'The transaction that lost.'),
    tokenLost: toOne('Token', 'address', 'lossToken', 'The token of the loss.'),
  },
}

/** `MevProfit`: the rows of `mev_profits`. */
export const mevProfitEntity: Entity = {
  name: 'MevProfit',
  docs: mevProfitsDocs,
  defaultOrder: 'tokenAddress',
  descending: false,
  one: { bundle, tokenGained: toOne('Token', 'address', 'tokenAddress', 'The token.') },
  extra: () => ({
    token: {
      type: new GraphQLNonNull(Address),
      description: 'The same as tokenAddress.',
      resolve: ({ tokenAddress }) => tokenAddress,
    },
  }),
}
