import { pino } from 'pino'
import { findProfile } from '../../contracts/chains/index.ts'
import type { Database } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { type ChainSource, openSource } from '../../indexer/chain/source.ts'
import { readConfig } from '../../indexer/cli/config.ts'
import { createTracker } from '../../indexer/cli/tracker.ts'
import { openWatchers } from '../../indexer/cli/watchers.ts'
import { commonTopics, knownTopics } from '../../indexer/decode/index.ts'
import { type IndexEvent, indexChain } from '../../indexer/main.ts'
import { openStore } from '../../indexer/store/index.ts'

/** What to index in a test. */
export type TestRun = {
  rpcUrl: string | readonly string[]
  database: Database
  /** Endpoint of the L1 below. */
  l1RpcUrl?: string
  /** Whether pending transactions are listened for; default: not. */
  pending?: boolean
  start?: number
  end?: number | null
  pollMs?: number
  signal?: AbortSignal
  onEvent?: (event: IndexEvent) => void
  /** Is given the source before anything is read. */
  onSource?: (source: ChainSource) => void
}

/** Opens a database with the tables of this version. */
export async function openMigrated(url: string): Promise<Database> {
  const database = await openDatabase(url)
  await migrate(database)
  return database
}

/** Indexes in this process, batches included, until `end`, or until `signal` aborts. */
export async function runIndexer(run: TestRun): Promise<void> {
  const { database } = run
  const rpc = [run.rpcUrl].flat()
  const source = await openSource(rpc, knownTopics, commonTopics)
  run.onSource?.(source)
  try {
    const profile = findProfile(source.chainId)
    const { start = null, end = null, onEvent = () => {} } = run
    const store = await openStore(database, { ...profile, stack: source.stack }, start)
    const { startBlock, number: committed } = await store.readCursor()
    const tracker = createTracker(profile, { start: startBlock, committed, end, undecoded: 0 }, Date.now)
    const config = {
      ...readConfig({}, {}),
      ...{ rpc, l1Rpc: run.l1RpcUrl === undefined ? [] : [run.l1RpcUrl], pending: run.pending ?? false },
      ...(end === null ? {} : { end }),
    }
    const log = pino({ level: 'silent' })
    const watched = await openWatchers({ config, source, profile, database, store, tracker, log })
    const { watchers, onBlocks, isTakenBack, onRewound } = watched
    await indexChain({
      ...{ source, database, profile, start, end, watchers, onBlocks, isTakenBack },
      pollMs: run.pollMs ?? 20,
      signal: run.signal ?? new AbortController().signal,
      onEvent: (event) => {
        if (event.kind === 'reorg') onRewound()
        onEvent(event)
      },
    })
  } finally {
    await source.close()
  }
}
