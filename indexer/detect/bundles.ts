import * as Hash from 'ox/Hash'
import * as OxHex from 'ox/Hex'
import type { Address, Hex } from '../types/block.ts'
import type { MevBundle, MevFinding } from '../types/mev.ts'
import type { PricedProbe } from './index.ts'
import { type CallOutcome, toProbeFinding } from './probe.ts'
import { bandOf, RULE_VERSION, score } from './rules.ts'

/** What transactions have paid in wei, by hash. */
export type GasFacts = ReadonlyMap<Hex, bigint>

/** A finding with what its block knew about prices. */
export type PricedFinding = MevFinding & {
  decidedBlock: number
  /** US dollars of `profits` together; null without a price of one of them. */
  grossProfitUsd: number | null
  /** US dollars for one wei of the base token; null without a price. */
  nativeUsd: number | null
}

/**
 * A finding with what it has cost, and how sure it all is.
 * @param feesWei what each of the actor's transactions has paid; missing where it is not known.
 */
export function toBundle(finding: PricedFinding, feesWei: GasFacts): MevBundle {
  const { decidedBlock, grossProfitUsd, nativeUsd, ...rest } = finding
  const blocks = finding.legs.map(({ blockNumber }) => blockNumber).sort((a, b) => a - b)
  const fees = finding.ownTransactions.map((hash) => feesWei.get(hash) ?? null)
  const gasCostWei = fees.reduce<bigint | null>((sum, fee) => (sum === null || fee === null ? null : sum + fee), 0n)
  const gasCostUsd = gasCostWei === null || nativeUsd === null ? null : Number(gasCostWei) * nativeUsd
  const netProfitUsd = grossProfitUsd === null || gasCostUsd === null ? null : grossProfitUsd - gasCostUsd
  const net = netProfitUsd === null ? [] : [netProfitUsd > 0 ? 'net-positive' : 'net-negative']
  const facts = finding.facts.includes('gross-negative') ? finding.facts : [...finding.facts, ...net]
  const { confidence, parts } = score(finding.kind, facts)
  return {
    ...rest,
    facts,
    id: idOf(finding),
    ...{ decidedBlock, firstBlock: blocks[0]!, lastBlock: blocks.at(-1)! },
    ...{ confidence, band: bandOf(confidence), ruleVersion: RULE_VERSION, scoreParts: parts },
    ...{ gasCostWei, grossProfitUsd, gasCostUsd, netProfitUsd },
  }
}

/** A probe with what it has cost; null when it is not told how it ended. */
export function toProbeBundle({ probe, nativeUsd }: PricedProbe, outcome: CallOutcome): MevBundle | null {
  const finding = toProbeFinding(probe, outcome)
  const fees = new Map(outcome.feeWei === null ? [] : [[probe.hash, outcome.feeWei] as const])
  return finding === null
    ? null
    : toBundle({ ...finding, decidedBlock: probe.blockNumber, grossProfitUsd: 0, nativeUsd }, fees)
}

/** The same legs in the same pools always have the same id. */
export function idOf({ kind, legs, pools }: MevFinding): Hex {
  const parts = legs.map(({ role, transactionHash, logIndex }) => `${role} ${transactionHash} ${logIndex}`)
  const sorted: Address[] = [...pools].sort()
  return Hash.keccak256(OxHex.fromString([kind, ...parts, ...sorted].join('\n')))
}
