import { transactionsDocs } from '../../db/schema/transactions.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'
import { intentRelations } from './intent.ts'
import { bundlesOf } from './mev.ts'

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
  one: {
    ...intentRelations,
    block: toOne('Block', 'number', 'blockNumber', 'The block that holds the transaction.'),
    trade: {
      to: 'Intent',
      link: inTransaction,
      description: 'What it traded on balance; null when no swap of it has a direction.',
    },
    priorityRequest: toOne(
      'PriorityRequest',
      'transactionHash',
      'hash',
      'The request on L1 that asked for the transaction; null when none is known, as for all that were sent to L2.',
    ),
  },
  many: {
    swaps: { to: 'Swap', link: inTransaction, description: 'Swaps of the transaction.' },
    liquidityChanges: {
      to: 'LiquidityChange',
      link: inTransaction,
      description: 'Liquidity added, removed and collected by the transaction.',
    },
    mevBundles: bundlesOf(
      inTransaction,
      'Bundles of which the transaction is a part, as a leg of the actor or as a victim.',
    ),
    mevLegs: {
      to: 'MevLeg',
      link: inTransaction,
      description: 'Actions of the transaction that belong to a bundle, each with the bundle beside it.',
    },
    pendingSightings: {
      to: 'PendingTransaction',
      link: [{ hash: 'hash' }],
      description: 'Which endpoints told of the transaction as pending, and when.',
    },
  },
  extra: (types) => ({ batch: batchField(types, 'blockNumber') }),
}
