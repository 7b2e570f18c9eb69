import type { Database } from '../../db/database.ts'
import { fetchInclusions, fetchTimestamps } from '../chain/inclusions.ts'
import type { ChainSource } from '../chain/source.ts'
import { lockChain } from '../store/l1Cursor.ts'
import { includeRequests, type RequestOutcome, readOpenRequests, replaceRequests } from '../store/priorityRequests.ts'
import type { Address, Hex } from '../types/block.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { RequestReceipt } from '../types/priority.ts'
import type { L1Reading } from './l1Reader.ts'

/** The swap that a call asks for; null when it asks for none that is known. Pure. */
export type DecodeIntent = (to: Address, calldata: Hex, valueWei: bigint) => SwapIntent | null

/** The chain and its rows. */
export type ChainRows = { source: Pick<ChainSource, 'endpoints' | 'finalized'>; database: Database; chainId: number }

/** Between which blocks the chain is stored, and the hash of the last one. */
export type StoredRange = { startBlock: number; number: number; hash: Hex }

/** Writes the requests that were read from L1, and removes those that have vanished there. */
export async function writeRequests(
  { database, chainId }: ChainRows,
  requests: NonNullable<L1Reading['requests']>,
  decodeIntent: DecodeIntent,
): Promise<void> {
  const rows = requests.list.map((request) => ({
    request,
    intent: decodeIntent(request.to, request.calldata, request.valueWei),
  }))
  await database.transaction((transaction) => replaceRequests(transaction, chainId, requests, rows))
}

/** Receipts asked for at first, and while every request asked about has run: L2 runs requests in their order. */
const FEW = 4
const MANY = 100

/** Notes where the waiting requests ran on L2, as far as that is indexed. */
export async function joinRequests(rows: ChainRows, range: StoredRange, signal: AbortSignal): Promise<void> {
  const { source, database, chainId } = rows
  let after = -1
  for (let size = FEW; ; size = MANY) {
    const open = await readOpenRequests(database, chainId, after, size)
    if (open.length === 0) return
    const hashes = open.map(({ transactionHash }) => transactionHash)
    const receipts = await source.endpoints.use((rpc) => fetchInclusions(rpc, hashes, signal))
    const ran = receipts.filter((receipt) => receipt !== null && receipt.blockNumber <= range.number)
    const outcomes = await addTimes(rows, ran as RequestReceipt[], range, signal)
    await database.transaction(async (transaction) => {
      await lockChain(transaction, chainId)
      await includeRequests(transaction, chainId, outcomes)
    })
    if (ran.length < size) return
    after = open.at(-1)!.serialId
  }
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
