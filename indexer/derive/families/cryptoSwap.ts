import { toFeePips } from '../../../contracts/families.ts'
import type { LiquidityEvent, ParametersEvent, SwapEvent } from '../../types/event.ts'
import type { InnerState, Pool } from '../../types/pool.ts'
import { type CryptoSwapState, cryptoSwap } from '../amm/cryptoSwap.ts'
import { rampedAmp } from '../amm/stableSwap.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter, replayTrade } from '../replay.ts'
import { type Applied, changed, type Decimals, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** What is known of a CryptoSwap pool of two coins; amplification and gamma as in `CryptoSwapState`, times in Unix seconds. */
export type CryptoSwapInner = Pick<CryptoSwapState, 'priceScale' | 'midFee' | 'outFee' | 'feeGamma'> & {
  balances: readonly bigint[]
  ramp: {
    initialA: bigint
    futureA: bigint
    initialGamma: bigint
    futureGamma: bigint
    initialTime: bigint
    futureTime: bigint
  }
}

const MAX_DECIMALS = 18
const FEE_WHOLE = 10n ** 10n

/**
 * Rules of CryptoSwap of two coins (Curve): parameters and balances are read by calls, then the balances follow from swaps and
 * changes of liquidity. The price scale is told by the newer pools; the older ones move it without a word, which shows in the swaps that
 * follow. The invariant is reckoned anew, so that quotes differ from the contract's in their last digits: they are approximate.
 */
export const cryptoSwapRules: FamilyRules = {
  begin: () => null,
  curve: (pool, state, decimals, timestamp) => {
    const known = state.kind === 'inner' ? ammState(pool, innerOf(state), decimals, timestamp) : null
    return known === null ? null : bindCurve(cryptoSwap, known, 'approximate')
  },
  apply: (pool, state, event, moment) => {
    const told = event.kind === 'swap' ? toFeePips(pool.family, event.fee) : null
    if (state?.kind !== 'inner') return unchanged(state, told)
    if (event.kind === 'swap') return applySwap(pool, state, event, moment, told)
    if (event.kind === 'mint' || event.kind === 'burn') return applyChange(state, event)
    return event.kind === 'parameters' ? applyParameters(state, event) : unchanged(state)
  },
}

/** A state of a pool of CryptoSwap. */
export function toCryptoSwapState(inner: CryptoSwapInner, doubts = 0): InnerState {
  return { kind: 'inner', inner, doubts }
}

function innerOf({ inner }: InnerState): CryptoSwapInner {
  return inner as CryptoSwapInner
}

function ammState(
  { tokens }: Pool,
  { balances, ramp, ...terms }: CryptoSwapInner,
  decimals: Decimals,
  timestamp: number,
): CryptoSwapState | null {
  const places = tokens.map((token) => decimals(token) ?? -1)
  if (tokens.length !== 2 || places.some((place) => place < 0 || place > MAX_DECIMALS)) return null
  const [first, second] = places.map((place) => 10n ** BigInt(MAX_DECIMALS - place))
  const { initialGamma, futureGamma, ...rest } = ramp
  return {
    ...{ ...terms, balances: [balances[0]!, balances[1]!], precisions: [first!, second!], d: null },
    amp: rampedAmp(rest, BigInt(timestamp)),
    gamma: rampedAmp({ ...rest, initialA: initialGamma, futureA: futureGamma }, BigInt(timestamp)),
  }
}

function withBalances(state: InnerState, balances: readonly bigint[], doubts: number, priceScale?: bigint): InnerState {
  const inner = innerOf(state)
  // More leaves a pool than it holds only where the balances were wrong.
  const isPossible = balances.every((balance) => balance >= 0n)
  const held = balances.map((balance) => (balance > 0n ? balance : 0n))
  const next = { ...inner, balances: held, priceScale: priceScale ?? inner.priceScale }
  return toCryptoSwapState(next, isPossible ? doubts : DOUBTS_AFTER_GAP)
}

function applySwap(
  pool: Pool,
  state: InnerState,
  { priceScale }: SwapEvent,
  { trade, decimals, timestamp }: Moment,
  feePips: number | null,
): Applied {
  const { balances } = innerOf(state)
  if (trade === null || Math.max(trade.tokenIn, trade.tokenOut) >= balances.length) {
    return changed({ ...state, doubts: DOUBTS_AFTER_GAP }, null, feePips)
  }
  const known = ammState(pool, innerOf(state), decimals, timestamp)
  const replay = known === null ? null : replayTrade(bindCurve(cryptoSwap, known, 'exact'), trade)
  const doubts = known === null ? state.doubts : doubtsAfter(state.doubts, replay?.gap ?? 1n, false)
  const { tokenIn, tokenOut, amountIn, amountOut } = trade
  const next = balances.map((balance, position) =>
    position === tokenIn ? balance + amountIn : position === tokenOut ? balance - amountOut : balance,
  )
  return changed(withBalances(state, next, doubts, priceScale), replay?.gap ?? null, feePips)
}

function applyChange(state: InnerState, { changes, coins }: LiquidityEvent): Applied {
  const balances = [...innerOf(state).balances]
  for (const { token, amount } of changes ?? []) {
    if (typeof token !== 'number' || token >= balances.length) return changed({ ...state, doubts: DOUBTS_AFTER_GAP })
    balances[token]! += amount
  }
  return changed(withBalances(state, balances, state.doubts, coins?.priceScale))
}

function applyParameters(state: InnerState, { name, values }: ParametersEvent): Applied {
  const inner = innerOf(state)
  const next = (change: Partial<CryptoSwapInner>) => changed(toCryptoSwapState({ ...inner, ...change }, state.doubts))
  const [first, second, third, fourth, fifth, sixth] = values
  if (name === 'fees') return next({ midFee: first!, outFee: second!, feeGamma: third! })
  if (name === 'admin-fee-and-fees') {
    // twocrypto-ng has as many words, without the share: what would be a fee is then how fast the fees change.
    const [midFee, outFee, feeGamma] = third! > FEE_WHOLE ? values : values.slice(1)
    return next({ midFee: midFee!, outFee: outFee!, feeGamma: feeGamma! })
  }
  if (name === 'stop-ramp') {
    const amp = { initialA: first!, futureA: first!, initialGamma: second!, futureGamma: second! }
    return next({ ramp: { ...amp, initialTime: third!, futureTime: third! } })
  }
  if (name === 'admin-fees') {
    const left = inner.balances.map((balance, position) => balance - values[position]!)
    return changed(withBalances(state, left, state.doubts))
  }
  if (name !== 'ramp') return unchanged(state)
  const amp = { initialA: first!, futureA: second!, initialGamma: third!, futureGamma: fourth! }
  return next({ ramp: { ...amp, initialTime: fifth!, futureTime: sixth! } })
}
