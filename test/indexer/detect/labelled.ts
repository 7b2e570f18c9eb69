import { toBundle } from '../../../indexer/detect/bundles.ts'
import { createDetector, type Detector, windowOf } from '../../../indexer/detect/index.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import type { MevBundle, MevControlRow } from '../../../indexer/types/mev.ts'
import type { AttackLabel, DecoyLabel } from '../../../simulator/labels.ts'
import { profileFor, type SimulateOptions, simulate } from '../../../simulator/simulate.ts'
import { deriveSimulated } from '../../support/simulated.ts'

/** What the detectors found in a simulated history, and the truth about it. */
export type Labelled = {
  bundles: MevBundle[]
  controls: MevControlRow[]
  attacks: AttackLabel[]
  attempts: AttackLabel[]
  decoys: DecoyLabel[]
  swaps: number
}

/**
 * Runs a simulated history through the stages; the detectors see what the indexer would. What begins in the last window is
 * not decided yet, and left out.
 */
export function detectSimulated(options: SimulateOptions): Labelled {
  const profile = profileFor(options)
  const found: Labelled = { bundles: [], controls: [], attacks: [], attempts: [], decoys: [], swaps: 0 }
  const fees = new Map<Hex, bigint>()
  let detector: Detector | null = null
  for (const { simulated, actions, rows, state, prices } of deriveSimulated(simulate(options), {
    profile,
    windowBlocks: windowOf(profile),
  })) {
    detector ??= createDetector({ profile, state, prices, used: [], records: [], singles: [], calls: [] })
    for (const { transactionHash, gasUsed, effectiveGasPrice } of simulated.receipts) {
      fees.set(transactionHash, BigInt(gasUsed) * BigInt(effectiveGasPrice ?? 0))
    }
    const { findings, controls } = detector.detect(actions)
    found.bundles.push(...findings.map((finding) => toBundle(finding, fees)))
    found.controls.push(...controls)
    found.swaps += rows.swaps.length
    const { attacks, attempts, decoys } = simulated.labels
    found.attacks.push(...attacks)
    found.attempts.push(...attempts)
    found.decoys.push(...decoys)
  }
  const isDecided = ({ firstBlock }: { firstBlock: number }) => firstBlock <= options.blocks - windowOf(profile)
  return { ...found, bundles: found.bundles.filter(isDecided), attacks: found.attacks.filter(isDecided) }
}

/** The transactions by which a bundle and a label are compared: the actor's own. */
export function ownOfLabel({ frontHashes, backHashes }: AttackLabel): Hex[] {
  return [...new Set([...frontHashes, ...backHashes])].sort()
}

/** True when a bundle is of the transactions of a label. */
export function isOf({ ownTransactions }: MevBundle, label: AttackLabel): boolean {
  const [own, truth] = [[...ownTransactions].sort(), ownOfLabel(label)]
  return own.length === truth.length && own.every((hash, index) => hash === truth[index])
}
