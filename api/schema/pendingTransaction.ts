import { pendingTransactionsDocs } from '../../db/schema/pendingTransactions.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { intentRelations } from './intent.ts'

/** `PendingTransaction`: the rows of `pending_transactions`. */
export const pendingTransactionEntity: Entity = {
  name: 'PendingTransaction',
  docs: pendingTransactionsDocs,
  list: 'pendingTransactions',
  defaultOrder: 'firstSeenAt',
  descending: true,
  one: {
    transaction: toOne(
      'Transaction',
      'hash',
      'hash',
      'The transaction in its block; null when it is not stored (it is in none, did not trade, or its block is not indexed).',
    ),
    block: toOne('Block', 'number', 'blockNumber', 'The block that holds it; null unless included.'),
    ...intentRelations,
  },
}
