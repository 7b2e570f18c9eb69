import { priorityRequestsDocs } from '../../db/schema/priorityRequests.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'
import { intentRelations } from './intent.ts'

/** `PriorityRequest`: the rows of `priority_requests`. */
export const priorityRequestEntity: Entity = {
  name: 'PriorityRequest',
  docs: priorityRequestsDocs,
  list: 'priorityRequests',
  single: {
    field: 'priorityRequest',
    by: [['serialId'], ['transactionHash']],
    description:
      'The request with a place in the queue, or with the hash of its transaction on L2; null when it is not known.',
  },
  defaultOrder: 'serialId',
  descending: true,
  one: {
    transaction: toOne(
      'Transaction',
      'hash',
      'transactionHash',
      'The transaction on L2; null when it is not stored (it is pending, did not trade, or its block is not indexed).',
    ),
    block: toOne('Block', 'number', 'blockNumber', 'The L2 block that holds it; null while pending.'),
    ...intentRelations,
  },
  extra: (types) => ({ batch: batchField(types, 'blockNumber') }),
}
