import type { ChainStatus, EndpointStatus } from '../../api/status.ts'
import type { ChainProfile } from '../../contracts/chains/profile.ts'
import { EndpointError } from '../chain/errors.ts'
import type { IndexEvent } from '../main.ts'

/** What the tracker is told beside the events. */
export type Surroundings = {
  endpoints: () => readonly EndpointStatus[]
}

/** Follows the events of one indexer and says at any time how far it is. */
export type Tracker = {
  onEvent(event: IndexEvent): void
  status(): ChainStatus
  totals: Readonly<{
    blocks: number
    swaps: number
    undecoded: number
    reorgs: number
    failures: number
    commits: number
  }>
  /** Swaps per second over the last seconds; 0 when idle. */
  swapsPerSecond(): number
  /** The newest L1 batch that is stored. */
  onBatch(batch: { number: number; status: string }): void
}

/** Rates are taken over this long, so that they follow a change but do not flicker. */
const RATE_WINDOW_MS = 5_000

/**
 * @param start first block to index, `committed` the last block already stored, `end` the last wanted (null = none),
 * `undecoded` how many undecoded logs are stored.
 * @param now a clock in Unix milliseconds.
 */
export function createTracker(
  profile: ChainProfile,
  at: { start: number; committed: number; end: number | null; undecoded: number; final?: number | null },
  now: () => number,
  surroundings: Surroundings = { endpoints: () => [] },
): Tracker {
  const totals = { blocks: 0, swaps: 0, undecoded: at.undecoded, reorgs: 0, failures: 0, commits: 0 }
  const samples: { at: number; blocks: number; swaps: number }[] = [{ at: now(), blocks: 0, swaps: 0 }]
  let state: ChainStatus['state'] = 'starting'
  let indexedBlock = at.committed
  let headBlock: number | null = null
  let headTimestamp: number | null = null
  let lastError: string | null = null
  let batch: ChainStatus['batch'] = null
  let finalizedBlock = at.final ?? null
  let degradedSince: string | null = null
  const rate = (key: 'blocks' | 'swaps') => {
    const time = now()
    while (samples.length > 1 && samples[1]!.at < time - RATE_WINDOW_MS) samples.shift()
    const elapsedMs = time - samples[0]!.at
    return elapsedMs > 0 ? ((totals[key] - samples[0]![key]) * 1000) / elapsedMs : 0
  }
  return {
    totals,
    onBatch: (newest) => {
      batch = newest
    },
    swapsPerSecond: () => rate('swaps'),
    onEvent: (event) => {
      if (event.kind === 'failure') {
        totals.failures++
        lastError = event.error.message
        if (event.watcher !== null) return
        state = 'error'
        if (event.error instanceof EndpointError) degradedSince ??= new Date(now()).toISOString()
        return
      }
      if (event.kind === 'recovered') return
      if (event.kind === 'final') {
        finalizedBlock = Math.max(finalizedBlock ?? -1, event.block)
        return
      }
      if (event.kind === 'reorg') {
        totals.reorgs++
        indexedBlock = event.keep
        return
      }
      lastError = null
      degradedSince = null
      indexedBlock = event.block
      headBlock = event.head
      headTimestamp = event.headTimestamp
      state = indexedBlock >= Math.min(headBlock, at.end ?? headBlock) ? 'live' : 'backfill'
      if (event.kind !== 'committed') return
      totals.commits++
      totals.blocks += event.blocks
      totals.swaps += event.swaps
      totals.undecoded += event.undecoded
      samples.push({ at: now(), blocks: totals.blocks, swaps: totals.swaps })
    },
    status: () => {
      const blocksPerSecond = rate('blocks')
      // An end above the head has no time of arrival.
      const target = at.end !== null && (headBlock ?? -1) >= at.end ? at.end : at.end === null ? headBlock : null
      const left = target === null ? null : Math.max(0, target - indexedBlock)
      return {
        chainId: profile.id,
        name: profile.name,
        state,
        startBlock: at.start,
        indexedBlock,
        endBlock: at.end,
        headBlock,
        headTimestamp,
        blocksPerSecond: Math.round(blocksPerSecond * 10) / 10,
        etaSeconds:
          left === null ? null : left === 0 ? 0 : blocksPerSecond > 0 ? Math.ceil(left / blocksPerSecond) : null,
        lastError,
        undecodedLogs: totals.undecoded,
        batch,
        finalizedBlock,
        endpoints: surroundings.endpoints(),
        degradedSince,
      }
    },
  }
}
