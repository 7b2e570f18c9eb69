import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, instant, integer256 } from './columns.ts'

/** L1 batches of ZKsync chains. */
export const batches = pgTable(
  'batches',
  {
    chainId: count('chain_id').notNull(),
    number: count('number').notNull(),
    firstBlock: count('first_block').notNull(),
    lastBlock: count('last_block').notNull(),
    status: text('status').notNull(),
    timestamp: count('timestamp').notNull(),
    sealedTimestamp: count('sealed_timestamp'),
    l1TransactionCount: integer('l1_transaction_count'),
    l2TransactionCount: integer('l2_transaction_count'),
    rootHash: bytes('root_hash'),
    commitment: bytes('commitment'),
    commitTransactionHash: bytes('commit_transaction_hash'),
    commitL1Block: count('commit_l1_block'),
    committedAt: instant('committed_at'),
    proveTransactionHash: bytes('prove_transaction_hash'),
    proveL1Block: count('prove_l1_block'),
    provenAt: instant('proven_at'),
    executeTransactionHash: bytes('execute_transaction_hash'),
    executeL1Block: count('execute_l1_block'),
    executedAt: instant('executed_at'),
    settlementChainId: count('settlement_chain_id'),
    l1GasPrice: integer256('l1_gas_price'),
    l2FairGasPrice: integer256('l2_fair_gas_price'),
    fairPubdataPrice: integer256('fair_pubdata_price'),
    source: text('source').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.number] }),
    index('batches_first_block').on(t.chainId, t.firstBlock),
    // What is looked at again in each round.
    index('batches_open').on(t.chainId, t.number).where(sql`status <> 'final' or l1_transaction_count is null`),
  ],
)

/** Documentation of `batches`. */
export const batchesDocs = documented(
  batches,
  'One sealed L1 batch of a ZKsync chain, with its way to L1; batches that hold an indexed block are stored. Key: chain_id, number.',
  {
    chainId: 'Chain id.',
    number: 'Batch number.',
    firstBlock: 'First L2 block of the batch.',
    lastBlock: 'Last L2 block of the batch.',
    status:
      'How far the batch is: sealed, committed, proven, executed, or final when the L1 block that executed it can no longer change.',
    timestamp: 'Unix time of the batch in whole seconds: that of its first L2 block.',
    sealedTimestamp:
      'Unix time in whole seconds at which the batch was sealed: that of its last L2 block, which closes it; null when that is not indexed.',
    l1TransactionCount:
      'Transactions in the batch that came from L1 as the L2 node counts them; on ZKsync OS, the priority requests known to have run in it. Null when not known: not all its blocks are indexed, or a request may be among them of which the L2 node has no receipt.',
    l2TransactionCount:
      'All other transactions in the batch: those sent to L2, and on ZKsync OS also upgrade (0x7e) and system (0x7d) transactions, which no event on L1 tells apart. Null when l1_transaction_count is.',
    rootHash: 'State root after the batch, which L1 calls the batch hash; null until known.',
    commitment: 'Commitment of the batch; null until committed.',
    commitTransactionHash: 'Transaction on the settlement layer that committed the batch; null until committed.',
    commitL1Block: 'L1 block of that transaction; null without an L1 endpoint.',
    committedAt:
      'When the batch was committed: time of the L1 block where commit_l1_block is known, otherwise when the L2 node saw it; null until committed.',
    proveTransactionHash: 'Transaction on the settlement layer that proved the batch; null until proven.',
    proveL1Block: 'L1 block of that transaction; null without an L1 endpoint.',
    provenAt: 'When the batch was proven, as committed_at; null until proven.',
    executeTransactionHash: 'Transaction on the settlement layer that executed the batch; null until executed.',
    executeL1Block: 'L1 block of that transaction; null without an L1 endpoint.',
    executedAt: 'When the batch was executed, as committed_at; null until executed.',
    settlementChainId:
      'Chain id of the settlement layer: the L1, or a gateway; null until committed, or when not known.',
    l1GasPrice: 'L1 gas price that the batch was charged with, in wei per gas; null when not known.',
    l2FairGasPrice: 'Fair L2 gas price of the batch in wei per gas; null when not known.',
    fairPubdataPrice: 'Fair price of public data in wei per byte; null when not known.',
    source: 'Where the row comes from: l2 = methods of the L2 node, l1 = events on L1, both = both, and they agree.',
  },
)
