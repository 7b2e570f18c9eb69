import * as Hash from 'ox/Hash'
import * as OxHex from 'ox/Hex'
import type { Address, Hex } from '../types/block.ts'
import type { MevBundle, MevFinding, TokenAmount } from '../types/mev.ts'
import { bandOf, RULE_VERSION, score } from './rules.ts'

/** What a transaction has cost. */
export type GasFacts = ReadonlyMap<Hex, bigint>

/** A finding with what its block knew about prices. */
export type PricedFinding = MevFinding & {
  decidedBlock: number
  /** US dollars of `profits`, in their order; null without a price. */
  profitsUsd: readonly (number | null)[]
  /** US dollars for one wei of the base token; null without a price. */
  nativeUsd: number | null
}

/**
 * Judges a finding: whether the actor gained, after gas where that is known, and how sure it all is.
 * @param feesWei by transaction hash, what each of the actor's transactions has paid; missing where it is not known.
 */
export function toBundle(finding: PricedFinding, feesWei: GasFacts): MevBundle {
  const { decidedBlock, profitsUsd, nativeUsd, ...rest } = finding
  const blocks = finding.legs.map(({ blockNumber }) => blockNumber)
  const fees = finding.ownTransactions.map((hash) => feesWei.get(hash) ?? null)
  const gasCostWei = fees.reduce<bigint | null>((sum, fee) => (sum === null || fee === null ? null : sum + fee), 0n)
  const grossProfitUsd = profitsUsd.reduce<number | null>(
    (sum, usd) => (sum === null || usd === null ? null : sum + usd),
    0,
  )
  const gasCostUsd = gasCostWei === null || nativeUsd === null ? null : Number(gasCostWei) * nativeUsd
  const netProfitUsd = grossProfitUsd === null || gasCostUsd === null ? null : grossProfitUsd - gasCostUsd
  const facts = [...finding.facts, ...resultOf(finding, grossProfitUsd, netProfitUsd)]
  const { confidence, parts } = score(finding.kind, facts)
  return {
    ...rest,
    facts,
    id: idOf(finding),
    ...{ decidedBlock, firstBlock: Math.min(...blocks), lastBlock: Math.max(...blocks) },
    ...{ confidence, band: bandOf(confidence), ruleVersion: RULE_VERSION, scoreParts: parts },
    ...{ gasCostWei, grossProfitUsd, gasCostUsd, netProfitUsd },
  }
}

function resultOf(finding: MevFinding, grossUsd: number | null, netUsd: number | null): string[] {
  if (grossUsd === null ? isLosing(finding) : grossUsd < 0) return ['gross-negative']
  return netUsd === null ? [] : [netUsd > 0 ? 'net-positive' : 'net-negative']
}

/** Whether an actor has given more than gained, as far as amounts tell without prices: besides what is left of the position. */
export function isLosing({ profits, residuals }: Pick<MevFinding, 'profits' | 'residuals'>): boolean {
  const isLeft = ({ token }: TokenAmount) => residuals.some((residual) => residual.token === token)
  const gained = profits.filter((profit) => !isLeft(profit))
  return gained.some(({ amount }) => amount < 0n) || profits.every(({ amount }) => amount <= 0n)
}

/** The same legs in the same pools always have the same id. */
export function idOf({ kind, legs, pools }: MevFinding): Hex {
  const parts = legs.map(({ role, transactionHash, logIndex }) => `${role} ${transactionHash} ${logIndex}`)
  const sorted: Address[] = [...pools].sort()
  return Hash.keccak256(OxHex.fromString([kind, ...parts, ...sorted].join('\n')))
}
