import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
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
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.address] }),
    index('pools_token0').on(t.chainId, t.token0Address),
    index('pools_token1').on(t.chainId, t.token1Address),
  ],
)

/** Documentation of `pools`. */
export const poolsDocs = documented(pools, 'One liquidity pool. Key: chain_id, address.', {
  chainId: 'Chain id.',
  address: 'Contract of the pool.',
  protocol:
    'Protocol id such as uniswap-v3, from the factory in the chain profile; <family>-fork for a factory without a profile.',
  family: 'Event and maths family, the file in indexer/decode: uniswap-v2 or uniswap-v3.',
  factoryAddress:
    'Factory that created the pool; null when the pool names none. Source: emitter of the creation event, or factory().',
  token0Address: 'First token. Source: creation event, or token0().',
  token1Address: 'Second token. Source: creation event, or token1().',
  fee: 'Swap fee in pips (1e-6 of the amount in); null when not known. Source: creation event, fee(), or the chain profile.',
  tickSpacing: 'Distance between usable ticks; null for pools without ticks.',
  createdBlock: 'Block of the creation event; null for a pool found by calls.',
  createdTransactionHash: 'Transaction of the creation event; null for a pool found by calls.',
  firstSeenBlock: 'Block of the first indexed event that names the pool.',
  stateOrigin:
    'What the stored states rest on: creation (every event since creation), snapshot (read by calls at the block before first_seen_block), events (only events since first_seen_block; of a pool with ticks the tick map is then not known).',
})
