import { createHash } from 'node:crypto'

/** A stream of random numbers that the same seed gives again. */
export type Random = {
  /** A number in [0, 1). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** A number in [low, high). */
  between(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item
  /** Standard normal. */
  normal(): number
  /** Exponential with the given mean. */
  exponential(mean: number): number
  /** Number of events of a Poisson process with the given mean; 0 for a mean of 0. */
  poisson(mean: number): number
  /** Log-normal with the given median; sigma is that of the logarithm. */
  logNormal(median: number, sigma: number): number
  /** Pareto: at least `least`, with tail exponent `alpha`. */
  pareto(least: number, alpha: number): number
  /** Another stream, which what is drawn from this one does not change. */
  fork(name: string): Random
}

const TWO_32 = 2 ** 32
const WARM_UP = 12

/** Creates the stream of a seed (generator sfc32, seeded by a hash of the text). */
export function createRandom(seed: string): Random {
  const next = createStream(seed)
  const between = (low: number, high: number) => low + next() * (high - low)
  const exponential = (mean: number) => -Math.log(1 - next()) * mean
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[int(0, items.length - 1)]!,
    normal,
    exponential,
    poisson: (mean) => {
      let count = 0
      for (let left = mean - exponential(1); left > 0; left -= exponential(1)) count++
      return count
    },
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    pareto: (least, alpha) => least * (1 - next()) ** (-1 / alpha),
    fork: (name) => createRandom(`${seed}/${name}`),
  }
}

function createStream(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest()
  let [a, b, c] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8)]
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / TWO_32
  }
  for (let round = 0; round < WARM_UP; round++) next()
  return next
}
