/** How blocks are gathered into L1 batches and how fast batches settle. */
export type BatchPlan = {
  /** Blocks of one batch, the closing block included. */
  blocksPerBatch: number
  /** True when the last block of each batch is an empty closing block. */
  hasClosingBlock: boolean
  /** Blocks between the end of a batch and its commit, proof and execution on L1. */
  commitAfter: number
  proveAfter: number
  executeAfter: number
}

/** Step of a batch on its way to L1. */
export type BatchStage = 'commit' | 'prove' | 'execute'

/** Returns the batch a block belongs to; block 0 alone is batch 0. */
export function batchOfBlock(plan: BatchPlan, blockNumber: number): number {
  return Math.ceil(blockNumber / plan.blocksPerBatch)
}

/** Returns the first and last block of a batch. */
export function blocksOfBatch(plan: BatchPlan, batchNumber: number): { first: number; last: number } {
  if (batchNumber === 0) return { first: 0, last: 0 }
  return { first: (batchNumber - 1) * plan.blocksPerBatch + 1, last: batchNumber * plan.blocksPerBatch }
}

/** True for the empty block that ends a batch. */
export function isClosingBlock(plan: BatchPlan, blockNumber: number): boolean {
  return plan.hasClosingBlock && blockNumber > 0 && blockNumber % plan.blocksPerBatch === 0
}

/** Returns the last batch all of whose blocks exist when the chain ends at `head`. */
export function lastSealedBatch(plan: BatchPlan, head: number): number {
  return Math.floor(head / plan.blocksPerBatch)
}

/** Returns the block whose arrival moves a batch to the stage; 0 for the genesis batch. */
export function stageBlock(plan: BatchPlan, batchNumber: number, stage: BatchStage): number {
  if (batchNumber === 0) return 0
  return blocksOfBatch(plan, batchNumber).last + plan[`${stage}After`]
}

/** Returns the last batch that reached the stage when the chain ends at `head`; 0 when none did. */
export function lastBatchOfStage(plan: BatchPlan, head: number, stage: BatchStage): number {
  return Math.max(0, Math.floor((head - plan[`${stage}After`]) / plan.blocksPerBatch))
}
