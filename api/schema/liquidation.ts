import { liquidationsDocs } from '../../db/schema/liquidations.ts'
import { type Entity, toOne } from '../builder/entity.ts'
import { batchField } from './batch.ts'

/** `Liquidation`: the rows of `liquidations`. */
export const liquidationEntity: Entity = {
  name: 'Liquidation',
  docs: liquidationsDocs,
  list: 'liquidations',
  single: {
    field: 'liquidation',
    by: [['blockNumber', 'logIndex']],
    description: 'The liquidation of one log; null when the log is none, or its block is not indexed.',
  },
  defaultOrder: 'blockNumber',
  descending: true,
  one: {
    block: toOne('Block', 'number', 'blockNumber', 'The block of the liquidation.'),
    transaction: toOne('Transaction', 'hash', 'transactionHash', 'The transaction of the liquidation.'),
    debtToken: toOne('Token', 'address', 'debtTokenAddress', 'The token of the debt.'),
    collateralToken: toOne('Token', 'address', 'collateralTokenAddress', 'The token of the collateral.'),
  },
  extra: (types) => ({ batch: batchField(types, 'blockNumber') }),
}
