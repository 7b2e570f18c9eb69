import { describe, expect, test } from 'vitest'
import { hillTail } from '../../../../indexer/flow/stats/tail.ts'
import { createRandom } from '../../../support/random.ts'

function pareto(alpha: number, n: number, seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => (1 - random()) ** (-1 / alpha))
}

describe('hillTail', () => {
  test.each([{ alpha: 1.5 }, { alpha: 3 }])('index $alpha lies in its interval in about 95 of 100', ({ alpha }) => {
    let held = 0
    for (let seed = 1; seed <= 200; seed++) {
      const tail = hillTail(pareto(alpha, 10_000, seed))!
      expect(tail.k).toBe(100)
      if (tail.low <= alpha && alpha <= tail.high) held++
    }
    expect(held / 200).toBeGreaterThan(0.9)
  })

  test('the unit of the values does not matter', () => {
    const values = pareto(1.5, 400, 1)
    expect(hillTail(values.map((value) => value * 1e6))!.alpha).toBeCloseTo(hillTail(values)!.alpha, 9)
  })

  test('values that are not positive do not count', () => {
    const values = pareto(1.5, 400, 1)
    expect(hillTail([...values, 0, -5, Number.NaN])).toEqual(hillTail(values))
  })

  test.each([
    { what: 'nothing', values: [] },
    { what: '99 values', values: pareto(1.5, 99, 1) },
    { what: 'a constant', values: Array(200).fill(3) as number[] },
  ])('$what gives null', ({ values }) => {
    expect(hillTail(values)).toBeNull()
  })
})
