import type { Pool, PoolState, TicksState } from '../types/pool.ts'
import { listHeld } from './amm/iziswapPositions.ts'
import { amount0Between, amount1Between } from './amm/sqrtPriceMath.ts'
import { sqrtPriceAtTick } from './amm/tickMath.ts'
import type { IziswapExtra } from './families/iziswap.ts'

/**
 * What the liquidity of a pool is made of, in base units by the position of the tokens: its reserves or balances; for a pool
 * with ticks what all positions would get, each range rounded down, without the fees they are owed. Null when the state does
 * not tell.
 */
export function listHoldings(pool: Pool, state: PoolState): bigint[] | null {
  if (state.kind === 'reserves') return [state.reserve0, state.reserve1]
  if (state.kind === 'ticks') return pool.family === 'iziswap' ? listPoints(state) : listRanges(state)
  const { balances } = state.inner
  if (!Array.isArray(balances) || balances.length !== pool.tokens.length) return null
  return balances.every((balance) => typeof balance === 'bigint') ? balances : null
}

/** As of ranges, in the unit that iZiSwap counts its liquidity in, and with what limit orders sell. */
function listPoints({ tick: point, liquidity, ticks: points, extra }: TicksState): bigint[] | null {
  if (points === null || extra === null) return null
  const held = listHeld({ point, liquidity, points, ...(extra as IziswapExtra) })
  return held === null ? null : [...held]
}

function listRanges({ sqrtPriceX96, ticks }: TicksState): bigint[] | null {
  if (ticks === null || sqrtPriceX96 === 0n) return null
  const order = [...ticks.keys()].sort((a, b) => a - b)
  let [amount0, amount1, liquidity] = [0n, 0n, 0n]
  for (const [index, tick] of order.entries()) {
    liquidity += ticks.get(tick)!.net
    const [low, high] = [sqrtPriceAtTick(tick), sqrtPriceAtTick(order[index + 1] ?? tick)]
    if (low === null || high === null || liquidity < 0n) return null
    if (sqrtPriceX96 < high) amount0 += amount0Between(sqrtPriceX96 > low ? sqrtPriceX96 : low, high, liquidity, false)
    if (sqrtPriceX96 > low) amount1 += amount1Between(low, sqrtPriceX96 < high ? sqrtPriceX96 : high, liquidity, false)
  }
  return [amount0, amount1]
}
