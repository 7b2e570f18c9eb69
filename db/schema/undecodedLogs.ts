import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented } from './columns.ts'

/** Logs whose topic0 is known but that could not be used. */
export const undecodedLogs = pgTable(
  'undecoded_logs',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    logIndex: count('log_index').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    emitterAddress: bytes('emitter_address').notNull(),
    topics: bytes('topics').notNull(),
    data: bytes('data').notNull(),
    reason: text('reason').notNull(),
  },
  (t) => [primaryKey({ columns: [t.chainId, t.blockNumber, t.logIndex] })],
)

/** Documentation of `undecoded_logs`. */
export const undecodedLogsDocs = documented(
  undecodedLogs,
  'One log whose topic0 is known but that could not be used, kept with the reason. Key: chain_id, block_number, log_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block of the log.',
    logIndex: 'Index of the log in its block.',
    transactionHash: 'Transaction of the log; all zeros for a system log.',
    emitterAddress: 'Contract that emitted the log.',
    topics: 'The topics, 32 bytes each, one after the other.',
    data: 'The data of the log.',
    reason:
      'Why it was not used: malformed (wrong number of topics, length or value), unknown-pool (the emitter does not answer as a pool), unconfirmed-creation (a factory without a profile announces a pool that does not answer as that), false-factory (the factory that the pool names denies it), wrong-family (the pool is of another family), wrong-emitter (another contract speaks of the pool), unknown-token (a token that is none of the pool), unknown-market (a liquidation whose emitter does not answer as a market), no-transaction (a system log).',
  },
)
