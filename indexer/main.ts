import { setMaxListeners } from 'node:events'
import type { ChainProfile } from '../contracts/chains/profile.ts'
import type { Database } from '../db/database.ts'
import { ask, askFees, askOutcomes } from './ask.ts'
import { ContradictionError, EndpointError, RpcError } from './chain/errors.ts'
import { followChain } from './chain/follow.ts'
import { findFork } from './chain/fork.ts'
import { pause } from './chain/pause.ts'
import type { ChainSource } from './chain/source.ts'
import { nowMicroseconds } from './chain/webSocket.ts'
import { toBundle, toProbeBundle } from './detect/bundles.ts'
import { CALLER_BLOCKS } from './detect/callers.ts'
import { HABIT_BLOCKS } from './detect/habits.ts'
import { windowOf } from './detect/index.ts'
import { SEARCHER_BLOCKS } from './detect/probe.ts'
import {
  analyzeRange,
  createMemory,
  type Decoded,
  decodeRange,
  type Memory,
  measureRange,
  type RangeAnswers,
  recallRange,
} from './pipeline.ts'
import { CursorMovedError } from './store/errors.ts'
import { type Cursor, openStore, type Store } from './store/index.ts'
import type { BlockBundle, BlockId, Hex } from './types/block.ts'
import type { StepRows } from './types/rows.ts'
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
  const recent: Recent[] = []
  let failures = 0
  let moves = 0
  const onProgress = () => {
    failures = 0
    moves = 0
  }
  while (!signal.aborted) {
    try {
      const outcome = await indexUntilReorg(options, store, recent, onProgress)
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
async function indexUntilReorg(
  options: IndexOptions,
  store: Store,
  recent: Recent[],
  onProgress: () => void,
): Promise<'done' | 'reorg'> {
  const cursor = await store.readCursor()
  let memory: Memory | null = null
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
        memory ??= await recall(options, store, cursor, recent, signal)
        const readAt = nowMicroseconds()
        const rows = await analyze(options, bundles, memory, recent, signal)
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

/** The last blocks as they were read, with the answers to what they left open. */
type Recent = { decoded: Decoded; answers: RangeAnswers }

/**
 * What the stages remember at the cursor. What the detectors look back at (each action with the state before it) is stored nowhere, so the
 * state is read as of a few blocks before, and those blocks are taken in again, from what this process has read or else from the chain.
 * Asked for only once the chain was seen to go on from the cursor.
 * @throws ContradictionError when the chain has other blocks there all the same.
 */
async function recall(
  { profile, source }: IndexOptions,
  store: Store,
  cursor: Cursor,
  recent: readonly Recent[],
  signal: AbortSignal,
): Promise<Memory> {
  const number = Math.max(cursor.startBlock - 1, cursor.number - windowOf(profile))
  const [state, used, records, singles, calls, searchers] = await Promise.all([
    store.readState(number),
    store.readUsedLegs(number),
    store.readRecords(),
    store.readSingleSwaps(cursor.number - HABIT_BLOCKS, cursor.number),
    store.readContractCalls(number - CALLER_BLOCKS, number),
    store.readSearchers(cursor.number - SEARCHER_BLOCKS),
  ])
  const memory = createMemory(state, profile, used, records, singles, calls, searchers)
  if (number === cursor.number) {
    await store.recallFlow(memory.flow, memory.state, cursor.number)
    return memory
  }
  const hashes = await store.readHashes(number + 1, cursor.number)
  const known = listKnown(recent, hashes)
  if (known !== null) {
    for (const { decoded, answers } of known) recallRange(decoded, answers, memory, profile)
    await store.recallFlow(memory.flow, memory.state, cursor.number)
    return memory
  }
  const bundles = await source.fetchRange(number + 1, cursor.number, signal)
  const other = bundles.find(({ block }, index) => block.hash !== hashes[index])
  if (other !== undefined) {
    throw new ContradictionError(`block ${other.block.number} is another than the stored one`, 'replaced')
  }
  const decoded = decodeRange(bundles, state, profile)
  recallRange(decoded, await ask(source, profile, decoded, state, signal), memory, profile)
  await store.recallFlow(memory.flow, memory.state, cursor.number)
  return memory
}

/** The blocks with these hashes among those that were read; null when one is missing. */
function listKnown(recent: readonly Recent[], hashes: readonly (Hex | null)[]): Recent[] | null {
  const wanted = new Set(hashes)
  const known = recent.map(({ decoded, answers }) => ({
    decoded: lastBlocks(decoded, ({ bundle }) => wanted.has(bundle.block.hash)),
    // A pool takes over what it was found to be, and goes on changing it.
    answers: { ...answers, pools: new Map([...answers.pools].map(([claim, pool]) => [claim, structuredClone(pool)])) },
  }))
  const found = known.reduce((sum, { decoded }) => sum + decoded.blocks.length, 0)
  return found === hashes.length ? known.filter(({ decoded }) => decoded.blocks.length > 0) : null
}

function lastBlocks({ blocks, claims }: Decoded, isWanted: (block: Decoded['blocks'][number]) => boolean): Decoded {
  const kept = blocks.filter(isWanted)
  const numbers = new Set(kept.map(({ bundle }) => bundle.block.number))
  return { blocks: kept, claims: claims.filter(({ blockNumber }) => numbers.has(blockNumber)) }
}

/** Keeps what a later `recall` needs of a range. */
function keepRecent(recent: Recent[], { decoded, answers }: Recent, length: number): void {
  if (length === 0) return
  const last = decoded.blocks.at(-1)!.bundle.block.number
  const isNew = (block: Decoded['blocks'][number]) => block.bundle.block.number > last - length
  const pools = new Map([...answers.pools].map(([claim, pool]) => [claim, structuredClone(pool)]))
  recent.push({ decoded: lastBlocks(decoded, isNew), answers: { ...answers, pools } })
  while (recent.length > 1 && !recent[0]!.decoded.blocks.some(isNew)) recent.shift()
}

async function analyze(
  options: IndexOptions,
  bundles: readonly BlockBundle[],
  memory: Memory,
  recent: Recent[],
  signal: AbortSignal,
): Promise<StepRows> {
  const decoded = decodeRange(bundles, memory.state, options.profile)
  const answers = await ask(options.source, options.profile, decoded, memory.state, signal)
  keepRecent(recent, { decoded, answers }, windowOf(options.profile))
  const analyzed = analyzeRange(decoded, answers, memory, options.profile)
  const { rows, findings, probes } = analyzed
  const [fees, outcomes] = await Promise.all([
    askFees(options.source, findings, bundles, signal),
    askOutcomes(options.source, probes, signal),
  ])
  const idle = probes.flatMap((probe, index) => toProbeBundle(probe, outcomes[index]!) ?? [])
  rows.mevBundles = [...findings.map((finding) => toBundle(finding, fees)), ...idle]
  measureRange(analyzed, memory)
  return rows
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
