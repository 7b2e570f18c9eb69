import type { BlockBundle, BlockId, Hex } from '../types/block.ts'
import { ContradictionError } from './errors.ts'
import type { Head } from './heads.ts'
import { createRhythm } from './rhythm.ts'
import type { ChainSource } from './source.ts'

/** What comes next on the chain. The sequence ends after `reorg` and `done`. */
export type Step =
  /** The blocks after the last ones; `head` is the newest block known, `finalized` the last one that was final before they were read. */
  | { kind: 'blocks'; bundles: BlockBundle[]; head: Head; finalized: BlockId | null }
  /** The chain has no block after the last one; one is awaited. */
  | { kind: 'caught-up'; head: Head; finalized: BlockId | null }
  /** The chain no longer contains the last block that was given. */
  | { kind: 'reorg' }
  /** `end` has been given. */
  | { kind: 'done' }

/** From where to follow, and how. */
export type FollowOptions = {
  source: ChainSource
  /** The last block already read, with its hash; the hash is null when none has been read. */
  after: { number: number; hash: Hex | null }
  /** Hash of a block that was read and stored; null when it was not. */
  storedHash: (number: number) => Promise<Hex | null>
  /** Last block to give; null = follow for ever. */
  end: number | null
  /** How long to wait at least before asking for a new head again, where none is announced. */
  pollMs: number
  signal: AbortSignal
  /** True when something outside knows that blocks were taken back, such as L1. */
  isTakenBack?: (number: number) => boolean
}

/** Ranges that are fetched ahead of the one being worked on. Memory is bounded by this times the size of a range. */
const PREFETCH_RANGES = 4
const RANGE_BLOCKS_MIN = 1
const RANGE_BLOCKS_MAX = 2_000
const RANGE_BLOCKS_FIRST = 100
/** Logs that one range should hold: enough to fill a bulk insert, few enough to commit within a second. */
const RANGE_LOGS_WANTED = 8_000

/** Gives the blocks after `after` in order, each linked to the one before by its parent hash. */
export async function* followChain(options: FollowOptions): AsyncGenerator<Step> {
  const { source, end, signal } = options
  let last = options.after
  let announced: Head | null = null
  const rhythm = createRhythm(options.pollMs)
  while (end === null || last.number < end) {
    // An announcement of nothing new may come from a node that lags, or from another chain: the head is asked for.
    if (announced !== null && announced.number <= last.number) announced = null
    const head: Head = announced ?? (await source.fetchHead(signal))
    if (announced === null) source.heads.confirm(head.number)
    rhythm.heard(head.number)
    const target = end === null ? head.number : Math.min(head.number, end)
    const finalized = source.finalized()
    if (target > last.number) {
      try {
        for await (const bundles of fetchAhead(source, last.number + 1, target, signal)) {
          const first = bundles[0]!.block
          if (last.hash !== null && first.parentHash !== last.hash) return yield { kind: 'reorg' }
          last = bundles.at(-1)!.block
          yield { kind: 'blocks', bundles, head, finalized }
        }
        if (announced !== null) source.heads.hit()
      } catch (error) {
        // Whoever announces is ahead of who is asked.
        if (announced === null || !(error instanceof ContradictionError) || error.fault !== 'missingBlock') throw error
        source.heads.miss()
        announced = null
        continue
      }
    } else if (await isReplaced(options, last, head)) return yield { kind: 'reorg' }
    if (end !== null && last.number >= end) break
    if (last.number >= head.number) yield { kind: 'caught-up', head, finalized }
    announced = await source.heads.next(rhythm.waitMs(), signal)
  }
  yield { kind: 'done' }
}

/** Fetches `from` to `to` as ranges in order, several ahead. The size of a range follows the density of its logs. */
async function* fetchAhead(
  source: ChainSource,
  from: number,
  to: number,
  signal: AbortSignal,
): AsyncGenerator<BlockBundle[]> {
  const ahead: Promise<BlockBundle[]>[] = []
  let size = RANGE_BLOCKS_FIRST
  let next = from
  while (next <= to || ahead.length > 0) {
    while (next <= to && ahead.length < PREFETCH_RANGES) {
      const last = Math.min(to, next + size - 1)
      const range = source.fetchRange(next, last, signal)
      // A failure is met when its turn comes, not before.
      range.catch(() => {})
      ahead.push(range)
      next = last + 1
    }
    const bundles = await ahead.shift()!
    size = nextSize(bundles)
    yield bundles
  }
}

function nextSize(bundles: readonly BlockBundle[]): number {
  const logs = bundles.reduce((sum, bundle) => sum + bundle.logs.length, 0)
  const wanted = Math.round((bundles.length * RANGE_LOGS_WANTED) / Math.max(1, logs))
  // Never more than double: one quiet stretch says little about the next.
  return Math.min(RANGE_BLOCKS_MAX, Math.max(RANGE_BLOCKS_MIN, Math.min(wanted, bundles.length * 2)))
}

/**
 * True when the chain has another block than the stored one at the height of its head. A head below the last block may be
 * a node that lags: then the block there is the stored one, unless that is known to be taken back.
 */
async function isReplaced(options: FollowOptions, last: FollowOptions['after'], head: BlockId): Promise<boolean> {
  if (last.hash === null) return false
  if (head.number === last.number) return head.hash !== last.hash
  const stored = await options.storedHash(head.number)
  if (stored !== null && stored !== head.hash) return true
  return options.isTakenBack?.(last.number) ?? false
}
