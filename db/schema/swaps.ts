import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256 } from './columns.ts'

/** Swaps of all pools. */
export const swaps = pgTable(
  'swaps',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    timestamp: count('timestamp').notNull(),
    poolAddress: bytes('pool_address').notNull(),
    protocol: text('protocol').notNull(),
    traderAddress: bytes('trader_address').notNull(),
    senderAddress: bytes('sender_address'),
    recipientAddress: bytes('recipient_address'),
    amount0: integer256('amount0').notNull(),
    amount1: integer256('amount1').notNull(),
    reserve0: integer256('reserve0'),
    reserve1: integer256('reserve1'),
    sqrtPriceX96: integer256('sqrt_price_x96'),
    tick: integer('tick'),
    liquidity: integer256('liquidity'),
    token0Address: bytes('token0_address').notNull(),
    token1Address: bytes('token1_address').notNull(),
    fee: integer('fee'),
    replayGap: integer256('replay_gap'),
    priceUsd: doublePrecision('price_usd'),
    valueUsd: doublePrecision('value_usd'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex] }),
    index('swaps_pool').on(t.chainId, t.poolAddress, t.blockNumber, t.logIndex),
    index('swaps_trader').on(t.chainId, t.traderAddress, t.blockNumber, t.logIndex),
  ],
)

/** Documentation of `swaps`. */
export const swapsDocs = documented(
  swaps,
  'One swap in one pool; a trade over several pools has one row a pool. Key: chain_id, block_number, log_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the swap.',
    logIndex: 'Index of the Swap log in its block.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    transactionHash: 'Transaction of the swap.',
    timestamp: 'Unix time of the block in whole seconds.',
    poolAddress: 'Pool that swapped.',
    protocol: 'Protocol id of the pool, as in pools.protocol.',
    traderAddress: 'Account that sent the transaction.',
    senderAddress: 'Caller of the pool as the Swap log names it, mostly a router; null when it names none.',
    recipientAddress: 'Account that received the output, as the Swap log names it; null when it names none.',
    token0Address: 'Token of amount0: the token0 of the pool, or one of several.',
    token1Address: 'Token of amount1: the token1 of the pool, or one of several.',
    amount0: "Change of the pool's token0 in base units: positive = paid into the pool, negative = paid out.",
    amount1: "Change of the pool's token1 in base units: positive = paid into the pool, negative = paid out.",
    reserve0: 'Reserve of token0 after the swap in base units; null for pools without reserves.',
    reserve1: 'Reserve of token1 after the swap in base units; null for pools without reserves.',
    sqrtPriceX96: 'Square root of token1 per token0, times 2^96, after the swap; null for pools without ticks.',
    tick: 'Tick after the swap; null for pools without ticks.',
    liquidity: 'Liquidity in range after the swap; null for pools without ticks.',
    fee: 'Fee of this swap in pips (1e-6 of the amount in), rounded down; null when not known.',
    replayGap:
      'Output that a replay of the swap on the state before it gives, minus the output logged, in base units: 0 = equal, positive = the trader took less than the pool would have given. Null when the state or the curve before it is not known.',
    priceUsd: 'US dollars paid or got for one whole token0; null without a price or without decimals.',
    valueUsd:
      'Value in US dollars, of the side whose price rests on more depth, at prices from before the block; null when no path of deep enough pools leads to a stablecoin.',
  },
)
