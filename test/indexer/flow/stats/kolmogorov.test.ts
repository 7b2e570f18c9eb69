import { describe, expect, test } from 'vitest'
import { exponentialP, kolmogorovP } from '../../../../indexer/flow/stats/kolmogorov.ts'
import { createRandom } from '../../../support/random.ts'
import { drawExponential } from './simulate.ts'

describe('kolmogorovP', () => {
  test.each([
    // Critical values of the table for many: 1.3581 / sqrt(n) at 5 %, 1.6276 / sqrt(n) at 1 %.
    { distance: 1.3581 / 1_000, n: 1e6, p: 0.05 },
    { distance: 1.6276 / 1_000, n: 1e6, p: 0.01 },
    { distance: 0, n: 100, p: 1 },
    { distance: 1, n: 1_000, p: 0 },
  ])('a distance of $distance of $n values is $p', ({ distance, n, p }) => {
    expect(kolmogorovP(distance, n)).toBeCloseTo(p, 3)
  })
})

describe('exponentialP', () => {
  test('of exponential values one in ten is below 0.1', () => {
    let low = 0
    for (let seed = 1; seed <= 500; seed++) {
      const random = createRandom(seed)
      if (exponentialP(Array.from({ length: 100 }, () => drawExponential(random)))! < 0.1) low++
    }
    expect(Math.abs(low / 500 - 0.1)).toBeLessThan(0.04)
  })

  test('too few values, and no numbers, give null', () => {
    expect(exponentialP(Array(20).fill(1))).not.toBeNull()
    expect(exponentialP([...Array(20).fill(1), Number.NaN])).toBeNull()
    expect(kolmogorovP(Number.NaN, 10)).toBeNull()
    expect(kolmogorovP(0.1, 0)).toBeNull()
    expect(exponentialP(Array(19).fill(1))).toBeNull()
  })
})
