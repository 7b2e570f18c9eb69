import { finite, type Series } from './summary.ts'

const BINS = 10
const Z95 = 1.96

/** What came true of the probabilities between two bounds. */
export type ReliabilityRow = {
  low: number
  high: number
  n: number
  meanP: number
  /** Share of them that came true, with its 95 % interval. */
  rate: number
  rateLow: number
  rateHigh: number
}

/** Mean squared distance of probabilities from what happened (0 or 1), from 0 to 1; null when empty. Source: Brier 1950. */
export function brier(p: Series, y: Series): number | null {
  if (p.length !== y.length) return null
  let sum = 0
  for (let index = 0; index < p.length; index++) sum += (p[index]! - y[index]!) ** 2
  return finite(sum / p.length)
}

/** Parts of the Brier score: it is reliability - resolution + uncertainty + within. */
export type BrierParts = { reliability: number; resolution: number; uncertainty: number; within: number }

/**
 * The Brier score by what it comes from: how far the rates of bins are from their probabilities (0 is best), how far from the
 * overall rate (more is better), how uncertain the outcome is, and what bins hide of probabilities that differ within them.
 * Null when empty. Sources: Murphy 1973; Stephenson, Coelho & Jolliffe 2008 (within bins).
 */
export function brierDecomposition(p: Series, y: Series, bins = BINS): BrierParts | null {
  const [score, rows] = [brier(p, y), reliability(p, y, bins)]
  if (score === null || rows === null) return null
  const n = p.length
  const rate = rows.reduce((sum, row) => sum + row.n * row.rate, 0) / n
  let [distance, resolution] = [0, 0]
  for (const row of rows) {
    distance += (row.n / n) * (row.meanP - row.rate) ** 2
    resolution += (row.n / n) * (row.rate - rate) ** 2
  }
  const uncertainty = rate * (1 - rate)
  return { reliability: distance, resolution, uncertainty, within: score - distance + resolution - uncertainty }
}

/**
 * Mean distance of the rate of a bin from its mean probability, by the number in the bins, from 0 to 1; null when empty. It is
 * above 0 for a perfect forecast as well, the more the fewer there are. Source: Naeini, Cooper & Hauskrecht 2015.
 */
export function expectedCalibrationError(p: Series, y: Series, bins = BINS): number | null {
  const rows = reliability(p, y, bins)
  if (rows === null) return null
  return finite(rows.reduce((sum, row) => sum + (row.n / p.length) * Math.abs(row.meanP - row.rate), 0))
}

/**
 * What came true, by bins of equal width, those without any left out; the upper bound belongs to the next bin, but for 1. Null
 * when empty, or with a probability or an outcome outside 0 to 1.
 */
export function reliability(p: Series, y: Series, bins = BINS): ReliabilityRow[] | null {
  if (p.length === 0 || p.length !== y.length || bins < 1) return null
  const sums = Array.from({ length: bins }, () => ({ n: 0, p: 0, y: 0 }))
  for (let index = 0; index < p.length; index++) {
    const probability = p[index]!
    if (!(probability >= 0 && probability <= 1 && y[index]! >= 0 && y[index]! <= 1)) return null
    const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))]!
    bin.n++
    bin.p += probability
    bin.y += y[index]!
  }
  return sums.flatMap((bin, index) => (bin.n === 0 ? [] : [rowOf(bin, index, bins)]))
}

function rowOf(bin: { n: number; p: number; y: number }, index: number, bins: number): ReliabilityRow {
  const { low: rateLow, high: rateHigh } = wilson(bin.y, bin.n)!
  const [low, high] = [index / bins, (index + 1) / bins]
  return { low, high, n: bin.n, meanP: bin.p / bin.n, rate: bin.y / bin.n, rateLow, rateHigh }
}

/**
 * 95 % interval of a share from how often it was seen; null for no trials, or more successes than trials. Source: Wilson 1927.
 */
export function wilson(successes: number, n: number): { low: number; high: number } | null {
  if (!(n > 0 && successes >= 0 && successes <= n)) return null
  const [share, square] = [successes / n, Z95 * Z95]
  const middle = (share + square / (2 * n)) / (1 + square / n)
  const margin = (Z95 / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n))
  return { low: Math.max(0, middle - margin), high: Math.min(1, middle + margin) }
}

/**
 * Harmonic mean of precision and recall, from 0 to 1; null when nothing is, and nothing is said to be, positive. Source: van
 * Rijsbergen 1979.
 */
export function f1(predicted: ArrayLike<boolean>, actual: ArrayLike<boolean>): number | null {
  if (predicted.length !== actual.length) return null
  let [hits, errors] = [0, 0]
  for (let index = 0; index < predicted.length; index++) {
    if (predicted[index] !== actual[index]) errors++
    else if (predicted[index]) hits++
  }
  return finite((2 * hits) / (2 * hits + errors))
}
