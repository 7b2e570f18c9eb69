import type { SwapEvent } from '../../types/event.ts'
import type { Pool } from '../../types/pool.ts'
import { scaleOf } from '../amm/maverickMath.ts'
import type { Quote } from '../amm/quote.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter } from '../replay.ts'
import type { Decimals } from './rules.ts'

/** Replays that have to be equal before a pool counts as exact: no source of the protocol's own confirms the maths. */
export const PROOFS_WANTED = 2
/** A pool with more bins is not followed: its state is stored with each block that changes it. */
export const BINS_MAX = 2_000
/** A replay that is off by not more than one part of so many is one whose rounding differs. */
const NEAR_PARTS = 1_000_000n
/** Roundings of a base unit at each end. */
const NEAR_UNITS = 2n

/** What a swap of a pool of bins says: what it did, and what was asked. */
export type BinMove = { tokenIn: 0 | 1; amountIn: bigint; amountOut: bigint; isExactOutput: boolean }

/** Null for events that do not come from a decoder of Maverick. */
export function moveOf({ amount0, amount1, bins }: SwapEvent): BinMove | null {
  if (bins === undefined) return null
  const { tokenIn, isExactOutput } = bins
  const [amountIn, amountOut] = tokenIn === 0 ? [amount0, -amount1] : [amount1, -amount0]
  return { tokenIn, amountIn, amountOut, isExactOutput }
}

/** Decimals of both tokens; null when one is not known. */
export function decimalsOf({ tokens }: Pool, decimals: Decimals): readonly [number, number] | null {
  const [decimalsA, decimalsB] = tokens.map(decimals)
  return decimalsA == null || decimalsB == null ? null : [decimalsA, decimalsB]
}

/** What one base unit of each token is in the 18 decimals of a pool; null when not known. */
export function scalesOf(pool: Pool, decimals: Decimals): readonly [bigint, bigint] | null {
  const [scaleA, scaleB] = (decimalsOf(pool, decimals) ?? []).map(scaleOf)
  return scaleA == null || scaleB == null ? null : [scaleA, scaleB]
}

/** What the replay of a swap says: the gap, the doubts after it, and whether the bins are still known. */
export type Verdict = { gap: bigint | null; doubts: number; isKnown: boolean }

/**
 * The verdict on a swap whose replay gave `quote`: equal; off by a rounding, after which the bins are nearly known; or so far
 * off that they are not known any more.
 * @param isTick whether the replay ended at the tick that the log tells
 */
export function judge(doubts: number, move: BinMove, quote: Quote<unknown> | null, isTick: boolean): Verdict {
  if (quote === null) return { gap: null, doubts: DOUBTS_AFTER_GAP, isKnown: false }
  const gap = quote.amountOut - move.amountOut
  const isEqual = gap === 0n && quote.amountIn === move.amountIn && isTick
  if (isEqual) return { gap, doubts: doubtsAfter(doubts, 0n, false), isKnown: true }
  const isKnown = isTick && isNear(quote.amountOut, move.amountOut) && isNear(quote.amountIn, move.amountIn)
  // Equal amounts out are a gap in the amounts in, or in where the price went.
  return { gap: gap === 0n ? null : gap, doubts: DOUBTS_AFTER_GAP, isKnown }
}

/** True when amounts differ by no more than a rounding does: a few units, or a millionth part of `b`. */
export function isNear(a: bigint, b: bigint): boolean {
  const distance = a < b ? b - a : a - b
  return distance <= NEAR_UNITS || distance * NEAR_PARTS <= b
}
