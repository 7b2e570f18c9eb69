import { swapsDocs } from '../../db/schema/swaps.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'
import { tagFields } from './flowTags.ts'

/** `Swap`: the rows of `swaps`. */
export const swapEntity: Entity = {
  name: 'Swap',
  docs: swapsDocs,
  list: 'swaps',
  single: {
    field: 'swap',
    by: [['blockNumber', 'logIndex']],
    description: 'The swap of one log; null when the log is no swap, or its block is not indexed.',
  },
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the swap.'),
    transaction: toOne('Transaction', 'hash', 'transactionHash', 'The transaction of the swap.'),
    pool: toOne('Pool', 'address', 'poolAddress', 'The pool that swapped.'),
    token0: toOne('Token', 'address', 'token0Address', 'The token of amount0.'),
    token1: toOne('Token', 'address', 'token1Address', 'The token of amount1.'),
  },
  extra: (types) => ({ ...tagFields(types), batch: batchField(types, 'blockNumber') }),
}
