import { findProfile } from '../../../contracts/chains/index.ts'
import type { Database } from '../../../db/database.ts'
import { openL1 } from '../../../indexer/chain/l1/source.ts'
import { openSource } from '../../../indexer/chain/source.ts'
import { knownTopics } from '../../../indexer/decode/index.ts'
import { indexChain } from '../../../indexer/main.ts'
import { openStore } from '../../../indexer/store/index.ts'
import type { DecodeIntent } from '../../../indexer/types/intent.ts'
import { type BatchEvent, createSettlementWatcher } from '../../../indexer/watchers/settlement.ts'

/** A chain that is indexed block by block and round by round, as a test asks. */
export type Settling = {
  events: BatchEvent[]
  /** Indexes up to a block. */
  index(end: number): Promise<void>
  /** One round of the watcher. */
  round(): Promise<number>
  /** Rows of a table in the order of its first columns; bytea as hex, numbers and instants as text. */
  rows(table: 'batches' | 'priority_requests' | 'l1_cursors'): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

/** What to watch. */
export type SettlingOptions = {
  rpcUrl: string
  /** URL of the L1; none unless given. */
  l1Url?: string
  database: Database
  start?: number
  decodeIntent?: DecodeIntent
}

/** Opens a watcher on a database of its own. */
export async function openSettling({
  rpcUrl,
  l1Url,
  database,
  start,
  decodeIntent,
}: SettlingOptions): Promise<Settling> {
  const source = await openSource([rpcUrl], knownTopics)
  const profile = findProfile(source.chainId)
  const store = await openStore(database, profile, start ?? null)
  const l1 = l1Url === undefined ? null : await openL1([l1Url], profile, source.endpoints)
  const events: BatchEvent[] = []
  const options = {
    decodeIntent: decodeIntent ?? (() => null),
    onEvent: (event: BatchEvent) => void events.push(event),
  }
  const watcher = createSettlementWatcher({ source, l1, database, store, ...options })
  return {
    events,
    index: async (end) => {
      // The blocks alone: what is beside them is read by the watcher of the test.
      const blocks = await openSource([rpcUrl], knownTopics)
      const { signal } = new AbortController()
      const how = { start: start ?? null, end, pollMs: 20, signal, onEvent: () => {} }
      await indexChain({ source: blocks, database, profile, ...how }).finally(blocks.close)
    },
    round: () => watcher.round(new AbortController().signal),
    rows: async (table) => {
      const rows = await database.query(`select to_json(t)::text as line from ${table} t order by 1`)
      return rows
        .map(({ line }) => JSON.parse(String(line)) as Record<string, unknown>)
        .sort((a, b) => Number(a.number ?? a.serial_id) - Number(b.number ?? b.serial_id))
    },
    close: async () => {
      await watcher.close()
      await source.close()
    },
  }
}
