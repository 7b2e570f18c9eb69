import { amount0Between, amount1Between } from '../../indexer/derive/amm/sqrtPriceMath.ts'
import { sqrtPriceAtTick } from '../../indexer/derive/amm/tickMath.ts'
import type { Position, RangePool } from './types.ts'

const PIPS = 1_000_000n

/**
 * The positions after a swap, each with its share of the fee. The fee is that of each stretch between two ticks with
 * liquidity; it may differ by a few base units from that of the contract, which rounds more often.
 */
export function shareFees(before: RangePool, after: RangePool, amountIn: bigint): readonly Position[] {
  const zeroForOne = after.sqrtPriceX96 < before.sqrtPriceX96
  const fees = before.positions.map(() => 0n)
  for (const { price, next, liquidity, tick } of listStretches(before, after, zeroForOne)) {
    if (liquidity === 0n) continue
    const net = (zeroForOne ? amount0Between : amount1Between)(price, next, liquidity, true)
    const isLast = next === after.sqrtPriceX96 && before.liquidity === after.liquidity
    const fee =
      isLast && liquidity === before.liquidity ? (amountIn * BigInt(before.feePips)) / PIPS : feeOn(net, before)
    for (const [index, position] of before.positions.entries()) {
      if (position.tickLower <= tick && tick < position.tickUpper) {
        fees[index]! += (fee * position.liquidity) / liquidity
      }
    }
  }
  return before.positions.map((position, index) =>
    zeroForOne
      ? { ...position, fees0: position.fees0 + fees[index]! }
      : { ...position, fees1: position.fees1 + fees[index]! },
  )
}

function feeOn(net: bigint, { feePips }: RangePool): bigint {
  return (net * BigInt(feePips)) / (PIPS - BigInt(feePips))
}

type Stretch = { price: bigint; next: bigint; liquidity: bigint; tick: number }

function listStretches(before: RangePool, after: RangePool, zeroForOne: boolean): Stretch[] {
  const [low, high] = zeroForOne ? [after.tick, before.tick] : [before.tick, after.tick]
  const crossed = [...before.ticks.keys()]
    .filter((tick) => tick > low && tick <= high)
    .sort((a, b) => (zeroForOne ? b - a : a - b))
  const stretches: Stretch[] = []
  let { sqrtPriceX96: price, liquidity, tick } = before
  for (const boundary of crossed) {
    const next = sqrtPriceAtTick(boundary)!
    stretches.push({ price, next, liquidity, tick })
    const { net } = before.ticks.get(boundary)!
    liquidity += zeroForOne ? -net : net
    tick = zeroForOne ? boundary - 1 : boundary
    price = next
  }
  stretches.push({ price, next: after.sqrtPriceX96, liquidity, tick })
  return stretches
}
