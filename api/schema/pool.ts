import { GraphQLList, GraphQLNonNull } from 'graphql'
import type { Row } from '../../db/database.ts'
import { EVERY_ROW, type Filter } from '../../db/queries/filter.ts'
import { listTicks } from '../../db/queries/ticks.ts'
import { poolStates } from '../../db/schema/poolStates.ts'
import { poolsDocs, poolTokensDocs } from '../../db/schema/pools.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { loadRow } from '../builder/load.ts'
import { Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'
import { createError } from '../graphqlErrors.ts'
import { holdingsFields } from './holdings.ts'
import { bundlesOf } from './mev.ts'
import { depthField, loadCurve, type PoolCurve, quoteField } from './quote.ts'

const blockArgument = {
  block: {
    type: Long,
    description: 'Number of the block at whose end the values hold; the last indexed block unless given.',
  },
}

/** Rows that the ticks of one pool count in the limit of a query. */
const TICKS_USUAL = 400

/** `PoolToken`: the rows of `pool_tokens`. */
export const poolTokenEntity: Entity = {
  name: 'PoolToken',
  docs: poolTokensDocs,
  defaultOrder: 'position',
  descending: false,
  one: {
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool.'),
    token: toOne('Token', 'address', 'tokenAddress', 'The token.'),
  },
}

/** `Pool`: the rows of `pools`, with their state and ticks at any indexed block. */
export const poolEntity: Entity = {
  name: 'Pool',
  docs: poolsDocs,
  list: 'pools',
  single: { field: 'pool', by: [['address']], description: 'The pool with an address; null when it is not known.' },
  defaultOrder: 'address',
  descending: false,
  one: {
    token0: toOne('Token', 'address', 'token0Address', 'The first token.'),
    token1: toOne('Token', 'address', 'token1Address', 'The second token.'),
    createdTransaction: toOne(
      'Transaction',
      'hash',
      'createdTransactionHash',
      'Transaction of the creation event; null when it is not stored.',
    ),
  },
  many: {
    swaps: { to: 'Swap', link: [{ poolAddress: 'address' }], description: 'Swaps of the pool.' },
    liquidityChanges: {
      to: 'LiquidityChange',
      link: [{ poolAddress: 'address' }],
      description: 'Liquidity added, removed and collected in the pool.',
    },
    tokens: {
      to: 'PoolToken',
      link: [{ poolAddress: 'address' }],
      description: 'All tokens of the pool with their positions.',
    },
    mevBundles: bundlesOf([{ poolAddress: 'address' }], 'Bundles with an action in the pool.'),
    mevLegs: {
      to: 'MevLeg',
      link: [{ poolAddress: 'address' }],
      description: 'Actions in the pool that belong to a bundle, each with the bundle beside it.',
    },
    states: {
      to: 'PoolState',
      link: [{ poolAddress: 'address' }],
      description: 'States of the pool, one for each block that changed it.',
    },
  },
  extra: (types) => ({
    state: {
      type: types('PoolState'),
      description: 'State of the pool at the end of a block: the newest one at or before it; null when none is known.',
      args: blockArgument,
      resolve: (pool, { block }, context) => findState(context, pool, block),
    },
    quote: quoteField(blockArgument, findCurve),
    depth: depthField(blockArgument, findCurve),
    ...holdingsFields(types, blockArgument, findCurve),
    ticks: {
      extensions: { rows: TICKS_USUAL },
      type: new GraphQLList(new GraphQLNonNull(types('PoolTick'))),
      description:
        'Ticks in use at the end of a block, by tick ascending; empty for pools without ticks; null where the tick map is not known (stateOrigin events, or a block before the snapshot).',
      args: blockArgument,
      resolve: (pool, { block }, context) => findTicks(context, pool, block),
    },
  }),
}

async function findState(context: ApiContext, pool: Row, block: unknown): Promise<Row | null> {
  const upTo = await readBlock(context, pool, block)
  const filter: Filter = upTo === null ? EVERY_ROW : { column: 'blockNumber', operator: 'lte', value: upTo }
  return loadRow(context, { table: poolStates, link: [{ poolAddress: 'address' }] }, pool, filter)
}

async function findCurve(context: ApiContext, pool: Row, block: unknown): Promise<PoolCurve | null> {
  const state = await findState(context, pool, block)
  return state === null ? null : loadCurve(context, pool, state, typeof block === 'number' ? block : null)
}

async function findTicks(context: ApiContext, pool: Row, block: unknown): Promise<Row[] | null> {
  const upTo = await readBlock(context, pool, block)
  if (pool.tickSpacing === null) return []
  const isBeforeSnapshot = pool.stateOrigin === 'snapshot' && upTo !== null && upTo < (pool.firstSeenBlock as number)
  if (pool.stateOrigin === 'events' || isBeforeSnapshot) return null
  return context.batch(`ticks ${upTo}`, pool, ['address'], (pools) => listTicks(context.database, pools, upTo))
}

/** The block asked for; null = the newest. A block that is not indexed yet has no known state. */
async function readBlock(context: ApiContext, { chainId }: Row, block: unknown): Promise<number | null> {
  if (typeof block !== 'number') return null
  const { indexedBlock } = await findChain(context, chainId)
  if (indexedBlock !== null && block <= indexedBlock) return block
  throw createError(
    'NOT_INDEXED_YET',
    `block ${block} is not indexed yet; the last indexed block is ${indexedBlock ?? 'not there yet'}`,
  )
}
