import { type Series, sort } from './summary.ts'

/** Below this the series converges slowly, and the probability is 1 to twelve digits. */
const LAMBDA_MIN = 0.2
const TERMS = 100

/**
 * Probability of so large a distance between the distribution of `n` values and the one they are drawn from; null for a
 * distance outside 0 to 1, and for no values. Source: Kolmogorov 1933, with Stephens' correction for few values (1970).
 */
export function kolmogorovP(distance: number, n: number): number | null {
  if (!(distance >= 0 && distance <= 1 && n >= 1)) return null
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance
  if (!(lambda > LAMBDA_MIN)) return 1
  let sum = 0
  for (let term = 1; term <= TERMS; term++) sum += (term % 2 === 1 ? 2 : -2) * Math.exp(-2 * (term * lambda) ** 2)
  return Math.min(1, Math.max(0, sum))
}

/**
 * Kolmogorov-Smirnov probability that values are drawn from the exponential distribution of mean 1; null below 20 values or
 * with one that is none.
 */
export function exponentialP(values: Series): number | null {
  if (values.length < 20) return null
  const sorted = sort(values)
  if (Number.isNaN(sorted.at(-1)!)) return null
  let distance = 0
  for (let index = 0; index < sorted.length; index++) {
    const expected = 1 - Math.exp(-Math.max(0, sorted[index]!))
    distance = Math.max(distance, expected - index / sorted.length, (index + 1) / sorted.length - expected)
  }
  return kolmogorovP(distance, sorted.length)
}
