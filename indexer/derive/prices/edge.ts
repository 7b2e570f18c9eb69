import type { Pool, PoolState, TicksState } from '../../types/pool.ts'
import type { Curve } from '../curve.ts'

/** How far a price has to be moved for the cost that counts as a pool's depth: 2 %. */
export const MOVE = 0.02

const UP = Math.sqrt(1 + MOVE) - 1
const DOWN = 1 - Math.sqrt(1 - MOVE)

/** What a pool says of two of its tokens, in base units as floating point: prices are for display, not for accounts. */
export type Edge = {
  /** Base units of the second token for one of the first. */
  spot: number
  /** What must be paid in to move the price by MOVE: of the second token upwards, of the first downwards. */
  costUp: number
  costDown: number
}

/** The edge of two tokens of a pool, by position; null when the pool has no price, or its depth is not known. */
export function edgeOf(pool: Pool, state: PoolState, curve: Curve, first: number, second: number): Edge | null {
  if (curve.quality === 'unknown' || curve.quality === 'single-range') return null
  const edge =
    state.kind === 'reserves' && pool.stable !== true && state.virtual === null && pool.family !== 'syncswap-stable'
      ? productEdge(Number(state.reserve0), Number(state.reserve1))
      : // iZiSwap counts liquidity in a unit of its own.
        state.kind === 'ticks' && pool.family !== 'iziswap'
        ? ticksEdge(state)
        : curveEdge(curve, first, second)
  return edge === null || first < second ? edge : flip(edge)
}

function productEdge(reserve0: number, reserve1: number): Edge | null {
  if (reserve0 <= 0 || reserve1 <= 0) return null
  return { spot: reserve1 / reserve0, costUp: reserve1 * UP, costDown: reserve0 * (1 / (1 - DOWN) - 1) }
}

function flip({ spot, costUp, costDown }: Edge): Edge {
  return { spot: 1 / spot, costUp: costDown, costDown: costUp }
}

const Q96 = 2 ** 96

/** Walks through the ranges of liquidity up to the moved price on both sides. */
function ticksEdge({ sqrtPriceX96, liquidity, tick, ticks }: TicksState): Edge | null {
  if (ticks === null || sqrtPriceX96 <= 0n) return null
  const root = Number(sqrtPriceX96) / Q96
  const spot = root * root
  const high = root * (1 + UP)
  const low = root * (1 - DOWN)
  const above: [number, number][] = []
  const below: [number, number][] = []
  for (const [at, { net }] of ticks) {
    const sqrt = 1.0001 ** (at / 2)
    if (at > tick && sqrt < high) above.push([at, Number(net)])
    else if (at <= tick && sqrt > low) below.push([at, Number(net)])
  }
  above.sort(([a], [b]) => a - b)
  below.sort(([a], [b]) => b - a)
  let costUp = 0
  let from = root
  let depth = Number(liquidity)
  for (const [at, net] of above) {
    const to = Math.max(from, 1.0001 ** (at / 2))
    costUp += depth * (to - from)
    from = to
    depth += net
  }
  costUp += depth * (high - from)
  let costDown = 0
  from = root
  depth = Number(liquidity)
  for (const [at, net] of below) {
    const to = Math.min(from, 1.0001 ** (at / 2))
    costDown += depth * (1 / to - 1 / from)
    from = to
    depth -= net
  }
  costDown += depth * (1 / low - 1 / from)
  return spot > 0 && Number.isFinite(spot) ? { spot, costUp, costDown } : null
}

const STEPS = 24

/** For any other curve: the cost is searched for. */
function curveEdge(curve: Curve, first: number, second: number): Edge | null {
  const spot = priceOf(curve, first, second)
  if (spot === null) return null
  const costUp = searchCost(curve, second, first)
  const costDown = searchCost(curve, first, second)
  return costUp === null || costDown === null ? null : { spot, costUp, costDown }
}

function priceOf(curve: Curve, first: number, second: number): number | null {
  const ratio = curve.spotPrice(first, second)
  if (ratio === null || ratio.denominator <= 0n || ratio.numerator <= 0n) return null
  return Number(ratio.numerator) / Number(ratio.denominator)
}

/** The largest tried amount that moves the price of the token paid in down by less than MOVE; doubles, then bisects. */
function searchCost(curve: Curve, tokenIn: number, tokenOut: number): number | null {
  const spot = priceOf(curve, tokenIn, tokenOut)
  if (spot === null) return null
  const moves = (amount: bigint): boolean => {
    const quote = curve.quoteIn(tokenIn, tokenOut, amount)
    const after = quote === null ? null : priceOf(quote.after, tokenIn, tokenOut)
    return after === null || after < spot * (1 - MOVE)
  }
  let low = 0n
  let high = 1n
  for (let doubling = 0; doubling < 256 && !moves(high); doubling++) {
    low = high
    high *= 4n
  }
  for (let step = 0; step < STEPS && high - low > 1n; step++) {
    const middle = (low + high) / 2n
    if (moves(middle)) high = middle
    else low = middle
  }
  return Number(low)
}
