import { setMaxListeners } from 'node:events'
import type { ChainProfile } from '../contracts/chains/profile.ts'
import type { Database } from '../db/database.ts'
import { ContradictionError, EndpointError, RpcError } from './chain/errors.ts'
import { followChain } from './chain/follow.ts'
import { findFork } from './chain/fork.ts'
import { fetchLiquidations } from './chain/lending.ts'
import { pause } from './chain/pause.ts'
import { fetchPools } from './chain/pools/index.ts'
import type { ChainSource } from './chain/source.ts'
import { fetchTokens } from './chain/tokens.ts'
import { nowMicroseconds } from './chain/webSocket.ts'
import { createPriceBook, type PriceBook } from './derive/prices/book.ts'
import {
  analyzeRange,
  type Decoded,
  decodeRange,
  listLiquidations,
  listNewTokens,
  listOpenClaims,
  type TokenQuestion,
} from './pipeline.ts'
import { CursorMovedError } from './store/errors.ts'
import { openStore, type Store } from './store/index.ts'
import type { BlockBundle, BlockId } from './types/block.ts'
import type { LiquidationEvent } from './types/event.ts'
import type { ChainState, FoundPool, PoolClaim, Token } from './types/pool.ts'
import type { LiquidationFacts, StepRows } from './types/rows.ts'
import { runWatchers, type Watcher } from './watchers/watcher.ts'

/** What the indexer tells of its work. */
export type IndexEvent =
  /** Rows up to `block` are committed; `head` is the newest block known. */
  | {
      kind: 'committed'
      block: number
      timestamp: number
      head: number
      headTimestamp: number
      blocks: number
      swaps: number
      undecoded: number
    }
  /** Everything up to the head is committed. */
  | { kind: 'caught-up'; block: number; head: number; headTimestamp: number }
  /** Blocks above `keep` were replaced and their rows removed. */
  | { kind: 'reorg'; keep: number; depth: number }
  /** Block `block` and all before it can no longer change. */
  | { kind: 'final'; block: number }
  /** A watcher that had failed works again. */
  | { kind: 'recovered'; watcher: string }
  /** Something outside failed; it is tried again after `waitMs`. `watcher` is null for the blocks themselves. */
  | { kind: 'failure'; watcher: string | null; error: Error; waitMs: number }

/** What to index, from where, and whom to tell. */
export type IndexOptions = {
  source: ChainSource
  database: Database
  profile: ChainProfile
  /** First block to index; null = where the stored rows begin, or 0. */
  start: number | null
  /** Last block to index; null = follow the chain for ever. */
  end: number | null
  pollMs: number
  signal: AbortSignal
  onEvent: (event: IndexEvent) => void
  /** What is read beside the blocks. */
  watchers?: readonly Watcher[]
  /** Is given blocks right after they are committed, with the time at which they were read, in Unix microseconds. */
  onBlocks?: (bundles: readonly BlockBundle[], readAt: number) => void
  /** True when L1 has taken back a block. */
  isTakenBack?: (blockNumber: number) => boolean
}

const FAILURE_WAIT_MS = 500
const FAILURE_WAIT_MAX_MS = 15_000

/**
 * Reads the chain, stage by stage, into the database until `end` is committed or `signal` aborts.
 * Failures of endpoint and database are waited out; after each, and after a reorg, all state is read back from the store.
 * @throws FinalityError when the chain contradicts what was final; nothing is changed then.
 */
export async function indexChain(options: IndexOptions): Promise<void> {
  const { onEvent, signal } = options
  const stop = new AbortController()
  const running = AbortSignal.any([signal, stop.signal])
  const watched = runWatchers(options.watchers ?? [], {
    signal: running,
    isPassing,
    onFailure: (watcher, error, waitMs) => onEvent({ kind: 'failure', watcher, error, waitMs }),
    onRecovery: (watcher) => onEvent({ kind: 'recovered', watcher }),
  })
  const blocks = indexBlocks({ ...options, signal: running })
  try {
    await Promise.race([blocks, watched.failed])
    if (!signal.aborted) await watched.finish()
  } finally {
    stop.abort()
    await Promise.allSettled([blocks, watched.ended])
  }
}

async function indexBlocks(options: IndexOptions): Promise<void> {
  const { database, profile, source, start, signal, onEvent } = options
  const store = await openStore(database, { ...profile, stack: source.stack }, start)
  let failures = 0
  let moves = 0
  const onProgress = () => {
    failures = 0
    moves = 0
  }
  while (!signal.aborted) {
    try {
      const outcome = await indexUntilReorg(options, store, onProgress)
      if (outcome === 'done') return
      await rewind(options, store)
    } catch (error) {
      if (signal.aborted) return
      // A commit whose answer was lost moves the cursor, too; only a cursor that moves again is another writer's.
      const mayBeOurs = error instanceof CursorMovedError && moves++ === 0
      if (!mayBeOurs && !isPassing(error)) throw error
      const waitMs = Math.min(FAILURE_WAIT_MAX_MS, FAILURE_WAIT_MS * 2 ** failures++)
      onEvent({ kind: 'failure', watcher: null, error: error as Error, waitMs })
      await pause(waitMs, signal).catch(() => {})
    }
  }
}

/** The way of the blocks: fetch, decode, ask about new pools, derive, write. */
async function indexUntilReorg(options: IndexOptions, store: Store, onProgress: () => void): Promise<'done' | 'reorg'> {
  const cursor = await store.readCursor()
  const state = await store.readState()
  const prices = createPriceBook(options.profile, state)
  const { source, end, pollMs, onEvent, isTakenBack } = options
  // What is being fetched ahead is dropped when this ends, however it ends.
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  // Every request in flight listens to it.
  setMaxListeners(0, signal)
  const writer = createWriter(store, cursor.number)
  const finality = await createFinality(store, source, onEvent, signal)
  const storedHash = async (number: number) => (await store.readHashes(number, number))[0] ?? null
  const follow = { source, after: cursor, storedHash, end, pollMs, signal, ...(isTakenBack ? { isTakenBack } : {}) }
  try {
    for await (const step of followChain(follow)) {
      if (step.kind !== 'blocks') await writer.flush()
      if (step.kind === 'done') await finality.check(source.finalized(), writer.committed(), true)
      if (step.kind === 'reorg' || step.kind === 'done') return step.kind
      const head = { head: step.head.number, headTimestamp: step.head.timestamp }
      if (step.kind === 'caught-up') {
        onEvent({ kind: 'caught-up', block: writer.committed(), ...head })
        onProgress()
      } else {
        const { bundles } = step
        const readAt = nowMicroseconds()
        const rows = await analyze(options, bundles, state, prices, signal)
        await writer.write(rows, () => {
          onEvent({ kind: 'committed', ...summarize(rows), ...head })
          options.onBlocks?.(bundles, readAt)
          onProgress()
        })
      }
      if (!(await finality.check(step.finalized, writer.committed(), step.kind === 'caught-up'))) return 'reorg'
    }
    return 'done'
  } finally {
    stop.abort()
    await writer.flush().catch(() => {})
  }
}

/** Far from the head it is noted now and then up to where the stored blocks are final. */
const DEEP_FINALITY_MS = 10_000

/**
 * Keeps up to where the stored blocks are known to be final. Each final block is compared with the stored one before it is
 * noted; where the final one is not stored yet, the last stored one is, by asking every endpoint for it.
 */
async function createFinality(
  store: Store,
  source: ChainSource,
  onEvent: IndexOptions['onEvent'],
  signal: AbortSignal,
) {
  let known = (await store.readFinal())?.number ?? -1
  let deepMs = Number.NEGATIVE_INFINITY
  const note = async (block: BlockId): Promise<void> => {
    await store.writeFinal(block)
    known = block.number
    onEvent({ kind: 'final', block: known })
  }
  const noteDeep = async (committed: number): Promise<void> => {
    deepMs = performance.now()
    const [hash] = await store.readHashes(committed, committed)
    if (!hash) return
    const served = await source.fetchHashEverywhere(committed, null, signal)
    if (served.every((each) => each === hash)) await note({ number: committed, hash })
  }
  return {
    /**
     * Compares what is stored up to `committed` with what the chain calls final.
     * @param isLast nothing follows for now, so it is not put off.
     * @returns false when the stored block is another one than the final one.
     */
    check: async (finalized: BlockId | null, committed: number, isLast: boolean): Promise<boolean> => {
      if (finalized === null || Math.min(finalized.number, committed) <= known) return true
      if (finalized.number > committed) {
        if (isLast || performance.now() - deepMs >= DEEP_FINALITY_MS) await noteDeep(committed)
        return true
      }
      const [hash] = await store.readHashes(finalized.number, finalized.number)
      // The rows may begin above it.
      if (!hash) return true
      if (hash !== finalized.hash) return false
      await note(finalized)
      return true
    },
  }
}

async function analyze(
  { source, profile }: IndexOptions,
  bundles: readonly BlockBundle[],
  state: ChainState,
  prices: PriceBook,
  signal: AbortSignal,
): Promise<StepRows> {
  const decoded = decodeRange(bundles, state, profile)
  const announced = listNewTokens(decoded, new Map(), new Map(), state)
  // Asked together: one after the other, each round trip would hold up the range.
  const [pools, liquidations, tokens] = await Promise.all([
    askPools(source, listOpenClaims(decoded, profile), profile, signal),
    askLiquidations(source, decoded, profile, signal),
    askTokens(source, announced, profile, signal),
  ])
  const asked = new Set(announced.map(({ address, blockNumber }) => `${address} ${blockNumber}`))
  const found = listNewTokens(decoded, pools, liquidations, state).filter(
    ({ address, blockNumber }) => !asked.has(`${address} ${blockNumber}`),
  )
  tokens.push(...(await askTokens(source, found, profile, signal)))
  return analyzeRange(decoded, { pools, liquidations, tokens }, state, prices, profile)
}

async function askPools(
  { endpoints }: ChainSource,
  claims: readonly PoolClaim[],
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Map<PoolClaim, FoundPool>> {
  if (claims.length === 0) return new Map()
  return endpoints.use((rpc) => fetchPools(rpc, claims, profile, signal))
}

async function askLiquidations(
  { endpoints }: ChainSource,
  decoded: Decoded,
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Map<LiquidationEvent, LiquidationFacts>> {
  const liquidations = listLiquidations(decoded)
  if (liquidations.length === 0) return new Map()
  return endpoints.use((rpc) => fetchLiquidations(rpc, liquidations, profile, signal))
}

async function askTokens(
  { endpoints }: ChainSource,
  questions: readonly TokenQuestion[],
  profile: ChainProfile,
  signal: AbortSignal,
): Promise<Token[]> {
  if (questions.length === 0) return []
  return endpoints.use((rpc) => fetchTokens(rpc, questions, profile, signal))
}

/** Writes steps one after the other, each while the next one is being worked on. */
function createWriter(store: Store, start: number) {
  let committed = start
  let pending: Promise<void> = Promise.resolve()
  return {
    committed: () => committed,
    flush: () => pending,
    write: async (rows: StepRows, onCommitted: () => void): Promise<void> => {
      await pending
      pending = store.writeStep(committed, rows).then(() => {
        committed = rows.blocks.at(-1)!.number
        onCommitted()
      })
      // The failure is met at the next write or flush.
      pending.catch(() => {})
    },
  }
}

async function rewind(
  { source, signal, onEvent, isTakenBack = () => false }: IndexOptions,
  store: Store,
): Promise<void> {
  const { number, startBlock } = await store.readCursor()
  const final = (await store.readFinal())?.number ?? null
  const stored = { start: startBlock, top: number, final, isTakenBack, hashes: store.readHashes }
  const keep = await findFork(source, stored, signal)
  source.endpoints.countReplaced()
  if (keep === number) {
    // The endpoint contradicts itself, or has changed its mind back; either way a little later is soon enough.
    throw new ContradictionError(`block ${number} was replaced and is there again`, 'replaced')
  }
  await store.deleteAbove(keep)
  onEvent({ kind: 'reorg', keep, depth: number - keep })
}

function summarize(rows: StepRows) {
  const last = rows.blocks.at(-1)!
  return {
    block: last.number,
    timestamp: last.timestamp,
    blocks: rows.blocks.length,
    swaps: rows.swaps.length,
    undecoded: rows.undecodedLogs.length,
  }
}

/** SQLSTATE classes that pass by themselves: connection, resources, operator intervention (restart), and lock conflicts. */
const PASSING_SQLSTATE = /^(08|53|57|40)/
const PASSING_CONNECTION = /ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|terminated|timeout|not queryable/i

/** True for failures of endpoint or database that may be over when tried again. */
function isPassing(error: unknown): boolean {
  if (error instanceof EndpointError || error instanceof ContradictionError || error instanceof RpcError) return true
  const { code, message } = error as { code?: string; message?: string }
  return PASSING_SQLSTATE.test(code ?? '') || PASSING_CONNECTION.test(`${code} ${message}`)
}
