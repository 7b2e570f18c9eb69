import {
  type SolidlyStableState,
  type SolidlyVariant,
  solidlyStable,
} from '../../../../indexer/derive/amm/solidlyStable.ts'
import type { Draw, Subject } from './constantProductCases.ts'

const VARIANTS: readonly SolidlyVariant[] = ['solidlyV1', 'velodromeV2', 'mute', 'camelotV2']
const DECIMALS = [18, 18, 18, 6, 6, 8, 0, 2, 24]
/** 2^112: beyond it, the product of 18 decimals overflows. */
const RESERVE_BITS = 112

/** Stable pairs of all variants and sizes, balanced and not, with tokens of 0 to 24 decimals. */
export const solidlyStableSubject: Subject<SolidlyStableState> = {
  amm: solidlyStable,
  pool(draw) {
    const [decimals0, decimals1] = [DECIMALS[draw.below(DECIMALS.length)]!, DECIMALS[draw.below(DECIMALS.length)]!]
    const variant = VARIANTS[draw.below(VARIANTS.length)]!
    const step = variant === 'camelotV2' ? 10 : 100
    const fees = { fee0Pips: draw.below(100) * step, fee1Pips: draw.below(100) * step }
    return { ...drawReserves(draw, decimals0, decimals1), ...fees, decimals0, decimals1, variant }
  },
  balances: ({ reserve0, reserve1 }) => [reserve0, reserve1],
  encode({ reserve0, reserve1, decimals0, decimals1, fee0Pips, fee1Pips, variant }) {
    const [unit, code] = variant === 'camelotV2' ? [100_000, 2n] : [10_000, variant === 'velodromeV2' ? 1n : 0n]
    const [fee0, fee1] = [BigInt((fee0Pips * unit) / 1_000_000), BigInt((fee1Pips * unit) / 1_000_000)]
    const units = [10n ** BigInt(decimals0), 10n ** BigInt(decimals1)]
    return [reserve0, reserve1, ...units, fee0, fee1, BigInt(unit), code]
  },
  hasExactOut: () => false,
}

/** The same below a whole token, where every rounding shows. */
export const smallSolidlyStableSubject: Subject<SolidlyStableState> = {
  ...solidlyStableSubject,
  pool(draw) {
    const state = solidlyStableSubject.pool(draw)
    const [decimals0, decimals1] = [draw.below(2) ? 18 : 12, draw.below(2) ? 18 : 12]
    const reserve = (decimals: number) => (2n ** 54n + draw.upTo(2n ** 64n)) / 10n ** BigInt(18 - decimals)
    return { ...state, decimals0, decimals1, reserve0: reserve(decimals0), reserve1: reserve(decimals1) }
  },
}

function drawReserves(draw: Draw, decimals0: number, decimals1: number) {
  if (draw.below(8) === 0) return { reserve0: draw.magnitude(RESERVE_BITS), reserve1: draw.magnitude(RESERVE_BITS) }
  // One to ten billion whole tokens on one side, and from a thousandth to a thousand times as many on the other.
  const whole = draw.upTo(10n ** 10n)
  const [reserve0, reserve1] = [whole * 10n ** BigInt(decimals0), whole * 10n ** BigInt(decimals1)]
  const other = (reserve1 * draw.upTo(1_000n)) / draw.upTo(1_000n)
  return { reserve0, reserve1: other === 0n ? 1n : other }
}
