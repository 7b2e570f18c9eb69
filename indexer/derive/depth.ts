import type { Curve } from './curve.ts'

/** Distances from the current price, in basis points, at which depth is told. */
export const DEPTH_BPS = [10, 25, 50, 100, 200] as const

/** What it takes to move a pool's price by a distance in one direction. */
export type Depth = {
  bps: number
  /** The most of the token paid in that moves its price, measured without fees, by no more than `bps`. */
  amountIn: bigint
  /** What that gives. */
  amountOut: bigint
}

const BPS = 10_000n
/** Doublings of the amount before a curve counts as one that nothing moves. */
const DOUBLINGS_MAX = 255

/**
 * The depth of a curve when `tokenIn` is paid in, exact to one base unit; one entry for each of DEPTH_BPS, in that order.
 * @returns an empty list when the curve has no price.
 */
export function listDepth(curve: Curve, tokenIn: number, tokenOut: number): Depth[] {
  const spot = curve.spotPrice(tokenIn, tokenOut)
  if (spot === null) return []
  // Less than this gives nothing, which a pool refuses: it tells nothing about the price.
  const smallest = curve.quoteOut(tokenIn, tokenOut, 1n)?.amountIn ?? 0n
  return DEPTH_BPS.map((bps) => {
    // tokenOut for one tokenIn falls to (1 - bps/10000) of what it was.
    const holds = (amount: bigint): boolean => {
      const after = curve.quoteIn(tokenIn, tokenOut, amount)?.after.spotPrice(tokenIn, tokenOut) ?? null
      if (after === null) return false
      return after.numerator * spot.denominator * BPS >= spot.numerator * after.denominator * (BPS - BigInt(bps))
    }
    const amountIn = largest(holds, smallest)
    const amountOut = amountIn === 0n ? 0n : (curve.quoteIn(tokenIn, tokenOut, amountIn)?.amountOut ?? 0n)
    return { bps, amountIn, amountOut }
  })
}

/** The largest amount for which a condition holds that holds from `start` up to some amount and not above it; 0 when for none. */
function largest(holds: (amount: bigint) => boolean, start: bigint): bigint {
  if (start === 0n || !holds(start)) return 0n
  let [low, high] = [start, start * 2n]
  for (let doubling = 0; doubling < DOUBLINGS_MAX && holds(high); doubling++) [low, high] = [high, high * 2n]
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (holds(middle)) low = middle
    else high = middle
  }
  return low
}
