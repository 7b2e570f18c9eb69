import { describe, expect, test } from 'vitest'
import {
  blockBootstrap,
  correlation,
  gini,
  herfindahl,
  mean,
  median,
  quantile,
  weightedMean,
} from '../../../../indexer/flow/stats/summary.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal } from './simulate.ts'

describe('quantile', () => {
  test.each([
    { sorted: [1, 2, 3, 4], q: 0, value: 1 },
    { sorted: [1, 2, 3, 4], q: 0.5, value: 2.5 },
    { sorted: [1, 2, 3, 4], q: 0.95, value: 3.85 },
    { sorted: [1, 2, 3, 4], q: 1, value: 4 },
    { sorted: [7], q: 0.3, value: 7 },
    { sorted: [], q: 0.5, value: null },
    { sorted: [1, 2], q: 1.1, value: null },
    { sorted: [1, 2], q: Number.NaN, value: null },
  ])('$q of $sorted is $value', ({ sorted, q, value }) => {
    if (value === null) expect(quantile(sorted, q)).toBeNull()
    else expect(quantile(sorted, q)).toBeCloseTo(value, 12)
  })
})

describe('mean, median, gini and herfindahl', () => {
  test.each([
    { measure: mean, values: [1, 2, 6], value: 3 },
    { measure: mean, values: [], value: null },
    { measure: mean, values: [Number.NaN], value: null },
    { measure: median, values: [9, 1, 5], value: 5 },
    { measure: median, values: [9, 1, 5, 7], value: 6 },
    { measure: median, values: [], value: null },
    { measure: gini, values: [2, 2, 2], value: 0 },
    { measure: gini, values: [0, 0, 0, 8], value: 0.75 },
    { measure: gini, values: [3, 1], value: 0.25 },
    { measure: gini, values: [1], value: null },
    { measure: gini, values: [0, 0], value: null },
    { measure: gini, values: [1, -1, 5], value: null },
    { measure: herfindahl, values: [1, 1, 1, 1], value: 0.25 },
    { measure: herfindahl, values: [0, 9], value: 1 },
    { measure: herfindahl, values: [], value: null },
    { measure: herfindahl, values: [0, 0], value: null },
    { measure: herfindahl, values: [2, -1], value: null },
  ])('$measure.name of $values is $value', ({ measure, values, value }) => {
    expect(measure(values)).toBe(value)
  })
})

describe('weightedMean', () => {
  test.each([
    { values: [1, 3], weights: [3, 1], value: 1.5 },
    { values: [1, 3], weights: [0, 0], value: null },
    { values: [1, 3], weights: [2, -1], value: null },
    { values: [1, 3], weights: [1], value: null },
    { values: [], weights: [], value: null },
  ])('$values by $weights is $value', ({ values, weights, value }) => {
    expect(weightedMean(values, weights)).toBe(value)
  })
})

describe('correlation', () => {
  test.each([
    { left: [1, 2, 3], right: [2, 4, 6], value: 1 },
    { left: [1, 2, 3], right: [6, 4, 2], value: -1 },
    { left: [1, 2, 1, 2], right: [1, 1, 2, 2], value: 0 },
    { left: [1, 1, 1], right: [1, 2, 3], value: null },
    { left: [1, 2], right: [1, 2], value: null },
    { left: [1, 2, 3], right: [1, 2], value: null },
  ])('$left with $right is $value', ({ left, right, value }) => {
    expect(correlation(left, right)).toBe(value)
  })
})

/** Values each of which keeps a part of the one before. */
function autoregress(n: number, kept: number, random: () => number): number[] {
  let last = 0
  return Array.from({ length: n }, () => {
    last = kept * last + drawNormal(random)
    return last
  })
}

describe('blockBootstrap', () => {
  test('the interval of a mean holds the true one in about 95 of 100 samples, of neighbours that depend too', () => {
    let held = 0
    for (let seed = 1; seed <= 300; seed++) {
      const random = createRandom(seed)
      const { low, high } = blockBootstrap(autoregress(600, 0.5, random), mean, random, { repeats: 200 })!
      if (low <= 0 && high >= 0) held++
    }
    expect(held / 300).toBeGreaterThan(0.88)
    expect(held / 300).toBeLessThan(0.98)
  })

  test('pairs stay together', () => {
    const pairs = Array.from({ length: 80 }, (_, index) => ({ value: 2, weight: 1 + (index % 3) }))
    const statistic = (sample: readonly { value: number; weight: number }[]) =>
      weightedMean(
        sample.map(({ value }) => value),
        sample.map(({ weight }) => weight),
      )
    expect(blockBootstrap(pairs, statistic, createRandom(1))).toEqual({ low: 2, high: 2 })
  })

  test('the same seed gives the same interval', () => {
    const values = autoregress(100, 0.5, createRandom(3))
    expect(blockBootstrap(values, mean, createRandom(4))).toEqual(blockBootstrap(values, mean, createRandom(4)))
  })

  test.each([
    { what: 'nothing', values: [], statistic: mean },
    { what: 'less than two values a block', values: Array(39).fill(1) as number[], statistic: mean },
    { what: 'a statistic without a value', values: Array(80).fill(1) as number[], statistic: () => null },
  ])('$what gives null', ({ values, statistic }) => {
    expect(blockBootstrap(values, statistic, createRandom(1))).toBeNull()
  })
})
