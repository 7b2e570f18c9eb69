import type { Pool, Quality, ReservesState } from '../../types/pool.ts'
import {
  type ConstantProductState,
  constantProduct,
  inferFeePips,
  UINT112_MAX,
  UINT256_MAX,
} from '../amm/constantProduct.ts'
import { kyberClassic } from '../amm/kyberClassic.ts'
import { EXACT_SOLIDLY_VARIANTS, type SolidlyVariant, solidlyStable } from '../amm/solidlyStable.ts'
import { inferSyncSwapStableFee, type SyncSwapStableState, syncswapStable } from '../amm/syncswapStable.ts'
import { bindCurve, type Curve } from '../curve.ts'
import type { Trade } from '../replay.ts'
import { oriented, type ReservesFamily, reservesRules } from './reserves.ts'
import type { Decimals } from './rules.ts'

/** Uniswap V2 and its plain forks: the fee is a part of the fraction and stays in the reserves. */
export const uniswapV2Rules = reservesRules({
  ...{ sync: 'before', keepsFees: true, callerNames: true },
  curve: (_, state) => insideCurve(state, UINT112_MAX),
  inferFee: inferInside,
})

/** eZKalibur: as Uniswap V2, with a fee for each token; stable pairs have Solidly's curve. */
export const ezkaliburRules = reservesRules({
  ...{ sync: 'before', keepsFees: false, callerNames: true },
  curve: (pool, state, decimals) =>
    pool.stable === true
      ? solidlyCurve(pool, state, decimals, 'camelotV2')
      : insideCurve(state, UINT112_MAX, 'approximate'),
  inferFee: inferInside,
})

/** Solidly, Mute, Velodrome V2: the fee leaves the pool, and the reserves show how much it was. */
function solidlyFamily(variant: SolidlyVariant): ReservesFamily {
  return {
    ...{ sync: 'before', keepsFees: false, callerNames: true },
    curve: (pool, state, decimals) =>
      pool.stable === null
        ? null
        : pool.stable
          ? solidlyCurve(pool, state, decimals, variant)
          : beforeCurve(state, variant === 'mute' ? 'approximate' : 'exact'),
    inferFee: (_, before, after, trade) => takenFee(before, after, trade),
  }
}

/** Solidly V1. */
export const solidlyRules = reservesRules(solidlyFamily('solidlyV1'))
/** Mute / Koi classic. */
export const muteRules = reservesRules(solidlyFamily('mute'))
/** Velodrome V2. */
export const velodromeV2Rules = reservesRules(solidlyFamily('velodromeV2'))

/** SyncSwap classic: Sync comes after Swap; the fee depends on the sender and is seen only in the swap. */
export const syncswapClassicRules = reservesRules({
  ...{ sync: 'after', keepsFees: true, callerNames: false },
  curve: (_, state) => insideCurve(state, UINT256_MAX),
  inferFee: inferInside,
})

/** SyncSwap stable: the same over the curve of near-equal assets. */
export const syncswapStableRules = reservesRules({
  ...{ sync: 'after', keepsFees: true, callerNames: false },
  curve: (pool, state, decimals) => {
    const inner = syncswapState(pool, state, decimals)
    return inner === null ? null : bindCurve(syncswapStable, inner, 'exact')
  },
  inferFee: (pool, before, _, trade, decimals) => {
    const inner = syncswapState(pool, { ...before, fee0Pips: 0, fee1Pips: 0 }, decimals)
    const fee = inner === null ? null : inferSyncSwapStableFee(inner, trade.tokenIn, trade.amountIn, trade.amountOut)
    return fee === null ? null : Number(fee) * PIPS_PER_SYNCSWAP_FEE
  },
})

/** SyncSwap Aqua: its reserves are stated; what its curve is shaped by is not, so that nothing is quoted. */
export const syncswapAquaRules = reservesRules({
  ...{ sync: 'after', keepsFees: true, callerNames: false },
  curve: () => null,
  inferFee: () => null,
})

/** Kyber Classic: a product of virtual reserves; the fee is told with each swap. */
export const kyberClassicRules = reservesRules({
  ...{ sync: 'before', keepsFees: false, callerNames: true },
  curve: (_, { reserve0, reserve1, virtual, fee0Pips }) =>
    virtual === null || fee0Pips === null
      ? null
      : bindCurve(
          kyberClassic,
          {
            ...{ reserve0, reserve1, virtualReserve0: virtual.reserve0, virtualReserve1: virtual.reserve1 },
            feeInPrecision: BigInt(fee0Pips) * WAD_PER_PIP,
          },
          'exact',
        ),
  inferFee: () => null,
})

const PIPS_PER_SYNCSWAP_FEE = 10
const WAD_PER_PIP = 10n ** 12n
const SOLIDLY_PARTS = 10_000n
const PIPS_PER_SOLIDLY_PART = 100

function insideCurve(state: ReservesState, reserveMax: bigint, quality: Quality = 'exact'): Curve | null {
  const fees = knownFees(state)
  if (fees === null) return null
  const { reserve0, reserve1 } = state
  const inner: ConstantProductState = { reserve0, reserve1, ...fees, taking: 'inside', reserveMax }
  return bindCurve(constantProduct, inner, quality)
}

function beforeCurve(state: ReservesState, quality: Quality): Curve | null {
  const fees = knownFees(state)
  if (fees === null) return null
  const { reserve0, reserve1 } = state
  return bindCurve<ConstantProductState>(constantProduct, { reserve0, reserve1, ...fees, taking: 'before' }, quality)
}

function solidlyCurve(pool: Pool, state: ReservesState, decimals: Decimals, variant: SolidlyVariant): Curve | null {
  const fees = knownFees(state)
  const [decimals0, decimals1] = pool.tokens.map(decimals)
  if (fees === null || decimals0 == null || decimals1 == null) return null
  const { reserve0, reserve1 } = state
  const quality = EXACT_SOLIDLY_VARIANTS.has(variant) ? 'exact' : 'approximate'
  return bindCurve(solidlyStable, { reserve0, reserve1, ...fees, decimals0, decimals1, variant }, quality)
}

function knownFees({ fee0Pips, fee1Pips }: ReservesState): { fee0Pips: number; fee1Pips: number } | null {
  return fee0Pips === null || fee1Pips === null ? null : { fee0Pips, fee1Pips }
}

function inferInside(_: Pool, before: ReservesState, __: ReservesState, trade: Trade): number | null {
  const [reserveIn, reserveOut] = oriented(before, trade)
  return inferFeePips(reserveIn, reserveOut, trade.amountIn, trade.amountOut)
}

/**
 * The fee that left a pool with a swap, in pips: what came in and is not in the reserves. It was rounded down, so it is
 * the least number of parts of 1e4 that gives it; null when the amount is too small to tell parts apart.
 */
function takenFee(before: ReservesState, after: ReservesState, trade: Trade): number | null {
  const taken = oriented(before, trade)[0] + trade.amountIn - oriented(after, trade)[0]
  if (taken < 0n || trade.amountIn < SOLIDLY_PARTS) return null
  const parts = (taken * SOLIDLY_PARTS + trade.amountIn - 1n) / trade.amountIn
  if (parts >= SOLIDLY_PARTS || (trade.amountIn * parts) / SOLIDLY_PARTS !== taken) return null
  return Number(parts) * PIPS_PER_SOLIDLY_PART
}

/** Both tokens are brought to 18 decimals. */
function syncswapState(pool: Pool, state: ReservesState, decimals: Decimals): SyncSwapStableState | null {
  const fees = knownFees(state)
  const [decimals0, decimals1] = pool.tokens.map(decimals)
  if (fees === null || decimals0 == null || decimals1 == null || decimals0 > 18 || decimals1 > 18) return null
  return {
    ...{ reserve0: state.reserve0, reserve1: state.reserve1 },
    ...{ multiplier0: 10n ** BigInt(18 - decimals0), multiplier1: 10n ** BigInt(18 - decimals1) },
    ...{ fee0: BigInt(fees.fee0Pips) / 10n, fee1: BigInt(fees.fee1Pips) / 10n },
  }
}
