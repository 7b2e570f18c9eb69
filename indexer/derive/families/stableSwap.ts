import { toFeePips } from '../../../contracts/families.ts'
import type { FeeEvent, LiquidityEvent, ParametersEvent } from '../../types/event.ts'
import type { InnerState, Pool } from '../../types/pool.ts'
import { rampedAmp, removeOneCoin, type StableSwapState, stableSwap } from '../amm/stableSwap.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter, replayTrade, type Trade } from '../replay.ts'
import { type Applied, changed, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** What is known of a StableSwap pool: what `StableSwapState` says, but for the amplification, which moves with time. */
export type StableSwapInner = Omit<StableSwapState, 'amp'> & {
  /** Times `ampPrecision`; the times are Unix seconds. */
  ramp: { initialA: bigint; futureA: bigint; initialTime: bigint; futureTime: bigint }
  /** Liquidity tokens there are; null when not known. */
  supply: bigint | null
  /** False where the rates of the coins move without a log: interest, oracles, shares of another pool. */
  isPlain: boolean
}

const FEE_WHOLE = 10n ** 10n

/**
 * Rules of StableSwap (Curve, PancakeSwap): parameters and balances are read by calls, for no event states them; then
 * balances follow from swaps and changes of liquidity, the amplification from its ramps.
 */
export const stableSwapRules: FamilyRules = {
  begin: () => null,
  curve: (_, state, __, timestamp) => {
    if (state.kind !== 'inner') return null
    const inner = innerOf(state)
    return bindCurve(stableSwap, ammState(inner, timestamp), inner.isPlain ? 'exact' : 'approximate')
  },
  apply: (pool, state, event, moment) => {
    if (state?.kind !== 'inner') return unchanged(state, event.kind === 'swap' ? pool.feePips : null)
    if (event.kind === 'swap') return applySwap(pool, state, moment)
    if (event.kind === 'mint' || event.kind === 'burn') return applyChange(state, event, moment)
    if (event.kind === 'fee') return applyFee(state, event)
    return event.kind === 'parameters' ? applyParameters(state, event) : unchanged(state)
  },
}

/** A state of a pool of StableSwap. */
export function toStableSwapState(inner: StableSwapInner, doubts = 0): InnerState {
  return { kind: 'inner', inner, doubts }
}

function innerOf({ inner }: InnerState): StableSwapInner {
  return inner as StableSwapInner
}

function ammState({ ramp, supply, isPlain, ...state }: StableSwapInner, timestamp: number): StableSwapState {
  return { ...state, amp: rampedAmp(ramp, BigInt(timestamp)) }
}

function withBalances(state: InnerState, balances: readonly bigint[], doubts: number, supply?: bigint | null) {
  const inner = innerOf(state)
  // More leaves a pool than it holds only where the balances were wrong.
  const isPossible = balances.every((balance) => balance >= 0n)
  const held = balances.map((balance) => (balance > 0n ? balance : 0n))
  const next = { ...inner, balances: held, supply: supply ?? inner.supply }
  return toStableSwapState(next, isPossible ? doubts : DOUBTS_AFTER_GAP)
}

function applySwap(pool: Pool, state: InnerState, { timestamp, trade }: Moment): Applied {
  const inner = innerOf(state)
  const isFlat = inner.variant === 'legacy' || (inner.offpegFeeMultiplier ?? 0n) <= FEE_WHOLE
  const feePips = isFlat ? toFeePips(pool.family, inner.fee) : null
  if (trade === null || Math.max(trade.tokenIn, trade.tokenOut) >= inner.balances.length) {
    return changed({ ...state, doubts: DOUBTS_AFTER_GAP }, null, feePips)
  }
  const curve = bindCurve(stableSwap, ammState(inner, timestamp), 'exact')
  const replay = replayTrade(curve, trade)
  const doubts = replay === null ? DOUBTS_AFTER_GAP : doubtsAfter(state.doubts, replay.gap, false)
  const balances =
    replay?.gap === 0n ? (replay.quote.after.state as StableSwapState).balances : balancesByLog(inner, trade)
  return changed(withBalances(state, balances, doubts), replay?.gap ?? null, feePips)
}

/** The balances after a trade that the curve does not give: the share of the fee that leaves is reckoned from what was paid. */
function balancesByLog(
  { balances, fee, adminFee }: StableSwapInner,
  { tokenIn, tokenOut, amountIn, amountOut }: Trade,
) {
  const taken = fee >= FEE_WHOLE ? 0n : (amountOut * fee * adminFee) / ((FEE_WHOLE - fee) * FEE_WHOLE)
  return balances.map((balance, position) =>
    position === tokenIn ? balance + amountIn : position === tokenOut ? balance - amountOut - taken : balance,
  )
}

function applyChange(state: InnerState, { changes, coins }: LiquidityEvent, { timestamp }: Moment): Applied {
  if (coins?.one != null) return applyOneCoin(state, coins.one, coins.supply, timestamp)
  const { adminFee, balances } = innerOf(state)
  const next = [...balances]
  for (const [index, { token, amount }] of (changes ?? []).entries()) {
    if (typeof token !== 'number' || token >= next.length) continue
    next[token]! += amount - ((coins?.fees?.[index] ?? 0n) * adminFee) / FEE_WHOLE
  }
  const isWhole = changes !== null && changes.length === balances.length
  return changed(withBalances(state, next, isWhole ? state.doubts : DOUBTS_AFTER_GAP, coins?.supply))
}

type OneCoin = { burned: bigint; position: number | null; amount: bigint }

/** Which coin was paid, and what fee was taken of it, follows where the curve gives the amount of the log. */
function applyOneCoin(state: InnerState, one: OneCoin, told: bigint | null, timestamp: number): Applied {
  const inner = innerOf(state)
  const before = told === null ? inner.supply : told + one.burned
  const after = before === null ? null : before - one.burned
  const curve = ammState(inner, timestamp)
  const positions = one.position === null ? [...inner.balances.keys()] : [one.position]
  for (const position of before === null ? [] : positions) {
    const removal = removeOneCoin(curve, position, one.burned, before!)
    if (removal?.amountOut !== one.amount) continue
    return changed(withBalances(state, removal.after.balances, state.doubts, after))
  }
  const next = inner.balances.map((balance, index) => (index === one.position ? balance - one.amount : balance))
  return changed(withBalances(state, next, DOUBTS_AFTER_GAP, after))
}

function applyFee(state: InnerState, { fee0: fee, adminFee }: FeeEvent): Applied {
  const inner = innerOf(state)
  return changed(toStableSwapState({ ...inner, fee, adminFee: adminFee ?? inner.adminFee }, state.doubts))
}

function applyParameters(state: InnerState, { name, values }: ParametersEvent): Applied {
  const inner = innerOf(state)
  const [first, second, third, fourth] = values
  if (name === 'ramp') {
    const ramp = { initialA: first!, futureA: second!, initialTime: third!, futureTime: fourth! }
    return changed(toStableSwapState({ ...inner, ramp }, state.doubts))
  }
  if (name === 'stop-ramp') {
    const ramp = { initialA: first!, futureA: first!, initialTime: second!, futureTime: second! }
    return changed(toStableSwapState({ ...inner, ramp }, state.doubts))
  }
  if (name !== 'fee-and-multiplier') return unchanged(state)
  return changed(toStableSwapState({ ...inner, fee: first!, offpegFeeMultiplier: second! }, state.doubts))
}
