import { countUpTo, orderOf, type TickNets } from './concentrated.ts'
import { computeStep, FEE_UNITS } from './kyberElasticMath.ts'
import type { Amm, Quote } from './quote.ts'
import { MAX_SQRT_PRICE, MAX_TICK, MIN_SQRT_PRICE, MIN_TICK, sqrtPriceAtTick, tickAtSqrtPrice } from './tickMath.ts'

/** A pool of KyberSwap Elastic: a swap trades with the liquidity of its positions and the fees reinvested over all prices. */
export type KyberElasticState = {
  sqrtPriceX96: bigint
  tick: number
  /** Liquidity of the positions in range. */
  baseLiquidity: bigint
  reinvestLiquidity: bigint
  /** In parts of `FEE_UNITS`. */
  swapFeeUnits: bigint
  ticks: TickNets
}

const UINT128_MAX = (1n << 128n) - 1n
const INT256_MAX = (1n << 255n) - 1n
/** The maths of a step holds for price changes below 5 %. Source: MathConstants.MAX_TICK_DISTANCE. */
const STEP_TICKS_MAX = 480

/**
 * KyberSwap Elastic, to the wei, with the steps of the contract: a step ends at each initialised tick, or 480 ticks on,
 * and adds its fee to the reinvested liquidity. Null when a token or amount is impossible, the price is not set, where the
 * contract reverts, and when the liquidity up to the end of the price range does not suffice. `quoteOut` is the contract's
 * exact output.
 * Source: ks-elastic-sc Pool.swap, SwapMath, Linkedlist.
 */
export const kyberElastic: Amm<KyberElasticState> = {
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
  spotPrice: ({ sqrtPriceX96 }, tokenIn, tokenOut) => {
    if (!isSwap(tokenIn, tokenOut) || sqrtPriceX96 <= 0n) return null
    const price = { numerator: sqrtPriceX96 * sqrtPriceX96, denominator: 1n << 192n }
    return tokenIn === 0 ? price : { numerator: price.denominator, denominator: price.numerator }
  },
}

/**
 * What a swap does that stops at a price limit, of a specified amount that is large enough; null when the limit is not on
 * the way. The roundings of an exact input differ from those of an exact output.
 */
export function stopAtPrice(
  state: KyberElasticState,
  tokenIn: number,
  sqrtPriceLimitX96: bigint,
  isExactInput: boolean,
): Quote<KyberElasticState> | null {
  const swap = walk(state, tokenIn === 0, isExactInput ? INT256_MAX : -INT256_MAX, sqrtPriceLimitX96)
  return swap !== null && swap.after.sqrtPriceX96 === sqrtPriceLimitX96 ? swap : null
}

function isSwap(tokenIn: number, tokenOut: number): boolean {
  return (tokenIn === 0 && tokenOut === 1) || (tokenIn === 1 && tokenOut === 0)
}

/** True for a state that a pool can be in. */
function isPool({ sqrtPriceX96, tick, baseLiquidity, reinvestLiquidity, swapFeeUnits }: KyberElasticState): boolean {
  return (
    sqrtPriceX96 >= MIN_SQRT_PRICE &&
    sqrtPriceX96 < MAX_SQRT_PRICE &&
    Number.isInteger(tick) &&
    tick >= MIN_TICK &&
    tick < MAX_TICK &&
    baseLiquidity >= 0n &&
    reinvestLiquidity >= 0n &&
    swapFeeUnits >= 0n &&
    swapFeeUnits < FEE_UNITS
  )
}

/**
 * The swap loop of the contract.
 * @param amount exact input when positive, exact output when negative.
 */
function walk(
  state: KyberElasticState,
  zeroForOne: boolean,
  amount: bigint,
  limit: bigint | null,
): Quote<KyberElasticState> | null {
  if (!isPool(state)) return null
  const end = limit ?? (zeroForOne ? MIN_SQRT_PRICE + 1n : MAX_SQRT_PRICE - 1n)
  const isAhead = zeroForOne ? end < state.sqrtPriceX96 : end > state.sqrtPriceX96
  if (!isAhead || end <= MIN_SQRT_PRICE || end >= MAX_SQRT_PRICE) return null
  const isExactInput = amount > 0n
  const terms = { isExactInput, isToken0: isExactInput === zeroForOne, feeUnits: state.swapFeeUnits }
  const order = orderOf(state.ticks)
  const at = countUpTo(order, state.tick)
  let position = zeroForOne ? at - 1 : at
  let { sqrtPriceX96: price, tick, baseLiquidity, reinvestLiquidity } = state
  let remaining = amount
  let returned = 0n
  while (remaining !== 0n && price !== end) {
    const initialised = order[position] ?? (zeroForOne ? MIN_TICK : MAX_TICK)
    const next = zeroForOne
      ? Math.max(initialised, tick - STEP_TICKS_MAX)
      : Math.min(initialised, tick + STEP_TICKS_MAX)
    const nextPrice = sqrtPriceAtTick(next)
    const liquidity = baseLiquidity + reinvestLiquidity
    if (nextPrice === null || liquidity > UINT128_MAX) return null
    const target = (zeroForOne ? nextPrice < end : nextPrice > end) ? end : nextPrice
    const start = price
    const step = computeStep(liquidity, price, target, remaining, terms)
    if (step === null) return null
    price = step.price
    remaining -= step.used
    returned += step.returned
    reinvestLiquidity += step.addedLiquidity
    if (price !== nextPrice) {
      const found = price === start ? tick : tickAtSqrtPrice(price)
      if (found === null) return null
      tick = found
      break
    }
    tick = zeroForOne ? next - 1 : next
    if (next !== initialised) continue
    const net = state.ticks.get(next)?.net ?? 0n
    baseLiquidity += zeroForOne ? -net : net
    if (baseLiquidity < 0n || baseLiquidity > UINT128_MAX) return null
    position += zeroForOne ? -1 : 1
  }
  const [amountIn, amountOut] = isExactInput ? [amount - remaining, -returned] : [returned, remaining - amount]
  // Rounding can make the pool ask for both tokens, which is no swap of one for the other.
  if (amountOut < 0n || reinvestLiquidity > UINT128_MAX) return null
  const after = { ...state, sqrtPriceX96: price, tick, baseLiquidity, reinvestLiquidity }
  return { amountIn, amountOut, after }
}
