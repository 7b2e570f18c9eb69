import { correlation, finite, isConstant, mean, median, type Series } from './summary.ts'

/** Intervals below which nothing is said of their order or spread. */
const INTERVALS_MIN = 5
/** Intervals below which a median deviation says nothing: of one it is always 0. */
const JITTER_MIN = 3

/**
 * How bursty events are, whatever their number: -1 for a regular grid, about 0 for chance, 1 for all intervals but one being
 * 0; no unit. Null below five intervals, and when all are 0. Source: Kim & Jo, Phys. Rev. E 94, 032311 (2016), with N the
 * number of intervals.
 */
export function finiteBurstiness(intervals: Series): number | null {
  const n = intervals.length
  const average = mean(intervals)
  if (n < INTERVALS_MIN || average === null || average <= 0) return null
  let squares = 0
  for (const interval of intervals) squares += (interval - average) ** 2
  const variation = isConstant(squares, average, n) ? 0 : Math.sqrt(squares / n) / average
  const [more, less] = [Math.sqrt(n + 1), Math.sqrt(n - 1)]
  return finite((more * variation - less) / ((more - 2) * variation + less))
}

/**
 * Whether long intervals follow long ones: the correlation of neighbours, from -1 to 1. Null below five intervals, and when
 * they are all the same. Source: Goh & Barabasi, EPL 81, 48002 (2008).
 */
export function memory(intervals: Series): number | null {
  if (intervals.length < INTERVALS_MIN) return null
  const values = Array.from(intervals)
  return correlation(values.slice(0, -1), values.slice(1))
}

/**
 * How much intervals vary that outliers do not matter for: the median distance from the median, as a part of the median; 0 for
 * a grid. Null below three intervals, and when the median is not positive.
 */
export function jitterRatio(intervals: Series): number | null {
  const middle = median(intervals)
  if (intervals.length < JITTER_MIN || middle === null || middle <= 0) return null
  const deviation = median(Array.from(intervals, (interval) => Math.abs(interval - middle)))
  return deviation === null ? null : finite(deviation / middle)
}
