import type { ChainProfile } from '../../../contracts/chains/profile.ts'
import { toBundle } from '../../../indexer/detect/bundles.ts'
import { analyzeRange, createMemory, decodeRange, type Memory, measureRange } from '../../../indexer/pipeline.ts'
import type { BlockBundle, Hex } from '../../../indexer/types/block.ts'
import type { ChainState } from '../../../indexer/types/pool.ts'
import type { StepRows } from '../../../indexer/types/rows.ts'
import type { SimulatedBlock } from '../../../simulator/simulate.ts'
import { defaultTokens } from '../../../simulator/tokens.ts'
import { toBundle as toBlockBundle, toTokens } from '../../support/simulated.ts'

/** What the stages remember before a simulated history. */
export function beginHistory(state: ChainState, profile: ChainProfile): Memory {
  return createMemory(state, profile, [], [], [], [], [])
}

/**
 * Takes simulated blocks through all pure stages.
 * @param alter what the node told instead of what it would have.
 */
export function indexSimulated(
  simulated: readonly SimulatedBlock[],
  memory: Memory,
  profile: ChainProfile,
  alter: (bundle: BlockBundle) => BlockBundle = (bundle) => bundle,
): StepRows {
  const bundles = simulated.map((block) => alter(toBlockBundle(block)))
  const decoded = decodeRange(bundles, memory.state, profile)
  const tokens = bundles.flatMap(({ block }) => toTokens(defaultTokens, block.number))
  const analyzed = analyzeRange(decoded, { pools: new Map(), liquidations: new Map(), tokens }, memory, profile)
  const fees = new Map<Hex, bigint>()
  for (const { receipts } of simulated) {
    for (const { transactionHash, gasUsed, effectiveGasPrice } of receipts) {
      fees.set(transactionHash, BigInt(gasUsed) * BigInt(effectiveGasPrice ?? 0))
    }
  }
  analyzed.rows.mevBundles = analyzed.findings.map((finding) => toBundle(finding, fees))
  measureRange(analyzed, memory)
  return analyzed.rows
}
