import { orderOf } from './concentrated.ts'
import type { IziswapState, Orders } from './iziswap.ts'
import { amountXBetween, amountYBetween, type PointLiquidity } from './iziswapMath.ts'
import { divideUp } from './sqrtPriceMath.ts'
import { sqrtPriceAtTick } from './tickMath.ts'

const Q96 = 1n << 96n

/**
 * What of the current point's liquidity is X after a change of it: what is added is Y, and of what is removed Y goes first.
 * Source: iZiSwap-core LiquidityModule; getWithdrawLiquidityValue of iziswap-sdk 3.0.3.
 */
export function liquidityXAfter({ liquidity, liquidityX }: PointLiquidity, change: bigint): bigint {
  const removedX = -change - (liquidity - liquidityX)
  if (removedX <= 0n) return liquidityX
  return removedX < liquidityX ? liquidityX - removedX : 0n
}

/**
 * X and Y that a change of the liquidity at the points from `left` to below `right` moves: rounded up when added, down when
 * removed, never negative; null for points without a price.
 */
export function positionAmounts(
  at: PointLiquidity,
  left: number,
  right: number,
  change: bigint,
): readonly [bigint, bigint] | null {
  const isAdded = change >= 0n
  const size = isAdded ? change : -change
  const start = Math.max(left, at.point + 1)
  const [price, lower, upper] = [at.point, left, right].map(sqrtPriceAtTick)
  if (price == null || lower == null || upper == null || left >= right) return null
  let x = right > start ? amountXBetween(size, start, right, upper, isAdded) : 0n
  let y = left < at.point ? amountYBetween(size, lower, right < at.point ? upper : price, isAdded) : 0n
  if (x === null) return null
  if (left <= at.point && at.point < right) {
    const sizeX = isAdded ? 0n : at.liquidityX - liquidityXAfter(at, change)
    const sizeY = size - sizeX
    x += (sizeX << 96n) / price
    y += isAdded ? divideUp(sizeY * price, Q96) : (sizeY * price) / Q96
  }
  return [x, y]
}

/** X and Y of all positions, each range rounded down, and of all limit orders; null for points that no pool has. */
export function listHeld(state: Omit<IziswapState, 'pointDelta' | 'feePips'>): readonly [bigint, bigint] | null {
  const order = orderOf(state.points)
  let [x, y, liquidity] = [sumOf(state.sellingX), sumOf(state.sellingY), 0n]
  for (const [index, left] of order.entries()) {
    liquidity += state.points.get(left)!.net
    const right = order[index + 1]
    if (liquidity < 0n || (right === undefined && liquidity > 0n)) return null
    if (liquidity === 0n || right === undefined) continue
    const amounts = positionAmounts(state, left, right, -liquidity)
    if (amounts === null) return null
    x += amounts[0]
    y += amounts[1]
  }
  return [x, y]
}

function sumOf(orders: Orders): bigint {
  let sum = 0n
  for (const selling of orders.values()) sum += selling
  return sum
}
