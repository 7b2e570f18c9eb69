import { blocksDocs } from '../../db/schema/blocks.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'

/** `Block`: the rows of `blocks`. */
export const blockEntity: Entity = {
  name: 'Block',
  docs: blocksDocs,
  list: 'blocks',
  single: {
    field: 'block',
    by: [['number'], ['hash']],
    description: 'The block with a number or a hash; null when it is not indexed.',
  },
  defaultOrder: 'number',
  descending: true,
  one: { parent: toOne('Block', 'hash', 'parentHash', 'The block before; null when it is not indexed.') },
  many: {
    transactions: {
      to: 'Transaction',
      link: [{ blockNumber: 'number' }],
      description: 'Stored transactions of the block; blocks.transactionCount counts the others, too.',
    },
    swaps: { to: 'Swap', link: [{ blockNumber: 'number' }], description: 'Swaps of the block.' },
    liquidityChanges: {
      to: 'LiquidityChange',
      link: [{ blockNumber: 'number' }],
      description: 'Liquidity added, removed and collected in the block.',
    },
    priorityRequests: {
      to: 'PriorityRequest',
      link: [{ blockNumber: 'number' }],
      description: 'Requests from L1 that ran in the block.',
    },
  },
  extra: (types) => ({ batch: batchField(types, 'number') }),
}
