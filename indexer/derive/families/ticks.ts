import { toFeePips } from '../../../contracts/families.ts'
import type { LiquidityEvent, SwapEvent } from '../../types/event.ts'
import type { Pool, Quality, TicksState } from '../../types/pool.ts'
import { type ConcentratedState, concentrated, quoteToPrice, singleRange } from '../amm/concentrated.ts'
import type { Quote } from '../amm/quote.ts'
import { amount0Between, amount1Between } from '../amm/sqrtPriceMath.ts'
import { sqrtPriceAtTick } from '../amm/tickMath.ts'
import { bindCurve, type Curve } from '../curve.ts'
import { doubtsAfter, type Trade } from '../replay.ts'
import { type Applied, changed, type FamilyRules, unchanged } from './rules.ts'
import { applyTicksEvent, createTicksState } from './tickState.ts'

const PIPS = 1_000_000n

/** Rules of pools with ticks whose swaps state the price after them. */
export const ticksRules: FamilyRules = {
  begin: (pool, creation) => {
    const known = pool.stateOrigin === 'creation'
    const state: TicksState = { ...createTicksState(pool.feePips), ticks: known ? new Map() : null }
    return creation?.price ? { ...state, ...creation.price } : state
  },
  curve: (pool, state) => (state.kind === 'ticks' ? curveOf(pool, state) : null),
  apply: (pool, state, event, { trade }) => {
    if (state?.kind !== 'ticks') return unchanged(state)
    if (event.kind === 'swap') return applySwap(pool, state, event, trade)
    if (event.kind === 'fee') return changed({ ...state, feePips: toFeePips(pool.family, event.fee0) })
    if (event.kind === 'parameters' || event.kind === 'reserves') return unchanged(state)
    const amounts = event.kind === 'mint' || event.kind === 'burn' ? positionAmounts(state, event) : null
    const ticks = applyTicksEvent(state, event)
    const isChanged = event.kind !== 'collect' && state.sqrtPriceX96 > 0n
    return { state, isChanged, ticks, replayGap: null, feePips: null, amounts }
  },
}

function applySwap(pool: Pool, state: TicksState, event: SwapEvent, trade: Trade | null): Applied {
  const told = toFeePips(pool.family, event.fee)
  const before = { ...state }
  const replayed = trade === null ? null : replaySwap(pool, before, event, trade, told ?? state.feePips)
  applyTicksEvent(state, event)
  if (replayed !== null) {
    state.doubts = doubtsAfter(state.doubts, replayed.gap, false)
    // A fee that only hooks and modules know is seen in the swaps.
    if (told === null && replayed.feePips !== null) state.feePips = replayed.feePips
  }
  const feePips = told ?? replayed?.feePips ?? state.feePips
  return { state, isChanged: true, ticks: [], replayGap: replayed?.gap ?? null, feePips, amounts: null }
}

type Replayed = { gap: bigint | null; feePips: number | null }

/** Replays a swap at the fee told or known; where there is none, or it does not fit, at the fee that the amounts show. */
function replaySwap(
  pool: Pool,
  state: TicksState,
  event: SwapEvent,
  trade: Trade,
  feePips: number | null,
): Replayed | null {
  if (state.sqrtPriceX96 === 0n || pool.tickSpacing === null) return null
  const gap = feePips === null ? null : gapAt(pool, state, event, trade, feePips)
  if (gap === 0n || pool.feePips !== null || event.fee !== null) return { gap, feePips }
  const shown = feeShown(state, event, trade).find((fee) => gapAt(pool, state, event, trade, fee) === 0n)
  return { gap, feePips: shown ?? feePips }
}

/**
 * Output of the replay minus the one logged; 0 when the amounts and the price after them are equal, by the amount in, the
 * amount out, or up to the price at which the swap stopped. Null when the ticks are not known and the swap may have crossed one.
 */
function gapAt(pool: Pool, state: TicksState, event: SwapEvent, trade: Trade, feePips: number): bigint | null {
  const { tokenIn, tokenOut, amountIn, amountOut } = trade
  const { sqrtPriceX96, tick, liquidity, ticks } = state
  const { sqrtPriceX96: price, liquidity: liquidityAfter } = event.after!
  const inner = { sqrtPriceX96, tick, liquidity, tickSpacing: pool.tickSpacing!, feePips, ticks: ticks ?? NO_TICKS }
  const fits = (quote: Quote<ConcentratedState> | null): boolean =>
    quote !== null && quote.amountIn === amountIn && quote.amountOut === amountOut && quote.after.sqrtPriceX96 === price
  const forward = concentrated.quoteIn(inner, tokenIn, tokenOut, amountIn)
  if (fits(forward) || fits(concentrated.quoteOut(inner, tokenIn, tokenOut, amountOut))) return 0n
  if (fits(quoteToPrice(inner, tokenIn === 0, price))) return 0n
  if (ticks === null && liquidityAfter !== liquidity) return null
  return forward === null ? null : forward.amountOut - amountOut
}

const NO_TICKS: ConcentratedState['ticks'] = new Map()

/** Fees in pips that a swap within one range can have paid: what came in and did not move the price. */
function feeShown(
  { sqrtPriceX96, liquidity }: TicksState,
  { after }: SwapEvent,
  { tokenIn, amountIn }: Trade,
): number[] {
  if (after!.liquidity !== liquidity || liquidity === 0n) return []
  const between = tokenIn === 0 ? amount0Between : amount1Between
  const needed = between(sqrtPriceX96, after!.sqrtPriceX96, liquidity, true)
  if (needed > amountIn) return []
  const fee = Number(((amountIn - needed) * PIPS + amountIn / 2n) / amountIn)
  return [fee, fee - 1, fee + 1].filter((candidate) => candidate >= 0 && candidate < Number(PIPS))
}

function curveOf(pool: Pool, { sqrtPriceX96, tick, liquidity, feePips, ticks }: TicksState): Curve | null {
  const quality = qualityBy(pool.hooks)
  const { tickSpacing } = pool
  if (feePips === null || tickSpacing === null || sqrtPriceX96 === 0n || quality === 'unknown') return null
  const inner = { sqrtPriceX96, tick, liquidity, tickSpacing, feePips }
  return ticks === null
    ? bindCurve(singleRange, inner, 'single-range')
    : bindCurve(concentrated, { ...inner, ticks }, quality)
}

/** Permissions of a hook in the last bits of its address (v4-core Hooks): around swaps, and to change their amounts. */
const AROUND_SWAPS = 0b1100_0000n
const CHANGES_SWAPS = 0b1100n

/** A hook that is called around swaps may set the fee, one that returns deltas may do anything. */
function qualityBy(hooks: Pool['hooks']): Quality {
  if (hooks === null) return 'exact'
  const permissions = BigInt(hooks)
  if (permissions & CHANGES_SWAPS) return 'unknown'
  return permissions & AROUND_SWAPS ? 'approximate' : 'exact'
}

/** What a change of liquidity moves, where its log does not tell: rounded up when added, down when removed. */
function positionAmounts({ sqrtPriceX96, tick }: TicksState, event: LiquidityEvent): readonly [bigint, bigint] | null {
  const { range, amount0 } = event
  if (amount0 !== null || range === null || sqrtPriceX96 === 0n) return null
  const [low, high] = [sqrtPriceAtTick(range.tickLower), sqrtPriceAtTick(range.tickUpper)]
  if (low === null || high === null) return null
  const isAdded = range.liquidity >= 0n
  const size = isAdded ? range.liquidity : -range.liquidity
  const sign = isAdded ? 1n : -1n
  const price = tick < range.tickLower ? low : tick < range.tickUpper ? sqrtPriceX96 : high
  return [sign * amount0Between(price, high, size, isAdded), sign * amount1Between(low, price, size, isAdded)]
}
