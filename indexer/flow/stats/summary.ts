/** Numbers in a row: an array or a typed array. */
export type Series = ArrayLike<number> & Iterable<number>

/** An interval that holds the true value in 95 % of samples. */
export type Interval95 = { low: number; high: number }

/** Part of its sum of squares below which a series counts as constant: what is left is rounding. */
const CONSTANT = 1e-18
const BLOCKS = 20
const REPEATS = 500

/** The number itself; null when it is not finite. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}

/**
 * The value below which the part `q` of the values lies, interpolated between neighbours, in the unit of the values; null when
 * empty or for a part outside 0 to 1. Source: Hyndman & Fan 1996, type 7.
 * @param sorted ascending.
 */
export function quantile(sorted: Series, q: number): number | null {
  if (sorted.length === 0 || !(q >= 0 && q <= 1)) return null
  const position = q * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!]
  return finite(below + (above - below) * (position - Math.floor(position)))
}

/** The mean, in the unit of the values; null when empty. */
export function mean(values: Series): number | null {
  let sum = 0
  for (const value of values) sum += value
  return finite(sum / values.length)
}

/**
 * The mean of values that count by their weights, in the unit of the values; null when the weights sum to nothing or one is
 * negative.
 */
export function weightedMean(values: Series, weights: Series): number | null {
  if (values.length !== weights.length) return null
  let [sum, all] = [0, 0]
  for (let index = 0; index < values.length; index++) {
    const weight = weights[index]!
    if (!(weight >= 0)) return null
    sum += weight * values[index]!
    all += weight
  }
  return finite(sum / all)
}

/** The middle value, or the mean of the middle two, in the unit of the values, which may stand in any order; null when empty. */
export function median(values: Series): number | null {
  return quantile(sort(values), 0.5)
}

/**
 * How unequal the values are: 0 when all are equal, (n - 1) / n when one has everything; null below two values, with a
 * negative one, or when all are 0. Source: Gini 1912.
 */
export function gini(values: Series): number | null {
  const sorted = sort(values)
  if (sorted.length < 2 || !(sorted[0]! >= 0)) return null
  let [sum, ranked] = [0, 0]
  for (let index = 0; index < sorted.length; index++) {
    sum += sorted[index]!
    ranked += (2 * (index + 1) - sorted.length - 1) * sorted[index]!
  }
  return finite(ranked / (sorted.length * sum))
}

/**
 * Sum of the squared shares: 1 / n when all are equal, 1 when one has everything; null with a negative value or when all are
 * 0.
 */
export function herfindahl(values: Series): number | null {
  let [sum, squares] = [0, 0]
  for (const value of values) {
    if (!(value >= 0)) return null
    sum += value
    squares += value * value
  }
  return finite(squares / (sum * sum))
}

/** Pearson's correlation of pairs, from -1 to 1; null below three pairs or when one side is constant. */
export function correlation(left: Series, right: Series): number | null {
  if (left.length !== right.length || left.length < 3) return null
  const [meanLeft, meanRight] = [mean(left)!, mean(right)!]
  let [product, squaresLeft, squaresRight] = [0, 0, 0]
  for (let index = 0; index < left.length; index++) {
    const [a, b] = [left[index]! - meanLeft, right[index]! - meanRight]
    product += a * b
    squaresLeft += a * a
    squaresRight += b * b
  }
  if (isConstant(squaresLeft, meanLeft, left.length) || isConstant(squaresRight, meanRight, left.length)) return null
  return finite(Math.max(-1, Math.min(1, product / Math.sqrt(squaresLeft * squaresRight))))
}

/** True when what deviates from the mean, as a sum of squares over `n` values, is nothing but rounding. */
export function isConstant(squares: number, mean: number, n: number): boolean {
  return !(squares > CONSTANT * n * mean * mean)
}

/**
 * 95 % percentile interval of a statistic of a series whose neighbours may depend on each other: the series is put together
 * again and again from blocks of neighbours drawn with replacement, the end joined to the beginning. Null with fewer than two
 * values a block, or when the statistic is undefined in one sample of twenty. Source: Politis & Romano 1992 (circular block
 * bootstrap).
 * @param blocks blocks in a sample, 20 unless told; each should be longer than what neighbours remember.
 * @param repeats samples, 500 unless told.
 */
export function blockBootstrap<T>(
  values: ArrayLike<T>,
  statistic: (sample: readonly T[]) => number | null,
  random: () => number,
  { blocks = BLOCKS, repeats = REPEATS }: { blocks?: number; repeats?: number } = {},
): Interval95 | null {
  if (blocks < 2 || values.length < 2 * blocks) return null
  const found: number[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const value = statistic(drawBlocks(values, blocks, random))
    if (value !== null && Number.isFinite(value)) found.push(value)
  }
  return found.length < 0.95 * repeats ? null : interval95(found)
}

function drawBlocks<T>(values: ArrayLike<T>, blocks: number, random: () => number): T[] {
  const length = Math.ceil(values.length / blocks)
  const sample: T[] = []
  while (sample.length < values.length) {
    const start = Math.floor(random() * values.length)
    for (let step = 0; step < length && sample.length < values.length; step++)
      sample.push(values[(start + step) % values.length]!)
  }
  return sample
}

/** The middle 95 % of values in any order; null when empty. */
export function interval95(values: Series): Interval95 | null {
  const sorted = sort(values)
  const [low, high] = [quantile(sorted, 0.025), quantile(sorted, 0.975)]
  return low === null || high === null ? null : { low, high }
}

/** A sorted copy, ascending. */
export function sort(values: Series): Float64Array {
  return Float64Array.from(values).sort()
}
