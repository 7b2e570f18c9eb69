import { toFeePips } from '../../../contracts/families.ts'
import type { LiquidityEvent, ParametersEvent, SwapEvent } from '../../types/event.ts'
import type { InnerValue, Pool, TickLiquidity, TicksState } from '../../types/pool.ts'
import { type IziswapState, iziswap, type Orders, swapUpTo } from '../amm/iziswap.ts'
import { liquidityXAfter, positionAmounts } from '../amm/iziswapPositions.ts'
import type { Quote } from '../amm/quote.ts'
import { sqrtPriceAtTick } from '../amm/tickMath.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter } from '../replay.ts'
import { type Applied, changed, type FamilyRules, type Moment, unchanged } from './rules.ts'
import { applyTicksEvent } from './tickState.ts'

/** What `extra` of a pool holds: what of the current point's liquidity is X, and what limit orders sell, by point. */
export type IziswapExtra = { liquidityX: bigint; sellingX: Orders; sellingY: Orders }

/** A pool with orders at more points is not followed: they are stored with each block that changes them. */
const ORDERS_MAX = 4_000
/** The outermost points of any pool. Source: iZiSwap-core RIGHT_MOST_PT. */
const POINT_MAX = 800_000
/** Shares of X that are tried for one that fits a swap. */
const ATTEMPTS_MAX = 8
/** Roundings of a base unit at each end. */
const NEAR_UNITS = 2n

/**
 * Rules of iZiSwap: positions by their events, limit orders by theirs, and swaps by replaying them, as a log tells only the
 * amounts and the point that it ended at. The first point stands in no event: it comes from a snapshot.
 */
export const iziswapRules: FamilyRules = {
  begin: () => null,
  curve: (pool, state) => {
    const known = state.kind === 'ticks' ? ammState(pool, state) : null
    return known === null ? null : bindCurve(iziswap, known, 'exact')
  },
  apply: (pool, state, event, moment) => {
    const feePips = event.kind === 'swap' ? toFeePips(pool.family, event.fee) : null
    if (state?.kind !== 'ticks') return unchanged(state, feePips)
    if (event.kind === 'swap') return applySwap(pool, state, event, moment, feePips)
    if (event.kind === 'mint' || event.kind === 'burn') return applyPosition(state, event)
    return event.kind === 'parameters' ? applyOrder(state, event) : unchanged(state)
  },
}

function extraOf({ extra }: TicksState): IziswapExtra | null {
  return extra as IziswapExtra | null
}

/** What `extra` is with these values. */
export function toExtra({ liquidityX, sellingX, sellingY }: IziswapExtra): { readonly [name: string]: InnerValue } {
  return { liquidityX, sellingX, sellingY }
}

function ammState(pool: Pool, state: TicksState): IziswapState | null {
  const { tick: point, liquidity, feePips, ticks: points } = state
  const extra = extraOf(state)
  const pointDelta = pool.tickSpacing
  if (extra === null || points === null || feePips === null || pointDelta === null) return null
  return { point, liquidity, pointDelta, feePips, points, ...extra }
}

/** A position changes: at the current point what is added is Y, and Y goes first. */
function applyPosition(state: TicksState, event: LiquidityEvent): Applied {
  const { tickLower, tickUpper, liquidity: change } = event.range!
  const extra = extraOf(state)
  const at = { point: state.tick, liquidity: state.liquidity, liquidityX: extra?.liquidityX ?? 0n }
  const isWithin = tickLower <= state.tick && state.tick < tickUpper
  if (extra !== null && change !== 0n) {
    if (!isTold(positionAmounts(at, tickLower, tickUpper, change), event)) state.doubts = DOUBTS_AFTER_GAP
    if (isWithin) state.extra = toExtra({ ...extra, liquidityX: liquidityXAfter(at, change) })
  }
  const ticks = applyTicksEvent(state, event)
  return { ...changed(state), isChanged: change !== 0n, ticks }
}

/** Whether the amounts of a log are those that the state leads to, but for roundings. */
function isTold(amounts: readonly [bigint, bigint] | null, { kind, amount0, amount1 }: LiquidityEvent): boolean {
  if (amounts === null || amount0 === null || amount1 === null) return false
  const sign = kind === 'mint' ? 1n : -1n
  return [sign * amount0 - amounts[0], sign * amount1 - amounts[1]].every(
    (gap) => gap <= NEAR_UNITS && gap >= -NEAR_UNITS,
  )
}

/**
 * A limit order is added or becomes less. One that is added where orders of the other side stand trades with these first:
 * the log tells what is left of it and what it got.
 */
function applyOrder(state: TicksState, { name, values }: ParametersEvent): Applied {
  const extra = extraOf(state)
  if (extra === null || (name !== 'limit-add' && name !== 'limit-dec')) return unchanged(state)
  const [point, amount, acquired] = values
  const isX = values.at(-1) === 1n
  const isAdded = name === 'limit-add'
  const [own, other] = isX ? [extra.sellingX, extra.sellingY] : [extra.sellingY, extra.sellingX]
  const at = Number(point)
  const ownAfter = withChange(own, at, isAdded ? amount! : -amount!)
  const otherAfter = withChange(other, at, isAdded ? -acquired! : 0n)
  if (Math.abs(at) > POINT_MAX || ownAfter.orders.size + otherAfter.orders.size > ORDERS_MAX) {
    state.extra = null
    return changed(state)
  }
  const [sellingX, sellingY] = isX ? [ownAfter.orders, otherAfter.orders] : [otherAfter.orders, ownAfter.orders]
  state.extra = toExtra({ ...extra, sellingX, sellingY })
  if (!ownAfter.isCovered || !otherAfter.isCovered) state.doubts = DOUBTS_AFTER_GAP
  return changed(state)
}

function withChange(orders: Orders, point: number, change: bigint): { orders: Orders; isCovered: boolean } {
  if (change === 0n) return { orders, isCovered: true }
  const selling = (orders.get(point) ?? 0n) + change
  const after = new Map(orders)
  if (selling > 0n) after.set(point, selling)
  else after.delete(point)
  return { orders: after, isCovered: selling >= 0n }
}

/** What a swap did, and the point that it ended at. */
type Move = { tokenIn: 0 | 1; amountIn: bigint; amountOut: bigint; end: number }

/** Null for events that do not come from the decoder of iZiSwap, and for points that no pool has. */
function moveOf({ amount0, amount1, bins }: SwapEvent): Move | null {
  const end = bins?.tickAfter ?? null
  if (bins === undefined || end === null || Math.abs(end) > POINT_MAX) return null
  const { tokenIn } = bins
  const [amountIn, amountOut] = tokenIn === 0 ? [amount0, -amount1] : [amount1, -amount0]
  return { tokenIn, amountIn, amountOut, end }
}

function applySwap(
  pool: Pool,
  state: TicksState,
  event: SwapEvent,
  { trade }: Moment,
  feePips: number | null,
): Applied {
  const move = moveOf(event)
  if (move === null) return unchanged(state, feePips)
  state.feePips ??= feePips
  const known = ammState(pool, state)
  const replayed = known === null ? null : findEqual(known, move)
  const forward = known === null ? null : swapUpTo(known, move.tokenIn, null, true, move.amountIn)
  const inferred = replayed !== null || known === null ? null : inferStart(known, move)
  if (replayed !== null) moveTo(state, replayed.after)
  else moveTo(state, inferred ?? takeOver(state, forward?.after ?? known, move.end))
  const gap = replayed !== null ? 0n : forward === null ? null : forward.amountOut - move.amountOut
  state.doubts = replayed !== null ? doubtsAfter(state.doubts, 0n, false) : DOUBTS_AFTER_GAP
  // Equal amounts out are a gap in the amounts in, or in the point.
  const told = trade === null || (replayed === null && gap === 0n) ? null : gap
  return changed(state, told, feePips ?? state.feePips)
}

/**
 * The swap that has the amounts of the log and ends where it did: of an exact input, of a desired output, or one that
 * stopped at a boundary; null when none has.
 */
function findEqual(known: IziswapState, move: Move): Quote<IziswapState> | null {
  const { tokenIn, amountIn, amountOut, end } = move
  const [enoughIn, enoughOut] = [2n * amountIn + 10n, 2n * amountOut + 10n]
  // Below a position that ends at the boundary the point ends up one further down.
  const boundaries = tokenIn === 0 ? [end, end + 1] : [end]
  const attempts: readonly (readonly [boundary: number | null, isExactInput: boolean, size: bigint])[] = [
    [null, true, amountIn],
    [null, false, amountOut],
    ...boundaries.flatMap((boundary) => [[boundary, true, enoughIn] as const, [boundary, false, enoughOut] as const]),
    // Liquidity that is too coarse for what was asked for gives one unit less.
    [null, false, amountOut + 1n],
  ]
  for (const [boundary, isExactInput, size] of attempts) {
    const quote = swapUpTo(known, tokenIn, boundary, isExactInput, size)
    if (quote?.amountIn === amountIn && quote.amountOut === amountOut && quote.after.point === end) return quote
  }
  return null
}

/**
 * The pool after a swap to another point, by the share of X at the point before it with which an exact input has the amounts
 * of the log; null when none is found. What comes out is nearly linear in that share.
 */
function inferStart(known: IziswapState, { tokenIn, amountIn, amountOut, end }: Move): IziswapState | null {
  const { point, liquidity, liquidityX } = known
  if (point === end || liquidity === 0n) return null
  const quoteAt = (share: bigint) => swapUpTo({ ...known, liquidityX: share }, tokenIn, null, true, amountIn)
  let [first, second] = [liquidityX, liquidityX < liquidity / 2n ? liquidity : 0n]
  let [from, to] = [quoteAt(first), quoteAt(second)]
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (from === null || to === null || from.amountOut === to.amountOut) return null
    const next = first + ((amountOut - from.amountOut) * (second - first)) / (to.amountOut - from.amountOut)
    const share = next < 0n ? 0n : next > liquidity ? liquidity : next
    const quote = quoteAt(share)
    if (quote?.amountIn === amountIn && quote.amountOut === amountOut && quote.after.point === end) return quote.after
    ;[first, from, second, to] = [second, to, share, quote]
  }
  return null
}

type End = { point: number; liquidity: bigint; extra: IziswapExtra | null }

function moveTo(state: TicksState, end: IziswapState | End): void {
  const extra = 'extra' in end ? end.extra : end
  state.tick = end.point
  state.sqrtPriceX96 = sqrtPriceAtTick(end.point)!
  state.liquidity = end.liquidity
  state.extra = extra === null ? null : toExtra(extra)
}

/**
 * The pool at the point that a log tells, where no replay leads there. What of its liquidity is X is then a guess: half of it,
 * unless the replay ended there too. Orders that the price has passed are gone.
 */
function takeOver({ ticks, liquidity: before }: TicksState, replayed: IziswapState | null, point: number): End {
  const liquidity = ticks === null ? before : liquidityAt(ticks, point)
  if (replayed === null) return { point, liquidity, extra: null }
  const liquidityX = replayed.point === point ? replayed.liquidityX : liquidity / 2n
  const sellingX = new Map([...replayed.sellingX].filter(([at]) => at >= point))
  const sellingY = new Map([...replayed.sellingY].filter(([at]) => at <= point))
  return { point, liquidity, extra: { liquidityX, sellingX, sellingY } }
}

function liquidityAt(ticks: ReadonlyMap<number, TickLiquidity>, point: number): bigint {
  let liquidity = 0n
  for (const [at, { net }] of ticks) if (at <= point) liquidity += net
  return liquidity
}
