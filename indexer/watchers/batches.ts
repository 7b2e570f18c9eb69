import { fetchBatches, fetchBatchOfBlock, fetchSealedBatch } from '../chain/batchDetails.ts'
import { ContradictionError } from '../chain/errors.ts'
import { fetchTimestamps } from '../chain/inclusions.ts'
import type { Rpc } from '../chain/rpc.ts'
import {
  type BatchFacts,
  ExecutedBatchError,
  followSettlement,
  isAhead,
  isSameBatch,
  type L1View,
  type Revert,
  reconcileBatch,
  type Settled,
  toL1Batch,
} from '../derive/batches.ts'
import {
  type BatchSummary,
  countTransactions,
  readBatchSummary,
  readExecutedBatch,
  readOpenBatches,
  readTimestamp,
} from '../store/batches.ts'
import type { Batch, L1Batch, NodeBatch } from '../types/batch.ts'
import type { L1Reading } from './l1Reader.ts'
import type { ChainRows, StoredRange } from './priorityQueue.ts'

/** What is to be written about batches. */
export type BatchPlan = {
  write: Batch[]
  /** Numbers of batches that were taken back. */
  remove: number[]
  /** Last L1 block whose events are contained in the rows from now on. */
  l1Cursor: number
  /** In which the node and L1 differ, one text a difference. */
  disagreements: string[]
  /** Reverts on L1 that take back batches which are stored as committed. */
  reverts: Revert[]
  /** False when there is more to do at once. */
  complete: boolean
}

/** Batches of one round; more of them come in the next. */
const NEW_MAX = 500
/** Batches asked for at once. */
const ASK_MAX = 50

/** Everything that decides what is written. */
type Situation = {
  rows: ChainRows
  range: StoredRange
  isJoined: boolean
  /** Stored batches that may still change, and of which enough was read to say how. */
  open: readonly Batch[]
  summary: BatchSummary
  settled: Settled
  view: L1View | null
  /** The last batch that the node has sealed; null when it has no methods for batches. */
  sealed: number | null
  signal: AbortSignal
  plan: BatchPlan
}

/**
 * Finds out what has changed about the batches that hold indexed blocks: what is new, and what has moved on. Reads only.
 * @param reading what was read of L1; null without an L1.
 * @param isJoined true when every request is noted that ran in the stored blocks, as far as the node knows.
 * @throws ContradictionError when L1 takes back an executed batch, or the batches do not follow one another.
 */
export async function planBatches(
  rows: ChainRows,
  range: StoredRange,
  reading: L1Reading | null,
  isJoined: boolean,
  signal: AbortSignal,
): Promise<BatchPlan> {
  const { database, chainId, source } = rows
  const [stored, summary] = [await readOpenBatches(database, chainId), await readBatchSummary(database, chainId)]
  const upTo = reading?.upTo ?? Number.MAX_SAFE_INTEGER
  // Rows that hold more of L1 than was read now stay as they are.
  const [open, ahead] = [stored.filter((row) => !isAhead(row, upTo)), stored.filter((row) => isAhead(row, upTo))]
  const settled = await settle(rows, stored, reading)
  const sealed = await source.endpoints.use((rpc) => fetchSealedBatch(rpc, signal))
  const plan: BatchPlan = {
    ...{ write: [], remove: [], l1Cursor: reading?.state.cursor ?? 0, disagreements: [] },
    ...{ reverts: settled.reverts.filter((revert) => open.some((row) => isTakenBack(row, revert))), complete: true },
  }
  const situation = { rows, range, isJoined, open, summary, settled, view: reading?.view ?? null, sealed, signal, plan }
  await refreshBatches(situation)
  if (plan.remove.length > 0) {
    // Batches follow one another: none stays behind one that goes.
    const firstGone = Math.min(...plan.remove)
    const alsoGone = ahead.flatMap(({ number }) => (number > firstGone ? [number] : []))
    // What comes after them is looked at once they are gone.
    return { ...plan, remove: [...plan.remove, ...alsoGone], complete: false }
  }
  await addBatches(situation)
  if (reading) plan.l1Cursor = nextCursor(situation, reading)
  return plan
}

/** What L1 holds of the batches, from the rows as far as they contain it and from the events after that. */
async function settle(
  { database, chainId }: ChainRows,
  open: readonly Batch[],
  reading: L1Reading | null,
): Promise<Settled> {
  const upTo = reading?.state.cursor ?? Number.MAX_SAFE_INTEGER
  const executed = await readExecutedBatch(database, chainId, upTo)
  try {
    return followSettlement(
      reading?.view.chainId ?? 0,
      open.map((row) => toL1Batch(row, upTo)),
      executed,
      reading?.settlement ?? [],
    )
  } catch (error) {
    if (error instanceof ExecutedBatchError) throw new ContradictionError(error.message)
    throw error
  }
}

function isTakenBack(row: Batch, { keepBatch, l1Block }: Revert): boolean {
  const committed = row.commit?.l1Block ?? null
  return row.number > keepBatch && committed !== null && committed <= l1Block
}

/**
 * Looks again at the stored batches that are not final: at those that L1 says something new of, at all that are only sealed,
 * and from the others at the first of each status and on from there while there is news, as batches settle in order.
 */
async function refreshBatches(situation: Situation): Promise<void> {
  const { open, settled, view, sealed } = situation
  const seen = new Set<number>()
  const look = async (batches: readonly Batch[]): Promise<boolean> => {
    const unseen = batches.filter(({ number }) => !seen.has(number))
    let lastHasNews = true
    for (let start = 0; start < unseen.length; start += ASK_MAX) {
      lastHasNews = await refresh(situation, unseen.slice(start, start + ASK_MAX))
    }
    for (const { number } of unseen) seen.add(number)
    return lastHasNews
  }
  await look(
    open.filter(
      (row) =>
        row.status === 'sealed' ||
        row.l1TransactionCount === null ||
        isNewsOnL1(row, settled.batches.get(row.number)!, view),
    ),
  )
  if (sealed === null) return
  for (const status of ['executed', 'proven', 'committed'] as const) {
    const group = open.filter((row) => row.status === status)
    for (let [start, size] = [0, 1]; start < group.length; start += size, size = ASK_MAX) {
      if (!(await look(group.slice(start, start + size)))) break
    }
  }
}

function isNewsOnL1(row: Batch, now: L1Batch, view: L1View | null): boolean {
  if (view === null) return false
  const before = toL1Batch(row, Number.MAX_SAFE_INTEGER)
  const steps = ['commit', 'prove', 'execute'] as const
  const isMoved = steps.some(
    (step) =>
      before[step]?.transactionHash !== now[step]?.transactionHash || before[step]?.l1Block !== now[step]?.l1Block,
  )
  return isMoved || (now.execute?.l1Block ?? Number.POSITIVE_INFINITY) <= view.finalBlock
}

/** Looks at some stored batches; returns true when there was news of the last of them. */
async function refresh(situation: Situation, batches: readonly Batch[]): Promise<boolean> {
  const { sealed, settled, signal, plan, rows } = situation
  const numbers = batches.map(({ number }) => number)
  const nodes =
    sealed === null
      ? numbers.map(() => null)
      : await rows.source.endpoints.use((rpc) => fetchSealedBatches(rpc, numbers, sealed, signal))
  let isNews = false
  for (const [index, row] of batches.entries()) {
    const [node, l1] = [nodes[index]!, settled.batches.get(row.number) ?? null]
    const batch = await reconcile(situation, node, l1, row)
    const wasOnL1 = row.commit?.l1Block != null
    // The node no longer has it, and nor has L1: a node that merely lags would not take L1 with it.
    const isGone = batch === null && ((wasOnL1 && l1?.commit == null) || plan.remove.length > 0)
    isNews = isGone || (batch !== null && !isSameBatch(batch, row))
    if (isGone) plan.remove.push(row.number)
    else if (isNews) plan.write.push(batch!)
  }
  return isNews
}

/** The batches as the node has them; null only for those that it has not sealed. */
async function fetchSealedBatches(
  rpc: Rpc,
  numbers: readonly number[],
  sealed: number,
  signal: AbortSignal,
): Promise<(NodeBatch | null)[]> {
  const batches = await fetchBatches(rpc, numbers, signal)
  const missing = numbers.find((number, index) => number <= sealed && batches[index] === null)
  if (missing !== undefined) {
    throw new ContradictionError(`the node has sealed batch ${sealed}, but has no details of batch ${missing}`)
  }
  return batches
}

/** Adds the batches after the last stored one whose blocks are all indexed. */
async function addBatches(situation: Situation): Promise<void> {
  const { range, summary, plan } = situation
  let number = summary.last === null ? await findFirst(situation) : summary.last.number + 1
  let lastBlock = summary.last?.lastBlock ?? null
  for (let size = 2; number !== null; size = Math.min(ASK_MAX, size * 2)) {
    if (plan.write.length >= NEW_MAX) {
      plan.complete = false
      return
    }
    for (const batch of await fetchNext(situation, number, size)) {
      if (batch === null || batch.lastBlock > range.number) return
      if (lastBlock !== null && batch.firstBlock !== lastBlock + 1) {
        throw new ContradictionError(
          `batch ${batch.number} begins with block ${batch.firstBlock}, but the one before ends with ${lastBlock}`,
        )
      }
      plan.write.push(batch)
      number = batch.number + 1
      lastBlock = batch.lastBlock
    }
  }
}

/** The batch that holds the first indexed block; null when it is not known yet. */
async function findFirst({ range, sealed, rows, settled, signal }: Situation): Promise<number | null> {
  const { startBlock } = range
  if (sealed !== null) return rows.source.endpoints.use((rpc) => fetchBatchOfBlock(rpc, startBlock, signal))
  const holding = [...settled.batches.values()].filter(({ range: blocks }) => blocks && blocks.lastBlock >= startBlock)
  return holding.length === 0 ? null : Math.min(...holding.map(({ number }) => number))
}

/** Up to `size` batches from `number` on; null in place of the first that is not known. */
async function fetchNext(situation: Situation, number: number, size: number): Promise<(Batch | null)[]> {
  const { sealed, rows, settled, signal } = situation
  if (sealed === null) return [await reconcile(situation, null, settled.batches.get(number) ?? null)]
  const numbers = Array.from({ length: Math.min(size, sealed - number + 1) }, (_, offset) => number + offset)
  if (numbers.length === 0) return [null]
  const nodes = await rows.source.endpoints.use((rpc) => fetchSealedBatches(rpc, numbers, sealed, signal))
  const batches: (Batch | null)[] = []
  for (const node of nodes) batches.push(await reconcile(situation, node, settled.batches.get(node!.number) ?? null))
  return batches
}

async function reconcile(
  situation: Situation,
  node: NodeBatch | null,
  l1: L1Batch | null,
  row: Batch | null = null,
): Promise<Batch | null> {
  const { view, plan, rows } = situation
  const finalizedBlock = rows.source.finalized()?.number ?? null
  const own = node === null ? await readOwnFacts(situation, l1, row) : null
  const { batch, disagreements } = reconcileBatch({ node, l1, view, finalizedBlock, own })
  plan.disagreements.push(...disagreements)
  return batch
}

/** What the stored blocks say of a batch that only L1 tells of; null when not all of it is indexed yet. */
async function readOwnFacts(
  { rows, range, isJoined, signal }: Situation,
  l1: L1Batch | null,
  row: Batch | null,
): Promise<BatchFacts['own']> {
  const blocks = l1?.range ?? null
  if (blocks === null || blocks.lastBlock > range.number) return null
  const { database, chainId, source } = rows
  const stored = await readTimestamp(database, chainId, blocks.firstBlock)
  // The first batch may begin before the first indexed block.
  const [timestamp] =
    stored === null ? await source.endpoints.use((rpc) => fetchTimestamps(rpc, [blocks.firstBlock], signal)) : [stored]
  const { firstBlock, lastBlock } = blocks
  const counts = isJoined
    ? await countTransactions(database, chainId, firstBlock, lastBlock)
    : { fromL1: row?.l1TransactionCount ?? null, others: row?.l2TransactionCount ?? null }
  return { timestamp: timestamp!, l1TransactionCount: counts.fromL1, l2TransactionCount: counts.others }
}

/** L1 may be forgotten up to the commit of the first batch that is not stored yet. */
function nextCursor({ settled, summary, plan, range }: Situation, { state }: L1Reading): number {
  const last = Math.max(summary.last?.number ?? -1, ...plan.write.map(({ number }) => number))
  const waiting = [...settled.batches.values()].flatMap(({ number, commit, range: blocks }) => {
    // Batches before the first one that holds an indexed block never become rows.
    const isEarlier = last < 0 && blocks !== null && blocks.lastBlock < range.startBlock
    return commit === null || number <= last || isEarlier ? [] : [commit.l1Block! - 1]
  })
  return Math.max(state.cursor, Math.min(state.readTo, ...waiting))
}
