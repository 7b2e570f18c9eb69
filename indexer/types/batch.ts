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

/** The three steps of a batch on its settlement layer; null where it has not got so far. */
export type BatchSteps = { commit: BatchStep | null; prove: BatchStep | null; execute: BatchStep | null }

/** The blocks of a batch, both ends included. */
export type BlockRange = { firstBlock: number; lastBlock: number }

/** One sealed L1 batch of a ZKsync chain. */
export type Batch = BlockRange &
  BatchSteps & {
    number: number
    status: BatchStatus
    /** Unix seconds; equals that of the first block. */
    timestamp: number
    l1TransactionCount: number | null
    l2TransactionCount: number | null
    rootHash: Hex | null
    commitment: Hex | null
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

/** What the L2 node says of a sealed batch. */
export type NodeBatch = Omit<Batch, 'status' | 'source'> & {
  /** True when the node says that the execution can no longer change; null when it does not say. */
  executionFinal: boolean | null
}

/** What L1 holds of a batch. */
export type L1Batch = BatchSteps & {
  number: number
  /** Chain id of that L1. */
  chainId: number
  /** Null when L1 does not tell, as on the era stack. */
  range: BlockRange | null
  /** Null until committed, as is the commitment. */
  batchHash: Hex | null
  commitment: Hex | null
}

/** Where an event stands on L1. */
export type L1Place = {
  l1Block: number
  l1LogIndex: number
  transactionHash: Hex
  /** Unix microseconds: time of the L1 block. */
  at: number
}

/** An event about batches of the chain's diamond on L1. */
export type SettlementEvent = L1Place & SettlementFact

/** What such an event says. */
export type SettlementFact =
  | { kind: 'commit' | 'execute'; batch: number; batchHash: Hex; commitment: Hex }
  | ({ kind: 'range'; batch: number } & BlockRange)
  /** The batches after `previous` up to `last` are proven. */
  | { kind: 'prove'; previous: number; last: number }
  /** The last batch that is still committed, proven and executed. */
  | { kind: 'revert'; committed: number; proven: number; executed: number }
