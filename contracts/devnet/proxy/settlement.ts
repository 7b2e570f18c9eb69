import { keccak256, stringToHex } from 'viem'
import type { Hex } from '../types.ts'
import { type BatchPlan, type BatchStage, stageBlock } from './batches.ts'
import type { ChainCopy } from './chainCopy.ts'

/** What is known of a batch's way to L1; times are the node's own, not L1 block times. */
export type Settlement = Record<`${BatchStage}TxHash` | `${BatchStage}At`, string | null>

/** Returns the simulated L1 transactions of a batch as they stand at the head. */
export function settlementOf(chain: ChainCopy, plan: BatchPlan, batchNumber: number): Settlement {
  const step = (stage: BatchStage): { hash: Hex | null; at: string | null } => {
    const block = chain.block(stageBlock(plan, batchNumber, stage))
    if (!block || batchNumber === 0) return { hash: null, at: null }
    const hash = keccak256(stringToHex(`${stage} of L1 batch ${batchNumber}`))
    // Microseconds drawn from the hash: the node's clock is finer than the block's.
    return { hash, at: formatMicroseconds(BigInt(block.timestamp) * 1_000_000n + (BigInt(hash) % 1_000_000n)) }
  }
  const [commit, prove, execute] = [step('commit'), step('prove'), step('execute')]
  return {
    ...{ commitTxHash: commit.hash, commitAt: commit.at, proveTxHash: prove.hash, proveAt: prove.at },
    ...{ executeTxHash: execute.hash, executeAt: execute.at },
  }
}

/** Returns Unix microseconds as RFC 3339 with as many digits as chrono prints: 0, 3 or 6. */
export function formatMicroseconds(us: bigint): string {
  const seconds = new Date(Number(us / 1_000_000n) * 1000).toISOString().slice(0, 19)
  const fraction = us % 1_000_000n
  if (fraction === 0n) return `${seconds}Z`
  const digits = fraction.toString().padStart(6, '0')
  return `${seconds}.${fraction % 1000n === 0n ? digits.slice(0, 3) : digits}Z`
}
