import type { Quality } from '../types/pool.ts'
import type { Amm, Ratio } from './amm/quote.ts'

/** A pool's curve at one state: what swaps would give, by the positions of the tokens in the pool. */
export type Curve = {
  /** What the maths and the knowledge of the state allow; doubts about the pool come on top (`qualityOf`). */
  quality: Quality
  quoteIn(tokenIn: number, tokenOut: number, amountIn: bigint): CurveQuote | null
  quoteOut(tokenIn: number, tokenOut: number, amountOut: bigint): CurveQuote | null
  spotPrice(tokenIn: number, tokenOut: number): Ratio | null
  /** The state of the invariant. */
  state: unknown
  /** The same invariant at another state of its own kind. */
  at(state: unknown): Curve
}

/** A quote with the curve after it; see `Quote` in `amm/quote.ts`. */
export type CurveQuote = { amountIn: bigint; amountOut: bigint; after: Curve }

/** The curve of an invariant at a state. */
export function bindCurve<State>(amm: Amm<State>, state: State, quality: Quality): Curve {
  const bind = (quote: { amountIn: bigint; amountOut: bigint; after: State } | null): CurveQuote | null =>
    quote === null
      ? null
      : {
          amountIn: quote.amountIn,
          amountOut: quote.amountOut,
          get after() {
            return bindCurve(amm, quote.after, quality)
          },
        }
  return {
    quality,
    state,
    at: (other) => bindCurve(amm, other as State, quality),
    quoteIn: (tokenIn, tokenOut, amountIn) => bind(amm.quoteIn(state, tokenIn, tokenOut, amountIn)),
    quoteOut: (tokenIn, tokenOut, amountOut) => bind(amm.quoteOut(state, tokenIn, tokenOut, amountOut)),
    spotPrice: (tokenIn, tokenOut) => amm.spotPrice(state, tokenIn, tokenOut),
  }
}
