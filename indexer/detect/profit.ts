import type { MevFinding, TokenAmount } from '../types/mev.ts'
import type { DetectContext } from './context.ts'
import { tradesOtherwise } from './habits.ts'
import { judgeRecord } from './records.ts'

/** US dollars of what an actor gained and gave, at the prices after the judged block; null without a price of one of them. */
export function grossUsdOf({ profits }: MevFinding, { valueUsd }: DetectContext): number | null {
  return profits.reduce<number | null>((sum, { token, amount }) => {
    const usd = valueUsd(token, amount)
    return sum === null || usd === null ? null : sum + usd
  }, 0)
}

/** Adds to a sandwich whether its actor lost by it, and what those before say. */
export function weigh(finding: MevFinding, context: DetectContext): MevFinding {
  const usd = grossUsdOf(finding, context)
  const { proRataProfit, otherTrades } = finding.evidence
  // What is left of a position is a bet of its own, not what the attack lost.
  const isLeftOpen = finding.facts.includes('imbalanced') && typeof proRataProfit === 'bigint'
  const isNegative = isLeftOpen ? proRataProfit < 0n : usd === null ? isLosing(finding) : usd < 0
  const record = context.recordOf(finding.searcher)
  const facts = [
    ...(isNegative ? ['gross-negative'] : []),
    ...judgeRecord(record),
    ...(tradesOtherwise(Number(otherTrades), record.won) ? ['trades-otherwise'] : []),
  ]
  return { ...finding, facts: [...finding.facts, ...facts] }
}

/** Whether an actor has given more than gained, as far as amounts tell without prices: besides what is left of the position. */
function isLosing({ profits, residuals }: Pick<MevFinding, 'profits' | 'residuals'>): boolean {
  const isLeft = ({ token }: TokenAmount) => residuals.some((residual) => residual.token === token)
  const gained = profits.filter((profit) => !isLeft(profit))
  return gained.some(({ amount }) => amount < 0n) || profits.every(({ amount }) => amount <= 0n)
}
