import type { Hex } from './block.ts'

/** How far an L1 batch is on its way: each state holds all before it. */
export const BATCH_STATUSES = ['sealed', 'committed', 'proven', 'executed', 'final'] as const

/** One of `BATCH_STATUSES`. */
export type BatchStatus = (typeof BATCH_STATUSES)[number]

/** The settlement transaction that took a batch to a stage. */
export type BatchStep = {
  transactionHash: Hex
  /** Null when only the L2 node told. */
  l1Block: number | null
  /** Unix microseconds: time of the L1 block where that is known, otherwise when the L2 node saw it; null when not told. */
  at: number | null
}

/** One sealed L1 batch of a ZKsync chain. */
export type Batch = {
  number: number
  firstBlock: number
  lastBlock: number
  status: BatchStatus
  /** Unix seconds; equals that of the first block. */
  timestamp: number
  l1TransactionCount: number | null
  l2TransactionCount: number | null
  rootHash: Hex | null
  commitment: Hex | null
  commit: BatchStep | null
  prove: BatchStep | null
  execute: BatchStep | null
  /** Chain id of the settlement layer; null when not known. */
  settlementChainId: number | null
  /** Wei per gas; null when not known. */
  l1GasPrice: bigint | null
  /** Wei per gas; null when not known. */
  l2FairGasPrice: bigint | null
  /** Wei per byte; null when not known. */
  fairPubdataPrice: bigint | null
  /** Who told: the L2 node's methods, events on L1, or both and they agree. */
  source: 'l2' | 'l1' | 'both'
}
