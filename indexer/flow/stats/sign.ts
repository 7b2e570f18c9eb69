import { finite, isConstant, mean, type Series } from './summary.ts'

const SIGNS_MIN = 30
const RUNS_MIN = 20

/**
 * Autocorrelation of signs at lags 1 to `maxLag`, in this order; no unit. About sqrt(1 / n) is chance. Null below 30 signs or
 * twice the largest lag, and when they are all the same. Source: Lillo & Farmer 2004.
 */
export function signAutocorrelation(signs: Series, maxLag: number): number[] | null {
  const n = signs.length
  const average = mean(signs)
  if (n < SIGNS_MIN || n < 2 * maxLag || average === null) return null
  const deviations = Float64Array.from(signs, (sign) => sign - average)
  const squares = deviations.reduce((sum, value) => sum + value * value, 0)
  if (isConstant(squares, average, n)) return null
  const found: number[] = []
  for (let lag = 1; lag <= maxLag; lag++) {
    let products = 0
    for (let index = lag; index < n; index++) products += deviations[index]! * deviations[index - lag]!
    found.push(products / squares)
  }
  return found
}

/**
 * How many standard deviations the number of runs lies from what a shuffled order has: negative when like follows like,
 * positive when sides alternate. Null below 20 values, and when they are all the same. Source: Wald & Wolfowitz 1940.
 */
export function waldWolfowitz(binary: ArrayLike<boolean | number>): number | null {
  const n = binary.length
  if (n < RUNS_MIN) return null
  let ones = 0
  for (let index = 0; index < n; index++) if (Number(binary[index]!) > 0) ones++
  const both = 2 * ones * (n - ones)
  const expected = both / n + 1
  const variance = (both * (both - n)) / (n * n * (n - 1))
  const runs = listRunLengths(Array.from(binary, (value) => Number(value) > 0)).length
  return variance > 0 ? finite((runs - expected) / Math.sqrt(variance)) : null
}

/** Lengths of the runs of equal neighbours, in their order; empty for nothing. */
export function listRunLengths<T>(values: ArrayLike<T>): number[] {
  const lengths: number[] = []
  for (let index = 0; index < values.length; index++) {
    if (index > 0 && values[index] === values[index - 1]) lengths[lengths.length - 1]!++
    else lengths.push(1)
  }
  return lengths
}
