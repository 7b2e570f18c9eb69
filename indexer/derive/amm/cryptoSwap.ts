import { invariantOf, MAX_A, MAX_GAMMA, MIN_A, MIN_GAMMA, solveBalance, WAD } from './cryptoSwapMath.ts'
import type { Amm, Quote, Ratio } from './quote.ts'

/** A CryptoSwap pool of two tokens. */
export type CryptoSwapState = {
  balances: readonly [bigint, bigint]
  /** 10^(18 - decimals): bring both tokens to 18 decimals. */
  precisions: readonly [bigint, bigint]
  /** What token 1 counts for in token 0 where liquidity is densest, times 1e18. */
  priceScale: bigint
  /** Amplification as the contract holds it: A times n^n times 10,000. */
  amp: bigint
  /** Times 1e18. */
  gamma: bigint
  /** The invariant as the contract holds it; null when it is to be reckoned from the balances. */
  d: bigint | null
  /** Fees in balance and far out of it, in parts of 1e10. */
  midFee: bigint
  outFee: bigint
  /** How fast one fee becomes the other, times 1e18. */
  feeGamma: bigint
}

const FEE_WHOLE = 10n ** 10n
const UINT256_MAX = (1n << 256n) - 1n

/**
 * Curve's CryptoSwap of two coins, as its contracts reckon: balances are scaled to 18 decimals and by the price scale, the
 * balance of the token paid out follows from the invariant, one unit less is paid, and the fee, which depends on the balances
 * after the swap, is taken from it and stays in the pool. A swap may make the contract move its price scale afterwards, which a quote does
 * not foresee: `after` keeps the invariant and the scale. Null where a token or amount is impossible, a loop does not end, or
 * the contract would refuse. `quoteOut` is a payment of which one unit less gives too little.
 * Source: curvefi twocrypto-ng and CurveCryptoSwap2 (exchange, _fee, newton_y); SyncSwap's CryptoMath follows them.
 */
export const cryptoSwap: Amm<CryptoSwapState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => {
    if (!isSwap(state, tokenIn, tokenOut) || amountIn <= 0n || amountIn > UINT256_MAX) return null
    return exchange(state, tokenIn, amountIn)
  },
  quoteOut: (state, tokenIn, tokenOut, amountOut) => {
    if (!isSwap(state, tokenIn, tokenOut) || amountOut <= 0n || amountOut >= state.balances[tokenOut]!) return null
    const known = { ...state, d: invariant(state) }
    if (known.d === null) return null
    const gives = (amount: bigint) => (exchange(known, tokenIn, amount)?.amountOut ?? 0n) >= amountOut
    // Nothing larger is taken than what the invariant allows for.
    const most = (state.balances[tokenIn]! + 1n) * 100n
    let high = 1n
    while (!gives(high)) {
      high *= 2n
      if (high > most) return null
    }
    let low = high / 2n
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      if (gives(middle)) high = middle
      else low = middle
    }
    return exchange(known, tokenIn, high)
  },
  spotPrice: (state, tokenIn, tokenOut): Ratio | null => {
    if (!isSwap(state, tokenIn, tokenOut)) return null
    const [x, y] = scaledBalances(state)
    const d = invariant(state)
    if (d === null || d <= 0n || x <= 0n || y <= 0n) return null
    // Both sides of dx/dy of the invariant, at 18 decimals; source: twocrypto-ng get_p.
    const k0 = (((4n * x * y) / d) * WAD * WAD) / d
    const square = (value: bigint) => (value * k0) / (WAD * WAD)
    const { amp, gamma, priceScale, precisions } = state
    const bend = 2n * square(square(k0)) + (gamma + WAD) ** 2n - (square(k0) * (2n * gamma + 3n * WAD)) / WAD
    const flat = (amp * gamma ** 2n) / 10_000n
    const side = (balance: bigint) => bend + square((flat * balance) / d)
    // Token 1 in token 0, in base units.
    const numerator = x * side(y) * priceScale * precisions[1]
    const denominator = y * side(x) * WAD * precisions[0]
    if (numerator <= 0n || denominator <= 0n) return null
    return tokenIn === 1 ? { numerator, denominator } : { numerator: denominator, denominator: numerator }
  },
}

function isSwap(
  { balances, amp, gamma, priceScale, feeGamma }: CryptoSwapState,
  tokenIn: number,
  tokenOut: number,
): boolean {
  const isPair = (tokenIn === 0 && tokenOut === 1) || (tokenIn === 1 && tokenOut === 0)
  const isCurve = amp >= MIN_A && amp <= MAX_A && gamma >= MIN_GAMMA && gamma <= MAX_GAMMA
  return isPair && isCurve && priceScale > 0n && feeGamma > 0n && balances[0] > 0n && balances[1] > 0n
}

function scaledBalances({ balances, precisions, priceScale }: CryptoSwapState): [bigint, bigint] {
  return [balances[0] * precisions[0], (balances[1] * precisions[1] * priceScale) / WAD]
}

function invariant(state: CryptoSwapState): bigint | null {
  return state.d ?? invariantOf(state.amp, state.gamma, scaledBalances(state))
}

function exchange(state: CryptoSwapState, tokenIn: number, amountIn: bigint): Quote<CryptoSwapState> | null {
  const { balances, precisions, priceScale, amp, gamma } = state
  const tokenOut = 1 - tokenIn
  const d = invariant(state)
  const paid: [bigint, bigint] = [...balances]
  paid[tokenIn]! += amountIn
  const scaled = scaledBalances({ ...state, balances: paid })
  const left = d === null ? null : solveBalance(amp, gamma, scaled[tokenIn]!, d)
  if (left === null || left >= scaled[tokenOut]!) return null
  const gross = scaled[tokenOut]! - left - 1n
  if (gross <= 0n) return null
  const units = (tokenOut === 1 ? (gross * WAD) / priceScale : gross) / precisions[tokenOut]!
  const after: [bigint, bigint] = tokenOut === 1 ? [scaled[0], left] : [left, scaled[1]]
  const amountOut = units - (feeAt(state, after) * units) / FEE_WHOLE
  if (amountOut <= 0n || amountOut > balances[tokenOut]!) return null
  paid[tokenOut]! -= amountOut
  return { amountIn, amountOut, after: { ...state, balances: paid, d } }
}

/** The fee at scaled balances, in parts of 1e10. Source: _fee. */
function feeAt({ midFee, outFee, feeGamma }: CryptoSwapState, [x, y]: readonly [bigint, bigint]): bigint {
  const sum = x + y
  const balance = (((4n * WAD * x) / sum) * y) / sum
  const near = (feeGamma * WAD) / (feeGamma + WAD - balance)
  return (midFee * near + outFee * (WAD - near)) / WAD
}
