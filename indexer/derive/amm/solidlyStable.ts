import {
  isAmount,
  leastGross,
  netOfFee,
  type Reserves,
  SOLIDLY_UNIT,
  sideOf,
  UINT256_MAX,
  withReserves,
} from './constantProduct.ts'
import type { Amm, Quote } from './quote.ts'

/**
 * Whose rendering of the curve a pool runs.
 * - `solidlyV1`: Solidly's BaseV1Pair and its plain forks.
 * - `velodromeV2`: Velodrome V2, Aerodrome: a search that looks for the next whole y, and reverts when it finds none.
 * - `mute`: Mute and Koi, taken to be as `solidlyV1`.
 * - `camelotV2`: Camelot V2 and eZKalibur, taken to be as `solidlyV1` with fees in parts of 1e5 that stay in the reserves
 *   (a share that its owner may take on a swap is not told).
 */
export type SolidlyVariant = 'solidlyV1' | 'velodromeV2' | 'mute' | 'camelotV2'

/** The variants that are rendered from the contract's definition; quotes of the others are approximate. */
export const EXACT_SOLIDLY_VARIANTS: ReadonlySet<SolidlyVariant> = new Set(['solidlyV1', 'velodromeV2'])

/** A stable pair; reserves exclude fees where these leave the pool (all variants but `camelotV2`). */
export type SolidlyStableState = Reserves & {
  /** Decimals of the tokens, 0 to 77. */
  decimals0: number
  decimals1: number
  variant: SolidlyVariant
}

/**
 * Solidly's stable curve `x^3 y + x y^3`, to the wei for `EXACT_SOLIDLY_VARIANTS`. The fee is rounded down first; out comes
 * what the pool's own getAmountOut says. Null where a token or amount is impossible, a reserve is empty, nothing would come
 * out, any step overflows, divides by zero or does not converge, and where the pool refuses its own answer: the search can
 * end one unit short, and the check that the curve's product has not fallen then reverts the swap. That is rare (fewer than
 * one in a thousand payments), but for pools of less than a token, and for Solidly's pools of two tokens with 18 decimals
 * whose reserves agree to a dozen digits: there up to a fifth.
 *
 * No contract has an exact output: `quoteOut` is the least payment for which `quoteIn` gives at least that much. The product
 * tells from which payment on the pool allows it; null when none of the 256 payments from there on gives it, which is so in
 * pools of less than about a quarter of a token, and can be in Solidly's pools whose reserves agree to a dozen digits.
 *
 * Source: Solidly BaseV1Pair (_k, _f, _d, _get_y, _getAmountOut, swap); Velodrome V2 Pool.
 */
export const solidlyStable: Amm<SolidlyStableState> = {
  quoteIn(state, tokenIn, tokenOut, amountIn) {
    const curve = curveOf(state, tokenIn, tokenOut)
    return curve === null || !isAmount(amountIn) ? null : unlessReverted(() => swap(state, curve, amountIn))
  },
  quoteOut(state, tokenIn, tokenOut, amountOut) {
    const curve = curveOf(state, tokenIn, tokenOut)
    if (curve === null || !isAmount(amountOut) || amountOut >= curve.reserveOut) return null
    const allowedFrom = leastAllowed(curve, amountOut)
    if (allowedFrom === null) return null
    const first = leastGross(allowedFrom, curve.feePips)
    for (let amountIn = first; amountIn < first + PAYMENTS_TRIED; amountIn++) {
      const quote = unlessReverted(() => swap(state, curve, amountIn))
      if (quote !== null && quote.amountOut >= amountOut) return quote
    }
    return null
  },
  spotPrice(state, tokenIn, tokenOut) {
    const curve = curveOf(state, tokenIn, tokenOut)
    if (curve === null) return null
    const { reserveIn, reserveOut, unitIn, unitOut } = curve
    // Both in the same unit; the slope (3x^2 y + y^3) / (x^3 + 3x y^2) is the same in any.
    const [x, y] = [reserveIn * unitOut, reserveOut * unitIn]
    return {
      numerator: y * (3n * x * x + y * y) * unitOut,
      denominator: x * (x * x + 3n * y * y) * unitIn,
    }
  },
}

const PAYMENTS_TRIED = 256n
const MAX_STEPS = 255
const ONE = 10n ** 18n
/** 10^77 is the largest power of ten in a uint256. */
const MAX_DECIMALS = 77

/** A pool as seen from the token paid in; units are one whole token. */
type StableCurve = {
  isToken0In: boolean
  reserveIn: bigint
  reserveOut: bigint
  unitIn: bigint
  unitOut: bigint
  feePips: bigint
  variant: SolidlyVariant
}

/** The contract would have reverted. */
class Reverted extends Error {
  override name = 'Reverted'
}

function curveOf(state: SolidlyStableState, tokenIn: number, tokenOut: number): StableCurve | null {
  const side = sideOf(state, tokenIn, tokenOut)
  if (side === null || !isDecimals(state.decimals0) || !isDecimals(state.decimals1)) return null
  const units = [10n ** BigInt(state.decimals0), 10n ** BigInt(state.decimals1)] as const
  const [unitIn, unitOut] = side.isToken0In ? units : [units[1], units[0]]
  return { ...side, unitIn, unitOut, variant: state.variant }
}

function isDecimals(decimals: number): boolean {
  return Number.isInteger(decimals) && decimals >= 0 && decimals <= MAX_DECIMALS
}

function swap(state: SolidlyStableState, curve: StableCurve, amountIn: bigint): Quote<SolidlyStableState> | null {
  const { isToken0In, reserveIn, reserveOut, variant, feePips } = curve
  const keepsFees = variant === 'camelotV2'
  const net = netOfFee(amountIn, feePips, SOLIDLY_UNIT)
  if (net === null) return null
  const amountOut = outOf(curve, net)
  if (amountOut <= 0n || amountOut >= reserveOut) return null
  const afterOut = reserveOut - amountOut
  if (product(curve, reserveIn + net, afterOut) < product(curve, reserveIn, reserveOut)) return null
  const afterIn = reserveIn + (keepsFees ? amountIn : net)
  return { amountIn, amountOut, after: withReserves(state, isToken0In, afterIn, afterOut) }
}

/** _getAmountOut. */
function outOf(curve: StableCurve, net: bigint): bigint {
  const { reserveIn, reserveOut, unitIn, unitOut, variant } = curve
  const xy = product(curve, reserveIn, reserveOut)
  const x = add(normalised(net, unitIn), normalised(reserveIn, unitIn))
  const before = normalised(reserveOut, unitOut)
  const y = variant === 'velodromeV2' ? velodromeY(curve, x, xy, before) : solidlyY(x, xy, before)
  return mul(sub(before, y), unitOut) / ONE
}

/** _k: the product that a swap must not lower. */
function product({ unitIn, unitOut }: StableCurve, x: bigint, y: bigint): bigint {
  return productOf(normalised(x, unitIn), normalised(y, unitOut))
}

/** Velodrome V2's _f, and the last part of every _k. */
function productOf(x: bigint, y: bigint): bigint {
  return mul(mul(x, y) / ONE, add(mul(x, x) / ONE, mul(y, y) / ONE)) / ONE
}

/** Solidly's _f: the same product in another order of roundings. */
function solidlyProduct(x: bigint, y: bigint): bigint {
  const xyyy = mul(x, mul(mul(y, y) / ONE, y) / ONE) / ONE
  return add(xyyy, mul(mul(mul(x, x) / ONE, x) / ONE, y) / ONE)
}

/** _d: its slope in y. */
function slope(x: bigint, y: bigint): bigint {
  return add(mul(3n * x, mul(y, y) / ONE) / ONE, mul(mul(x, x) / ONE, x) / ONE)
}

/** Solidly's _get_y: ends after a step of at most 1, or with what it has after 255. */
function solidlyY(x: bigint, xy: bigint, start: bigint): bigint {
  let y = start
  for (let step = 0; step < MAX_STEPS; step++) {
    const k = solidlyProduct(x, y)
    const change = k < xy ? div(mul(xy - k, ONE), slope(x, y)) : div(mul(k - xy, ONE), slope(x, y))
    y = k < xy ? add(y, change) : sub(y, change)
    if (change <= 1n) return y
  }
  return y
}

/** Velodrome V2's _get_y: ends at the least y whose product is not below `xy`, as far as it can tell. */
function velodromeY(curve: StableCurve, x: bigint, xy: bigint, start: bigint): bigint {
  let y = start
  for (let step = 0; step < MAX_STEPS; step++) {
    const k = productOf(x, y)
    if (k < xy) {
      const change = div(mul(xy - k, ONE), slope(x, y))
      if (change === 0n && rescaledProduct(curve, x, add(y, 1n)) > xy) return y + 1n
      y = add(y, change === 0n ? 1n : change)
    } else {
      const change = div(mul(k - xy, ONE), slope(x, y))
      if (change === 0n && (k === xy || productOf(x, sub(y, 1n)) < xy)) return y
      y = sub(y, change === 0n ? 1n : change)
    }
  }
  throw new Reverted()
}

/**
 * What Velodrome V2 takes for the product after the next y: it applies _k to numbers that have 18 decimals already, and
 * scales x by token0 and y by token1 whichever of them is paid in.
 */
function rescaledProduct({ isToken0In, unitIn, unitOut }: StableCurve, x: bigint, y: bigint): bigint {
  const [unit0, unit1] = isToken0In ? [unitIn, unitOut] : [unitOut, unitIn]
  return productOf(normalised(x, unit0), normalised(y, unit1))
}

/** The least payment without fee for which the pool's product does not fall when `amountOut` leaves; null when none fits. */
function leastAllowed(curve: StableCurve, amountOut: bigint): bigint | null {
  const { reserveIn, reserveOut, unitIn, unitOut } = curve
  const before = unlessReverted(() => product(curve, reserveIn, reserveOut))
  if (before === null) return null
  const allows = (net: bigint) => {
    const after = unlessReverted(() => product(curve, reserveIn + net, reserveOut - amountOut))
    // Only a product too large for uint256 is null.
    return after === null || after >= before
  }
  let most = (amountOut * unitIn) / unitOut + 1n
  while (!allows(most)) {
    if (most > UINT256_MAX) return null
    most *= 2n
  }
  let least = 1n
  while (least < most) {
    const middle = (least + most) / 2n
    if (allows(middle)) most = middle
    else least = middle + 1n
  }
  return least
}

/** An amount as if the token had 18 decimals. */
function normalised(amount: bigint, unit: bigint): bigint {
  return mul(amount, ONE) / unit
}

function mul(a: bigint, b: bigint): bigint {
  return within(a * b)
}

function add(a: bigint, b: bigint): bigint {
  return within(a + b)
}

function sub(a: bigint, b: bigint): bigint {
  if (b > a) throw new Reverted()
  return a - b
}

function div(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Reverted()
  return a / b
}

function within(result: bigint): bigint {
  if (result > UINT256_MAX) throw new Reverted()
  return result
}

function unlessReverted<Result>(compute: () => Result): Result | null {
  try {
    return compute()
  } catch (error) {
    if (error instanceof Reverted) return null
    throw error
  }
}
