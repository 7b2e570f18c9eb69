import { countUpTo, orderOf, type TickNets } from './concentrated.ts'
import { type Filled, fillOrders, type RangeStep, stepDown, stepUp, type Terms } from './iziswapMath.ts'
import { type Amm, PIPS, type Quote } from './quote.ts'
import { divideUp } from './sqrtPriceMath.ts'
import { sqrtPriceAtTick } from './tickMath.ts'

/** What limit orders sell, by point. */
export type Orders = ReadonlyMap<number, bigint>

/**
 * A pool of iZiSwap: token 0 is X, token 1 is Y. The price is that of the current point, 1.0001^point; points above it hold
 * X, points below it Y, the current one both.
 */
export type IziswapState = {
  point: number
  /** Liquidity at the current point, and how much of it is X. */
  liquidity: bigint
  liquidityX: bigint
  pointDelta: number
  feePips: number
  points: TickNets
  sellingX: Orders
  sellingY: Orders
}

const UINT128_MAX = (1n << 128n) - 1n
/** The outermost points of any pool, before they are rounded to its spacing. Source: iZiSwap-core RIGHT_MOST_PT. */
const POINT_MAX = 800_000
/** The bitmap of points is read word by word, and each word ends a step. */
const WORD_POINTS = 256

/**
 * iZiSwap, to the wei, with the steps of the contract: the limit orders of a point come first, then its liquidity; each end
 * of a position, each point with limit orders and each end of a 256-point word of the bitmap ends a step. A swap can take a
 * few base units less than it was offered, and give a few more than was asked for, as liquidity is whole. Null when a token
 * or amount is impossible, where the contract reverts, and when all there is does not suffice. `quoteOut` is the contract's
 * swap for a desired output.
 * Source: iZiSwap-core SwapX2YModule, SwapY2XModule, SwapMath, PointBitmap; their twins in iziswap-sdk 3.0.3 (swapQuery).
 */
export const iziswap: Amm<IziswapState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => {
    if (!isSwap(tokenIn, tokenOut)) return null
    const swap = walk(state, { isDown: tokenIn === 0, isExactInput: true }, amountIn, null)
    return swap?.isFinished ? swap.quote : null
  },
  quoteOut: (state, tokenIn, tokenOut, amountOut) => {
    if (!isSwap(tokenIn, tokenOut)) return null
    const swap = walk(state, { isDown: tokenIn === 0, isExactInput: false }, amountOut, null)
    return swap !== null && swap.quote.amountOut >= amountOut ? swap.quote : null
  },
  spotPrice: ({ point }, tokenIn, tokenOut) => {
    const sqrtPrice = sqrtPriceAtTick(point)
    if (!isSwap(tokenIn, tokenOut) || sqrtPrice === null) return null
    const price = { numerator: sqrtPrice * sqrtPrice, denominator: 1n << 192n }
    return tokenIn === 0 ? price : { numerator: price.denominator, denominator: price.numerator }
  },
}

/**
 * What the contract does with a specified amount up to a boundary, null for none: it may take or give less, where it stops at
 * the boundary or liquidity is too coarse. Going down the point can end up one below the boundary, when a position ends
 * there. Null where the contract reverts or the boundary is not on the way.
 */
export function swapUpTo(
  state: IziswapState,
  tokenIn: number,
  boundary: number | null,
  isExactInput: boolean,
  size: bigint,
): Quote<IziswapState> | null {
  return walk(state, { isDown: tokenIn === 0, isExactInput }, size, boundary)?.quote ?? null
}

function isSwap(tokenIn: number, tokenOut: number): boolean {
  return (tokenIn === 0 && tokenOut === 1) || (tokenIn === 1 && tokenOut === 0)
}

/** A swap under way: what is left of the specified amount, and what the limit orders that were reached still sell. */
type Run = {
  state: IziswapState
  terms: Terms
  point: number
  liquidity: bigint
  liquidityX: bigint
  size: bigint
  amountIn: bigint
  amountOut: bigint
  isFinished: boolean
  left: Map<number, bigint>
}

type Swap = { quote: Quote<IziswapState>; isFinished: boolean }

function walk(state: IziswapState, terms: Terms, size: bigint, boundary: number | null): Swap | null {
  if (!isPool(state) || size <= 0n || size > UINT128_MAX) return null
  const { point, liquidity, liquidityX, pointDelta } = state
  const last = POINT_MAX - (POINT_MAX % pointDelta)
  const end = terms.isDown ? Math.max(boundary ?? -last, -last) : Math.min(boundary ?? last, last)
  if (terms.isDown ? end > point : end <= point) return null
  const start = { point, liquidity, liquidityX, size, amountIn: 0n, amountOut: 0n, isFinished: false }
  const run: Run = { state, terms, ...start, left: new Map() }
  const isDone = terms.isDown ? walkDown(run, end) : walkUp(run, end)
  const { amountIn, amountOut } = run
  // The contract wants to be paid for what it gives.
  if (!isDone || (amountOut > 0n && amountIn === 0n)) return null
  return { quote: { amountIn, amountOut, after: stateAfter(run) }, isFinished: run.isFinished }
}

/** True for a state that a pool can be in. */
function isPool({ point, liquidity, liquidityX, pointDelta, feePips }: IziswapState): boolean {
  return (
    Number.isInteger(point) &&
    Math.abs(point) <= POINT_MAX &&
    liquidityX >= 0n &&
    liquidityX <= liquidity &&
    liquidity <= UINT128_MAX &&
    Number.isInteger(pointDelta) &&
    pointDelta > 0 &&
    pointDelta <= POINT_MAX &&
    Number.isInteger(feePips) &&
    feePips >= 0 &&
    BigInt(feePips) < PIPS
  )
}

function stateAfter({ state, terms, point, liquidity, liquidityX, left }: Run): IziswapState {
  const after = { ...state, point, liquidity, liquidityX }
  if (left.size === 0) return after
  const orders = new Map(terms.isDown ? state.sellingY : state.sellingX)
  for (const [at, selling] of left) {
    if (selling === 0n) orders.delete(at)
    else orders.set(at, selling)
  }
  return terms.isDown ? { ...after, sellingY: orders } : { ...after, sellingX: orders }
}

/** False where the contract reverts. */
function walkDown(run: Run, low: number): boolean {
  const { state } = run
  while (low <= run.point && !run.isFinished) {
    if (!takeOrders(run)) return false
    if (run.isFinished) return true
    const before = run.point - 1
    const end = state.points.get(run.point)
    if (end !== undefined) {
      if (run.liquidity === 0n) run.isFinished = sizeOf(run) === 0n
      else if (!takeRange(run, run.point)) return false
      if (run.isFinished) return true
      run.liquidity -= end.net
      run.liquidityX = 0n
      run.point = before
    }
    if (run.liquidity < 0n) return false
    if (run.point < low) return true
    if (!takeRange(run, Math.max(low, nextDown(state, before)))) return false
    if (run.point <= low) return true
  }
  return true
}

function walkUp(run: Run, high: number): boolean {
  const { state } = run
  while (run.point < high && !run.isFinished) {
    if (!takeOrders(run)) return false
    if (run.isFinished) return true
    const next = Math.min(high, nextUp(state, run.point))
    if (!takeRange(run, next)) return false
    if (run.point !== next) return true
    run.liquidity += state.points.get(next)?.net ?? 0n
    run.liquidityX = run.liquidity
    if (run.liquidity < 0n || run.liquidity > UINT128_MAX) return false
  }
  return true
}

/** What is left of the specified amount, without the fee. */
function sizeOf({ state, terms, size }: Run): bigint {
  return terms.isExactInput ? (size * (PIPS - BigInt(state.feePips))) / PIPS : size
}

function takeOrders(run: Run): boolean {
  const { state, terms, point } = run
  if (!state.sellingX.has(point) && !state.sellingY.has(point)) return true
  const size = sizeOf(run)
  run.isFinished = size === 0n
  if (run.isFinished) return true
  const selling = (terms.isDown ? state.sellingY : state.sellingX).get(point) ?? 0n
  const filled = fillOrders(size, sqrtPriceAtTick(point)!, selling, terms)
  if (filled === null) return false
  run.isFinished = terms.isExactInput ? filled.got < selling || filled.paid >= size : filled.got >= size
  if (filled.got > 0n) run.left.set(point, selling - filled.got)
  charge(run, filled, size)
  return true
}

/** Goes on to `end` with the liquidity of the current point; without liquidity that costs nothing. */
function takeRange(run: Run, end: number): boolean {
  const { isDown, isExactInput } = run.terms
  if (run.liquidity === 0n) {
    run.point = end
    return true
  }
  const size = sizeOf(run)
  run.isFinished = size === 0n
  if (run.isFinished) return true
  const step: RangeStep | null = (isDown ? stepDown : stepUp)(run, end, size, { isExactInput })
  if (step === null) return false
  charge(run, step, size)
  run.isFinished = step.isFinished
  run.point = step.point
  run.liquidityX = step.liquidityX
  return true
}

/** Adds a step to the amounts, with its fee; the last step of an exact input leaves the rest as its fee. */
function charge(run: Run, { paid, got }: Filled, size: bigint): void {
  const fee = BigInt(run.state.feePips)
  const isLast = run.terms.isExactInput && paid >= size
  const cost = isLast ? run.size : paid + divideUp(paid * fee, PIPS - fee)
  run.amountIn += cost
  run.amountOut += got
  run.size -= run.terms.isExactInput ? cost : got
}

/** The nearest point at or below `from` that ends a position, has limit orders or begins a word of the bitmap. */
function nextDown({ points, sellingX, sellingY, pointDelta }: IziswapState, from: number): number {
  const word = Math.floor(Math.floor(from / pointDelta) / WORD_POINTS) * WORD_POINTS * pointDelta
  let next = word
  for (const order of [orderOf(points), sortedPoints(sellingX), sortedPoints(sellingY)]) {
    const found = order[countUpTo(order, from) - 1]
    if (found !== undefined && found > next) next = found
  }
  return next
}

/** The nearest point above `from` that ends a position, has limit orders or is the last of a word of the bitmap. */
function nextUp({ points, sellingX, sellingY, pointDelta }: IziswapState, from: number): number {
  const first = Math.floor(from / pointDelta) + 1
  let next = (Math.floor(first / WORD_POINTS) * WORD_POINTS + WORD_POINTS - 1) * pointDelta
  for (const order of [orderOf(points), sortedPoints(sellingX), sortedPoints(sellingY)]) {
    const found = order[countUpTo(order, from)]
    if (found !== undefined && found < next) next = found
  }
  return next
}

const sorted = new WeakMap<Orders, number[]>()

/** Maps of orders are replaced, never changed, so their order can be remembered. */
function sortedPoints(orders: Orders): readonly number[] {
  const known = sorted.get(orders)
  if (known !== undefined) return known
  const points = [...orders.keys()].sort((a, b) => a - b)
  sorted.set(orders, points)
  return points
}
