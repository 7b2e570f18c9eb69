import { divideUp } from './sqrtPriceMath.ts'
import { sqrtPriceAtTick, tickAtSqrtPrice } from './tickMath.ts'

const Q96 = 1n << 96n
const UINT128_MAX = (1n << 128n) - 1n
/** Square root of the price from one point to the next, 1.0001, as Q64.96. */
const RATE = sqrtPriceAtTick(1)!

/** Which way the point moves (down: X is paid in and Y comes out), and whether what is paid or what comes out is specified. */
export type Terms = { isDown: boolean; isExactInput: boolean }

/** What is paid in without the fee, and what comes out. */
export type Filled = { paid: bigint; got: bigint }

/** Liquidity at a point, of which `liquidityX` holds X and the rest Y. */
export type PointLiquidity = { point: number; liquidity: bigint; liquidityX: bigint }

/** A step over points of the same liquidity; `isFinished` when what was specified does not reach further. */
export type RangeStep = Filled & { isFinished: boolean; point: number; liquidityX: bigint }

/** `amount * price` where `times`, else `amount / price`, of a root of a price; rounded up when `isUp`. */
function scale(amount: bigint, sqrtPrice: bigint, times: boolean, isUp: boolean): bigint {
  const [numerator, denominator] = times ? [amount * sqrtPrice, Q96] : [amount << 96n, sqrtPrice]
  return isUp ? divideUp(numerator, denominator) : numerator / denominator
}

/**
 * A trade with the limit orders of a point, which sell `selling` of the token that comes out; null where the contract
 * reverts. Source: iZiSwap-core x2YAtPrice and y2XAtPrice of SwapMathX2Y, SwapMathY2X and their Desire twins.
 */
export function fillOrders(
  size: bigint,
  sqrtPrice: bigint,
  selling: bigint,
  { isDown, isExactInput }: Terms,
): Filled | null {
  const wanted = isExactInput ? scale(scale(size, sqrtPrice, isDown, false), sqrtPrice, isDown, false) : size
  const got = wanted < selling ? wanted : selling
  const paid = scale(scale(got, sqrtPrice, !isDown, true), sqrtPrice, !isDown, true)
  const isHeld = isExactInput ? !isDown || wanted <= UINT128_MAX : paid <= UINT128_MAX
  return isHeld ? { paid, got } : null
}

/** A trade with the liquidity of a point. Source: iZiSwap-core x2YAtPriceLiquidity, y2XAtPriceLiquidity. */
function fillPoint(
  size: bigint,
  sqrtPrice: bigint,
  { liquidity, liquidityX }: PointLiquidity,
  { isDown, isExactInput }: Terms,
): (Filled & { liquidityX: bigint }) | null {
  const available = isDown ? liquidity - liquidityX : liquidityX
  const most = scale(size, sqrtPrice, isDown === isExactInput, !isExactInput)
  const turned = most < available ? most : available
  const paid = scale(turned, sqrtPrice, !isDown, true)
  const got = scale(turned, sqrtPrice, isDown, false)
  if (!isExactInput && got > UINT128_MAX) return null
  return { paid, got, liquidityX: isDown ? liquidityX + turned : liquidityX - turned }
}

/** Y at the points from `lower` to below `upper`, given by the roots of their prices. Source: AmountMath.getAmountY. */
export function amountYBetween(liquidity: bigint, lower: bigint, upper: bigint, isUp: boolean): bigint {
  const product = liquidity * (upper - lower)
  return isUp ? divideUp(product, RATE - Q96) : product / (RATE - Q96)
}

/**
 * X at the points from `left` to below `right`, whose root of the price is `upper`; null for more points than there are
 * prices. Source: AmountMath.getAmountX.
 */
export function amountXBetween(
  liquidity: bigint,
  left: number,
  right: number,
  upper: bigint,
  isUp: boolean,
): bigint | null {
  return amountX(liquidity, right - left, upper, (upper << 96n) / RATE, isUp)
}

/** @param before the root of the price of the last point, which is rounded here up and there down. */
function amountX(liquidity: bigint, points: number, upper: bigint, before: bigint, isUp: boolean): bigint | null {
  const ratio = sqrtPriceAtTick(points)
  if (ratio === null || upper <= before) return null
  const product = liquidity * (ratio - Q96)
  return isUp ? divideUp(product, upper - before) : product / (upper - before)
}

/** Points from `left` to below `right` and the roots of the prices of both. */
type Range = { liquidity: bigint; left: number; lower: bigint; right: number; upper: bigint }

/** What a range gives; `point` is where the trade goes on within the range, null when all of it was used up. */
type Crossed = Filled & { point: number | null }

function crossDown(range: Range, size: bigint, isExactInput: boolean): Crossed | null {
  const { liquidity, left, lower, right, upper } = range
  const before = divideUp(upper << 96n, RATE)
  if (upper <= before) return null
  let found: number | null
  if (isExactInput) {
    const paid = amountX(liquidity, right - left, upper, before, true)
    if (paid === null) return null
    if (paid <= size) return { paid, got: amountYBetween(liquidity, lower, upper, false), point: null }
    const distance = tickAtSqrtPrice((size * (upper - before)) / liquidity + Q96)
    found = distance === null ? null : right - distance
  } else {
    const got = amountYBetween(liquidity, lower, upper, false)
    if (got <= size) {
      const paid = amountXBetween(liquidity, left, right, upper, true)
      return paid === null ? null : { paid, got, point: null }
    }
    const tick = tickAtSqrtPrice(upper - (size * (RATE - Q96)) / liquidity)
    found = tick === null ? null : tick + 1
  }
  if (found === null) return null
  const end = Math.max(Math.min(found, right), left + 1)
  if (end === right) return { paid: 0n, got: 0n, point: end - 1 }
  const sqrtPrice = sqrtPriceAtTick(end - 1)
  const needed = amountX(liquidity, right - end, upper, before, true)
  if (sqrtPrice === null || needed === null) return null
  // The root of the price of `end`, reckoned from that of the point before it.
  const step = sqrtPrice * (RATE - Q96)
  const endPrice = sqrtPrice + (isExactInput ? step / Q96 : divideUp(step, Q96))
  const paid = isExactInput && needed > size ? size : needed
  const got = amountYBetween(liquidity, endPrice, upper, false)
  // The contract's subtractions revert.
  return endPrice > upper || (!isExactInput && got > size) ? null : { paid, got, point: end - 1 }
}

function crossUp(range: Range, size: bigint, isExactInput: boolean): Crossed | null {
  const { liquidity, left, lower, right, upper } = range
  const paid = amountYBetween(liquidity, lower, upper, true)
  const got = amountXBetween(liquidity, left, right, upper, false)
  if (got === null) return null
  if (isExactInput ? paid <= size : got <= size) return { paid, got, point: null }
  const found = tickAtSqrtPrice(isExactInput ? (size * (RATE - Q96)) / liquidity + lower : priceLeaving(range, size))
  if (found === null) return null
  const end = Math.min(Math.max(found, left), right - 1)
  if (end === left) return { paid: 0n, got: 0n, point: end }
  const sqrtPrice = sqrtPriceAtTick(end)
  const part = sqrtPrice === null ? null : amountXBetween(liquidity, left, end, sqrtPrice, false)
  if (part === null || sqrtPrice! < lower) return null
  const cost = amountYBetween(liquidity, lower, sqrtPrice!, true)
  if (isExactInput) return { paid: cost < size ? cost : size, got: part, point: end }
  return { paid: cost, got: part < size ? part : size, point: end }
}

/** The root of the price up to which a range gives `size` of X. Source: SwapMathY2XDesire. */
function priceLeaving({ liquidity, left, right, upper }: Range, size: bigint): bigint {
  const left96 = sqrtPriceAtTick(right - left)! - (size * (upper - (upper << 96n) / RATE)) / liquidity
  return left96 <= 0n ? 0n : (upper << 96n) / left96
}

/**
 * A trade of X for Y from the points of one liquidity: what the current point still has, and the points down to `left`.
 * Null where the contract reverts. Source: SwapMathX2Y.x2YRange and SwapMathX2YDesire.x2YRange.
 */
export function stepDown(
  at: PointLiquidity,
  left: number,
  size: bigint,
  { isExactInput }: { isExactInput: boolean },
): RangeStep | null {
  const terms = { isDown: true, isExactInput }
  const { point, liquidity, liquidityX } = at
  const [sqrtPrice, lower] = [sqrtPriceAtTick(point), sqrtPriceAtTick(left)]
  if (sqrtPrice === null || lower === null) return null
  let filled = { paid: 0n, got: 0n, liquidityX }
  let [right, upper] = [point, sqrtPrice]
  if (liquidityX < liquidity && (liquidityX !== 0n || left === point)) {
    const first = fillPoint(size, sqrtPrice, at, terms)
    if (first === null) return null
    filled = first
    if (filled.liquidityX < liquidity || leftOf(size, filled, isExactInput) <= 0n) {
      return { ...filled, isFinished: true, point }
    }
  } else if (liquidityX < liquidity) {
    // The whole point is Y: it is one of the range.
    right = point + 1
    upper = sqrtPrice + (sqrtPrice * (RATE - Q96)) / Q96
  }
  if (left >= right) return { ...filled, isFinished: false, point }
  const rest = leftOf(size, filled, isExactInput)
  const crossed = crossDown({ liquidity, left, lower, right, upper }, rest, isExactInput)
  return crossed === null ? null : goOn(at, filled, crossed, rest, terms, left)
}

/** As `stepDown`, a trade of Y for X from the points up to below `right`, which becomes the current one. */
export function stepUp(
  at: PointLiquidity,
  right: number,
  size: bigint,
  { isExactInput }: { isExactInput: boolean },
): RangeStep | null {
  const terms = { isDown: false, isExactInput }
  const { liquidity, liquidityX } = at
  const [sqrtPrice, upper] = [sqrtPriceAtTick(at.point), sqrtPriceAtTick(right)]
  if (sqrtPrice === null || upper === null) return null
  let filled = { paid: 0n, got: 0n, liquidityX }
  let [left, lower] = [at.point, sqrtPrice]
  if (liquidityX < liquidity) {
    const first = fillPoint(size, sqrtPrice, at, terms)
    if (first === null) return null
    filled = first
    if (filled.liquidityX > 0n || leftOf(size, filled, isExactInput) <= 0n) {
      return { ...filled, isFinished: true, point: at.point }
    }
    left = at.point + 1
    if (left === right) return { ...filled, isFinished: false, point: right }
    lower = sqrtPrice + (sqrtPrice * (RATE - Q96)) / Q96
  }
  const rest = leftOf(size, filled, isExactInput)
  const crossed = crossUp({ liquidity, left, lower, right, upper }, rest, isExactInput)
  return crossed === null ? null : goOn(at, filled, crossed, rest, terms, right)
}

function leftOf(size: bigint, { paid, got }: Filled, isExactInput: boolean): bigint {
  return size - (isExactInput ? paid : got)
}

/** Adds what a range gave, and what the point gives at which it stopped. */
function goOn(
  { liquidity }: PointLiquidity,
  filled: Filled,
  crossed: Crossed,
  size: bigint,
  terms: Terms,
  end: number,
): RangeStep | null {
  const rest = leftOf(size, crossed, terms.isExactInput)
  const [paid, got] = [filled.paid + crossed.paid, filled.got + crossed.got]
  if (crossed.point === null) return { paid, got, isFinished: rest === 0n, point: end, liquidityX: liquidity }
  const untouched = { point: crossed.point, liquidity, liquidityX: terms.isDown ? 0n : liquidity }
  const last = fillPoint(rest, sqrtPriceAtTick(crossed.point)!, untouched, terms)
  if (last === null) return null
  const { liquidityX } = last
  return { paid: paid + last.paid, got: got + last.got, isFinished: true, point: crossed.point, liquidityX }
}
