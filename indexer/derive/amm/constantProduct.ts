import { type Amm, PIPS, type Quote, type Ratio } from './quote.ts'

/** Largest reserve of pools that keep it as uint112. */
export const UINT112_MAX = (1n << 112n) - 1n

/** Largest number of the EVM. */
export const UINT256_MAX = (1n << 256n) - 1n

/** A pool of two tokens; `fee0Pips` applies when token0 is paid in. */
export type Reserves = { reserve0: bigint; reserve1: bigint; fee0Pips: number; fee1Pips: number }

/**
 * A pool with `reserve0 * reserve1` kept.
 * - `inside`: the fee is part of the fraction, rounded once, and stays in the reserves (Uniswap V2, PancakeSwap V2,
 *   SyncSwap classic, eZKalibur volatile). Pips give the same fraction as 997 / 1000, or parts of 1e4 or 1e5.
 *   `reserveMax` is the most that a reserve can hold: `UINT112_MAX`, or `UINT256_MAX` for SyncSwap.
 * - `before`: the fee is rounded down and leaves the pool before the swap (volatile pairs of Solidly, Velodrome V2, Mute).
 *   Mute's own source was not at hand: that it rounds the whole fee once is taken from its description.
 */
export type ConstantProductState = Reserves & ({ taking: 'inside'; reserveMax: bigint } | { taking: 'before' })

/** A pool as seen from the token paid in. */
export type Side = { isToken0In: boolean; reserveIn: bigint; reserveOut: bigint; feePips: bigint }

/**
 * Constant product, to the wei. Null where a token or amount is impossible, a reserve is empty or would pass its limit, or
 * nothing would come out (Uniswap V2 and Solidly revert then), and where the contract's products overflow uint256; these
 * are taken in parts of 1e5 (`inside`; all units are the same for uint112) and 1e4 (`before`), or in pips for a finer fee.
 *
 * `quoteOut` is UniswapV2Library.getAmountIn for `inside`: the fraction rounded down plus one, thus one more than the least
 * payment when the fraction is whole. For `before` it is the least payment for which `quoteIn` gives at least that much.
 *
 * Source: UniswapV2Pair, UniswapV2Library; SyncSwapClassicPool; Solidly BaseV1Pair; Velodrome V2 Pool. eZKalibur may pay a
 * share of its fees out of the reserves on a swap, which `after` does not tell.
 */
export const constantProduct: Amm<ConstantProductState> = {
  quoteIn(state, tokenIn, tokenOut, amountIn) {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || !isAmount(amountIn)) return null
    const amountOut = state.taking === 'inside' ? outInside(side, amountIn) : outBefore(side, amountIn)
    return amountOut === null ? null : settle(state, side, amountIn, amountOut)
  },
  quoteOut(state, tokenIn, tokenOut, amountOut) {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || !isAmount(amountOut) || amountOut >= side.reserveOut) return null
    if (state.taking === 'before') return constantProduct.quoteIn(state, tokenIn, tokenOut, inBefore(side, amountOut))
    const amountIn = inInside(side, amountOut)
    return amountIn === null ? null : settle(state, side, amountIn, amountOut)
  },
  spotPrice(state, tokenIn, tokenOut): Ratio | null {
    const side = sideOf(state, tokenIn, tokenOut)
    return side === null ? null : { numerator: side.reserveOut, denominator: side.reserveIn }
  },
}

/**
 * A pool as seen from `tokenIn`; null unless the tokens are 0 and 1 in either order, both reserves are positive uint256,
 * and the fee is a whole number of pips below the whole.
 */
export function sideOf(state: Reserves, tokenIn: number, tokenOut: number): Side | null {
  const isToken0In = tokenIn === 0
  if (!(isToken0In ? tokenOut === 1 : tokenIn === 1 && tokenOut === 0)) return null
  const { reserve0, reserve1 } = state
  if (!isAmount(reserve0) || !isAmount(reserve1)) return null
  const feePips = isToken0In ? state.fee0Pips : state.fee1Pips
  if (!Number.isInteger(feePips) || feePips < 0 || BigInt(feePips) >= PIPS) return null
  const [reserveIn, reserveOut] = isToken0In ? [reserve0, reserve1] : [reserve1, reserve0]
  return { isToken0In, reserveIn, reserveOut, feePips: BigInt(feePips) }
}

/** The state with other reserves, given as seen from the token paid in. */
export function withReserves<State extends { reserve0: bigint; reserve1: bigint }>(
  state: State,
  isToken0In: boolean,
  reserveIn: bigint,
  reserveOut: bigint,
): State {
  const [reserve0, reserve1] = isToken0In ? [reserveIn, reserveOut] : [reserveOut, reserveIn]
  return { ...state, reserve0, reserve1 }
}

/** True for a positive uint256. */
export function isAmount(amount: bigint): boolean {
  return amount > 0n && amount <= UINT256_MAX
}

/**
 * What is left of `amountIn` after a fee rounded down, as `amountIn - amountIn * fee / whole` with the fee in parts of
 * `unit`, or in pips when it is finer than that; null when the product overflows uint256.
 */
export function netOfFee(amountIn: bigint, feePips: bigint, unit: bigint): bigint | null {
  const [fee, whole] = inUnit(feePips, unit)
  const product = amountIn * fee
  return product > UINT256_MAX ? null : amountIn - product / whole
}

/** The least amount of which at least `net`, a positive amount, is left after a fee rounded down. */
export function leastGross(net: bigint, feePips: bigint): bigint {
  return ((net - 1n) * PIPS) / (PIPS - feePips) + 1n
}

/** Parts of the whole in which Solidly and its forks count fees. */
export const SOLIDLY_UNIT = 10_000n

/** Parts of the whole in which SyncSwap and eZKalibur count fees. */
const FINE_UNIT = 100_000n

/** Steps of 10 pips: SyncSwap's unit. */
const DEFAULT_STEP_PIPS = 10

/** SyncSwap allows no more, and no fork known takes more. */
const INFERRED_MAX_PIPS = 100_000n

/**
 * The fee in pips for which an `inside` pool gives exactly `amountOut`, from the reserves before the swap.
 * `grid` is either the step in pips between possible fees, from 0 to 100,000 pips, or a list of possible fees.
 * Null when no fee of the grid does, or more than one (the amounts are too small to tell), or the input is impossible.
 */
export function inferFeePips(
  reserveIn: bigint,
  reserveOut: bigint,
  amountIn: bigint,
  amountOut: bigint,
  grid: number | readonly number[] = DEFAULT_STEP_PIPS,
): number | null {
  if (![reserveIn, reserveOut, amountIn, amountOut].every(isAmount) || amountOut >= reserveOut) return null
  const kept = keptPips(reserveIn, reserveOut, amountIn, amountOut)
  const [least, most] = [PIPS - kept.most, PIPS - kept.least]
  if (typeof grid !== 'number') {
    const fitting = new Set(grid.filter((fee) => Number.isInteger(fee) && fee >= 0 && fee >= least && fee <= most))
    return fitting.size === 1 ? [...fitting][0]! : null
  }
  if (!Number.isInteger(grid) || grid <= 0) return null
  const step = BigInt(grid)
  const first = divideUp(least, step) * step
  const last = ((most < INFERRED_MAX_PIPS ? most : INFERRED_MAX_PIPS) / step) * step
  return most >= 0n && first === last ? Number(first) : null
}

/** Between which pips of the payment, 0 to the whole, must remain after the fee for exactly `amountOut`. */
function keptPips(reserveIn: bigint, reserveOut: bigint, amountIn: bigint, amountOut: bigint) {
  const least = divideUp(amountOut * reserveIn * PIPS, amountIn * (reserveOut - amountOut))
  const leftWithMore = reserveOut - amountOut - 1n
  const most = leftWithMore === 0n ? PIPS : divideUp((amountOut + 1n) * reserveIn * PIPS, amountIn * leftWithMore) - 1n
  return { least: least < 1n ? 1n : least, most: most > PIPS ? PIPS : most }
}

function outInside({ reserveIn, reserveOut, feePips }: Side, amountIn: bigint): bigint | null {
  const [fee, whole] = inUnit(feePips, FINE_UNIT)
  const kept = amountIn * (whole - fee)
  const numerator = kept * reserveOut
  const denominator = reserveIn * whole + kept
  return numerator > UINT256_MAX || denominator > UINT256_MAX ? null : numerator / denominator
}

function inInside({ reserveIn, reserveOut, feePips }: Side, amountOut: bigint): bigint | null {
  const [fee, whole] = inUnit(feePips, FINE_UNIT)
  const numerator = reserveIn * amountOut * whole
  const denominator = (reserveOut - amountOut) * (whole - fee)
  return numerator > UINT256_MAX || denominator > UINT256_MAX ? null : numerator / denominator + 1n
}

function outBefore({ reserveIn, reserveOut, feePips }: Side, amountIn: bigint): bigint | null {
  const net = netOfFee(amountIn, feePips, SOLIDLY_UNIT)
  if (net === null || net * reserveOut > UINT256_MAX) return null
  return (net * reserveOut) / (reserveIn + net)
}

function inBefore({ reserveIn, reserveOut, feePips }: Side, amountOut: bigint): bigint {
  return leastGross(divideUp(reserveIn * amountOut, reserveOut - amountOut), feePips)
}

function settle<State extends ConstantProductState>(
  state: State,
  { isToken0In, reserveIn, reserveOut, feePips }: Side,
  amountIn: bigint,
  amountOut: bigint,
): Quote<State> | null {
  const reserveMax = state.taking === 'inside' ? state.reserveMax : UINT256_MAX
  if (amountOut === 0n || reserveOut > reserveMax || reserveIn + amountIn > reserveMax) return null
  const paid = state.taking === 'inside' ? amountIn : netOfFee(amountIn, feePips, SOLIDLY_UNIT)
  if (paid === null) return null
  const [afterIn, afterOut] = [reserveIn + paid, reserveOut - amountOut]
  // Solidly multiplies the reserves after a swap, which gives no less than those before; SyncSwap never does.
  if (state.taking === 'before' && afterIn * afterOut > UINT256_MAX) return null
  return { amountIn, amountOut, after: withReserves(state, isToken0In, afterIn, afterOut) }
}

/** A fee and the whole in parts of `unit`, or in pips when it is finer than that. */
function inUnit(feePips: bigint, unit: bigint): readonly [fee: bigint, whole: bigint] {
  const pipsInPart = PIPS / unit
  return feePips % pipsInPart === 0n ? [feePips / pipsInPart, unit] : [feePips, PIPS]
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
