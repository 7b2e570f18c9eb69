import { toBundle, toProbeBundle } from '../../../indexer/detect/bundles.ts'
import { createDetector, type Detector, windowOf } from '../../../indexer/detect/index.ts'
import type { CallOutcome } from '../../../indexer/detect/probe.ts'
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
  /** Transactions that lost a race or came twice, and reverted. */
  losers: Hex[]
  swaps: number
}

/**
 * Runs a simulated history through the stages; the detectors see what the indexer would. What begins in the last window is
 * not decided yet, and left out.
 */
export function detectSimulated(options: SimulateOptions): Labelled {
  const profile = profileFor(options)
  const found: Labelled = { bundles: [], controls: [], attacks: [], attempts: [], decoys: [], losers: [], swaps: 0 }
  const fees = new Map<Hex, bigint>()
  let detector: Detector | null = null
  for (const { simulated, actions, rows, state, prices } of deriveSimulated(simulate(options), {
    profile,
    windowBlocks: windowOf(profile),
  })) {
    detector ??= createDetector({
      profile,
      state,
      prices,
      used: [],
      records: [],
      singles: [],
      calls: [],
      searchers: [],
    })
    for (const { transactionHash, gasUsed, effectiveGasPrice } of simulated.receipts) {
      fees.set(transactionHash, BigInt(gasUsed) * BigInt(effectiveGasPrice ?? 0))
    }
    const { findings, controls, probes } = detector.detect(actions)
    found.bundles.push(...findings.map((finding) => toBundle(finding, fees)))
    found.controls.push(...controls)
    const receipts = new Map(simulated.receipts.map((receipt) => [receipt.transactionHash, receipt]))
    const outcomeOf = (hash: Hex): CallOutcome => ({
      succeeded: Number(receipts.get(hash)!.status) === 1,
      feeWei: fees.get(hash)!,
    })
    found.bundles.push(...probes.flatMap((probe) => toProbeBundle(probe, outcomeOf(probe.probe.hash)) ?? []))
    for (const { transactionHash, role } of simulated.labels.transactions) {
      const isLoser = role === 'LOST_RACE' || role === 'DUPLICATE'
      if (isLoser && !outcomeOf(transactionHash).succeeded) found.losers.push(transactionHash)
    }
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
