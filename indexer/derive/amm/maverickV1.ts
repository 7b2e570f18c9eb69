import {
  asUint128,
  asUint256,
  clip,
  MaverickRevert,
  min,
  mulDiv,
  mulDivUp,
  scaleOf,
  squareRoot,
  tickSqrtPrice,
  toTokenScale,
  unlessReverted,
  WAD,
} from './maverickMath.ts'
import type { Amm, Quote } from './quote.ts'

/** A bin that is not merged into another; reserves have 18 decimals. Kinds: 0 static, 1 right, 2 left, 3 both. */
export type MaverickV1Bin = { kind: number; tick: number; reserveA: bigint; reserveB: bigint }

/** A pool of Maverick V1: tokens A and B, which are 0 and 1. */
export type MaverickV1State = {
  activeTick: number
  tickSpacing: number
  /** In parts of 1e18 of what is paid in. */
  fee: bigint
  /** What the protocol gets of the fee, in parts of 1,000. */
  protocolFee: bigint
  decimals: readonly [number, number]
  /** By id. */
  bins: ReadonlyMap<number, MaverickV1Bin>
}

/** Square root of a price, and liquidity. */
type Point = { price: bigint; liquidity: bigint }

/** The ids of the bins at each tick, and the ticks in ascending order. */
type Layout = { byTick: ReadonlyMap<number, readonly number[]>; order: readonly number[] }

const AMOUNT_LIMIT = 1n << 256n
/** Reserves below this are lifted by so many bits, so that the liquidity is precise. */
const SMALL_BITS = 60n
const LIFT_BITS = 40n
/** The bitmap of bins is searched so many words far; a word holds 64 ticks. */
const SEARCHED_WORDS = 4_000
const WORD_TICKS = 64

const layouts = new WeakMap<MaverickV1State['bins'], Layout>()

/**
 * Maverick V1, to the wei: at each tick with bins their reserves are summed, price and liquidity follow from the sums, and
 * each bin takes its share of what the swap moves. Products of two fixed-point numbers round to the nearest, quotients down.
 * `amountIn` can be one unit more than asked for, as in the contract, where a tick is just emptied.
 * Null where a token or amount is impossible, a token has more than 18 decimals, or the bins do not hold enough.
 *
 * Source: the adapter of @paraswap/dex-lib 5.0.6 (maverick-v1), PRBMath.
 */
export const maverickV1: Amm<MaverickV1State> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) =>
    isSwap(tokenIn, tokenOut, amountIn) ? unlessReverted(() => walk(state, tokenIn === 0, amountIn, false)) : null,
  quoteOut: (state, tokenIn, tokenOut, amountOut) =>
    isSwap(tokenIn, tokenOut, amountOut) ? unlessReverted(() => walk(state, tokenIn === 0, amountOut, true)) : null,
  spotPrice: (state, tokenIn, tokenOut) => {
    const [scaleA, scaleB] = state.decimals.map(scaleOf)
    if (!isSwap(tokenIn, tokenOut, 1n) || scaleA == null || scaleB == null || state.bins.size === 0) return null
    const price = unlessReverted(() => pointAt(state, state.activeTick, sumAt(state, state.activeTick)).price)
    if (price === null || price === 0n) return null
    const [numerator, denominator] = [WAD * WAD * scaleA, price * price * scaleB]
    return tokenIn === 0 ? { numerator, denominator } : { numerator: denominator, denominator: numerator }
  },
}

function isSwap(tokenIn: number, tokenOut: number, amount: bigint): boolean {
  return (tokenIn === 0 ? tokenOut === 1 : tokenIn === 1 && tokenOut === 0) && amount > 0n && amount < AMOUNT_LIMIT
}

/** The swap loop of the contract. @throws MaverickRevert */
function walk(state: MaverickV1State, isAIn: boolean, amount: bigint, isExactOutput: boolean): Quote<MaverickV1State> {
  const { tickSpacing, fee, protocolFee } = state
  const scales = state.decimals.map(scaleOf)
  const [scaleIn, scaleOut] = isAIn ? [scales[0], scales[1]] : [scales[1], scales[0]]
  if (scaleIn == null || scaleOut == null) throw new MaverickRevert('decimals')
  if (fee < 0n || fee >= WAD || protocolFee < 0n || !isSpacing(tickSpacing)) throw new MaverickRevert('terms')
  const bins = new Map(state.bins)
  let excess = asUint256(amount * (isExactOutput ? scaleOut : scaleIn))
  let [paid, got] = [0n, 0n]
  let tick = state.activeTick
  let isBelow = false
  while (excess > 0n) {
    tick = findTick(state, isBelow ? tick - 1 : tick, isAIn)
    const at = reservesAt(state, tick, isAIn)
    const step = isExactOutput ? stepOut(state, at, excess) : stepIn(state, at, excess)
    paid = asUint256(paid + step.paid)
    got = asUint256(got + step.got)
    share(bins, layoutOf(state.bins).byTick.get(tick)!, at, step)
    excess = step.excess
    if (excess > 0n && isAIn) tick++
    isBelow = excess > 0n && !isAIn
  }
  const [amountIn, amountOut] = [toTokenScale(paid, scaleIn, true), toTokenScale(got, scaleOut, false)]
  return { amountIn, amountOut, after: { ...state, activeTick: tick, bins } }
}

function isSpacing(tickSpacing: number): boolean {
  return Number.isInteger(tickSpacing) && tickSpacing > 0
}

function layoutOf(bins: MaverickV1State['bins']): Layout {
  const known = layouts.get(bins)
  if (known !== undefined) return known
  const byTick = new Map<number, number[]>()
  for (const [id, { tick }] of bins) {
    const ids = byTick.get(tick)
    if (ids === undefined) byTick.set(tick, [id])
    else ids.push(id)
  }
  const layout = { byTick, order: [...byTick.keys()].sort((a, b) => a - b) }
  layouts.set(bins, layout)
  return layout
}

/** The tick itself, where it has bins, or the next one in the direction of the price. */
function findTick({ bins }: MaverickV1State, tick: number, isAIn: boolean): number {
  const { byTick, order } = layoutOf(bins)
  if (byTick.has(tick)) return tick
  const next = isAIn ? order.find((other) => other > tick) : order.findLast((other) => other < tick)
  const start = isAIn ? tick + 1 : tick
  if (next === undefined || Math.abs(wordOf(next) - wordOf(start)) >= SEARCHED_WORDS)
    throw new MaverickRevert('no bins')
  return next
}

function wordOf(tick: number): number {
  return Math.floor(tick / WORD_TICKS)
}

/** What all bins of a tick hold, with the token that is paid in and the one that is paid out. */
type Reserves = { isAIn: boolean; reserveA: bigint; reserveB: bigint; edge: bigint } & Point

function sumAt({ bins }: MaverickV1State, tick: number): [bigint, bigint] {
  let [reserveA, reserveB] = [0n, 0n]
  for (const id of layoutOf(bins).byTick.get(tick) ?? []) {
    const bin = bins.get(id)!
    reserveA += bin.reserveA
    reserveB += bin.reserveB
  }
  return [asUint256(reserveA), asUint256(reserveB)]
}

function reservesAt(state: MaverickV1State, tick: number, isAIn: boolean): Reserves {
  const [reserveA, reserveB] = sumAt(state, tick)
  const edge = tickSqrtPrice(isAIn ? tick + 1 : tick, state.tickSpacing)
  return { isAIn, reserveA, reserveB, edge, ...pointAt(state, tick, [reserveA, reserveB]) }
}

/** Price and liquidity of a tick with these reserves. Source: getTickSqrtPriceAndL. */
function pointAt(
  { tickSpacing }: MaverickV1State,
  tick: number,
  [reserveA, reserveB]: readonly [bigint, bigint],
): Point {
  const [lower, upper] = [tickSqrtPrice(tick, tickSpacing), tickSqrtPrice(tick + 1, tickSpacing)]
  const liquidity = liquidityOf(reserveA, reserveB, lower, upper)
  if (reserveA === 0n) return { price: lower, liquidity }
  if (reserveB === 0n) return { price: upper, liquidity }
  const virtualA = reserveA + multiply(liquidity, lower)
  return { price: root(divide(virtualA, reserveB + divide(liquidity, upper))), liquidity }
}

/** The positive solution of the quadratic equation that both reserves fulfil. Source: getTickL. */
function liquidityOf(heldA: bigint, heldB: bigint, lower: bigint, upper: bigint): bigint {
  const lift = heldA >> SMALL_BITS === 0n && heldB >> SMALL_BITS === 0n ? LIFT_BITS : 0n
  const [reserveA, reserveB] = [heldA << lift, heldB << lift]
  const b = divide(reserveA, upper) + multiply(reserveB, lower)
  const width = upper - lower
  if (reserveA === 0n || reserveB === 0n) return mulDiv(b, upper, width) >> lift
  const half = b >> 1n
  const square = multiply(half, half) + mulDiv(multiply(reserveB, reserveA), width, upper)
  return mulDiv(half + root(square), upper, width) >> lift
}

/** What one tick takes and gives: all with 18 decimals. */
type Step = { paid: bigint; kept: bigint; got: bigint; excess: bigint }

/** Source: computeSwapExactIn, without a price limit. */
function stepIn({ fee, protocolFee }: MaverickV1State, at: Reserves, amount: bigint): Step {
  const { isAIn, price, liquidity, edge } = at
  const reserveOut = isAIn ? at.reserveB : at.reserveA
  const room = isAIn
    ? multiply(liquidity, asUint256(edge - price))
    : asUint256(divide(liquidity, edge) - divide(liquidity, price))
  const net = multiply(amount, WAD - fee)
  const isWhole = net >= room
  const used = isWhole ? room : net
  const feePaid = isWhole ? mulDivUp(room, fee, WAD - fee) : amount - net
  const paid = isWhole ? asUint256(room + feePaid) : amount
  const excess = isWhole ? clip(amount, paid) : 0n
  const kept = keptOf(paid, asUint256(feePaid), protocolFee)
  if (excess > 0n || liquidity === 0n) return { paid, kept, got: isWhole ? reserveOut : 0n, excess }
  const [out, base] = isAIn ? [invert(price), price] : [price, invert(price)]
  const got = mulDiv(used, out, asUint256(divide(used, liquidity) + base))
  return { paid, kept, got: min(reserveOut, got), excess }
}

/** Source: computeSwapExactOut. */
function stepOut({ fee, protocolFee }: MaverickV1State, at: Reserves, amount: bigint): Step {
  const { isAIn, price, liquidity } = at
  const reserveOut = isAIn ? at.reserveB : at.reserveA
  const got = min(amount, reserveOut)
  const [up, base] = isAIn ? [price, invert(price)] : [invert(price), price]
  const used = mulDivUp(got, up, asUint256(base - divide(got, liquidity)))
  const feePaid = mulDivUp(used, fee, WAD - fee)
  const paid = asUint256(used + feePaid)
  return { paid, kept: keptOf(paid, feePaid, protocolFee), got, excess: clip(amount, got) }
}

/** What stays in the bins of what is paid in. */
function keptOf(paid: bigint, feePaid: bigint, protocolFee: bigint): bigint {
  return protocolFee === 0n ? paid : clip(paid, multiply(feePaid, protocolFee * 10n ** 15n) + 1n)
}

/** Each bin's part goes by its share of token B, or of token A where the tick has no B. Source: adjustAB. */
function share(bins: Map<number, MaverickV1Bin>, ids: readonly number[], at: Reserves, step: Step): void {
  const isByB = at.reserveB > 0n
  // The library divides by one instead of zero.
  const total = isByB ? at.reserveB : at.reserveA || 1n
  for (const id of ids) {
    const bin = bins.get(id)!
    const part = isByB ? bin.reserveB : bin.reserveA
    const added = mulDiv(step.kept, part, total)
    const removed = mulDivUp(step.got, part, total)
    const left = (reserve: bigint) => (step.excess > 0n ? 0n : clip(reserve, removed))
    const [reserveA, reserveB] = at.isAIn
      ? [asUint128(bin.reserveA + added), left(bin.reserveB)]
      : [left(bin.reserveA), asUint128(bin.reserveB + added)]
    bins.set(id, { ...bin, reserveA, reserveB })
  }
}

/** To the nearest, halves up: PRBMath.mulDivFixedPoint. */
function multiply(a: bigint, b: bigint): bigint {
  return asUint256((a * b + WAD / 2n) / WAD)
}

function divide(a: bigint, b: bigint): bigint {
  return mulDiv(a, WAD, b)
}

function invert(value: bigint): bigint {
  return divide(WAD, value)
}

/** PRBMathUD60x18.sqrt. */
function root(value: bigint): bigint {
  return squareRoot(asUint256(value * WAD))
}
