import type { Batch, BatchStatus, BatchStep, L1Batch, L1Place, NodeBatch, SettlementEvent } from '../types/batch.ts'

/** What L1 holds of the batches after some of its events. */
export type Settled = {
  /** By number; those that the events named, and those that were known before. */
  batches: Map<number, L1Batch>
  /** The last batch that is executed; 0 when none is. */
  executed: number
  /** The events that took batches back, in their order. */
  reverts: Revert[]
}

/** L1 took back every batch after `keepBatch`. */
export type Revert = L1Place & { keepBatch: number }

/** L1 takes back what it executed, which it never does: somebody told us wrong. */
export class ExecutedBatchError extends Error {
  override name = 'ExecutedBatchError'
  constructor(keepBatch: number, executed: number, l1Block: number) {
    super(`L1 block ${l1Block} reverts to batch ${keepBatch}, but batch ${executed} is executed`)
  }
}

/**
 * Follows the events of a diamond.
 * @param known what L1 held of the batches before; they are not changed.
 * @param executed the last batch that was executed before.
 * @param events in the order of the chain.
 * @throws ExecutedBatchError when one takes back an executed batch.
 */
export function followSettlement(
  chainId: number,
  known: readonly L1Batch[],
  executed: number,
  events: readonly SettlementEvent[],
): Settled {
  const settled: Settled = { batches: new Map(known.map((batch) => [batch.number, batch])), executed, reverts: [] }
  const change = (number: number, changes: Partial<L1Batch>) => {
    const batch = settled.batches.get(number) ?? unknownToL1(chainId, number)
    settled.batches.set(number, { ...batch, ...changes })
  }
  for (const event of events) {
    const step = toStep(event)
    switch (event.kind) {
      case 'range':
        change(event.batch, { range: { firstBlock: event.firstBlock, lastBlock: event.lastBlock } })
        break
      case 'commit':
        // What an earlier batch of this number came to is void.
        change(event.batch, { chainId, ...committed(event), commit: step, prove: null, execute: null })
        break
      case 'prove':
        for (const { number } of settled.batches.values()) {
          if (number > event.previous && number <= event.last) change(number, { prove: step })
        }
        break
      case 'execute':
        if (settled.batches.has(event.batch)) change(event.batch, { ...committed(event), execute: step })
        settled.executed = Math.max(settled.executed, event.batch)
        break
      case 'revert':
        revert(settled, event, change)
    }
  }
  return settled
}

function committed({ batchHash, commitment }: Extract<SettlementEvent, { kind: 'commit' | 'execute' }>) {
  return { batchHash, commitment }
}

type RevertEvent = Extract<SettlementEvent, { kind: 'revert' }>

function revert(settled: Settled, event: RevertEvent, change: (number: number, changes: Partial<L1Batch>) => void) {
  if (event.committed < settled.executed) {
    throw new ExecutedBatchError(event.committed, settled.executed, event.l1Block)
  }
  for (const { number } of settled.batches.values()) {
    if (number > event.committed) change(number, NOT_COMMITTED)
    else if (number > event.proven) change(number, { prove: null })
  }
  const { l1Block, l1LogIndex, transactionHash, at } = event
  settled.reverts.push({ l1Block, l1LogIndex, transactionHash, at, keepBatch: event.committed })
}

const NOT_COMMITTED = { range: null, batchHash: null, commitment: null, commit: null, prove: null, execute: null }

function unknownToL1(chainId: number, number: number): L1Batch {
  return { number, chainId, ...NOT_COMMITTED }
}

function toStep({ transactionHash, l1Block, at }: L1Place): BatchStep {
  return { transactionHash, l1Block, at }
}

/**
 * What a stored row holds from L1.
 * @param upTo last L1 block whose events the row is known to contain for good; later ones are read again.
 */
export function toL1Batch(row: Batch, upTo: number): L1Batch {
  const kept = (step: BatchStep | null) =>
    step !== null && step.l1Block !== null && step.l1Block <= upTo ? step : null
  const commit = kept(row.commit)
  if (commit === null) return unknownToL1(row.settlementChainId ?? 0, row.number)
  return {
    number: row.number,
    chainId: row.settlementChainId ?? 0,
    range: { firstBlock: row.firstBlock, lastBlock: row.lastBlock },
    ...{ batchHash: row.rootHash, commitment: row.commitment },
    ...{ commit, prove: kept(row.prove), execute: kept(row.execute) },
  }
}

/** True when a stored row holds a step from an L1 block after `upTo`: more than the events up to there can tell. */
export function isAhead({ commit, prove, execute }: Batch, upTo: number): boolean {
  return [commit, prove, execute].some((step) => step !== null && step.l1Block !== null && step.l1Block > upTo)
}

/** How far L1 has been read. */
export type L1View = {
  chainId: number
  /** Last L1 block that can no longer change. */
  finalBlock: number
  /** Unix microseconds of the last L1 block that has been read. */
  readTo: number
}

/** What is known of a batch from each side. */
export type BatchFacts = {
  /** Null when the node has not the batch, or has no methods for batches. */
  node: NodeBatch | null
  /** Null when no event of L1 named the batch. */
  l1: L1Batch | null
  /** Null when L1 is not read. */
  view: L1View | null
  /** Last L2 block that the L2 node calls final; null when it does not say. */
  finalizedBlock: number | null
  /** What the stored blocks say of the batch, for one that only L1 told of; null when they are not asked. */
  own: Pick<Batch, 'timestamp' | 'l1TransactionCount' | 'l2TransactionCount'> | null
}

/** The batch as both sides tell it together, and in what they differ. */
export type Reconciled = {
  /** Null when neither side knows the batch well enough: not sealed, or its blocks or time not known. */
  batch: Batch | null
  /** One text a difference; L1 was believed. */
  disagreements: string[]
}

/**
 * One batch from what the L2 node and L1 say of it. Where they differ L1 is right: it decides what is settled. A step that
 * the node claims and L1 does not have counts only while L1 is not read as far as the time at which the node saw it.
 * A batch that settles on another layer than the L1 that is read is as the node says.
 */
export function reconcileBatch({ node, l1, view, finalizedBlock, own }: BatchFacts): Reconciled {
  const disagreements: string[] = []
  if (node === null) return { batch: fromL1Alone(l1, view, own), disagreements }
  const { executionFinal, ...facts } = node
  const nodeFinal = executionFinal ?? (finalizedBlock !== null && node.lastBlock <= finalizedBlock)
  if (view !== null && node.settlementChainId !== null && node.settlementChainId !== view.chainId) {
    return { batch: { ...facts, status: statusOf(node, nodeFinal), source: 'l2' }, disagreements }
  }
  const preferL1 = <T>(what: string, ofNode: T | null, ofL1: T | null): T | null => {
    if (ofL1 !== null && ofNode !== null && ofL1 !== ofNode) {
      disagreements.push(`batch ${node.number}: ${what} is ${ofNode} at the node, ${ofL1} on L1`)
    }
    return ofL1 ?? ofNode
  }
  const settle = (what: 'commit' | 'prove' | 'execute'): BatchStep | null => {
    const [ofNode, ofL1] = [node[what], l1?.[what] ?? null]
    if (ofL1 === null && ofNode !== null && view !== null && (ofNode.at === null || ofNode.at <= view.readTo)) {
      disagreements.push(`batch ${node.number}: ${what} ${ofNode.transactionHash} of the node is not on L1`)
      return null
    }
    preferL1(`${what} transaction`, ofNode?.transactionHash ?? null, ofL1?.transactionHash ?? null)
    return ofL1 ?? ofNode
  }
  const steps = { commit: settle('commit'), prove: settle('prove'), execute: settle('execute') }
  const onL1 = l1 !== null && l1.commit !== null
  const batch: Batch = {
    ...facts,
    ...steps,
    firstBlock: preferL1('first block', node.firstBlock, l1?.range?.firstBlock ?? null)!,
    lastBlock: preferL1('last block', node.lastBlock, l1?.range?.lastBlock ?? null)!,
    rootHash: preferL1('root hash', node.rootHash, l1?.batchHash ?? null),
    commitment: steps.commit === null ? null : preferL1('commitment', node.commitment, l1?.commitment ?? null),
    settlementChainId: steps.commit === null ? null : onL1 ? l1.chainId : node.settlementChainId,
    status: statusOf({ number: node.number, ...steps }, isFinal(steps.execute, view, nodeFinal)),
    source: disagreements.length > 0 ? 'l1' : onL1 ? 'both' : 'l2',
  }
  return { batch, disagreements }
}

function fromL1Alone(l1: L1Batch | null, view: L1View | null, own: BatchFacts['own']): Batch | null {
  if (l1 === null || l1.commit === null || l1.range === null || own === null) return null
  const { number, chainId, range, batchHash, commitment, commit, prove, execute } = l1
  return {
    ...{ number, ...range, ...own },
    status: statusOf(l1, isFinal(execute, view, false)),
    ...{ rootHash: batchHash, commitment, commit, prove, execute, settlementChainId: chainId },
    ...{ l1GasPrice: null, l2FairGasPrice: null, fairPubdataPrice: null },
    source: 'l1',
  }
}

/** Where L1 is read its own finality counts, otherwise what the node says. */
function isFinal(execute: BatchStep | null, view: L1View | null, nodeFinal: boolean): boolean {
  if (view === null) return nodeFinal
  return execute !== null && execute.l1Block !== null && execute.l1Block <= view.finalBlock
}

function statusOf(batch: Pick<Batch, 'number' | 'commit' | 'prove' | 'execute'>, executionFinal: boolean): BatchStatus {
  // The genesis batch stands on L1 from the start.
  if (batch.number === 0) return 'final'
  if (batch.execute !== null) return executionFinal ? 'final' : 'executed'
  if (batch.prove !== null) return 'proven'
  return batch.commit !== null ? 'committed' : 'sealed'
}

/** True when two batches are the same in every field. */
export function isSameBatch(a: Batch, b: Batch): boolean {
  return describe(a) === describe(b)
}

function describe(batch: Batch): string {
  const entries = Object.entries(batch).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(entries, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
}
