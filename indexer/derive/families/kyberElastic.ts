import type { ParametersEvent, SwapEvent, TickPrice } from '../../types/event.ts'
import type { TicksState } from '../../types/pool.ts'
import type { TickNets } from '../amm/concentrated.ts'
import { type KyberElasticState, kyberElastic, stopAtPrice } from '../amm/kyberElastic.ts'
import { liquidityOfBurn, liquidityOfSwap } from '../amm/kyberElasticMath.ts'
import type { Quote } from '../amm/quote.ts'
import { bindCurve, type Curve } from '../curve.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter, type Trade } from '../replay.ts'
import { type Applied, changed, type FamilyRules, unchanged } from './rules.ts'
import { ticksRules } from './ticks.ts'

/**
 * Liquidity that a pool locks with its first price, which no event tells: in the first version of the protocol and in the
 * second. Source: MIN_LIQUIDITY of @kyberswap/ks-sdk-elastic 1.0.2 and 1.1.2.
 */
const LOCKED_LIQUIDITY: readonly bigint[] = [100_000n, 100n]
/** More that could be true say nothing. */
const CANDIDATES_MAX = 8
/** 10 pips are one unit of Kyber's fees. */
const PIPS_PER_UNIT = 10

/**
 * Rules of KyberSwap Elastic: as other pools with ticks, but swaps do not tell the reinvested liquidity, which follows
 * from replaying them. `extra` holds what it is (`reinvestLiquidity`) and, where the events leave a choice, what else it
 * could be (`alternatives`); the swaps that follow decide.
 */
export const kyberElasticRules: FamilyRules = {
  begin: ticksRules.begin,
  curve: (_, state) => (state.kind === 'ticks' ? curveOf(state) : null),
  apply: (pool, state, event, moment) => {
    if (state?.kind !== 'ticks') return unchanged(state)
    if (event.kind === 'swap') return applySwap(state, event, moment.trade)
    if (event.kind === 'parameters') return applyBurn(state, event)
    const applied = ticksRules.apply(pool, state, event, moment)
    if (event.kind === 'initialize') state.extra = toExtra(LOCKED_LIQUIDITY)
    return applied
  },
}

/** What `extra` of a pool is whose reinvested liquidity is one of these, the likeliest first; null for none. */
export function toExtra(candidates: readonly bigint[]): TicksState['extra'] {
  const [reinvestLiquidity, ...alternatives] = candidates.slice(0, CANDIDATES_MAX)
  return reinvestLiquidity === undefined ? null : { reinvestLiquidity, alternatives }
}

function candidatesOf({ extra }: TicksState): readonly bigint[] {
  if (extra === null) return []
  return [extra.reinvestLiquidity as bigint, ...(extra.alternatives as readonly bigint[])]
}

/** The pool but for its reinvested liquidity; null when it has no price or a fee that Kyber cannot have. */
type Known = Omit<KyberElasticState, 'reinvestLiquidity'>

const NO_TICKS: TickNets = new Map()

function knownOf({ sqrtPriceX96, tick, liquidity, feePips, ticks }: TicksState): Known | null {
  if (sqrtPriceX96 === 0n || feePips === null || feePips % PIPS_PER_UNIT !== 0) return null
  const swapFeeUnits = BigInt(feePips / PIPS_PER_UNIT)
  return { sqrtPriceX96, tick, baseLiquidity: liquidity, swapFeeUnits, ticks: ticks ?? NO_TICKS }
}

function curveOf(state: TicksState): Curve | null {
  const known = knownOf(state)
  const [reinvestLiquidity, ...alternatives] = candidatesOf(state)
  if (known === null || reinvestLiquidity === undefined) return null
  if (state.ticks === null && state.liquidity === 0n) return null
  const quality = state.ticks === null ? 'single-range' : 'exact'
  return bindCurve(kyberElastic, { ...known, reinvestLiquidity }, alternatives.length > 0 ? 'approximate' : quality)
}

/** BurnRTokens(owner, qty, qty0, qty1): shares of the reinvested liquidity are paid out. */
function applyBurn(state: TicksState, event: ParametersEvent): Applied {
  const candidates = candidatesOf(state)
  if (event.name !== 'burn-rtokens' || candidates.length === 0) return unchanged(state)
  const removed = liquidityOfBurn(state.sqrtPriceX96, event.values[2]!, event.values[3]!)
  if (removed === 0n) return unchanged(state)
  const left = removed === null ? [] : candidates.map((held) => held - removed).filter((held) => held >= 0n)
  if (left.length === 0) state.doubts = DOUBTS_AFTER_GAP
  else state.extra = toExtra(left)
  return changed(state)
}

/** What a swap did: positions of tokens, amounts in and out, where it ended. */
type Move = { tokenIn: 0 | 1; amountIn: bigint; amountOut: bigint; end: TickPrice }

/** Null for a swap that the pool was paid both tokens for. */
function moveOf({ sqrtPriceX96 }: TicksState, { amount0, amount1, after }: SwapEvent): Move | null {
  const end = after!
  if (amount0 > 0n && amount1 > 0n) return null
  const isToken0In =
    amount0 > 0n || amount1 < 0n || (amount1 === 0n && amount0 === 0n && end.sqrtPriceX96 < sqrtPriceX96)
  return isToken0In
    ? { tokenIn: 0, amountIn: amount0, amountOut: -amount1, end }
    : { tokenIn: 1, amountIn: amount1, amountOut: -amount0, end }
}

function applySwap(state: TicksState, event: SwapEvent, trade: Trade | null): Applied {
  const { gap, after, doubts } = judge({ ...state }, event)
  Object.assign(state, event.after)
  state.extra = toExtra(after)
  state.doubts = doubts
  return changed(state, trade === null ? null : gap, state.feePips)
}

/** What a swap says about the pool before it: the gap of its replay, and what the reinvested liquidity after it can be. */
type Judgement = { gap: bigint | null; after: readonly bigint[]; doubts: number }

function judge(before: TicksState, event: SwapEvent): Judgement {
  const candidates = candidatesOf(before)
  const [known, move, doubts] = [knownOf(before), moveOf(before, event), before.doubts]
  if (known === null) return { gap: null, after: candidates, doubts }
  if (move === null) return { gap: null, after: candidates, doubts: DOUBTS_AFTER_GAP }
  const equal = listAfter(known, candidates, move)
  if (equal.length > 0) return { gap: 0n, after: equal, doubts: doubtsAfter(doubts, 0n, false) }
  const inferred = listAfter(known, inferReinvested(known, move), move)
  // What was inferred from one swap has to hold for another.
  if (candidates.length === 0) return { gap: null, after: inferred, doubts: Math.max(doubts, 1) }
  const mayHaveCrossed = before.ticks === null && move.end.liquidity !== before.liquidity
  if (mayHaveCrossed) return { gap: null, after: inferred, doubts: Math.max(doubts, 1) }
  const forward = quoteForward({ ...known, reinvestLiquidity: candidates[0]! }, move)
  const near = forward === null ? candidates : [forward.after.reinvestLiquidity]
  const gap = forward === null ? null : forward.amountOut - move.amountOut
  return { gap, after: inferred.length > 0 ? inferred : near, doubts: DOUBTS_AFTER_GAP }
}

/**
 * The reinvested liquidity that there can be after a move, by what there can be before it, as an exact input, an exact
 * output, or up to the price at which it stopped; only where amounts, price, tick and liquidity after it are equal.
 */
function listAfter(known: Known, candidates: readonly bigint[], move: Move): bigint[] {
  const found = new Set<bigint>()
  for (const reinvestLiquidity of candidates) {
    const state = { ...known, reinvestLiquidity }
    const { tokenIn, amountOut, end } = move
    const quotes = [
      quoteForward(state, move),
      kyberElastic.quoteOut(state, tokenIn, 1 - tokenIn, amountOut),
      stopAtPrice(state, tokenIn, end.sqrtPriceX96, true),
      stopAtPrice(state, tokenIn, end.sqrtPriceX96, false),
    ]
    for (const quote of quotes) if (isMove(quote, move)) found.add(quote.after.reinvestLiquidity)
  }
  return [...found]
}

function quoteForward(state: KyberElasticState, { tokenIn, amountIn }: Move): Quote<KyberElasticState> | null {
  return kyberElastic.quoteIn(state, tokenIn, 1 - tokenIn, amountIn)
}

function isMove(quote: Quote<KyberElasticState> | null, move: Move): quote is Quote<KyberElasticState> {
  return (
    quote !== null &&
    quote.amountIn === move.amountIn &&
    quote.amountOut === move.amountOut &&
    quote.after.sqrtPriceX96 === move.end.sqrtPriceX96 &&
    quote.after.tick === move.end.tick &&
    quote.after.baseLiquidity === move.end.liquidity
  )
}

/** The reinvested liquidity at which an exact input moves the price as it did; empty where it does not tell. */
function inferReinvested(
  { sqrtPriceX96, baseLiquidity, swapFeeUnits }: Known,
  { tokenIn, amountIn, end }: Move,
): bigint[] {
  const range = liquidityOfSwap(sqrtPriceX96, end.sqrtPriceX96, amountIn, tokenIn === 0, swapFeeUnits)
  if (range === null || range[0] < baseLiquidity || range[1] - range[0] >= CANDIDATES_MAX) return []
  const found: bigint[] = []
  for (let liquidity = range[0]; liquidity <= range[1]; liquidity++) found.push(liquidity - baseLiquidity)
  return found
}
