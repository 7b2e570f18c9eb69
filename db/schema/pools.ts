import { boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented } from './columns.ts'

/** Liquidity pools. */
export const pools = pgTable(
  'pools',
  {
    chainId: count('chain_id').notNull(),
    address: bytes('address').notNull(),
    protocol: text('protocol').notNull(),
    family: text('family').notNull(),
    factoryAddress: bytes('factory_address'),
    token0Address: bytes('token0_address').notNull(),
    token1Address: bytes('token1_address').notNull(),
    fee: integer('fee'),
    tickSpacing: integer('tick_spacing'),
    createdBlock: count('created_block'),
    createdTransactionHash: bytes('created_transaction_hash'),
    firstSeenBlock: count('first_seen_block').notNull(),
    stateOrigin: text('state_origin').notNull(),
    emitterAddress: bytes('emitter_address').notNull(),
    stable: boolean('stable'),
    hooksAddress: bytes('hooks_address'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.address] }),
    index('pools_token0').on(t.chainId, t.token0Address),
    index('pools_token1').on(t.chainId, t.token1Address),
  ],
)

/** The tokens of every pool. */
export const poolTokens = pgTable(
  'pool_tokens',
  {
    chainId: count('chain_id').notNull(),
    poolAddress: bytes('pool_address').notNull(),
    position: integer('position').notNull(),
    tokenAddress: bytes('token_address').notNull(),
    firstSeenBlock: count('first_seen_block').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.poolAddress, t.position] }),
    index('pool_tokens_token').on(t.chainId, t.tokenAddress),
  ],
)

/** Documentation of `pools`. */
export const poolsDocs = documented(pools, 'One liquidity pool. Key: chain_id, address.', {
  chainId: 'Chain id.',
  address: 'Contract of the pool, or its 32-byte id inside a singleton such as the PoolManager of Uniswap V4.',
  emitterAddress: 'Contract whose logs tell of the pool: the pool itself, or its singleton.',
  protocol:
    'Protocol id such as uniswap-v3, from the factory in the chain profile; <family>-fork for a factory without a profile.',
  family: 'Event and maths family, such as uniswap-v2 or syncswap-stable; docs/coverage.md lists them.',
  factoryAddress:
    'Factory that created the pool; null when the pool names none. Source: emitter of the creation event, or factory().',
  token0Address:
    'First token; the zero address is the base token. Pools of more than two tokens have all of them in pool_tokens.',
  token1Address: 'Second token.',
  fee: 'Swap fee at creation in pips (1e-6 of the amount in); null when not known or set per swap. What it is now is in pool_states. Source: creation event, fee(), or the chain profile.',
  tickSpacing: 'Distance between usable ticks, points or bins; null for pools without.',
  stable: 'True for a curve of near-equal assets; null for families with one curve, and when not known.',
  hooksAddress: 'Contract that is called around each swap (Uniswap V4); null for none.',
  createdBlock: 'Block of the creation event; null for a pool found by calls.',
  createdTransactionHash: 'Transaction of the creation event; null for a pool found by calls.',
  firstSeenBlock: 'Block of the first indexed event that names the pool.',
  stateOrigin:
    'What the stored states rest on: creation (every event since creation), snapshot (read by calls at the block before first_seen_block), events (only events since first_seen_block; of a pool with ticks the tick map is then not known).',
})

/** Documentation of `pool_tokens`. */
export const poolTokensDocs = documented(poolTokens, 'One token of one pool. Key: chain_id, pool_address, position.', {
  chainId: 'Chain id.',
  poolAddress: 'Pool.',
  position: 'Position in the pool, from 0, as its contract counts.',
  tokenAddress: 'Token; the zero address is the base token.',
  firstSeenBlock: 'Block in which the token was first seen in the pool.',
})
