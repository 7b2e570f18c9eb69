import { boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, count, documented, integer256 } from './columns.ts'

/** L2 blocks; every block of the indexed range has a row. */
export const blocks = pgTable(
  'blocks',
  {
    chainId: count('chain_id').notNull(),
    number: count('number').notNull(),
    hash: bytes('hash').notNull(),
    parentHash: bytes('parent_hash').notNull(),
    timestamp: count('timestamp').notNull(),
    gasUsed: integer256('gas_used').notNull(),
    gasLimit: integer256('gas_limit').notNull(),
    baseFeePerGas: integer256('base_fee_per_gas'),
    transactionCount: integer('transaction_count').notNull(),
    clock: text('clock').notNull().default('block'),
    clockTested: boolean('clock_tested').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.number] }),
    index('blocks_hash').on(t.hash),
    index('blocks_timestamp').on(t.chainId, t.timestamp),
  ],
)

/** Documentation of `blocks`. */
export const blocksDocs = documented(
  blocks,
  'One L2 block; every block of the indexed range has a row. Key: chain_id, number.',
  {
    chainId: 'Chain id.',
    number: 'Block number.',
    hash: 'Block hash. On ZKsync Era this is not the hash of an Ethereum header.',
    parentHash: 'Hash of the block before; equals the stored hash of number - 1.',
    timestamp:
      'Unix time of the block in whole seconds; several blocks may share one second. Source: eth_getBlockByNumber.',
    gasUsed: 'Gas used by all transactions of the block.',
    gasLimit: 'Gas limit of the block.',
    baseFeePerGas: 'Base fee in wei per gas; null before EIP-1559.',
    transactionCount: 'Number of transactions in the block, stored or not.',
    clock:
      'Finest clock known for the arrival of its transactions: sequencer = transactions.received_at is the time at which the sequencer took them in; node = it is a time of the answering node, after the block; block = no arrival times are known, only the timestamp.',
    clockTested:
      'True when the block shows its clock by itself, with two or more L2 transactions; false when it has that of the blocks before, or none.',
  },
)
