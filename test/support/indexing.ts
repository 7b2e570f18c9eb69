import { findProfile } from '../../contracts/chains/index.ts'
import type { Database } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { openSource } from '../../indexer/chain/source.ts'
import { knownTopics } from '../../indexer/decode/index.ts'
import { type IndexEvent, indexChain } from '../../indexer/main.ts'

/** What to index in a test. */
export type TestRun = {
  rpcUrl: string | readonly string[]
  database: Database
  start?: number
  end?: number | null
  pollMs?: number
  signal?: AbortSignal
  onEvent?: (event: IndexEvent) => void
}

/** Opens a database with the tables of this version. */
export async function openMigrated(url: string): Promise<Database> {
  const database = await openDatabase(url)
  await migrate(database)
  return database
}

/** Indexes in this process until `end`, or until `signal` aborts. */
export async function runIndexer(run: TestRun): Promise<void> {
  const source = await openSource([run.rpcUrl].flat(), knownTopics)
  try {
    await indexChain({
      source,
      database: run.database,
      profile: findProfile(source.chainId),
      start: run.start ?? null,
      end: run.end ?? null,
      pollMs: run.pollMs ?? 20,
      signal: run.signal ?? new AbortController().signal,
      onEvent: run.onEvent ?? (() => {}),
    })
  } finally {
    await source.close()
  }
}
