import type { Trade } from '../types/action.ts'
import type { PoolState, Quality } from '../types/pool.ts'
import type { Curve, CurveQuote } from './curve.ts'

export type { Trade }

/** What replaying a swap on the state before it gave. */
export type Replay = {
  /** Output of the replay minus the output logged; 0 = equal. */
  gap: bigint
  /** The quote that fits best. */
  quote: CurveQuote
}

/** The trade in two signed changes of a pool; null when not exactly one token comes in and one goes out. */
export function toTrade(positions: readonly [number, number], amount0: bigint, amount1: bigint): Trade | null {
  const [token0, token1] = positions
  if (amount0 > 0n && amount1 < 0n) {
    return { tokenIn: token0, tokenOut: token1, amountIn: amount0, amountOut: -amount1 }
  }
  if (amount1 > 0n && amount0 < 0n) {
    return { tokenIn: token1, tokenOut: token0, amountIn: amount1, amountOut: -amount0 }
  }
  return null
}

/**
 * Replays a trade on the curve before it. It is equal when the amount in gives the amount out, or when the amount out
 * costs the amount in (swaps of an exact output). Null when the curve gives no quote.
 */
export function replayTrade(curve: Curve, { tokenIn, tokenOut, amountIn, amountOut }: Trade): Replay | null {
  const forward = curve.quoteIn(tokenIn, tokenOut, amountIn)
  if (forward?.amountOut === amountOut) return { gap: 0n, quote: forward }
  const backward = curve.quoteOut(tokenIn, tokenOut, amountOut)
  if (backward?.amountIn === amountIn && backward.amountOut === amountOut) return { gap: 0n, quote: backward }
  return forward === null ? null : { gap: forward.amountOut - amountOut, quote: forward }
}

/** Replays that have to be equal after one that differed. */
export const DOUBTS_AFTER_GAP = 8

/**
 * The doubts about a pool after a replay.
 * @param callerNames true where the caller names the output and the pool only checks that it is not too much: taking less
 * than the pool would give says little about the pool.
 */
export function doubtsAfter(doubts: number, gap: bigint | null, callerNames: boolean): number {
  if (gap === null) return doubts
  if (gap === 0n) return Math.max(0, doubts - 1)
  return Math.max(doubts, callerNames && gap > 0n ? 1 : DOUBTS_AFTER_GAP)
}

/** How far quotes from this curve can be trusted now; unknown without a curve. */
export function qualityOf(curve: Curve | null, state: PoolState): Quality {
  if (curve === null) return 'unknown'
  return curve.quality === 'exact' && state.doubts > 0 ? 'approximate' : curve.quality
}
