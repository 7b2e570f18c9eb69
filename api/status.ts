import type { Database } from '../db/database.ts'
import { listStoredChains, listStoredSettlements, listUndecodedCounts } from '../db/queries/chains.ts'

/** How one endpoint of a chain does. */
export type EndpointStatus = {
  /** Without credentials. */
  name: string
  /** False while it rests after a failure. */
  ready: boolean
  /** Moving average over its answers; null before the first. */
  latencyMs: number | null
  /** Null when its last answer was good. */
  lastError: string | null
}

/** How far one chain is. */
export type ChainStatus = {
  chainId: number
  name: string
  /** `serving` = this process only reads the database; `error` = the last attempt failed, see `lastError`. */
  state: 'starting' | 'backfill' | 'live' | 'error' | 'serving'
  startBlock: number
  /** Last block whose rows are committed; `startBlock - 1` when there is none. */
  indexedBlock: number
  /** Last block that is wanted; null = the chain is followed for ever. */
  endBlock: number | null
  /** Newest block of the chain; null when not known. */
  headBlock: number | null
  /** Unix time of the head in seconds; null when not known. */
  headTimestamp: number | null
  /** Null when not measured. */
  blocksPerSecond: number | null
  /** Seconds until the head is reached; null when not known. */
  etaSeconds: number | null
  /** Null when the last attempt succeeded. */
  lastError: string | null
  /** Number of stored undecoded logs; null when not counted. */
  undecodedLogs: number | null
  /** Newest L1 batch that is stored, with its `batches.status`; null when there is none, or it is not known. */
  batch: { number: number; status: string } | null
  /** Last stored block that was seen to be final; null when none was, or it is not known. */
  finalizedBlock: number | null
  /** In the order of preference; empty when this process asks none. */
  endpoints: readonly EndpointStatus[]
  /** Since when none of the endpoints has answered, as ISO 8601 in UTC; null when one answers, or none is asked. */
  degradedSince: string | null
}

/** What a running process knows about itself; the answer of `/status`. */
export type IndexerStatus = {
  /** Version of the program. */
  version: string
  chains: ChainStatus[]
}

/** A chain this many blocks behind its head still counts as caught up. */
export const READY_LAG_BLOCKS = 5

/** Why the process is not ready to be asked; null when it is. */
export function unreadiness({ chains }: IndexerStatus): string | null {
  if (chains.length === 0) return 'no chain is indexed yet'
  return chains.map(chainUnreadiness).find((reason) => reason !== null) ?? null
}

function chainUnreadiness(chain: ChainStatus): string | null {
  if (chain.indexedBlock < chain.startBlock) return `${chain.name} has no indexed block yet`
  if (chain.state === 'serving') return null
  if (chain.state === 'error') return `${chain.name} fails: ${chain.lastError ?? 'reason not known'}`
  if (chain.headBlock === null) return `${chain.name}: the head of the chain is not known yet`
  const target = Math.min(chain.headBlock, chain.endBlock ?? chain.headBlock)
  const lag = target - chain.indexedBlock
  return lag <= READY_LAG_BLOCKS ? null : `${chain.name} is ${lag} blocks behind block ${target}`
}

/** The status of a process that only serves: what the database says. */
export async function readStoredStatus(database: Database, version: string): Promise<IndexerStatus> {
  const [stored, undecoded, settlements] = await Promise.all([
    listStoredChains(database),
    listUndecodedCounts(database),
    listStoredSettlements(database),
  ])
  const chains = stored.map((chain): ChainStatus => {
    const startBlock = chain.startBlock ?? 0
    return {
      chainId: chain.chainId,
      name: chain.name,
      state: 'serving',
      startBlock,
      indexedBlock: chain.indexedBlock ?? startBlock - 1,
      endBlock: null,
      headBlock: null,
      headTimestamp: null,
      blocksPerSecond: null,
      etaSeconds: null,
      lastError: null,
      undecodedLogs: undecoded.get(chain.chainId) ?? 0,
      batch: settlements.get(chain.chainId)?.batch ?? null,
      finalizedBlock: settlements.get(chain.chainId)?.finalizedBlock ?? null,
      endpoints: [],
      degradedSince: null,
    }
  })
  return { version, chains }
}
