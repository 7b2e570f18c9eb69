import { index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'
import { bytes, count, documented, instant, integer256 } from './columns.ts'
import { intentColumns, intentDocs } from './intent.ts'

/** Transactions that traded or changed liquidity. */
export const transactions = pgTable(
  'transactions',
  {
    chainId: count('chain_id').notNull(),
    blockNumber: count('block_number').notNull(),
    transactionIndex: count('transaction_index').notNull(),
    hash: bytes('hash').notNull(),
    fromAddress: bytes('from_address').notNull(),
    toAddress: bytes('to_address'),
    nonce: integer256('nonce').notNull(),
    value: integer256('value').notNull(),
    gasLimit: integer256('gas_limit').notNull(),
    gasPrice: integer256('gas_price'),
    type: integer('type').notNull(),
    selector: bytes('selector'),
    receivedAt: instant('received_at'),
    ...intentColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.chainId, t.blockNumber, t.transactionIndex] }),
    index('transactions_hash').using('hash', t.hash),
  ],
)

/** Documentation of `transactions`. */
export const transactionsDocs = documented(
  transactions,
  'One transaction that swapped, changed liquidity or created a pool; others are counted in blocks.transaction_count. Key: chain_id, block_number, transaction_index.',
  {
    chainId: 'Chain id.',
    blockNumber: 'Block that holds the transaction.',
    transactionIndex: 'Position in the block, from 0.',
    hash: 'Transaction hash.',
    fromAddress:
      'Account that sent the transaction (the initiator on ZKsync); an aliased L1 contract for some L1 to L2 transactions.',
    toAddress: 'Account called; null when the transaction creates a contract.',
    nonce: 'Nonce of the sender; accounts of ZKsync Era may use nonces of more than 64 bits.',
    value: 'Base token sent along, in wei.',
    gasLimit: 'Gas limit of the transaction.',
    gasPrice:
      'Price in wei per gas as eth_getBlockByNumber gives it (the effective price once executed); null when not served.',
    type: 'Transaction type: 0, 1, 2 of Ethereum; 113 (0x71), 254, 255 of ZKsync Era; 125 to 127 of ZKsync OS.',
    selector: 'First four bytes of the calldata; null when there are fewer.',
    receivedAt:
      'When the node took the transaction in, with as many decimals as it gives; what it is worth says blocks.clock. Null where the server gives none. Source: zks_getRawBlockTransactions (milliseconds) or zks_getTransactionDetails.',
    ...intentDocs,
  },
)
