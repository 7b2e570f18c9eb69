import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256, json } from './columns.ts'

/** State of each pool at the end of each block that changed it. */
export const poolStates = pgTable(
  'pool_states',
  {
    chainId: count('chain_id').notNull(),
    poolAddress: bytes('pool_address').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    reserve0: integer256('reserve0'),
    reserve1: integer256('reserve1'),
    sqrtPriceX96: integer256('sqrt_price_x96'),
    tick: integer('tick'),
    liquidity: integer256('liquidity'),
    virtualReserve0: integer256('virtual_reserve0'),
    virtualReserve1: integer256('virtual_reserve1'),
    fee0: integer('fee0'),
    fee1: integer('fee1'),
    innerState: json('inner_state'),
    quality: text('quality').notNull(),
    doubts: integer('doubts').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.poolAddress, t.blockNumber] }),
    index('pool_states_block').on(t.chainId, t.blockNumber, t.poolAddress),
  ],
)

/** Liquidity at each tick of each pool at the end of each block that changed it. */
export const poolTicks = pgTable(
  'pool_ticks',
  {
    chainId: count('chain_id').notNull(),
    poolAddress: bytes('pool_address').notNull(),
    tick: integer('tick').notNull(),
    blockNumber: count('block_number').notNull(),
    liquidityGross: integer256('liquidity_gross').notNull(),
    liquidityNet: integer256('liquidity_net').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.poolAddress, t.tick, t.blockNumber] }),
    index('pool_ticks_block').on(t.chainId, t.blockNumber),
  ],
)

/** Documentation of `pool_states`. */
export const poolStatesDocs = documented(
  poolStates,
  'State of one pool at the end of one block that changed it; the state at block n is the row with the largest block_number <= n. Key: chain_id, pool_address, block_number.',
  {
    chainId: 'Chain id.',
    poolAddress: 'Pool.',
    blockNumber: 'Block at whose end the state holds.',
    logIndex: 'Index in that block of the last log that changed the state.',
    reserve0: 'Reserve of token0 in base units, as getReserves() returns it; null for pools without reserves.',
    reserve1: 'Reserve of token1 in base units, as getReserves() returns it; null for pools without reserves.',
    sqrtPriceX96: 'Square root of token1 per token0, times 2^96, as slot0() returns it; null for pools without ticks.',
    tick: 'Current tick, as slot0() returns it; null for pools without ticks.',
    liquidity: 'Liquidity in range, as liquidity() returns it; null for pools without ticks.',
    virtualReserve0:
      'Reserve of token0 that the curve uses, where it is another than the one held (Kyber Classic); null elsewhere.',
    virtualReserve1:
      'Reserve of token1 that the curve uses, where it is another than the one held (Kyber Classic); null elsewhere.',
    fee0: 'Swap fee in pips (1e-6) when token0 is paid in; null when not known. Source: events, the chain profile, or inferred from swaps.',
    fee1: 'Swap fee in pips (1e-6) when token1 is paid in; null when not known.',
    innerState:
      'What families keep besides reserves or ticks, as their invariant in indexer/derive/amm reads it, integers as decimal strings; null for the others.',
    quality:
      'How far quotes from this state can be trusted: exact (equal to the contract to the last digit), single-range (while the price stays in its range), approximate (near, or replays differed lately), unknown.',
    doubts:
      'Replays of swaps that still have to be equal before the quality counts as exact again; 0 when nothing speaks against it.',
  },
)

/** Documentation of `pool_ticks`. */
export const poolTicksDocs = documented(
  poolTicks,
  'Liquidity at one tick of one pool at the end of one block that changed it; the value at block n is the row with the largest block_number <= n. Key: chain_id, pool_address, tick, block_number.',
  {
    chainId: 'Chain id.',
    poolAddress: 'Pool.',
    tick: 'Tick index.',
    blockNumber: 'Block at whose end the values hold.',
    liquidityGross:
      'Liquidity of all positions that start or end at the tick, as ticks() returns it; 0 once the tick is unused.',
    liquidityNet: 'Liquidity added when the price crosses the tick upwards, signed, as ticks() returns it.',
  },
)
