import { dot, fitLine, leastSquares } from './linear.ts'
import { finite, type Interval95, type Series } from './summary.ts'

const PERIODS_MIN = 10
const TRADES_MIN = 100
const SIZES_MIN = 30
const LAGS = 5
/** Trades after which what is left of an impact counts as permanent. */
const STEPS = 20
const Z95 = 1.96

/** What a unit of signed flow moves a price by. */
export type KyleLambda = { lambda: number; standardError: number; n: number }

/**
 * Kyle's lambda: slope of the price change on the signed flow of the same period, in the unit of the change to that of the
 * flow, with a standard error robust to uneven scatter. On a market maker by formula the immediate part is a matter of depth,
 * not of information. Null below ten periods, or for a constant flow. Source: Kyle 1985; HC1 of MacKinnon & White 1985.
 */
export function kyleLambda(signedFlow: Series, priceChange: Series): KyleLambda | null {
  const line = signedFlow.length < PERIODS_MIN ? null : fitLine(signedFlow, priceChange)
  return line === null ? null : { lambda: line.slope, standardError: line.standardError, n: line.n }
}

/**
 * Amihud's illiquidity: mean over periods of the absolute return to the volume traded, in the unit of the return to that of
 * the volume. Periods without volume are left out; null when fewer than ten are left. Source: Amihud 2002.
 */
export function amihud(absReturns: Series, usdVolumes: Series): number | null {
  if (absReturns.length !== usdVolumes.length) return null
  let [sum, periods] = [0, 0]
  for (let index = 0; index < absReturns.length; index++) {
    if (!(usdVolumes[index]! > 0)) continue
    sum += Math.abs(absReturns[index]!) / usdVolumes[index]!
    periods++
  }
  return periods < PERIODS_MIN ? null : finite(sum / periods)
}

/**
 * What is left of the impact of one unexpected trade after 20 more, in the unit of the returns: the cumulated response in a
 * vector autoregression of returns and signs in which a trade may move the price at once. Null below 100 trades, or when signs
 * or returns are constant or determine each other. Source: Hasbrouck 1991.
 * @param signs of trades, 1 when bought; or signed sizes, of which one unit is then told.
 * @param returns from the price after the trade before to the price after the trade.
 * @param lags trades looked back, 5 unless told.
 */
export function permanentImpact(signs: Series, returns: Series, lags = LAGS): number | null {
  const n = signs.length
  if (n < TRADES_MIN || returns.length !== n || lags < 1 || n < 10 * lags) return null
  const [signRows, returnRows] = [[] as Float64Array[], [] as Float64Array[]]
  for (let index = lags; index < n; index++) {
    const past = pastOf(signs, returns, index, lags)
    signRows.push(Float64Array.from([1, ...past]))
    returnRows.push(Float64Array.from([1, ...past, signs[index]!]))
  }
  const ofSigns = leastSquares(signRows, Array.from(signs).slice(lags))
  const ofReturns = leastSquares(returnRows, Array.from(returns).slice(lags))
  if (ofSigns === null || ofReturns === null) return null
  return finite(cumulate(ofSigns.coefficients.slice(1), ofReturns.coefficients.slice(1), lags))
}

/** The last returns, then the last signs, latest first; 0 before the beginning. */
function pastOf(signs: Series, returns: Series, index: number, lags: number): number[] {
  const past: number[] = []
  for (const series of [returns, signs])
    for (let lag = 1; lag <= lags; lag++) past.push(index >= lag ? series[index - lag]! : 0)
  return past
}

/** Sum of the returns that follow one unit of sign out of nothing. */
function cumulate(ofSigns: Float64Array, ofReturns: Float64Array, lags: number): number {
  const [signs, returns] = [new Float64Array(STEPS + 1), new Float64Array(STEPS + 1)]
  let sum = 0
  for (let step = 0; step <= STEPS; step++) {
    const past = pastOf(signs, returns, step, lags)
    signs[step] = step === 0 ? 1 : dot(past, ofSigns)
    returns[step] = dot([...past, signs[step]!], ofReturns)
    sum += returns[step]!
  }
  return sum
}

/**
 * Power of the size that the impact grows with: slope of log impact on log size, with its 95 % interval; 0.5 is the square
 * root law. Only pairs of positive numbers count, which bends the slope down where many impacts are not. Null below 30 of
 * them, or for one size only.
 */
export function impactExponent(sizes: Series, impacts: Series): ({ exponent: number; n: number } & Interval95) | null {
  if (sizes.length !== impacts.length) return null
  const [x, y] = [[] as number[], [] as number[]]
  for (let index = 0; index < sizes.length; index++) {
    if (!(sizes[index]! > 0 && impacts[index]! > 0)) continue
    x.push(Math.log(sizes[index]!))
    y.push(Math.log(impacts[index]!))
  }
  const line = x.length < SIZES_MIN ? null : fitLine(x, y)
  if (line === null) return null
  const margin = Z95 * line.standardError
  return { exponent: line.slope, low: line.slope - margin, high: line.slope + margin, n: line.n }
}
