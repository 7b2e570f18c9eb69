import type { Database } from '../../db/database.ts'
import { ContradictionError } from '../chain/errors.ts'
import type { L1Source } from '../chain/l1/source.ts'
import type { ChainSource } from '../chain/source.ts'
import { deleteBatches, readBatchSummary, readLastBlock, readTimestamp, writeBatches } from '../store/batches.ts'
import type { Store } from '../store/index.ts'
import { holdBlock, moveL1Cursor, readL1Cursor, startL1Cursor } from '../store/l1Cursor.ts'
import type { BatchStatus } from '../types/batch.ts'
import type { BlockId, Hex } from '../types/block.ts'
import type { DecodeIntent } from '../types/intent.ts'
import { type BatchPlan, planBatches } from './batches.ts'
import { type L1Reading, type L1State, moveOn, readL1, startAfter } from './l1Reader.ts'
import { type ChainRows, createRequestJoiner, type StoredRange, writeRequests } from './priorityQueue.ts'
import type { Watcher } from './watcher.ts'

/** What the watcher tells of batches. */
export type BatchEvent =
  /** The newest stored batch, when it or its status has changed. */
  | { kind: 'batch'; number: number; status: BatchStatus }
  /** Last block of the last executed batch, when that has changed: it can never be taken back. */
  | { kind: 'executed'; block: number }
  /** L1 took back batches which were stored as committed; the blocks above `keepBlock` are to be looked at again. */
  | { kind: 'reverted'; keepBatch: number; keepBlock: number }
  /** The node and L1 differ, in words; L1 was believed. Told once for as long as it lasts. */
  | { kind: 'disagreement'; text: string }

/** What is watched, and whom to tell. */
export type SettlementOptions = {
  source: Pick<ChainSource, 'chainId' | 'endpoints' | 'finalized' | 'fetchHashes' | 'fetchHead'>
  /** Null when no L1 is known: batches are then as the L2 node says. */
  l1: L1Source | null
  database: Database
  store: Pick<Store, 'readCursor' | 'readHashes'>
  decodeIntent: DecodeIntent
  onEvent: (event: BatchEvent) => void
  /** Milliseconds between rounds; a default by the L1 unless given. */
  pollMs?: number
}

/** Requests that are older than this when indexing begins may be missing; after as long an L2 must have run them. */
const REQUEST_AGE_SECONDS = 4 * 24 * 3600
/** A third of an Ethereum slot: a request is public from its L1 block on, and a round costs few requests. */
const POLL_L1_MS = 4_000
const POLL_L2_MS = 3_000
/** Development chains make L1 blocks whenever they like. */
const POLL_DEVELOPMENT_MS = 250
const DEVELOPMENT_CHAIN_ID = 31_337

/**
 * Follows L1 batches and requests from L1, from the methods of the L2 node and from the events on L1, into `batches`,
 * `priority_requests` and `l1_cursors`. A round ends when everything is written that concerns the indexed blocks.
 * Closes the L1 source in the end.
 */
export function createSettlementWatcher(options: SettlementOptions): Watcher {
  const { source, l1, database, store, onEvent } = options
  const rows: ChainRows = { source, database, chainId: source.chainId }
  const tell = createTeller(rows, onEvent)
  const joinRequests = createRequestJoiner(rows)
  let state: L1State | null = null
  /** Returns true when there is nothing more to do for now. */
  const work = async (signal: AbortSignal): Promise<boolean> => {
    const cursor = await store.readCursor()
    if (cursor.hash === null) return true
    const range: StoredRange = { ...cursor, hash: cursor.hash }
    await verifyChain(options, range, signal)
    const before = l1 && (await resume(rows, l1, state, range, signal))
    const reading = before && (await readL1(l1!, before, signal))
    if (reading?.requests) await writeRequests(rows, reading.requests, options.decodeIntent)
    const isJoined = l1 !== null && (await joinRequests(range, signal))
    const plan = await planBatches(rows, range, reading, isJoined, signal)
    // The endpoint may have become another chain's while it was asked.
    if (isToWrite(plan)) await verifyChain(options, range, signal)
    const isWritten = await writePlan(rows, range, reading, plan)
    // Read again from where the rows are: what was read is not written.
    state = isWritten && reading ? moveOn(reading.state, plan.l1Cursor) : null
    if (!isWritten) return false
    await tell(range, plan)
    return plan.complete && (reading?.complete ?? true)
  }
  return {
    name: 'batches',
    round: async (signal) => {
      while (!(await work(signal))) signal.throwIfAborted()
      return options.pollMs ?? defaultPollMs(l1)
    },
    close: async () => {
      await l1?.close()
    },
  }
}

function defaultPollMs(l1: L1Source | null): number {
  if (l1 === null) return POLL_L2_MS
  return l1.chainId === DEVELOPMENT_CHAIN_ID ? POLL_DEVELOPMENT_MS : POLL_L1_MS
}

/**
 * Nothing is written of a chain that is not the stored one. A node that ends before the last stored block, because it lags or
 * because blocks were taken back, shows by its own last block which chain it has.
 * @throws ContradictionError when the node serves another block than the stored one: which is right is for the blocks to find.
 */
async function verifyChain({ source, store }: SettlementOptions, last: BlockId, signal: AbortSignal): Promise<void> {
  const [served] = await source.fetchHashes([last.number], signal)
  if (served) return verifyHash(last.number, last.hash, served)
  const head = await source.fetchHead(signal)
  const [stored] = await store.readHashes(head.number, head.number)
  if (!stored) {
    throw new ContradictionError(
      `the node ends with block ${head.number}, the stored blocks with ${last.number}`,
      'lagging',
    )
  }
  verifyHash(head.number, stored, head.hash)
}

function verifyHash(number: number, stored: Hex, served: Hex): void {
  if (served === stored) return
  throw new ContradictionError(
    `block ${number} is stored with hash ${stored}, but the node serves ${served}`,
    'replaced',
  )
}

/** The state to go on from: what is remembered, unless the stored cursor is elsewhere. */
async function resume(
  { database, chainId }: ChainRows,
  l1: L1Source,
  state: L1State | null,
  range: StoredRange,
  signal: AbortSignal,
): Promise<L1State> {
  const stored = await readL1Cursor(database, chainId, l1)
  if (stored !== null) return state?.cursor === stored.number ? state : startAfter(stored.number)
  const firstTimestamp = await readTimestamp(database, chainId, range.startBlock)
  const { latest } = await l1.fetchTip(signal)
  const oldest = (firstTimestamp ?? 0) - REQUEST_AGE_SECONDS
  const startBlock = await l1.findBlockAt(oldest, l1.startBlock, latest.number, signal)
  await startL1Cursor(database, chainId, l1, startBlock)
  return startAfter(startBlock - 1)
}

function isToWrite({ write, remove }: BatchPlan): boolean {
  return write.length > 0 || remove.length > 0
}

/** Writes everything or nothing; returns false when the rows it rests on have changed meanwhile. */
async function writePlan(
  { database, chainId }: ChainRows,
  range: StoredRange,
  reading: L1Reading | null,
  plan: BatchPlan,
): Promise<boolean> {
  if (!isToWrite(plan) && (reading?.state.cursor ?? 0) === plan.l1Cursor) return true
  return database.transaction(async (transaction) => {
    if (!(await holdBlock(transaction, chainId, range))) return false
    if (reading && !(await moveL1Cursor(transaction, chainId, reading.state.cursor, plan.l1Cursor))) return false
    await deleteBatches(transaction, chainId, plan.remove)
    await writeBatches(transaction, chainId, plan.write)
    return true
  })
}

/** Tells of what is new after each round. */
function createTeller({ database, chainId }: ChainRows, onEvent: (event: BatchEvent) => void) {
  let newest = ''
  let executed = -1
  let disagreements = new Set<string>()
  let isFirst = true
  return async (range: StoredRange, plan: BatchPlan): Promise<void> => {
    for (const text of plan.disagreements) if (!disagreements.has(text)) onEvent({ kind: 'disagreement', text })
    disagreements = new Set(plan.disagreements)
    for (const { keepBatch } of plan.reverts) {
      const keepBlock = (await readLastBlock(database, chainId, keepBatch)) ?? range.startBlock - 1
      onEvent({ kind: 'reverted', keepBatch, keepBlock })
    }
    if (!isFirst && !isToWrite(plan)) return
    isFirst = false
    const summary = await readBatchSummary(database, chainId)
    if (summary.last && newest !== `${summary.last.number} ${summary.last.status}`) {
      newest = `${summary.last.number} ${summary.last.status}`
      onEvent({ kind: 'batch', number: summary.last.number, status: summary.last.status })
    }
    if (summary.executed && summary.executed.lastBlock !== executed) {
      executed = summary.executed.lastBlock
      onEvent({ kind: 'executed', block: executed })
    }
  }
}
