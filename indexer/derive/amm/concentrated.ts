import { type Amm, PIPS, type Quote, type Ratio } from './quote.ts'
import { amount0Between, amount1Between, divideUp, priceAfterInput, priceAfterOutput } from './sqrtPriceMath.ts'
import { MAX_SQRT_PRICE, MAX_TICK, MIN_SQRT_PRICE, MIN_TICK, sqrtPriceAtTick, tickAtSqrtPrice } from './tickMath.ts'

/** Liquidity that comes in where the price crosses a tick upwards, by tick; only initialised ticks. */
export type TickNets = ReadonlyMap<number, { net: bigint }>

/** A pool with ticks: token 0 and token 1. */
export type ConcentratedState = {
  sqrtPriceX96: bigint
  tick: number
  liquidity: bigint
  tickSpacing: number
  feePips: number
  ticks: TickNets
}

const UINT256_MAX = (1n << 256n) - 1n
const INT256_MAX = (1n << 255n) - 1n
/** The bitmap of ticks is read word by word, and each word ends a step. */
const WORD_TICKS = 256

const sortedTicks = new WeakMap<TickNets, number[]>()

/** Must be called when a tick was added to or removed from a map: what is remembered of its order is then no longer so. */
export function forgetOrder(ticks: TickNets): void {
  sortedTicks.delete(ticks)
}

/** The initialised ticks, ascending; remembered until `forgetOrder`. */
export function orderOf(ticks: TickNets): readonly number[] {
  const known = sortedTicks.get(ticks)
  if (known !== undefined) return known
  const order = [...ticks.keys()].sort((a, b) => a - b)
  sortedTicks.set(ticks, order)
  return order
}

/**
 * Uniswap V3 and what shares its swap: PancakeSwap V3, Slipstream, Algebra V1, and Uniswap V4 without hooks. To the wei, with
 * the steps of the contract: each initialised tick and each end of a 256-tick word of the bitmap ends one, and each rounds.
 * Null when a token or amount is impossible, the price is not set, or the liquidity up to the end of the price range does
 * not suffice. `quoteOut` is the contract's exact output.
 * Source: @uniswap/v3-core UniswapV3Pool.swap, SwapMath, TickBitmap; v4-core Pool.swap.
 */
export const concentrated: Amm<ConcentratedState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => {
    if (!isSwap(tokenIn, tokenOut) || amountIn <= 0n || amountIn > INT256_MAX) return null
    const swap = walk(state, tokenIn === 0, amountIn, null)
    return swap !== null && swap.amountIn === amountIn ? swap : null
  },
  quoteOut: (state, tokenIn, tokenOut, amountOut) => {
    if (!isSwap(tokenIn, tokenOut) || amountOut <= 0n || amountOut > INT256_MAX) return null
    const swap = walk(state, tokenIn === 0, -amountOut, null)
    return swap !== null && swap.amountOut === amountOut ? swap : null
  },
  spotPrice: ({ sqrtPriceX96 }, tokenIn, tokenOut): Ratio | null => {
    if (!isSwap(tokenIn, tokenOut) || sqrtPriceX96 <= 0n) return null
    const price = { numerator: sqrtPriceX96 * sqrtPriceX96, denominator: 1n << 192n }
    return tokenIn === 0 ? price : { numerator: price.denominator, denominator: price.numerator }
  },
}

/**
 * What a swap does that stops at a price limit, from an exact input that is large enough; null when the limit is not on
 * the way.
 */
export function quoteToPrice(
  state: ConcentratedState,
  zeroForOne: boolean,
  sqrtPriceLimitX96: bigint,
): Quote<ConcentratedState> | null {
  const swap = walk(state, zeroForOne, INT256_MAX, sqrtPriceLimitX96)
  return swap !== null && swap.after.sqrtPriceX96 === sqrtPriceLimitX96 ? swap : null
}

/** A pool whose ticks are not known. */
export type SingleRangeState = Omit<ConcentratedState, 'ticks'>

/** As `concentrated` as if there were no ticks: right while the price stays in the range of the current liquidity. */
export const singleRange: Amm<SingleRangeState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) =>
    state.liquidity > 0n ? concentrated.quoteIn({ ...state, ticks: NO_TICKS }, tokenIn, tokenOut, amountIn) : null,
  quoteOut: (state, tokenIn, tokenOut, amountOut) =>
    state.liquidity > 0n ? concentrated.quoteOut({ ...state, ticks: NO_TICKS }, tokenIn, tokenOut, amountOut) : null,
  spotPrice: (state, tokenIn, tokenOut) => concentrated.spotPrice({ ...state, ticks: NO_TICKS }, tokenIn, tokenOut),
}

const NO_TICKS: TickNets = new Map()

function isSwap(tokenIn: number, tokenOut: number): boolean {
  return (tokenIn === 0 && tokenOut === 1) || (tokenIn === 1 && tokenOut === 0)
}

/**
 * The swap loop of the contract.
 * @param amount exact input when positive, exact output when negative.
 */
function walk(
  state: ConcentratedState,
  zeroForOne: boolean,
  amount: bigint,
  limit: bigint | null,
): Quote<ConcentratedState> | null {
  const { tickSpacing, feePips, ticks } = state
  if (state.sqrtPriceX96 < MIN_SQRT_PRICE || state.sqrtPriceX96 >= MAX_SQRT_PRICE || tickSpacing <= 0) return null
  const fee = BigInt(feePips)
  if (fee < 0n || fee >= PIPS || state.liquidity < 0n) return null
  const end = limit ?? (zeroForOne ? MIN_SQRT_PRICE + 1n : MAX_SQRT_PRICE - 1n)
  if (
    zeroForOne ? end >= state.sqrtPriceX96 || end <= MIN_SQRT_PRICE : end <= state.sqrtPriceX96 || end >= MAX_SQRT_PRICE
  ) {
    return null
  }
  const order = orderOf(ticks)
  let { sqrtPriceX96: price, tick, liquidity } = state
  let remaining = amount
  let amountIn = 0n
  let amountOut = 0n
  while (remaining !== 0n && price !== end) {
    const start = price
    const { next, isInitialised } = nextTick(order, tick, tickSpacing, zeroForOne)
    const nextPrice = sqrtPriceAtTick(next)!
    const target = (zeroForOne ? nextPrice < end : nextPrice > end) ? end : nextPrice
    const step = swapStep(price, target, liquidity, remaining, fee, zeroForOne)
    if (step === null) return null
    price = step.price
    amountIn += step.amountIn
    amountOut += step.amountOut
    remaining = amount > 0n ? remaining - step.amountIn : remaining + step.amountOut
    if (price === nextPrice) {
      if (isInitialised) {
        const { net } = ticks.get(next)!
        liquidity += zeroForOne ? -net : net
        if (liquidity < 0n) return null
      }
      tick = zeroForOne ? next - 1 : next
    } else if (price !== start) {
      tick = tickAtSqrtPrice(price)!
    }
  }
  if (amountIn > UINT256_MAX || amountOut > UINT256_MAX) return null
  return { amountIn, amountOut, after: { ...state, sqrtPriceX96: price, tick, liquidity } }
}

/** The next initialised tick in the word of the bitmap, or the end of the word. Source: TickBitmap. */
function nextTick(order: readonly number[], tick: number, spacing: number, zeroForOne: boolean) {
  const compressed = Math.floor(tick / spacing)
  if (zeroForOne) {
    const wordStart = Math.floor(compressed / WORD_TICKS) * WORD_TICKS * spacing
    const found = order[countUpTo(order, compressed * spacing) - 1]
    const isInitialised = found !== undefined && found >= wordStart
    return { next: isInitialised ? found : Math.max(MIN_TICK, wordStart), isInitialised }
  }
  const from = (compressed + 1) * spacing
  const wordEnd = (Math.floor((compressed + 1) / WORD_TICKS) * WORD_TICKS + WORD_TICKS - 1) * spacing
  const found = order[countUpTo(order, from - 1)]
  const isInitialised = found !== undefined && found <= wordEnd
  return { next: isInitialised ? found : Math.min(MAX_TICK, wordEnd), isInitialised }
}

/** How many ticks of an ascending list are not above `tick`. */
export function countUpTo(order: readonly number[], tick: number): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (order[middle]! <= tick) low = middle + 1
    else high = middle
  }
  return low
}

/** One step at one liquidity; `amountIn` includes the fee. Null where the contract reverts. Source: SwapMath. */
function swapStep(
  price: bigint,
  target: bigint,
  liquidity: bigint,
  remaining: bigint,
  fee: bigint,
  zeroForOne: boolean,
): { price: bigint; amountIn: bigint; amountOut: bigint } | null {
  const amountBetween = (next: bigint, isInput: boolean): bigint =>
    zeroForOne === isInput
      ? amount0Between(price, next, liquidity, isInput)
      : amount1Between(price, next, liquidity, isInput)
  if (remaining > 0n) {
    const net = (remaining * (PIPS - fee)) / PIPS
    const needed = amountBetween(target, true)
    if (net >= needed) {
      return {
        price: target,
        amountIn: needed + divideUp(needed * fee, PIPS - fee),
        amountOut: amountBetween(target, false),
      }
    }
    const next = priceAfterInput(price, liquidity, net, zeroForOne)
    if (next === null) return null
    // What is left over is the fee.
    if (next !== target) return { price: next, amountIn: remaining, amountOut: amountBetween(next, false) }
    return { price: next, amountIn: needed + divideUp(needed * fee, PIPS - fee), amountOut: amountBetween(next, false) }
  }
  const wanted = -remaining
  const available = amountBetween(target, false)
  const next = wanted >= available ? target : priceAfterOutput(price, liquidity, wanted, zeroForOne)
  if (next === null) return null
  const input = amountBetween(next, true)
  const output = wanted >= available ? available : amountBetween(next, false)
  return {
    price: next,
    amountIn: input + divideUp(input * fee, PIPS - fee),
    amountOut: output > wanted ? wanted : output,
  }
}
