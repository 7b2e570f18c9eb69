import { undecodedLogsDocs } from '../../db/schema/undecodedLogs.ts'
import { type Entity, toOne } from '../builder/entity.ts'

/** `UndecodedLog`: the rows of `undecoded_logs`. */
export const undecodedLogEntity: Entity = {
  name: 'UndecodedLog',
  docs: undecodedLogsDocs,
  list: 'undecodedLogs',
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the log.'),
    transaction: toOne(
      'Transaction',
      'hash',
      'transactionHash',
      'The transaction of the log; null when it is not stored.',
    ),
    emitterPool: toOne(
      'Pool',
      'address',
      'emitterAddress',
      'The contract that emitted the log, when it is a known pool; else null.',
    ),
  },
}
