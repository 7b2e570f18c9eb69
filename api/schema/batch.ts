import { listBatchesOfBlocks } from '../../db/queries/batches.ts'
import { batchesDocs } from '../../db/schema/batches.ts'
import type { Entity, EntityTypes, ExtraField } from '../builder/entity.ts'
import { batchFlowFields } from './flow.ts'

const inBatch = [{ blockNumber: { from: 'firstBlock', to: 'lastBlock' } }]

/** `Batch`: the rows of `batches`. */
export const batchEntity: Entity = {
  name: 'Batch',
  docs: batchesDocs,
  list: 'batches',
  single: {
    field: 'batch',
    by: [['number']],
    description:
      'The L1 batch with a number; null when it is not stored (it is not sealed, or holds no indexed block).',
  },
  defaultOrder: 'number',
  descending: true,
  many: {
    blocks: {
      to: 'Block',
      link: [{ number: { from: 'firstBlock', to: 'lastBlock' } }],
      description: 'Indexed blocks of the batch.',
    },
    transactions: {
      to: 'Transaction',
      link: inBatch,
      description: 'Stored transactions of the batch; l1TransactionCount and l2TransactionCount count the others, too.',
    },
    swaps: { to: 'Swap', link: inBatch, description: 'Swaps of the batch.' },
    liquidityChanges: {
      to: 'LiquidityChange',
      link: inBatch,
      description: 'Liquidity added, removed and collected in the batch.',
    },
    priorityRequests: {
      to: 'PriorityRequest',
      link: inBatch,
      description: 'Requests from L1 that ran in the batch.',
    },
  },
  extra: () => batchFlowFields,
}

/**
 * A field that leads from a row to the batch of its block; rows of different types share one query.
 * @param key key of the row that holds the block number; without a number there is no batch.
 */
export function batchField(types: EntityTypes, key: string): ExtraField {
  return {
    type: types('Batch'),
    description: 'The L1 batch that holds the block; null while it is not sealed, or when it is not known.',
    resolve: ({ chainId, [key]: number }, _, context) => {
      if (number === null) return null
      return context.batch('batch of block', { chainId, number }, ['number'], (blocks) =>
        listBatchesOfBlocks(context.database, blocks),
      )
    },
  }
}
