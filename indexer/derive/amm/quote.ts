/**
 * What one swap of a pool does: what is paid in, what comes out, and the state after it.
 * `amountIn` is what the trader pays, fee included; `amountOut` what the trader gets, after any fee on the output.
 */
export type Quote<State> = { amountIn: bigint; amountOut: bigint; after: State }

/** An exact ratio of two amounts in base units. */
export type Ratio = { numerator: bigint; denominator: bigint }

/**
 * The maths of one invariant over `State`, which holds all that the pool's contract would read: balances, prices, fees,
 * parameters. Tokens are given by their position in the pool, from 0. Every function is pure, rounds as the contract does,
 * never changes the state it is given, and answers null where the contract would revert or the state does not tell.
 */
export type Amm<State> = {
  /** What a swap of exactly `amountIn` gives; null when it is not possible. */
  quoteIn(state: State, tokenIn: number, tokenOut: number, amountIn: bigint): Quote<State> | null
  /** The least that has to be paid for at least `amountOut`; null when it is not possible. */
  quoteOut(state: State, tokenIn: number, tokenOut: number, amountOut: bigint): Quote<State> | null
  /** Marginal price without fees: base units of `tokenOut` for one of `tokenIn`; null for an empty pool. */
  spotPrice(state: State, tokenIn: number, tokenOut: number): Ratio | null
}

/** Pips in the whole: fees are counted in pips of the amount paid in (1e-6). */
export const PIPS = 1_000_000n
