import { concatHex, keccak256 } from 'viem'
import { type BatchPlan, type BatchStage, blocksOfBatch, lastBatchOfStage, lastSealedBatch } from '../proxy/batches.ts'
import type { ChainCopy } from '../proxy/chainCopy.ts'
import { isPriority } from '../proxy/l1Operation.ts'
import { rootHashOf, type SettlementView, settlementOfSteps } from '../proxy/settlement.ts'
import type { Hex } from '../types.ts'
import { type CommittedBatch, encodeStage } from './diamond.ts'
import { l1ChainId } from './node.ts'
import type { Timeline } from './timeline.ts'

/** A call to the diamond that takes batches `from` to `to` to a stage. */
export type StageCall = { stage: BatchStage; from: number; to: number; data: Hex }

/** The L1 transaction that took a batch to a stage. */
export type Step = { transactionHash: Hex; l1Block: number; timestamp: number }

/** Keeps the batches' way to L1: what is due, and what has happened. */
export type Settler = {
  /** Returns the calls that the plan asks for at the L2's tip, in the order they must run. */
  due(): StageCall[]
  /** Notes that a call ran. */
  record(call: StageCall, step: Step): void
  /** Notes that L1 took back every batch above `keepBatch`. */
  reverted(keepBatch: number): void
  /** Last batch that L1 has at the stage. */
  total(stage: BatchStage): number
  /** The same as the proxy shows it at its head. */
  view: SettlementView
}

const stages = ['commit', 'prove', 'execute'] as const

/** Batches of one L1 transaction at most, so that its gas suffices after a long pause as well. */
const maxBatchesPerCall = 50

/** L1 blocks on top of a block that make it final, as the L1 node itself counts. */
const finalDepth = 2

/** Creates the settler of a chain whose first batch is still open. */
export function createSettler(chain: ChainCopy, plan: BatchPlan, timeline: Timeline): Settler {
  const totals: Record<BatchStage, number> = { commit: 0, prove: 0, execute: 0 }
  const steps: Record<BatchStage, Step[]> = { commit: [], prove: [], execute: [] }
  const stepOf = (stage: BatchStage, batchNumber: number) => steps[stage][batchNumber - 1] ?? null

  function due(): StageCall[] {
    const tip = chain.tip()
    let limit = lastSealedBatch(plan, tip)
    return stages.flatMap((stage) => {
      const from = totals[stage] + 1
      const to = Math.min(limit, lastBatchOfStage(plan, tip, stage), totals[stage] + maxBatchesPerCall)
      limit = Math.max(to, totals[stage])
      if (to < from) return []
      const batches = stage === 'commit' ? range(from, to).map((number) => committedBatch(chain, plan, number)) : []
      return [{ stage, from, to, data: encodeStage(stage, from, to, batches) }]
    })
  }

  function seenStep(stage: BatchStage, batchNumber: number): Step | null {
    const step = stepOf(stage, batchNumber)
    return step && step.l1Block <= timeline.seenAt(chain.head()) ? step : null
  }

  function lastBatch(stage: BatchStage): number {
    const seen = timeline.seenAt(chain.head())
    return steps[stage].findLastIndex(({ l1Block }) => l1Block <= seen) + 1
  }

  return {
    due,
    record({ stage, from, to }, step) {
      for (const number of range(from, to)) steps[stage][number - 1] = step
      totals[stage] = to
    },
    reverted(keepBatch) {
      for (const stage of stages) {
        totals[stage] = Math.min(totals[stage], keepBatch)
        steps[stage].length = totals[stage]
      }
    },
    total: (stage) => totals[stage],
    view: {
      ...{ chainId: l1ChainId, lastBatch },
      of: (batchNumber) => settlementOfSteps((stage) => seenStep(stage, batchNumber)),
      isFinal(batchNumber) {
        if (batchNumber === 0) return true
        const step = seenStep('execute', batchNumber)
        return step !== null && step.l1Block + finalDepth <= timeline.seenAt(chain.head())
      },
      commitment: (batchNumber) => (batchNumber === 0 ? null : committedBatch(chain, plan, batchNumber).commitment),
    },
  }
}

function committedBatch(chain: ChainCopy, plan: BatchPlan, batchNumber: number): CommittedBatch {
  const { first, last } = blocksOfBatch(plan, batchNumber)
  const batchHash = rootHashOf(chain.minedBlock(last)?.hash)
  const priorityOperations = range(first, last)
    .flatMap((number) => chain.minedBlock(number)?.transactions ?? [])
    .filter(({ type }) => isPriority(type)).length
  return {
    ...{ batchHash, commitment: keccak256(concatHex(['0x01', batchHash])) },
    ...{ firstBlock: BigInt(first), lastBlock: BigInt(last), priorityOperations: BigInt(priorityOperations) },
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
