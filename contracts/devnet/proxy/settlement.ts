import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../types.ts'
import { type BatchPlan, type BatchStage, blocksOfBatch, lastBatchOfStage, stageBlock } from './batches.ts'
import type { ChainCopy } from './chainCopy.ts'

/** What is known of a batch's way to L1; times are the node's own, not L1 block times. */
export type Settlement = Record<`${BatchStage}TxHash` | `${BatchStage}At`, string | null>

/** How far batches are on their way to L1, as the node at the proxy's head knows it. */
export type SettlementView = {
  /** Chain id of the layer that batches settle on. */
  chainId: number
  /** L1 transactions of a batch; null where it has not got so far. */
  of(batchNumber: number): Settlement
  /** Last batch that reached the stage; 0 when none did. */
  lastBatch(stage: BatchStage): number
  /** True once L1 can no longer drop the batch's execution. */
  isFinal(batchNumber: number): boolean
  /** What the batch commits to; null for the genesis batch. */
  commitment(batchNumber: number): Hex | null
}

/** Chain id of the development L1 of a local ZKsync stack. */
const plannedChainId = 9

/** Creates the settlement of a chain without an L1: made-up transactions that follow the plan. */
export function createPlannedSettlement(chain: ChainCopy, plan: BatchPlan): SettlementView {
  const lastBatch = (stage: BatchStage) => lastBatchOfStage(plan, chain.head(), stage)
  // What L1 has once shown stays when L2 replaces the blocks that it was seen beside.
  const shown = new Map<string, { transactionHash: Hex; timestamp: number }>()
  return {
    ...{ chainId: plannedChainId, lastBatch },
    of(batchNumber) {
      return settlementOfSteps((stage) => {
        const block = chain.block(stageBlock(plan, batchNumber, stage))
        if (!block || batchNumber === 0) return null
        const content = chain.minedBlock(blocksOfBatch(plan, batchNumber).last)?.hash
        const transactionHash = keccak256(stringToHex(`${stage} of L1 batch ${batchNumber} of ${content}`))
        const step = shown.get(transactionHash) ?? { transactionHash, timestamp: block.timestamp }
        shown.set(transactionHash, step)
        return step
      })
    },
    isFinal: (batchNumber) => batchNumber <= lastBatch('execute'),
    commitment: (batchNumber) =>
      batchNumber === 0 ? null : keccak256(stringToHex(`commitment of L1 batch ${batchNumber}`)),
  }
}

/** Returns a batch's settlement from the L1 transaction of each stage, null where there is none yet. */
export function settlementOfSteps(
  stepOf: (stage: BatchStage) => { transactionHash: Hex; timestamp: number } | null,
): Settlement {
  const [commit, prove, execute] = [stepOf('commit'), stepOf('prove'), stepOf('execute')]
  const at = (step: ReturnType<typeof stepOf>) => step && formatMicroseconds(seenAt(step))
  return {
    ...{ commitTxHash: commit?.transactionHash ?? null, commitAt: at(commit) },
    ...{ proveTxHash: prove?.transactionHash ?? null, proveAt: at(prove) },
    ...{ executeTxHash: execute?.transactionHash ?? null, executeAt: at(execute) },
  }
}

/** Returns the state root of a batch: made up from the hash of its last block. */
export function rootHashOf(lastBlockHash: Hex | undefined): Hex {
  return keccak256(lastBlockHash ?? '0x')
}

/** Microseconds drawn from the hash: the node's clock is finer than the block's. */
function seenAt({ transactionHash, timestamp }: { transactionHash: Hex; timestamp: number }): bigint {
  return BigInt(timestamp) * 1_000_000n + (BigInt(transactionHash) % 1_000_000n)
}

/** Returns Unix microseconds as RFC 3339 with as many digits as chrono prints: 0, 3 or 6. */
export function formatMicroseconds(us: bigint): string {
  const seconds = new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19)
  const fraction = us % 1_000_000n
  if (fraction === 0n) return `${seconds}Z`
  const digits = fraction.toString().padStart(6, '0')
  return `${seconds}.${fraction % 1000n === 0n ? digits.slice(0, 3) : digits}Z`
}
