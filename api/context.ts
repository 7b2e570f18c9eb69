import DataLoader from 'dataloader'
import type { Database, Row } from '../db/database.ts'
import { listStoredChains, type StoredChain } from '../db/queries/chains.ts'
import { createError } from './graphqlErrors.ts'
import type { IndexerStatus } from './status.ts'

/** What resolvers of one request share. */
export type ApiContext = {
  database: Database
  status: () => IndexerStatus | Promise<IndexerStatus>
  /** The chains of the database, read once a request. */
  chains(): Promise<StoredChain[]>
  /** Gathers loads of the same kind that are asked for together, and runs them as one. */
  batch<T>(
    kind: string,
    parent: Row,
    keys: readonly string[],
    load: (parents: readonly Row[]) => Promise<T[]>,
  ): Promise<T>
}

/** Parents in one query; their keys are parameters, of which Postgres takes 65,535. */
const PARENTS_MAX = 1_000

/** A context for one request; nothing is kept between requests. */
export function createContext(database: Database, status: ApiContext['status']): ApiContext {
  const loaders = new Map<string, DataLoader<Row, unknown, string>>()
  let chains: Promise<StoredChain[]> | undefined
  return {
    database,
    status,
    chains: () => {
      chains ??= listStoredChains(database)
      return chains
    },
    batch: <T>(kind: string, parent: Row, keys: readonly string[], load: (parents: readonly Row[]) => Promise<T[]>) => {
      let loader = loaders.get(kind) as DataLoader<Row, T, string> | undefined
      if (!loader) {
        const cacheKeyFn = (row: Row) => ['chainId', ...keys].map((key) => String(row[key])).join(' ')
        loader = new DataLoader<Row, T, string>(load, { maxBatchSize: PARENTS_MAX, cacheKeyFn })
        loaders.set(kind, loader)
      }
      return loader.load(parent)
    },
  }
}

/**
 * The chain a root field is about.
 * @param chainId as asked for; null or undefined = the only chain of the database, or the only one this process follows.
 * @throws GraphQLError NOT_INDEXED_YET when no chain, or not the one asked for, is stored; BAD_USER_INPUT when none
 * is named and several are stored.
 */
export async function findChain(context: ApiContext, chainId: unknown): Promise<StoredChain> {
  const chains = await context.chains()
  const known = chains.map((chain) => `${chain.chainId} (${chain.name})`).join(', ')
  if (chains.length === 0) throw createError('NOT_INDEXED_YET', 'no chain is indexed yet; /status shows the progress')
  if (typeof chainId === 'number') {
    const chain = chains.find((each) => each.chainId === chainId)
    if (!chain) throw createError('NOT_INDEXED_YET', `chain ${chainId} is not indexed here; indexed: ${known}`)
    return chain
  }
  const [only, ...others] = chains
  if (only && others.length === 0) return only
  const followed = await findFollowed(context, chains)
  if (followed) return followed
  throw createError('BAD_USER_INPUT', `several chains are indexed, name one with chainId: ${known}`)
}

async function findFollowed(context: ApiContext, stored: readonly StoredChain[]): Promise<StoredChain | undefined> {
  const { chains } = await context.status()
  const [only, ...others] = chains.filter(({ state }) => state !== 'serving')
  return others.length === 0 ? stored.find(({ chainId }) => chainId === only?.chainId) : undefined
}
