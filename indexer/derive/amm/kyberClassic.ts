import { isAmount, UINT112_MAX, withReserves } from './constantProduct.ts'
import type { Amm, Quote } from './quote.ts'

/**
 * A pool of KyberSwap Classic (DMM). Prices come from the virtual reserves; the real ones only limit what can be paid out.
 * A pool that is not amplified has virtual reserves equal to the real ones. `feeInPrecision` is the fee of the next swap
 * in parts of 1e18, for both directions; pools with a dynamic fee set it anew for every block with trades.
 */
export type KyberClassicState = {
  reserve0: bigint
  reserve1: bigint
  virtualReserve0: bigint
  virtualReserve1: bigint
  feeInPrecision: bigint
}

/** One whole in the unit of `feeInPrecision`. */
export const KYBER_CLASSIC_PRECISION = 10n ** 18n

/**
 * KyberSwap Classic, to the wei: what is left after the fee is rounded down before the fraction is; the whole payment,
 * fee included, stays in both kinds of reserves, so that a swap keeps the difference between them.
 * Null where a token or amount is impossible, a reserve is empty, above uint112 or above its virtual one, where nothing
 * would come out, and where the output is not below the real reserve. `quoteOut` is DMMLibrary.getAmountIn: one is added
 * before the fee is, and the fee rounded up, so that it can be more than the least payment.
 *
 * Source: DMMPool.swap, DMMLibrary.getAmountOut and getAmountIn.
 */
export const kyberClassic: Amm<KyberClassicState> = {
  quoteIn(state, tokenIn, tokenOut, amountIn) {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || !isAmount(amountIn)) return null
    const kept = (amountIn * (KYBER_CLASSIC_PRECISION - state.feeInPrecision)) / KYBER_CLASSIC_PRECISION
    return settle(state, side, amountIn, (kept * side.virtualOut) / (side.virtualIn + kept))
  },
  quoteOut(state, tokenIn, tokenOut, amountOut) {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || !isAmount(amountOut) || amountOut >= side.reserveOut) return null
    const kept = (side.virtualIn * amountOut) / (side.virtualOut - amountOut) + 1n
    const remainder = KYBER_CLASSIC_PRECISION - state.feeInPrecision
    return settle(state, side, (kept * KYBER_CLASSIC_PRECISION + remainder - 1n) / remainder, amountOut)
  },
  spotPrice(state, tokenIn, tokenOut) {
    const side = sideOf(state, tokenIn, tokenOut)
    return side === null ? null : { numerator: side.virtualOut, denominator: side.virtualIn }
  },
}

type Side = {
  isToken0In: boolean
  reserveIn: bigint
  reserveOut: bigint
  virtualIn: bigint
  virtualOut: bigint
}

function sideOf(state: KyberClassicState, tokenIn: number, tokenOut: number): Side | null {
  const isToken0In = tokenIn === 0
  if (!(isToken0In ? tokenOut === 1 : tokenIn === 1 && tokenOut === 0)) return null
  const { reserve0, reserve1, virtualReserve0, virtualReserve1, feeInPrecision } = state
  if (feeInPrecision < 0n || feeInPrecision >= KYBER_CLASSIC_PRECISION) return null
  if (!isReserve(reserve0, virtualReserve0) || !isReserve(reserve1, virtualReserve1)) return null
  const [reserveIn, reserveOut] = isToken0In ? [reserve0, reserve1] : [reserve1, reserve0]
  const [virtualIn, virtualOut] = isToken0In ? [virtualReserve0, virtualReserve1] : [virtualReserve1, virtualReserve0]
  return { isToken0In, reserveIn, reserveOut, virtualIn, virtualOut }
}

function isReserve(reserve: bigint, virtual: bigint): boolean {
  return reserve > 0n && virtual >= reserve && virtual <= UINT112_MAX
}

function settle(
  state: KyberClassicState,
  side: Side,
  amountIn: bigint,
  amountOut: bigint,
): Quote<KyberClassicState> | null {
  const { isToken0In, reserveIn, reserveOut, virtualIn, virtualOut } = side
  if (amountOut === 0n || amountOut >= reserveOut || virtualIn + amountIn > UINT112_MAX) return null
  const real = withReserves(state, isToken0In, reserveIn + amountIn, reserveOut - amountOut)
  const virtual = [virtualIn + amountIn, virtualOut - amountOut] as const
  const [virtualReserve0, virtualReserve1] = isToken0In ? virtual : [virtual[1], virtual[0]]
  return { amountIn, amountOut, after: { ...real, virtualReserve0, virtualReserve1 } }
}
