import { finite } from './summary.ts'

/** One by the mean overshoot of a random walk over a bound, 0.5826 of a step: -zeta(1/2) / sqrt(2 pi). */
const BAND = 1.7164

/**
 * What liquidity loses to arbitrage without fees on x * y = k, in the unit of its value, by unit of time: sigma squared / 8
 * times the value. Null for a negative input. Source: Milionis, Moallemi, Roughgarden & Zhang 2022.
 * @param sigma volatility of the logarithm of the price, for the square root of the unit of time.
 */
export function lvrConstantProduct(sigma: number, value: number): number | null {
  return sigma >= 0 && value >= 0 ? finite(((sigma * sigma) / 8) * value) : null
}

/**
 * The same for concentrated liquidity while the price is in its range, in units of the quote token: sigma squared / 4 times L
 * times the square root of the price. Null for a negative input. Source: Milionis et al. 2022, section on concentrated
 * liquidity.
 */
export function lvrConcentrated(sigma: number, liquidity: number, sqrtPrice: number): number | null {
  return sigma >= 0 && liquidity >= 0 && sqrtPrice >= 0 ? finite(((sigma * sigma) / 4) * liquidity * sqrtPrice) : null
}

/**
 * What arbitrageurs gain a block on x * y = k with a fee, net of it, in the unit of the value; blocks of constant length, the
 * price without drift, trades free. Null for a negative input, or no value. Source: Nezlobin & Tassy, arXiv 2505.05113, with
 * the band without arbitrage twice the fee wide.
 * @param sigmaBlock volatility of the logarithm of the price over one block.
 * @param fee part of the input, 0.003 for 30 basis points.
 * @param value of the liquidity; for a range, 2 L sqrt(P).
 */
export function arbitragePerBlock(sigmaBlock: number, fee: number, value: number): number | null {
  if (!(sigmaBlock >= 0 && fee >= 0 && fee < 1 && value >= 0)) return null
  if (sigmaBlock === 0) return 0
  const perUnit = (sigmaBlock * sigmaBlock) / (2 + (BAND * 2 * fee) / sigmaBlock)
  return finite((perUnit * value) / 4)
}
