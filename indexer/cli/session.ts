import type { Logger } from 'pino'
import { chainProfiles, findProfile } from '../../contracts/chains/index.ts'
import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { Database } from '../../db/database.ts'
import { WriterBusyError } from '../../db/errors.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { WrongChainError } from '../chain/errors.ts'
import { type ChainSource, openSource } from '../chain/source.ts'
import { knownTopics } from '../decode/index.ts'
import { type IndexEvent, indexChain } from '../main.ts'
import { openStore } from '../store/index.ts'
import type { Config } from './config.ts'
import { UsageError } from './errors.ts'
import { createMetrics } from './metrics.ts'
import { createTracker, type Tracker } from './tracker.ts'

/** An indexer that is ready to run: its chain, its database, and what tells how far it is. */
export type Session = {
  source: ChainSource
  profile: ChainProfile
  database: Database
  tracker: Tracker
  metrics: () => Promise<string>
  /** Runs until the end block is committed or `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

const POLL_MS_MIN = 50
const POLL_MS_MAX = 1_000

/**
 * Connects to the chain, then opens the database; nothing is written before both are known to be right.
 * @param fresh removes the chain's stored rows first: the local chain begins anew with each start.
 */
export async function openSession(config: Config, log: Logger, fresh = false): Promise<Session> {
  if (config.rpc.length === 0) throw new UsageError('no RPC endpoint is given; set --rpc or RPC_URL')
  const source = await openSource(config.rpc, knownTopics)
  const onFailure: (() => Promise<void>)[] = [source.close]
  try {
    const profile = chooseProfile(config, source)
    const database = await openDatabase(config.databaseUrl)
    onFailure.push(database.close)
    const release = await database.claimWriter(profile.id)
    if (release === null) throw new WriterBusyError(profile.id, database.location)
    onFailure.push(release)
    await migrate(database)
    const store = await openStore(database, profile, config.start ?? null)
    const before = await store.readCursor()
    if (fresh && before.number >= before.startBlock) {
      log.warn(
        { chainId: profile.id, blocks: before.number + 1 - before.startBlock },
        'the local chain begins anew: its stored rows are removed',
      )
      await store.deleteAbove(before.startBlock - 1)
    }
    const tracker = await trackerFor(config, profile, database, await store.readCursor())
    const { start = null, end = null } = config
    const onEvent = (event: IndexEvent) => {
      tracker.onEvent(event)
      logEvent(log, event)
    }
    return {
      source,
      profile,
      database,
      tracker,
      metrics: createMetrics({ tracker, endpoints: source.endpoints }),
      run: (signal) => indexChain({ source, database, profile, start, end, pollMs: pollMs(profile), signal, onEvent }),
      close: () => closeAll(onFailure),
    }
  } catch (error) {
    await closeAll(onFailure)
    throw error
  }
}

function chooseProfile({ chain }: Config, { chainId, endpoints }: ChainSource): ChainProfile {
  if (chain === undefined) return findProfile(chainId)
  const profile = chainProfiles.find(({ name }) => name === chain)
  if (profile === undefined) {
    throw new UsageError(`there is no chain "${chain}"; known are ${chainProfiles.map(({ name }) => name).join(', ')}`)
  }
  if (profile.id !== chainId) throw new WrongChainError(endpoints.name, chainId, `${profile.id} (${chain})`)
  return profile
}

async function trackerFor(
  { end }: Config,
  profile: ChainProfile,
  database: Database,
  { startBlock, number }: { startBlock: number; number: number },
): Promise<Tracker> {
  const [row] = await database.query('select count(*) as n from undecoded_logs where chain_id = $1', [profile.id])
  return createTracker(
    profile,
    { start: startBlock, committed: number, end: end ?? null, undecoded: Number(row?.n) },
    Date.now,
  )
}

/** A quarter of the block time: a new block is then seen soon after it is there. */
function pollMs({ blockTimeMs }: ChainProfile): number {
  return Math.min(POLL_MS_MAX, Math.max(POLL_MS_MIN, blockTimeMs / 4))
}

function logEvent(log: Logger, event: IndexEvent): void {
  if (event.kind === 'committed') {
    log.debug({ block: event.block, blocks: event.blocks, swaps: event.swaps, undecoded: event.undecoded }, 'committed')
  } else if (event.kind === 'reorg') log.warn({ keep: event.keep, depth: event.depth }, 'reorganisation')
  else if (event.kind === 'failure')
    log.warn({ waitMs: event.waitMs, reason: event.error.message }, 'failure, will try again')
}

async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of [...steps].reverse()) await close().catch(() => {})
}
