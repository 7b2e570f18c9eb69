import { type Series, sort } from './summary.ts'

const VALUES_MIN = 100
const Z95 = 1.96

/** Index of the tail of a distribution: the probability of more than x falls as x to the power of minus alpha. */
export type Tail = {
  alpha: number
  /** 95 % interval. */
  low: number
  high: number
  /** Largest values used. */
  k: number
}

/**
 * Hill's index of the upper tail from the largest sqrt(n) of the positive values; no unit, the smaller the heavier. It is told
 * of any values: that they have such a tail is not tested. Null below 100 positive values, and when the largest are all the
 * same. Source: Hill 1975.
 */
export function hillTail(values: Series): Tail | null {
  const sorted = sort(Array.from(values).filter((value) => value > 0 && Number.isFinite(value)))
  if (sorted.length < VALUES_MIN) return null
  const k = Math.floor(Math.sqrt(sorted.length))
  const threshold = sorted[sorted.length - 1 - k]!
  let sum = 0
  for (let rank = 1; rank <= k; rank++) sum += Math.log(sorted[sorted.length - rank]! / threshold)
  const alpha = k / sum
  if (!Number.isFinite(alpha)) return null
  return { alpha, low: alpha * (1 - Z95 / Math.sqrt(k)), high: alpha * (1 + Z95 / Math.sqrt(k)), k }
}
