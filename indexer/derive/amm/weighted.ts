import { isAmount, UINT112_MAX } from './constantProduct.ts'
import type { Amm, Quote } from './quote.ts'

/** A weighted pool of any number of tokens; every list has one entry for each token, in the pool's order. */
export type WeightedState = {
  /** Base units. The Vault keeps them as uint112. */
  balances: readonly bigint[]
  /** Parts of 1e18, 1 % to 99 %. */
  weights: readonly bigint[]
  /** 1e18 * 10^(18 - decimals), times the rate where the pool has one for the token. */
  scalingFactors: readonly bigint[]
  /** Parts of 1e18 of the amount paid in. */
  swapFee: bigint
}

/**
 * Balancer V2's weighted pools, to the wei: outGivenIn and inGivenOut by LogExpMath with its margin of 1e-14, on amounts
 * scaled to 18 decimals; the fee is rounded up and stays in the balance. `quoteOut` is the pool's own exact output, so that
 * its `amountOut` is the amount asked for. A small payment can give 0: the pool then takes it and pays nothing.
 * Null where a token or amount is impossible, a balance or scaling factor is zero, a balance would pass uint112, a weight is
 * out of the range above, and where more than 30 % of the balance before the swap would be paid in (after the fee) or out.
 *
 * Powers of exactly 1, 2 and 4 are products, as in all pools but those of the first factories of 2021, which take the
 * logarithm there as well: for these, pools of two equal weights and of 80 / 20 are approximate. So are Velocore V2's
 * constant product pools, which raise to weights by a power function of their own and count their liquidity token as one
 * more token.
 *
 * Source: Balancer V2 WeightedMath, FixedPoint, LogExpMath, BaseMinimalSwapInfoPool.onSwap, BalanceAllocation.
 */
export const weighted: Amm<WeightedState> = {
  quoteIn(state, tokenIn, tokenOut, amountIn) {
    const [paid, got] = [tokenOf(state, tokenIn), tokenOf(state, tokenOut)]
    if (paid === null || got === null || tokenIn === tokenOut || !isAmount(amountIn)) return null
    const net = scaleUp(amountIn - mulUp(amountIn, state.swapFee), paid.scaling)
    if (net > mulDown(paid.balance, MAX_RATIO)) return null
    const base = divideUp(paid.balance * ONE, paid.balance + net)
    const power = powUp(base, (paid.weight * ONE) / got.weight)
    const kept = power < ONE ? ONE - power : 0n
    const amountOut = (mulDown(got.balance, kept) * ONE) / got.scaling
    return settle(state, tokenIn, tokenOut, amountIn, amountOut)
  },
  quoteOut(state, tokenIn, tokenOut, amountOut) {
    const [paid, got] = [tokenOf(state, tokenIn), tokenOf(state, tokenOut)]
    if (paid === null || got === null || tokenIn === tokenOut || !isAmount(amountOut)) return null
    const scaled = scaleUp(amountOut, got.scaling)
    if (scaled > mulDown(got.balance, MAX_RATIO)) return null
    const base = divideUp(got.balance * ONE, got.balance - scaled)
    const power = powUp(base, divideUp(got.weight * ONE, paid.weight))
    const net = divideUp(mulUp(paid.balance, power - ONE) * ONE, paid.scaling)
    return settle(state, tokenIn, tokenOut, divideUp(net * ONE, ONE - state.swapFee), amountOut)
  },
  spotPrice(state, tokenIn, tokenOut) {
    const [paid, got] = [tokenOf(state, tokenIn), tokenOf(state, tokenOut)]
    if (paid === null || got === null || tokenIn === tokenOut) return null
    return {
      numerator: state.balances[tokenOut]! * paid.weight,
      denominator: state.balances[tokenIn]! * got.weight,
    }
  },
}

const ONE = 10n ** 18n
const MAX_RATIO = 3n * 10n ** 17n
const MIN_WEIGHT = ONE / 100n
/** With more, products could overflow uint256; no token needs it. */
const MAX_SCALING = 10n ** 40n
/** powUp's margin, in parts of 1e18. */
const POW_MARGIN = 10_000n

/** A token of a pool with its balance scaled to 18 decimals. */
type Token = { balance: bigint; weight: bigint; scaling: bigint }

function tokenOf({ balances, weights, scalingFactors, swapFee }: WeightedState, index: number): Token | null {
  const [balance, weight, scaling] = [balances[index], weights[index], scalingFactors[index]]
  if (balance === undefined || weight === undefined || scaling === undefined) return null
  if (swapFee < 0n || swapFee >= ONE || balance <= 0n || balance > UINT112_MAX) return null
  if (weight < MIN_WEIGHT || weight > ONE - MIN_WEIGHT || scaling <= 0n || scaling > MAX_SCALING) return null
  const scaled = scaleUp(balance, scaling)
  return scaled === 0n ? null : { balance: scaled, weight, scaling }
}

function settle(
  state: WeightedState,
  tokenIn: number,
  tokenOut: number,
  amountIn: bigint,
  amountOut: bigint,
): Quote<WeightedState> | null {
  const [afterIn, afterOut] = [state.balances[tokenIn]! + amountIn, state.balances[tokenOut]! - amountOut]
  if (afterIn > UINT112_MAX) return null
  const balances = state.balances.with(tokenIn, afterIn).with(tokenOut, afterOut)
  return { amountIn, amountOut, after: { ...state, balances } }
}

function scaleUp(amount: bigint, scaling: bigint): bigint {
  return mulDown(amount, scaling)
}

function mulDown(a: bigint, b: bigint): bigint {
  return (a * b) / ONE
}

function mulUp(a: bigint, b: bigint): bigint {
  return divideUp(a * b, ONE)
}

/** Rounded up; the denominator is positive. */
function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}

/** FixedPoint.powUp: `x^y` of 18 decimals, never below the true value; for the bases and weights of swaps. */
function powUp(x: bigint, y: bigint): bigint {
  if (y === ONE) return x
  if (y === 2n * ONE) return mulUp(x, x)
  if (y === 4n * ONE) {
    const square = mulUp(x, x)
    return mulUp(square, square)
  }
  const raw = pow(x, y)
  return raw + mulUp(raw, POW_MARGIN) + 1n
}

const ONE_20 = 10n ** 20n
const ONE_36 = 10n ** 36n

/**
 * Powers of two from 2^5 to 2^-4 that exponents and logarithms are put together from, and e to them, in 20 decimals. The
 * contract has 2^6 and 2^7 as well, which no swap reaches: at most 30 % leave, and weights are at most 99 to 1.
 */
const SMALL_POWERS: readonly (readonly [x: bigint, expX: bigint])[] = [
  [32n * ONE_20, 7896296018268069516100000000000000n],
  [16n * ONE_20, 888611052050787263676000000n],
  [8n * ONE_20, 298095798704172827474000n],
  [4n * ONE_20, 5459815003314423907810n],
  [2n * ONE_20, 738905609893065022723n],
  [ONE_20, 271828182845904523536n],
  [ONE_20 / 2n, 164872127070012814685n],
  [ONE_20 / 4n, 128402541668774148407n],
  [ONE_20 / 8n, 113314845306682631683n],
  [ONE_20 / 16n, 106449445891785942956n],
]

/** `exp` does without the last two. */
const EXP_POWERS = SMALL_POWERS.slice(0, 8)
const EXP_TERMS = 12n
const LN_TERMS = 11n
const LN_36_TERMS = 15n

/** LogExpMath.pow: `x^y` of 18 decimals, for positive `x`. */
function pow(x: bigint, y: bigint): bigint {
  const isNearOne = x > (ONE * 9n) / 10n && x < (ONE * 11n) / 10n
  if (!isNearOne) return exp((ln(x) * y) / ONE)
  const log = ln36(x)
  return exp(((log / ONE) * y + ((log % ONE) * y) / ONE) / ONE)
}

/** LogExpMath.exp: `e^x` of 18 decimals. */
function exp(x: bigint): bigint {
  if (x < 0n) return (ONE * ONE) / exp(-x)
  let remainder = x * 100n
  let product = ONE_20
  for (const [power, expPower] of EXP_POWERS) {
    if (remainder < power) continue
    remainder -= power
    product = (product * expPower) / ONE_20
  }
  let term = remainder
  let sum = ONE_20 + term
  for (let n = 2n; n <= EXP_TERMS; n++) {
    term = (term * remainder) / ONE_20 / n
    sum += term
  }
  return (product * sum) / ONE_20 / 100n
}

/** LogExpMath._ln: the logarithm of a positive number of 18 decimals. */
function ln(x: bigint): bigint {
  if (x < ONE) return -ln((ONE * ONE) / x)
  let [rest, sum] = [x * 100n, 0n]
  for (const [power, expPower] of SMALL_POWERS) {
    if (rest < expPower) continue
    rest = (rest * ONE_20) / expPower
    sum += power
  }
  return (sum + doubleAtanh(rest, ONE_20, LN_TERMS)) / 100n
}

/** LogExpMath._ln_36: the logarithm of a number of 18 decimals near one, in 36 decimals. */
function ln36(x: bigint): bigint {
  return doubleAtanh(x * ONE, ONE_36, LN_36_TERMS)
}

/** ln(x) as 2 (z + z^3/3 + … ) with z = (x - 1) / (x + 1), up to the power `terms`. */
function doubleAtanh(x: bigint, one: bigint, terms: bigint): bigint {
  const z = ((x - one) * one) / (x + one)
  const square = (z * z) / one
  let [power, sum] = [z, z]
  for (let n = 3n; n <= terms; n += 2n) {
    power = (power * square) / one
    sum += power / n
  }
  return sum * 2n
}
