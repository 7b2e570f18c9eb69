import { GraphQLBoolean, GraphQLNonNull, GraphQLObjectType, GraphQLString } from 'graphql'
import { hasLostPoolLog, type StoredChain } from '../../db/queries/chains.ts'
import { batches, batchesDocs } from '../../db/schema/batches.ts'
import { blocks } from '../../db/schema/blocks.ts'
import type { EntityTypes } from '../builder/entity.ts'
import { chainArgument, type RootFields } from '../builder/fields.ts'
import { loadRow } from '../builder/load.ts'
import { Long } from '../builder/scalars.ts'
import { type ApiContext, findChain } from '../context.ts'

const MetaBatch = new GraphQLObjectType({
  name: 'MetaBatch',
  description: 'An L1 batch in brief.',
  fields: {
    number: { type: new GraphQLNonNull(Long), description: 'Batch number.' },
    status: { type: new GraphQLNonNull(GraphQLString), description: batchesDocs.columns.status },
  },
})

/** `_meta`: how far, how late and how complete the data of a chain are. */
export function metaField(types: EntityTypes): RootFields[string] {
  const type = new GraphQLObjectType<StoredChain, ApiContext>({
    name: 'Meta',
    description: 'How far, how late and how complete the data of one chain are.',
    fields: {
      chainId: { type: new GraphQLNonNull(Long), description: 'Chain id.' },
      block: {
        type: types('Block'),
        description: 'Last block whose rows are committed; null when there is none yet.',
        resolve: ({ chainId, indexedBlock }, _, context) =>
          loadRow(context, { table: blocks, link: [{ number: 'indexedBlock' }] }, { chainId, indexedBlock }),
      },
      batch: {
        type: MetaBatch,
        description: 'Newest L1 batch that is stored; null when there is none, as on chains without batches.',
        resolve: ({ chainId }, _, context) => loadRow(context, { table: batches, link: [{}] }, { chainId }),
      },
      lagSeconds: {
        type: Long,
        description:
          'Age of the data in seconds: where this process follows the chain, Unix time of its head minus that of the last indexed block, 0 when caught up; else the clock minus the time of the last indexed block. Null when there is no block yet.',
        resolve: lagSeconds,
      },
      version: {
        type: new GraphQLNonNull(GraphQLString),
        description: 'Version of the program.',
        resolve: async (_, __, context) => (await context.status()).version,
      },
      hasIndexingErrors: {
        type: new GraphQLNonNull(GraphQLBoolean),
        description:
          'Whether data may be missing: a log of a known pool could not be decoded (see undecodedLogs), or the last attempt to read the chain failed.',
        resolve: hasIndexingErrors,
      },
    },
  })
  return {
    type: new GraphQLNonNull(type),
    description: 'How far, how late and how complete the data of a chain are.',
    args: chainArgument,
    resolve: (_, { chainId }, context) => findChain(context, chainId),
  }
}

async function lagSeconds(chain: StoredChain, _: unknown, context: ApiContext): Promise<number | null> {
  if (chain.indexedBlock === null || chain.indexedTimestamp === null) return null
  const status = await findStatus(context, chain)
  if (status?.headBlock != null && chain.indexedBlock >= status.headBlock) return 0
  const now = status?.headTimestamp ?? Math.floor(Date.now() / 1000)
  return Math.max(0, now - chain.indexedTimestamp)
}

async function hasIndexingErrors(chain: StoredChain, _: unknown, context: ApiContext): Promise<boolean> {
  const status = await findStatus(context, chain)
  return status?.state === 'error' || (await hasLostPoolLog(context.database, chain.chainId))
}

async function findStatus(context: ApiContext, { chainId }: StoredChain) {
  return (await context.status()).chains.find((chain) => chain.chainId === chainId)
}
