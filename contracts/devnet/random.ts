/** Seeded source of numbers; the same seed gives the same sequence on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number
  /** Integer in [min, max], both included. */
  int(min: number, max: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One element of a non-empty list. */
  pick<T>(list: readonly T[]): T
  /** Log-normal factor with median 1; `sigma` is the deviation of its logarithm. */
  logNormal(sigma: number): number
}

/** Creates a generator (mulberry32) from a 32-bit seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick(list) {
      const element = list[Math.floor(next() * list.length)]
      if (element === undefined) throw new RangeError('pick from an empty list')
      return element
    },
    logNormal(sigma) {
      const radius = Math.sqrt(-2 * Math.log(1 - next()))
      return Math.exp(sigma * radius * Math.cos(2 * Math.PI * next()))
    },
  }
}
