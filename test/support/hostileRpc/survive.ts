import { findProfile } from '../../../contracts/chains/index.ts'
import type { Devnet } from '../../../contracts/devnet/index.ts'
import type { Database } from '../../../db/database.ts'
import type { ChainSource } from '../../../indexer/chain/source.ts'
import { openStore } from '../../../indexer/store/index.ts'
import { dumpTables } from '../dump.ts'
import { runIndexer } from '../indexing.ts'
import { createRandom } from '../random.ts'
import type { HostileRpc } from './index.ts'

/** What to index through which endpoint, and when to lose patience. */
export type Trial = {
  devnet: Devnet
  database: Database
  hostile: HostileRpc
  /** The indexer is stopped, and has failed, after so many requests or milliseconds. */
  requestsMax: number
  timeoutMs: number
  /** Last block to index; default the tip. Blocks above it are not shown. */
  end?: number
  /** Is told each block up to which rows have been committed. */
  onCommitted?: (block: number) => void
}

/** What became of an indexer. */
export type Outcome = {
  /** `done`, the words it crashed with, or what it was stopped for. */
  end: string
  /** HTTP requests it took. */
  requests: number
  /** Words of the failures that it waited out. */
  failures: string[]
  /** Faults that the indexer has counted, by kind; those that never occurred are left out. */
  faults: Record<string, number>
  /** Depths of the reorganisations that it believed to see. */
  reorgs: number[]
  tables: Record<string, string[]>
}

/**
 * Indexes a whole devnet anew: half of it as history, the rest live, a few blocks at a time.
 * Rows of a run before are deleted first, so that one database serves many trials.
 */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const { devnet, database, hostile, requestsMax, timeoutMs } = trial
  const last = trial.end ?? devnet.tip()
  await deleteRows(database, devnet.chainId)
  const random = createRandom(devnet.tip())
  const requestsBefore = hostile.requests()
  const requests = () => hostile.requests() - requestsBefore
  const failures: string[] = []
  const reorgs: number[] = []
  const stop = new AbortController()
  let end = 'done'
  const giveUp = (reason: string) => {
    if (stop.signal.aborted) return
    end = reason
    stop.abort()
  }
  const timer = setTimeout(() => giveUp(`stopped after ${timeoutMs} ms`), timeoutMs)
  const watch = setInterval(() => requests() > requestsMax && giveUp(`stopped after ${requestsMax} requests`), 10)
  let source: ChainSource | null = null
  let shown = Math.min(last, Math.floor(devnet.tip() / 2))
  devnet.revealTo(shown)
  try {
    await runIndexer({
      rpcUrl: hostile.url,
      database,
      onSource: (opened) => {
        source = opened
      },
      end: last,
      pollMs: 5,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'failure') failures.push(event.error.message)
        if (event.kind === 'committed') trial.onCommitted?.(event.block)
        if (event.kind === 'reorg') reorgs.push(event.depth)
        if (event.kind !== 'caught-up' || event.block !== shown) return
        shown = Math.min(last, shown + 1 + Math.floor(random() * 7))
        devnet.revealTo(shown)
      },
    })
  } catch (error) {
    end = `crashed: ${error}`
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    devnet.revealTo(null)
  }
  const counts = (source as ChainSource | null)?.endpoints.all.flatMap((rpc) => Object.entries(rpc.counts.faults)) ?? []
  const faults = Object.fromEntries(counts.filter(([, times]) => times > 0))
  return { end, requests: requests(), failures, faults, reorgs, tables: await dumpTables(database) }
}

async function deleteRows(database: Database, chainId: number): Promise<void> {
  const store = await openStore(database, findProfile(chainId), null)
  await store.clear()
}
