import type { Logger } from 'pino'
import { chainProfiles, findProfile } from '../../contracts/chains/index.ts'
import type { ChainProfile } from '../../contracts/chains/profile.ts'
import type { Database } from '../../db/database.ts'
import { WriterBusyError } from '../../db/errors.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { WrongChainError } from '../chain/errors.ts'
import { type ChainSource, openSource } from '../chain/source.ts'
import { commonTopics, knownTopics } from '../decode/index.ts'
import { type IndexEvent, indexChain } from '../main.ts'
import { openStore, type Store } from '../store/index.ts'
import type { Config } from './config.ts'
import { UsageError } from './errors.ts'
import { createMetrics } from './metrics.ts'
import { createTracker, type Tracker } from './tracker.ts'
import { openWatchers } from './watchers.ts'

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

/** The local chain begins anew with each start. */
export type LocalStart = {
  /** Is being opened while the chain starts; its rows of the chain are removed. */
  database: Promise<Database>
}

/**
 * Connects to the chain, then opens the database; nothing is written before both are known to be right.
 * @param local for the local chain; null = an endpoint was given.
 */
export async function openSession(config: Config, log: Logger, local: LocalStart | null = null): Promise<Session> {
  if (config.rpc.length === 0) throw new UsageError('no RPC endpoint is given; set --rpc or RPC_URL')
  const source = await openSource(config.rpc, knownTopics, commonTopics)
  const onFailure: (() => Promise<void>)[] = [source.close]
  try {
    const profile = chooseProfile(config, source)
    const database = await (local?.database ?? openDatabase(config.databaseUrl))
    onFailure.push(database.close)
    const release = await database.claimWriter(profile.id)
    if (release === null) throw new WriterBusyError(profile.id, database.location)
    onFailure.push(release)
    await migrate(database)
    const store = await openStore(database, profile, config.start ?? null)
    const before = await store.readCursor()
    if (local !== null && before.number >= before.startBlock) {
      log.warn(
        { chainId: profile.id, blocks: before.number + 1 - before.startBlock },
        'the local chain begins anew: its stored rows are removed',
      )
      await store.clear()
    }
    const tracker = await trackerFor(config, source, profile, database, store)
    const { start = null, end = null } = config
    const watched = await openWatchers({ config, source, profile, database, store, tracker, log })
    if (watched.l1 !== null) onFailure.push(watched.l1.close)
    const { watchers, onBlocks, isTakenBack } = watched
    const logEvent = createEventLog(log)
    const onEvent = (event: IndexEvent) => {
      tracker.onEvent(event)
      if (event.kind === 'reorg') watched.onRewound()
      logEvent(event)
    }
    return {
      source,
      profile,
      database,
      tracker,
      metrics: createMetrics({
        tracker,
        endpoints: watched.l1 === null ? [source.endpoints] : [source.endpoints, watched.l1.endpoints],
        heads: source.heads,
        pending: () => watched.pending?.measures() ?? [],
      }),
      run: (signal) => {
        const what = { source, database, profile, start, end, pollMs: pollMs(profile), signal, onEvent }
        return indexChain({ ...what, watchers, onBlocks, isTakenBack })
      },
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
  { endpoints }: ChainSource,
  profile: ChainProfile,
  database: Database,
  store: Store,
): Promise<Tracker> {
  const { startBlock, number } = await store.readCursor()
  const final = (await store.readFinal())?.number ?? null
  const [row] = await database.query('select count(*) as n from undecoded_logs where chain_id = $1', [profile.id])
  return createTracker(
    profile,
    { start: startBlock, committed: number, end: end ?? null, undecoded: Number(row?.n), final },
    Date.now,
    {
      endpoints: () =>
        endpoints.health().map(({ name, ready, latencyMs, lastError }) => ({ name, ready, latencyMs, lastError })),
    },
  )
}

/** A quarter of the block time: a new block is then seen soon after it is there. */
function pollMs({ blockTimeMs }: ChainProfile): number {
  return Math.min(POLL_MS_MAX, Math.max(POLL_MS_MIN, blockTimeMs / 4))
}

/** While something fails, the log says so this often. */
const FAILURE_LOG_MS = 60_000
/** The end of a shorter failure is not worth a line. */
const RECOVERY_LOG_SECONDS = 5

/** Writes events to the log; of failures that go on one line a minute. */
export function createEventLog(log: Pick<Logger, 'warn' | 'info' | 'debug'>): (event: IndexEvent) => void {
  /** By watcher; null for the blocks. `sinceMs` is null while it works. */
  const failing = new Map<string | null, { loggedMs: number; sinceMs: number | null; times: number }>()
  const onFailure = ({ watcher, error, waitMs }: IndexEvent & { kind: 'failure' }) => {
    const nowMs = performance.now()
    const before = failing.get(watcher) ?? { loggedMs: Number.NEGATIVE_INFINITY, sinceMs: null, times: 0 }
    const sinceMs = before.sinceMs ?? nowMs
    const times = before.sinceMs === null ? 1 : before.times + 1
    const isDue = nowMs - before.loggedMs >= FAILURE_LOG_MS
    failing.set(watcher, { sinceMs, times, loggedMs: isDue ? nowMs : before.loggedMs })
    if (!isDue) return
    const seconds = Math.round((nowMs - sinceMs) / 1000)
    const who = watcher === null ? {} : { watcher }
    log.warn({ ...who, waitMs, times, seconds, reason: error.message }, 'failure, will try again')
  }
  const onRecovery = (watcher: string | null) => {
    const ended = failing.get(watcher)
    if (ended?.sinceMs == null) return
    failing.set(watcher, { ...ended, sinceMs: null })
    const seconds = Math.round((performance.now() - ended.sinceMs) / 1000)
    const fields = { ...(watcher === null ? {} : { watcher }), failures: ended.times, seconds }
    // What comes and goes would fill the log.
    log[seconds < RECOVERY_LOG_SECONDS ? 'debug' : 'info'](fields, 'works again')
  }
  return (event) => {
    if (event.kind === 'failure') return onFailure(event)
    if (event.kind === 'reorg') return log.warn({ keep: event.keep, depth: event.depth }, 'reorganisation')
    if (event.kind === 'final') return log.debug({ block: event.block }, 'final')
    if (event.kind === 'recovered') return onRecovery(event.watcher)
    onRecovery(null)
    if (event.kind !== 'committed') return
    const { block, blocks, swaps, undecoded } = event
    log.debug({ block, blocks, swaps, undecoded }, 'committed')
  }
}

async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of [...steps].reverse()) await close().catch(() => {})
}
