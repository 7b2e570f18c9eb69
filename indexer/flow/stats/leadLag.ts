import type { Series } from './summary.ts'

const RETURNS_MIN = 30

/** How far one price runs ahead of another. */
export type LeadLag = {
  /** In the unit of the times; positive when the first price leads. */
  lag: number
  /** Of the returns at this lag: biased to what is found, the more lags are tried. */
  correlation: number
}

type Path = { times: number[]; logs: number[] }

/**
 * The lag at which the returns of two prices, each at times of its own, correlate most in absolute terms: all pairs of returns
 * count whose intervals overlap once the second is moved back by the lag, so that neither has to be sampled. Of lags as good,
 * the shortest. Null below 30 returns of each, for a constant or non-positive price, and without lags. Null too when times do
 * not ascend. Sources: Hayashi & Yoshida 2005; Hoffmann, Rosenbaum & Yoshida 2013.
 * @param timesA ascending; of prices at the same time the last counts.
 */
export function leadLag(
  timesA: Series,
  pricesA: Series,
  timesB: Series,
  pricesB: Series,
  lags: Series,
): LeadLag | null {
  const [a, b] = [pathOf(timesA, pricesA), pathOf(timesB, pricesB)]
  if (a === null || b === null) return null
  const scale = Math.sqrt(squaresOf(a) * squaresOf(b))
  if (!(scale > 0) || !Number.isFinite(scale)) return null
  let best: LeadLag | null = null
  for (const lag of Array.from(lags)
    .filter(Number.isFinite)
    .sort((left, right) => Math.abs(left) - Math.abs(right))) {
    const correlation = covariance(a, b, lag) / scale
    if (best === null || Math.abs(correlation) > Math.abs(best.correlation)) best = { lag, correlation }
  }
  return best
}

function pathOf(times: Series, prices: Series): Path | null {
  if (times.length !== prices.length) return null
  const path: Path = { times: [], logs: [] }
  for (let index = 0; index < times.length; index++) {
    if (!(prices[index]! > 0) || (index > 0 && !(times[index]! >= times[index - 1]!))) return null
    if (times[index + 1] === times[index]) continue
    path.times.push(times[index]!)
    path.logs.push(Math.log(prices[index]!))
  }
  return path.times.length > RETURNS_MIN ? path : null
}

function squaresOf({ logs }: Path): number {
  let sum = 0
  for (let index = 1; index < logs.length; index++) sum += (logs[index]! - logs[index - 1]!) ** 2
  return sum
}

/**
 * Sum of the products of returns whose intervals overlap. The intervals of the second that overlap one of the first are
 * neighbours, and their returns add up to the difference of two prices.
 */
function covariance(a: Path, b: Path, lag: number): number {
  let [sum, first, last] = [0, 0, 0]
  const end = b.times.length - 1
  for (let index = 1; index < a.times.length; index++) {
    const [from, to] = [a.times[index - 1]! + lag, a.times[index]! + lag]
    while (first < end && b.times[first + 1]! <= from) first++
    if (last < first) last = first
    while (last < end && b.times[last]! < to) last++
    if (last > first && b.times[first]! < to) {
      sum += (a.logs[index]! - a.logs[index - 1]!) * (b.logs[last]! - b.logs[first]!)
    }
  }
  return sum
}
