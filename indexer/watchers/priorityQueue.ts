import type { Database } from '../../db/database.ts'
import { ContradictionError } from '../chain/errors.ts'
import { fetchInclusions, fetchTimestamps } from '../chain/inclusions.ts'
import type { ChainSource } from '../chain/source.ts'
import { lockChain } from '../store/l1Cursor.ts'
import {
  includeRequests,
  type RequestOutcome,
  readLastRun,
  readOpenRequests,
  replaceRequests,
} from '../store/priorityRequests.ts'
import type { BlockId } from '../types/block.ts'
import type { DecodeIntent } from '../types/intent.ts'
import type { RequestReceipt } from '../types/priority.ts'
import type { L1Reading } from './l1Reader.ts'

/** The chain and its rows. */
export type ChainRows = { source: Pick<ChainSource, 'endpoints' | 'finalized'>; database: Database; chainId: number }

/** Between which blocks the chain is stored, and the hash of the last one. */
export type StoredRange = BlockId & { startBlock: number }

/** Writes the requests that were read from L1, and removes those that have vanished there. */
export async function writeRequests(
  { database, chainId }: ChainRows,
  requests: NonNullable<L1Reading['requests']>,
  decodeIntent: DecodeIntent,
): Promise<void> {
  const rows = requests.list.map((request) => ({
    request,
    intent: decodeIntent(request.to, request.calldata, request.valueWei, request.from),
  }))
  await database.transaction((transaction) => replaceRequests(transaction, chainId, requests, rows))
}

/** Receipts asked for at first, and while those asked about have run: L2 runs requests in their order. */
const FEW = 4
const MANY = 100
/** How often those that were passed over are asked about again. */
const ASK_AGAIN_MS = 600_000

/**
 * Notes where the waiting requests ran on L2, as far as that is indexed.
 * Each look begins behind the last request known to have run, and goes on while there is news. A request in front of it
 * without a receipt has run as well, but the node does not know of it, as one that has pruned it: it stays open, and is asked
 * about again by every process when it begins, then every `askAgainMs`. While none is known to have run, all are asked
 * about: the first ones may be of that kind.
 * Each look resolves to false when the node has not the last indexed block, and so would not know either what ran there.
 */
export function createRequestJoiner(rows: ChainRows, askAgainMs = ASK_AGAIN_MS) {
  let lookedAtAllMs = Number.NEGATIVE_INFINITY
  return async (range: StoredRange, signal: AbortSignal): Promise<boolean> => {
    const last = await readLastRun(rows.database, rows.chainId)
    const nowMs = performance.now()
    const isAll = last === null || nowMs - lookedAtAllMs >= askAgainMs
    try {
      await (isAll ? lookAtAll(rows, range, signal) : lookBehind(last, rows, range, signal))
    } catch (error) {
      if (error instanceof ContradictionError && error.fault === 'missingBlock') return false
      throw error
    }
    if (isAll) lookedAtAllMs = nowMs
    return true
  }
}

async function lookAtAll(rows: ChainRows, range: StoredRange, signal: AbortSignal): Promise<void> {
  let page: Page | null = null
  do page = await joinPage(rows, range, page?.end ?? -1, MANY, signal)
  while (page !== null && !page.isBeyond)
}

async function lookBehind(last: number, rows: ChainRows, range: StoredRange, signal: AbortSignal): Promise<void> {
  let page = await joinPage(rows, range, last, FEW, signal)
  while (page?.hasRun && !page.isBeyond) page = await joinPage(rows, range, page.end, MANY, signal)
}

/** What a page of open requests showed. */
type Page = {
  /** Serial id of the last one. */
  end: number
  /** True when one of them ran in an indexed block. */
  hasRun: boolean
  /** True when one of them ran after the indexed blocks, as then did all that follow. */
  isBeyond: boolean
}

/** Asks about up to `size` open requests behind `after`; null when there are none. */
async function joinPage(
  rows: ChainRows,
  range: StoredRange,
  after: number,
  size: number,
  signal: AbortSignal,
): Promise<Page | null> {
  const { source, database, chainId } = rows
  const open = await readOpenRequests(database, chainId, after, size)
  if (open.length === 0) return null
  const hashes = open.map(({ transactionHash }) => transactionHash)
  const receipts = await source.endpoints.use(async (rpc) => {
    await fetchTimestamps(rpc, [range.number], signal)
    return fetchInclusions(rpc, hashes, signal)
  })
  const known = receipts.filter((receipt) => receipt !== null)
  const ran = known.filter(({ blockNumber }) => blockNumber <= range.number)
  const outcomes = await addTimes(rows, ran, range, signal)
  await database.transaction(async (transaction) => {
    await lockChain(transaction, chainId)
    await includeRequests(transaction, chainId, outcomes)
  })
  return { end: open.at(-1)!.serialId, hasRun: ran.length > 0, isBeyond: ran.length < known.length }
}

/** Requests may have run before the first indexed block; only the node knows the times of those blocks. */
async function addTimes(
  { source }: ChainRows,
  receipts: readonly RequestReceipt[],
  { startBlock }: StoredRange,
  signal: AbortSignal,
): Promise<RequestOutcome[]> {
  const early = [...new Set(receipts.map(({ blockNumber }) => blockNumber).filter((number) => number < startBlock))]
  const times = early.length === 0 ? [] : await source.endpoints.use((rpc) => fetchTimestamps(rpc, early, signal))
  return receipts.map((receipt) => ({ receipt, timestamp: times[early.indexOf(receipt.blockNumber)] ?? null }))
}
