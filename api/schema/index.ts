import { GraphQLList, GraphQLNonNull, type GraphQLSchema } from 'graphql'
import { chains } from '../../db/schema/chains.ts'
import type { Entity, EntityTypes } from '../builder/entity.ts'
import type { RootFields } from '../builder/fields.ts'
import { loadRow } from '../builder/load.ts'
import { createSchema } from '../builder/schema.ts'
import { batchEntity } from './batch.ts'
import { blockEntity } from './block.ts'
import { chainEntity, finalityEntity, indexingCursorEntity, l1CursorEntity } from './chain.ts'
import { batchFlowField, blockFlowField, candlesField, flowField, flowSeasonsField } from './flow.ts'
import {
  intentEntity,
  metaorderEntity,
  settledTagEntity,
  traderEntity,
  traderProfileEntity,
  traderRoot,
} from './flowTags.ts'
import { liquidationEntity } from './liquidation.ts'
import { liquidityChangeEntity } from './liquidityChange.ts'
import { metaField } from './meta.ts'
import { mevBundleEntity, mevLegEntity, mevProfitEntity, mevVictimEntity } from './mev.ts'
import { mevDaysField, searchersField } from './mevSums.ts'
import { pendingTransactionEntity } from './pendingTransaction.ts'
import { poolEntity, poolTokenEntity } from './pool.ts'
import { poolStateEntity, poolTickEntity } from './poolState.ts'
import { priorityRequestEntity } from './priorityRequest.ts'
import { sequencerDaysField } from './sequencerDays.ts'
import { swapEntity } from './swap.ts'
import { tokenEntity, tokenPriceEntity } from './token.ts'
import { transactionEntity } from './transaction.ts'
import { undecodedLogEntity } from './undecodedLog.ts'

/** Every object type that stands for a table, in the order of the root fields. */
export const entities: readonly Entity[] = [
  chainEntity,
  indexingCursorEntity,
  blockEntity,
  transactionEntity,
  tokenEntity,
  tokenPriceEntity,
  poolEntity,
  poolTokenEntity,
  poolStateEntity,
  poolTickEntity,
  swapEntity,
  liquidityChangeEntity,
  liquidationEntity,
  mevBundleEntity,
  mevLegEntity,
  mevVictimEntity,
  mevProfitEntity,
  intentEntity,
  settledTagEntity,
  metaorderEntity,
  traderProfileEntity,
  traderEntity,
  undecodedLogEntity,
  batchEntity,
  priorityRequestEntity,
  pendingTransactionEntity,
  finalityEntity,
  l1CursorEntity,
]

/** The GraphQL schema of the API. */
export function createApiSchema(): GraphQLSchema {
  return createSchema(entities, (types) => ({
    _meta: metaField(types),
    chains: chainsField(types),
    searchers: searchersField,
    mevDays: mevDaysField,
    sequencerDays: sequencerDaysField,
    trader: traderRoot(types),
    flow: flowField,
    candles: candlesField,
    batchFlow: batchFlowField,
    blockFlow: blockFlowField,
    flowSeasons: flowSeasonsField,
  }))
}

function chainsField(types: EntityTypes): RootFields[string] {
  return {
    type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(types('Chain')))),
    description: 'The chains indexed into this database, by chain id ascending; empty when there is none yet.',
    resolve: async (_, __, context) => {
      const stored = await context.chains()
      return Promise.all(stored.map(({ chainId }) => loadRow(context, { table: chains, link: [{}] }, { chainId })))
    },
  }
}
