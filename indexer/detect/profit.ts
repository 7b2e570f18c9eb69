import type { MevFinding, TokenAmount } from '../types/mev.ts'
import type { DetectContext } from './context.ts'

/** What an actor gained and gave, and what of it is left of a position. */
type Balance = Pick<MevFinding, 'profits' | 'residuals'>

/** US dollars of what an actor gained and gave, at the prices after the judged block; null without a price of one of them. */
export function grossUsdOf({ profits }: Pick<MevFinding, 'profits'>, { valueUsd }: DetectContext): number | null {
  return profits.reduce<number | null>((sum, { token, amount }) => {
    const usd = valueUsd(token, amount)
    return sum === null || usd === null ? null : sum + usd
  }, 0)
}

/**
 * Whether an actor lost before gas: in US dollars where all has a price.
 * @param proRataProfit of a position that is still open; null for one that is closed, or where it is not known.
 */
export function isLosing(balance: Balance, proRataProfit: bigint | null, context: DetectContext): boolean {
  // What is left of a position is a bet of its own, not what the attack lost.
  if (proRataProfit !== null) return proRataProfit < 0n
  const usd = grossUsdOf(balance, context)
  return usd === null ? isGiving(balance) : usd < 0
}

/** Whether an actor has given more than gained, as far as amounts tell without prices: besides what is left of the position. */
function isGiving({ profits, residuals }: Balance): boolean {
  const isLeft = ({ token }: TokenAmount) => residuals.some((residual) => residual.token === token)
  const gained = profits.filter((profit) => !isLeft(profit))
  return gained.some(({ amount }) => amount < 0n) || profits.every(({ amount }) => amount <= 0n)
}
