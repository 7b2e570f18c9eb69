import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256 } from './columns.ts'
import { intentColumns, intentDocs } from './intent.ts'

/** Transactions for L2 that were asked for on L1. */
export const priorityRequests = pgTable(
  'priority_requests',
  {
    chainId: count('chain_id').notNull(),
    serialId: count('serial_id').notNull(),
    transactionHash: bytes('transaction_hash').notNull(),
    l1BlockNumber: count('l1_block_number').notNull(),
    l1LogIndex: integer('l1_log_index').notNull(),
    l1Timestamp: count('l1_timestamp').notNull(),
    l1TransactionHash: bytes('l1_transaction_hash').notNull(),
    l1SenderAddress: bytes('l1_sender_address').notNull(),
    fromAddress: bytes('from_address').notNull(),
    toAddress: bytes('to_address').notNull(),
    value: integer256('value').notNull(),
    gasLimit: integer256('gas_limit').notNull(),
    gasPerPubdata: integer256('gas_per_pubdata').notNull(),
    maxFeePerGas: integer256('max_fee_per_gas').notNull(),
    toMint: integer256('to_mint').notNull(),
    refundRecipientAddress: bytes('refund_recipient_address').notNull(),
    expirationTimestamp: count('expiration_timestamp').notNull(),
    factoryDependencyCount: integer('factory_dependency_count').notNull(),
    calldata: bytes('calldata').notNull(),
    ...intentColumns(),
    status: text('status').notNull(),
    blockNumber: count('block_number'),
    transactionIndex: count('transaction_index'),
    timestamp: count('timestamp'),
    visibleSeconds: count('visible_seconds'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.serialId] }),
    index('priority_requests_hash').using('hash', t.transactionHash),
    index('priority_requests_block').on(t.chainId, t.blockNumber),
    index('priority_requests_l1_block').on(t.chainId, t.l1BlockNumber),
    // What is asked about in each round.
    index('priority_requests_open').on(t.chainId, t.serialId).where(sql`status = 'pending'`),
  ],
)

/** Documentation of `priority_requests`. */
export const priorityRequestsDocs = documented(
  priorityRequests,
  'One transaction for L2 that was asked for on L1, public from then on until it runs on L2. Source: NewPriorityRequest of the diamond. Key: chain_id, serial_id.',
  {
    chainId: 'Chain id of the L2.',
    serialId: 'Place in the priority queue, from 0.',
    transactionHash: 'Hash of the transaction on L2, known before it runs.',
    l1BlockNumber: 'L1 block of the request.',
    l1LogIndex: 'Index of its log in that block.',
    l1Timestamp: 'Unix time of that block in whole seconds: from then on everybody can read the request.',
    l1TransactionHash: 'L1 transaction of the request.',
    l1SenderAddress: 'Who asked on L1: from_address, or the L1 contract whose alias that is.',
    fromAddress: 'Sender on L2; an alias when an L1 contract asked.',
    toAddress: 'Account called on L2.',
    value: 'Base token sent along on L2, in wei.',
    gasLimit: 'Gas limit on L2.',
    gasPerPubdata: 'Most gas per byte of public data that is accepted.',
    maxFeePerGas: 'Price of L2 gas in wei per gas.',
    toMint: 'Base token minted to the sender on L2 in wei: value, fee, and what is left of it.',
    refundRecipientAddress: 'Account on L2 that gets back what is left.',
    expirationTimestamp: 'Unix time in seconds up to which the operator has to run it.',
    factoryDependencyCount: 'Number of contract codes that travel with the request.',
    calldata: 'Calldata on L2.',
    ...intentDocs,
    status:
      'What became of it on L2: pending, succeeded or failed (it ran and was reverted). L2 runs requests in their order: one that is pending before others that ran has run as well, but the L2 node has no receipt of it.',
    blockNumber: 'L2 block that holds it; null while pending.',
    transactionIndex: 'Position in that block; null while pending.',
    timestamp: 'Unix time of that block in whole seconds; null while pending.',
    visibleSeconds: 'How long it was public before it ran: timestamp - l1_timestamp in seconds; null while pending.',
  },
)
