import {
  asUint128,
  asUint256,
  clip,
  MaverickRevert,
  max,
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

/** What all bins of a tick hold together, with 18 decimals, and the sum of their shares of it. */
export type MaverickV2Tick = { reserveA: bigint; reserveB: bigint; totalSupply: bigint }

/** A pool of Maverick V2: tokens A and B, which are 0 and 1. */
export type MaverickV2State = {
  activeTick: number
  tickSpacing: number
  /** In parts of 1e18 of what is paid in, when token A is, and when token B is. */
  feeA: bigint
  feeB: bigint
  /** What the protocol gets of the fee, in parts of 1,000. */
  protocolFee: bigint
  decimals: readonly [number, number]
  ticks: ReadonlyMap<number, MaverickV2Tick>
}

const AMOUNT_LIMIT = 1n << 256n
/** Beyond every tick with a price. */
const NO_LIMIT = 500_000
/** Reserves below this are lifted by so many bits, so that the liquidity is precise. */
const SMALL_BITS = 78n
const LIFT_BITS = 57n

/**
 * Maverick V2, to the wei: price and liquidity of a tick follow from its reserves; ticks that hold nothing are passed over.
 * `amountIn` can be more than asked for by less than a base unit, rounded up, where a tick is just emptied.
 * Null where a token or amount is impossible, a token has more than 18 decimals, or the ticks do not hold enough.
 *
 * Source: the adapter of @paraswap/dex-lib 5.0.6 (maverick-v2).
 */
export const maverickV2: Amm<MaverickV2State> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => quote(state, tokenIn, tokenOut, amountIn, false),
  quoteOut: (state, tokenIn, tokenOut, amountOut) => quote(state, tokenIn, tokenOut, amountOut, true),
  spotPrice: (state, tokenIn, tokenOut) => {
    const [scaleA, scaleB] = state.decimals.map(scaleOf)
    if (!isSwap(tokenIn, tokenOut, 1n) || scaleA == null || scaleB == null) return null
    if (![...state.ticks.values()].some(isHeld)) return null
    const price = unlessReverted(() => pointAt(state, state.activeTick).price)
    if (price === null || price === 0n) return null
    const [numerator, denominator] = [WAD * WAD * scaleA, price * price * scaleB]
    return tokenIn === 0 ? { numerator, denominator } : { numerator: denominator, denominator: numerator }
  },
}

/** What a swap of at most `amount` does that may not pass the tick `tickLimit`; null where the contract would revert. */
export function quoteToTick(
  state: MaverickV2State,
  tokenIn: 0 | 1,
  amount: bigint,
  isExactOutput: boolean,
  tickLimit: number,
): Quote<MaverickV2State> | null {
  if (!isSwap(tokenIn, 1 - tokenIn, amount)) return null
  return unlessReverted(() => walk(state, tokenIn === 0, amount, isExactOutput, tickLimit).quote)
}

function quote(
  state: MaverickV2State,
  tokenIn: number,
  tokenOut: number,
  amount: bigint,
  isExactOutput: boolean,
): Quote<MaverickV2State> | null {
  if (!isSwap(tokenIn, tokenOut, amount)) return null
  const limit = tokenIn === 0 ? NO_LIMIT : -NO_LIMIT
  const walked = unlessReverted(() => walk(state, tokenIn === 0, amount, isExactOutput, limit))
  return walked === null || walked.isStopped ? null : walked.quote
}

function isSwap(tokenIn: number, tokenOut: number, amount: bigint): boolean {
  return (tokenIn === 0 ? tokenOut === 1 : tokenIn === 1 && tokenOut === 0) && amount > 0n && amount < AMOUNT_LIMIT
}

/** A swap; it is stopped when the limit was in its way. */
type Walked = { quote: Quote<MaverickV2State>; isStopped: boolean }

/** The swap loop of the contract. @throws MaverickRevert */
function walk(state: MaverickV2State, isAIn: boolean, amount: bigint, isExactOutput: boolean, limit: number): Walked {
  const scales = state.decimals.map(scaleOf)
  const [scaleIn, scaleOut] = isAIn ? [scales[0], scales[1]] : [scales[1], scales[0]]
  if (scaleIn == null || scaleOut == null) throw new MaverickRevert('decimals')
  const terms = { isAIn, fee: isAIn ? state.feeA : state.feeB, protocolFee: state.protocolFee }
  if (terms.fee < 0n || terms.fee >= WAD || terms.protocolFee < 0n) throw new MaverickRevert('fee')
  if (!Number.isInteger(state.tickSpacing) || state.tickSpacing <= 0) throw new MaverickRevert('spacing')
  const isPast = (tick: number) => (isAIn ? tick > limit : tick < limit)
  if (isPast(state.activeTick)) throw new MaverickRevert('limit')
  const order = [...state.ticks].filter(([, tick]) => isHeld(tick)).map(([tick]) => tick)
  order.sort((a, b) => (isAIn ? a - b : b - a))
  const ticks = new Map(state.ticks)
  const direction = isAIn ? 1 : -1
  let [excess, paid, got] = [asUint256(amount * (isExactOutput ? scaleOut : scaleIn)), 0n, 0n]
  let { activeTick } = state
  let isStopped = false
  while (excess > 0n) {
    const next = order.find((tick) => (isAIn ? tick >= activeTick : tick <= activeTick))
    if (next === undefined || isPast(next)) {
      // The price stays in the last tick that was used.
      activeTick -= direction
      isStopped = true
      break
    }
    activeTick = next
    const held = state.ticks.get(next)!
    const at = { ...pointAt(state, next), reserveOut: isAIn ? held.reserveB : held.reserveA }
    const step = isExactOutput ? stepOut(terms, at, excess) : stepIn(terms, at, excess)
    ticks.set(next, after(held, isAIn, step))
    paid = asUint256(paid + step.paid)
    got = asUint256(got + step.got)
    excess = step.excess
    if (excess > 0n) activeTick += direction
  }
  const amountIn = toTokenScale(paid, scaleIn, isExactOutput || isStopped)
  const amountOut = toTokenScale(got, scaleOut, false)
  return { quote: { amountIn, amountOut, after: { ...state, activeTick, ticks } }, isStopped }
}

function isHeld({ reserveA, reserveB }: MaverickV2Tick): boolean {
  return reserveA !== 0n || reserveB !== 0n
}

/** Price and liquidity of a tick, and what can be paid out. */
type Point = { price: bigint; liquidity: bigint }
type Place = Point & { reserveOut: bigint }

/** Price and liquidity of a tick. Source: getTickSqrtPriceAndL. */
function pointAt({ ticks, tickSpacing }: MaverickV2State, tick: number): Point {
  const { reserveA, reserveB } = ticks.get(tick) ?? { reserveA: 0n, reserveB: 0n }
  const [lower, upper] = [tickSqrtPrice(tick, tickSpacing), tickSqrtPrice(tick + 1, tickSpacing)]
  const liquidity = liquidityOf(reserveA, reserveB, lower, upper)
  if (reserveA === 0n) return { price: lower, liquidity }
  if (reserveB === 0n) return { price: upper, liquidity }
  const virtualA = reserveA + down(liquidity, lower, WAD)
  const price = squareRoot(asUint256(WAD * down(virtualA, WAD, reserveB + down(liquidity, WAD, upper))))
  return { price: min(max(price, lower), upper), liquidity }
}

/** The positive solution of the quadratic equation that both reserves fulfil. Source: getTickL. */
function liquidityOf(heldA: bigint, heldB: bigint, lower: bigint, upper: bigint): bigint {
  const lift = heldA >> SMALL_BITS === 0n && heldB >> SMALL_BITS === 0n ? LIFT_BITS : 0n
  const [reserveA, reserveB] = [heldA << lift, heldB << lift]
  const b = down(reserveA, WAD, upper) + down(reserveB, lower, WAD)
  const width = upper - lower
  if (reserveA === 0n || reserveB === 0n) return down(b, upper, width) >> lift
  const half = b >> 1n
  const square = mulDiv(half, half, WAD) + mulDiv(mulDiv(reserveB, reserveA, WAD), width, upper)
  return mulDiv(half + squareRoot(square) * 10n ** 9n, upper, width) >> lift
}

/** Who pays, and what of it is a fee. */
type Terms = { isAIn: boolean; fee: bigint; protocolFee: bigint }
/** What one tick takes and gives: all with 18 decimals. */
type Step = { paid: bigint; kept: bigint; got: bigint; excess: bigint }

/** What can be paid in until `out` is paid out, without the fee. Source: remainingBinInputSpaceGivenOutput. */
function roomFor({ isAIn }: Terms, { price, liquidity }: Place, out: bigint): bigint {
  const moved = liquidity === 0n ? 0n : up(out, WAD, liquidity)
  return isAIn
    ? up(out, price, asUint256(invert(price) - moved))
    : up(out, WAD, down(price, asUint256(price - moved), WAD))
}

/** Source: computeSwapExactIn. */
function stepIn(terms: Terms, at: Place, amount: bigint): Step {
  const { isAIn, fee, protocolFee } = terms
  const { price, liquidity, reserveOut } = at
  const room = roomFor(terms, at, reserveOut)
  const net = down(amount, WAD - fee, WAD)
  const isWhole = net >= room
  const used = isWhole ? room : net
  const feePaid = isWhole ? up(room, fee, WAD - fee) : amount - net
  const paid = isWhole ? asUint256(room + feePaid) : amount
  const excess = isWhole ? clip(amount, paid) : 0n
  const kept = keptOf(paid, feePaid, protocolFee)
  if (excess > 0n) return { paid, kept, got: reserveOut, excess }
  const moved = up(used, WAD, liquidity + 1n)
  const got = isAIn ? down(used, invert(price), moved + price) : down(used, price, moved + up(WAD, WAD, price))
  return { paid, kept, got: min(reserveOut, got), excess }
}

/** Source: computeSwapExactOut. */
function stepOut(terms: Terms, at: Place, amount: bigint): Step {
  const got = min(amount, at.reserveOut)
  const used = roomFor(terms, at, got)
  const feePaid = up(used, terms.fee, WAD - terms.fee)
  const paid = asUint256(used + feePaid)
  return { paid, kept: keptOf(paid, feePaid, terms.protocolFee), got, excess: clip(amount, got) }
}

/** What stays in the tick of what is paid in. */
function keptOf(paid: bigint, feePaid: bigint, protocolFee: bigint): bigint {
  return protocolFee === 0n ? paid : clip(paid, up(feePaid, protocolFee, 1_000n))
}

function after({ reserveA, reserveB, totalSupply }: MaverickV2Tick, isAIn: boolean, step: Step): MaverickV2Tick {
  const left = (reserve: bigint) => (step.excess > 0n ? 0n : clip(reserve, step.got))
  return isAIn
    ? { reserveA: asUint128(reserveA + step.kept), reserveB: left(reserveB), totalSupply }
    : { reserveA: left(reserveA), reserveB: asUint128(reserveB + step.kept), totalSupply }
}

/** Rounded down; unlike `mulDiv`, the product has to fit too. */
function down(a: bigint, b: bigint, c: bigint): bigint {
  return mulDiv(asUint256(a * b), 1n, c)
}

/** Rounded up; the product has to fit. */
function up(a: bigint, b: bigint, c: bigint): bigint {
  return mulDivUp(asUint256(a * b), 1n, c)
}

function invert(value: bigint): bigint {
  return mulDiv(WAD, WAD, value)
}
