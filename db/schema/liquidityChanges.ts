import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256, json } from './columns.ts'

/** Liquidity added, removed and collected. */
export const liquidityChanges = pgTable(
  'liquidity_changes',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    timestamp: count('timestamp').notNull(),
    poolAddress: bytes('pool_address').notNull(),
    protocol: text('protocol').notNull(),
    kind: text('kind').notNull(),
    providerAddress: bytes('provider_address').notNull(),
    ownerAddress: bytes('owner_address'),
    tickLower: integer('tick_lower'),
    tickUpper: integer('tick_upper'),
    liquidity: integer256('liquidity'),
    amount0: integer256('amount0'),
    amount1: integer256('amount1'),
    amounts: json('amounts'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex] }),
    index('liquidity_changes_pool').on(t.chainId, t.poolAddress, t.blockNumber, t.logIndex),
    index('liquidity_changes_provider').on(t.chainId, t.providerAddress, t.blockNumber, t.logIndex),
  ],
)

/** Documentation of `liquidity_changes`. */
export const liquidityChangesDocs = documented(
  liquidityChanges,
  'One addition, removal or collection of liquidity in one pool. Key: chain_id, block_number, log_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the change.',
    logIndex: 'Index of the log in its block.',
    transactionIndex: 'Position of the transaction in the block, from 0.',
    transactionHash: 'Transaction of the change.',
    timestamp: 'Unix time of the block in whole seconds.',
    poolAddress: 'Pool that changed.',
    protocol: 'Protocol id of the pool, as in pools.protocol.',
    kind: 'MINT (added), BURN (removed) or COLLECT (tokens owed to a position paid out; pools with ticks only).',
    providerAddress: 'Account that sent the transaction.',
    ownerAddress:
      'Owner of the position (pools with ticks), sender of a V2 mint or recipient of a V2 burn, as the log names it; null when it names none.',
    tickLower: 'Lower tick of the position; null for pools without ticks.',
    tickUpper: 'Upper tick of the position; null for pools without ticks.',
    liquidity: "Signed change of the position's liquidity, 0 for COLLECT; null for pools without ticks.",
    amount0:
      'token0 in base units, null when the log does not tell: positive = added, negative = removed or paid out. A BURN with ticks is paid out by a later COLLECT: do not sum the two.',
    amount1:
      'token1 in base units, null when the log does not tell: positive = added, negative = removed or paid out. A BURN with ticks is paid out by a later COLLECT: do not sum the two.',
    amounts:
      'Pools that may have more than two tokens: every change as [position or token, amount in base units as decimal string]; null for the others.',
  },
)
