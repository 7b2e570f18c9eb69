import { liquidityChangesDocs } from '../../db/schema/liquidityChanges.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'

/** `LiquidityChange`: the rows of `liquidity_changes`. */
export const liquidityChangeEntity: Entity = {
  name: 'LiquidityChange',
  docs: liquidityChangesDocs,
  list: 'liquidityChanges',
  single: {
    field: 'liquidityChange',
    by: [['blockNumber', 'logIndex']],
    description: 'The change of one log; null when the log is none, or its block is not indexed.',
  },
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the change.'),
    transaction: toOne('Transaction', 'hash', 'transactionHash', 'The transaction of the change.'),
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool that changed.'),
  },
  extra: (types) => ({ batch: batchField(types, 'blockNumber') }),
}
