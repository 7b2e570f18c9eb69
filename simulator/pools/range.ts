import { concentrated } from '../../indexer/derive/amm/concentrated.ts'
import { amount0Between, amount1Between } from '../../indexer/derive/amm/sqrtPriceMath.ts'
import { sqrtPriceAtTick } from '../../indexer/derive/amm/tickMath.ts'
import { shareFees } from './fees.ts'
import type { Position, RangePool, SwapMode } from './types.ts'

/** A range of ticks of a pool, lower included and upper not. */
export type TickRange = { tickLower: number; tickUpper: number }

/** Whose position it is. */
export type Holder = Pick<Position, 'owner' | 'tokenId'>

const Q96 = 1n << 96n

/** A swap as the pool does it; null where it would revert. `tokenIn` is 0 or 1. */
export function swapRange(
  pool: RangePool,
  tokenIn: number,
  mode: SwapMode,
  amount: bigint,
): { amountIn: bigint; amountOut: bigint; after: RangePool } | null {
  const quote = (mode === 'EXACT_IN' ? concentrated.quoteIn : concentrated.quoteOut)(pool, tokenIn, 1 - tokenIn, amount)
  if (quote === null || quote.amountIn <= 0n || quote.amountOut <= 0n) return null
  const { amountIn, amountOut, after } = quote
  const { sqrtPriceX96, tick, liquidity } = after
  return { amountIn, amountOut, after: { ...pool, sqrtPriceX96, tick, liquidity } }
}

/** The pool after a swap with the fees of the swap shared among its positions. */
export function withFees(before: RangePool, after: RangePool, amountIn: bigint): RangePool {
  return { ...after, positions: shareFees(before, after, amountIn) }
}

/** The most liquidity that the amounts allow in a range at the pool's price. Source: v3-periphery LiquidityAmounts. */
export function liquidityFor(
  pool: RangePool,
  { tickLower, tickUpper }: TickRange,
  amount0: bigint,
  amount1: bigint,
): bigint {
  const [low, high] = [sqrtPriceAtTick(tickLower)!, sqrtPriceAtTick(tickUpper)!]
  const of0 = (from: bigint) => (amount0 * ((from * high) / Q96)) / (high - from)
  const of1 = (to: bigint) => (amount1 * Q96) / (to - low)
  const { sqrtPriceX96: price } = pool
  if (price <= low) return of0(low)
  if (price >= high) return of1(high)
  const [first, second] = [of0(price), of1(price)]
  return first < second ? first : second
}

/** The amounts in a range at the pool's price, rounded up when they are paid and down when they are taken out. */
export function amountsIn(
  { sqrtPriceX96, tick }: RangePool,
  { tickLower, tickUpper }: TickRange,
  liquidity: bigint,
  isPaid: boolean,
): readonly [bigint, bigint] {
  const [low, high] = [sqrtPriceAtTick(tickLower)!, sqrtPriceAtTick(tickUpper)!]
  const price = tick < tickLower ? low : tick < tickUpper ? sqrtPriceX96 : high
  return [amount0Between(price, high, liquidity, isPaid), amount1Between(low, price, liquidity, isPaid)]
}

/** Adds (positive) or takes out liquidity of a position; null when it has less than that. */
export function changePosition(pool: RangePool, holder: Holder, range: TickRange, liquidity: bigint): RangePool | null {
  const { tickLower, tickUpper } = range
  const known = findPosition(pool, holder, range)
  const left = (known?.liquidity ?? 0n) + liquidity
  if (left < 0n) return null
  const ticks = new Map(pool.ticks)
  addNet(ticks, tickLower, liquidity, liquidity)
  addNet(ticks, tickUpper, liquidity, -liquidity)
  const isActive = pool.tick >= tickLower && pool.tick < tickUpper
  const changed: Position = {
    ...(known ?? { owner: holder.owner, tokenId: holder.tokenId, ...range, fees0: 0n, fees1: 0n }),
    liquidity: left,
  }
  return {
    ...pool,
    ticks,
    liquidity: isActive ? pool.liquidity + liquidity : pool.liquidity,
    positions:
      known === null ? [...pool.positions, changed] : pool.positions.map((each) => (each === known ? changed : each)),
  }
}

/** Pays out the fees of a position, and forgets it when it is empty. */
export function collectFees(
  pool: RangePool,
  holder: Holder,
  range: TickRange,
): { fees: readonly [bigint, bigint]; after: RangePool } {
  const known = findPosition(pool, holder, range)
  if (known === null) return { fees: [0n, 0n], after: pool }
  const rest = pool.positions.filter((each) => each !== known)
  const positions = known.liquidity === 0n ? rest : [...rest, { ...known, fees0: 0n, fees1: 0n }]
  return { fees: [known.fees0, known.fees1], after: { ...pool, positions } }
}

/** A position of somebody; null when there is none. */
export function findPosition({ positions }: RangePool, { owner, tokenId }: Holder, range: TickRange): Position | null {
  const { tickLower, tickUpper } = range
  return (
    positions.find(
      (each) =>
        each.owner === owner &&
        each.tokenId === tokenId &&
        each.tickLower === tickLower &&
        each.tickUpper === tickUpper,
    ) ?? null
  )
}

function addNet(ticks: Map<number, { gross: bigint; net: bigint }>, tick: number, gross: bigint, net: bigint): void {
  const known = ticks.get(tick) ?? { gross: 0n, net: 0n }
  const after = { gross: known.gross + gross, net: known.net + net }
  if (after.gross === 0n) ticks.delete(tick)
  else ticks.set(tick, after)
}
