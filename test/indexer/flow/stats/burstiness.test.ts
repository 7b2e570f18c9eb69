import { describe, expect, test } from 'vitest'
import { finiteBurstiness, jitterRatio, memory } from '../../../../indexer/flow/stats/burstiness.ts'
import { createRandom } from '../../../support/random.ts'
import { drawExponential } from './simulate.ts'

describe('finiteBurstiness', () => {
  test.each([
    { what: 'a grid', intervals: [3, 3, 3, 3, 3], value: -1 },
    { what: 'a grid with rounding', intervals: [0.1 + 0.2, 0.3, 0.3, 0.3, 0.3], value: -1 },
    { what: 'one interval and else none', intervals: [0, 0, 7, 0, 0, 0], value: 1 },
    // cv = 1/3, n = 6: (sqrt7/3 - sqrt5) / ((sqrt7 - 2)/3 + sqrt5).
    { what: 'one and two in turn', intervals: [1, 2, 1, 2, 1, 2], value: -0.5524 },
  ])('$what is $value', ({ intervals, value }) => {
    expect(finiteBurstiness(intervals)).toBeCloseTo(value, 4)
  })

  test.each([
    { n: 6, tolerance: 0.1 },
    { n: 20, tolerance: 0.05 },
    { n: 200, tolerance: 0.02 },
  ])('$n intervals by chance are about 0 on average, to $tolerance', ({ n, tolerance }) => {
    const random = createRandom(n)
    let sum = 0
    for (let repeat = 0; repeat < 1_000; repeat++)
      sum += finiteBurstiness(Array.from({ length: n }, () => drawExponential(random)))!
    expect(Math.abs(sum / 1_000)).toBeLessThan(tolerance)
  })

  test.each([
    { what: 'nothing', intervals: [] },
    { what: 'four intervals', intervals: [1, 2, 1, 2] },
    { what: 'no time between', intervals: [0, 0, 0, 0, 0] },
    { what: 'no number', intervals: [1, 2, 3, 4, Number.NaN] },
  ])('$what gives null', ({ intervals }) => {
    expect(finiteBurstiness(intervals)).toBeNull()
  })
})

describe('memory', () => {
  test.each([
    { what: 'long and short in turn', intervals: [1, 2, 1, 2, 1, 2], value: -1 },
    { what: 'ever longer', intervals: [1, 2, 3, 4, 5, 6], value: 1 },
    { what: 'a hand-made case', intervals: [1, 1, 3, 3, 1], value: 0 },
  ])('$what is $value', ({ intervals, value }) => {
    expect(memory(intervals)).toBeCloseTo(value, 9)
  })

  test.each([
    { what: 'nothing', intervals: [] },
    { what: 'four intervals', intervals: [1, 2, 1, 2] },
    { what: 'a grid', intervals: [0.3, 0.3, 0.1 + 0.2, 0.3, 0.3] },
  ])('$what gives null', ({ intervals }) => {
    expect(memory(intervals)).toBeNull()
  })
})

describe('jitterRatio', () => {
  test.each([
    { what: 'a grid', intervals: [5, 5, 5], value: 0 },
    { what: 'an outlier', intervals: [10, 11, 9, 10, 500], value: 0.1 },
    { what: 'two intervals', intervals: [1, 2], value: null },
    { what: 'nothing', intervals: [], value: null },
    { what: 'no time in the middle', intervals: [0, 0, 0, 5], value: null },
  ])('$what is $value', ({ intervals, value }) => {
    expect(jitterRatio(intervals)).toBe(value)
  })
})
