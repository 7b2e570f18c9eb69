import { boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, instant, integer256 } from './columns.ts'
import { intentColumns, intentDocs } from './intent.ts'

/** Transactions that endpoints told of, mostly before they were in a block. */
export const pendingTransactions = pgTable(
  'pending_transactions',
  {
    chainId: count('chain_id').notNull(),
    hash: bytes('hash').notNull(),
    endpoint: text('endpoint').notNull(),
    stream: text('stream').notNull(),
    firstSeenAt: instant('first_seen_at').notNull(),
    seenUnmined: boolean('seen_unmined'),
    fromAddress: bytes('from_address'),
    toAddress: bytes('to_address'),
    nonce: integer256('nonce'),
    value: integer256('value'),
    gasLimit: integer256('gas_limit'),
    maxFeePerGas: integer256('max_fee_per_gas'),
    maxPriorityFeePerGas: integer256('max_priority_fee_per_gas'),
    type: integer('type'),
    calldata: bytes('calldata'),
    ...intentColumns(),
    outcome: text('outcome').notNull(),
    blockNumber: count('block_number'),
    transactionIndex: count('transaction_index'),
    includedAt: instant('included_at'),
    inclusionDelayMicroseconds: count('inclusion_delay_microseconds'),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.hash, t.endpoint] }),
    index('pending_transactions_seen').on(t.chainId, t.firstSeenAt),
    index('pending_transactions_open').on(t.chainId, t.outcome),
    index('pending_transactions_block').on(t.chainId, t.blockNumber),
  ],
)

/** Documentation of `pending_transactions`. */
export const pendingTransactionsDocs = documented(
  pendingTransactions,
  'One transaction that one endpoint told of as pending, while this indexer listened. Key: chain_id, hash, endpoint.',
  {
    chainId: 'Chain id.',
    hash: 'Transaction hash.',
    endpoint: 'Endpoint that told of it, without credentials.',
    stream: 'How it told: subscription, filter or txpool.',
    firstSeenAt: 'When this indexer first heard of it from that endpoint, by the clock of this machine.',
    seenUnmined:
      'True when it was in no block as it was read; false when it was in one already, so that the stream told too late; null when it could not be read.',
    fromAddress: 'Sender; null when the transaction could not be read.',
    toAddress: 'Account called; null for a contract creation, or when it could not be read.',
    nonce: 'Nonce of the sender; null when it could not be read.',
    value: 'Base token sent along in wei; null when it could not be read.',
    gasLimit: 'Gas limit; null when it could not be read.',
    maxFeePerGas: 'Most that is paid in wei per gas; null when it could not be read.',
    maxPriorityFeePerGas: 'Most that is paid to the block producer in wei per gas; null when there is none.',
    type: 'Transaction type; null when it could not be read.',
    calldata: 'Calldata; null when it could not be read, or is larger than 128 KiB.',
    ...intentDocs,
    outcome:
      'What became of it: pending, included, replaced (another transaction of the sender took the nonce) or dropped (the endpoint no longer knows it).',
    blockNumber: 'Block that holds it; null unless included.',
    transactionIndex: 'Position in that block; null unless included.',
    includedAt:
      'When this indexer read that block, by the clock of this machine; null unless included and the block was read at the head.',
    inclusionDelayMicroseconds:
      'included_at - first_seen_at in microseconds; null unless included after it was first seen.',
  },
)
