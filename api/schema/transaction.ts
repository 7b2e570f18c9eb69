import { transactionsDocs } from '../../db/schema/transactions.ts'
import { type Entity, toOne } from '../builder/entity.ts'

// By position rather than hash, because the key of the child tables starts with the block.
const inTransaction = [{ blockNumber: 'blockNumber', transactionIndex: 'transactionIndex' }]

/** `Transaction`: the rows of `transactions`. */
export const transactionEntity: Entity = {
  name: 'Transaction',
  docs: transactionsDocs,
  list: 'transactions',
  single: {
    field: 'transaction',
    by: [['hash']],
    description:
      'The transaction with a hash; null when it is not stored (it did not trade, or its block is not indexed).',
  },
  defaultOrder: 'blockNumber',
  descending: true,
  one: { block: toOne('Block', 'number', 'blockNumber', 'The block that holds the transaction.') },
  many: {
    swaps: { to: 'Swap', link: inTransaction, description: 'Swaps of the transaction.' },
    liquidityChanges: {
      to: 'LiquidityChange',
      link: inTransaction,
      description: 'Liquidity added, removed and collected by the transaction.',
    },
  },
}
