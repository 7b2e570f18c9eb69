import { setMaxListeners } from 'node:events'
import type { ChainProfile } from '../contracts/chains/profile.ts'
import type { Database } from '../db/database.ts'
import { ContradictionError, EndpointError, RpcError } from './chain/errors.ts'
import { followChain } from './chain/follow.ts'
import { findFork } from './chain/fork.ts'
import { fetchPools } from './chain/pools.ts'
import { pause } from './chain/rpc.ts'
import type { ChainSource } from './chain/source.ts'
import { fetchTokens } from './chain/tokens.ts'
import { analyzeRange, decodeRange, listNewTokens, listOpenClaims, type TokenQuestion } from './pipeline.ts'
import { CursorMovedError } from './store/errors.ts'
import { openStore, type Store } from './store/index.ts'
import type { BlockBundle } from './types/block.ts'
import type { ChainState, FoundPool, PoolClaim } from './types/pool.ts'
import type { StepRows } from './types/rows.ts'

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
  /** Something outside failed; it is tried again after `waitMs`. */
  | { kind: 'failure'; error: Error; waitMs: number }

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
}

const FAILURE_WAIT_MS = 500
const FAILURE_WAIT_MAX_MS = 15_000

/**
 * Reads the chain, stage by stage, into the database until `end` is committed or `signal` aborts.
 * Failures of endpoint and database are waited out; after each, and after a reorg, all state is read back from the store.
 */
export async function indexChain(options: IndexOptions): Promise<void> {
  const store = await openStore(options.database, options.profile, options.start)
  let failures = 0
  let moves = 0
  const onProgress = () => {
    failures = 0
    moves = 0
  }
  while (!options.signal.aborted) {
    try {
      const outcome = await indexUntilReorg(options, store, onProgress)
      if (outcome === 'done') return
      await rewind(options, store)
    } catch (error) {
      if (options.signal.aborted) return
      // A commit whose answer was lost moves the cursor, too; only a cursor that moves again is another writer's.
      const mayBeOurs = error instanceof CursorMovedError && moves++ === 0
      if (!mayBeOurs && !isPassing(error)) throw error
      const waitMs = Math.min(FAILURE_WAIT_MAX_MS, FAILURE_WAIT_MS * 2 ** failures++)
      options.onEvent({ kind: 'failure', error: error as Error, waitMs })
      await pause(waitMs, options.signal).catch(() => {})
    }
  }
}

/** The way of the blocks: fetch, decode, ask about new pools, derive, write. */
async function indexUntilReorg(options: IndexOptions, store: Store, onProgress: () => void): Promise<'done' | 'reorg'> {
  const cursor = await store.readCursor()
  const state = await store.readState()
  const { source, end, pollMs, onEvent } = options
  // What is being fetched ahead is dropped when this ends, however it ends.
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  // Every request in flight listens to it.
  setMaxListeners(0, signal)
  const writer = createWriter(store, cursor.number)
  try {
    for await (const step of followChain({ source, after: cursor, end, pollMs, signal })) {
      if (step.kind !== 'blocks') await writer.flush()
      if (step.kind === 'reorg' || step.kind === 'done') return step.kind
      const { head, headTimestamp } = step
      if (step.kind === 'caught-up') {
        onEvent({ kind: 'caught-up', block: writer.committed(), head, headTimestamp })
        onProgress()
        continue
      }
      const rows = await analyze(options, step.bundles, state, signal)
      await writer.write(rows, () => {
        onEvent({ kind: 'committed', ...summarize(rows), head, headTimestamp })
        onProgress()
      })
    }
    return 'done'
  } finally {
    stop.abort()
    await writer.flush().catch(() => {})
  }
}

async function analyze(
  { source, profile }: IndexOptions,
  bundles: readonly BlockBundle[],
  state: ChainState,
  signal: AbortSignal,
): Promise<StepRows> {
  const decoded = decodeRange(bundles, state, profile)
  const claims = listOpenClaims(decoded, profile)
  const announced = listNewTokens(decoded, new Map(), state)
  // Asked together: one after the other, each round trip would hold up the range.
  const [answers, tokens] = await Promise.all([askPools(source, claims, signal), askTokens(source, announced, signal)])
  const asked = new Set(announced.map(({ address, blockNumber }) => `${address} ${blockNumber}`))
  const found = listNewTokens(decoded, answers, state).filter(
    ({ address, blockNumber }) => !asked.has(`${address} ${blockNumber}`),
  )
  tokens.push(...(await askTokens(source, found, signal)))
  return analyzeRange(decoded, answers, tokens, state, profile)
}

async function askPools({ endpoints }: ChainSource, claims: readonly PoolClaim[], signal: AbortSignal) {
  if (claims.length === 0) return new Map<PoolClaim, FoundPool>()
  return endpoints.use((rpc) => fetchPools(rpc, claims, signal))
}

async function askTokens({ endpoints }: ChainSource, questions: readonly TokenQuestion[], signal: AbortSignal) {
  if (questions.length === 0) return []
  return endpoints.use((rpc) => fetchTokens(rpc, questions, signal))
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

async function rewind({ source, signal, onEvent }: IndexOptions, store: Store): Promise<void> {
  const { number, startBlock } = await store.readCursor()
  const keep = await findFork(source, store.readHashes, number, startBlock, signal)
  if (keep === number) {
    // The endpoint contradicts itself, or has changed its mind back; either way a little later is soon enough.
    throw new ContradictionError(`block ${number} was replaced and is there again`)
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
