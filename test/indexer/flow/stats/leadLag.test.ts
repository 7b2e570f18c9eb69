import { describe, expect, test } from 'vitest'
import { leadLag } from '../../../../indexer/flow/stats/leadLag.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal, simulatePoisson } from './simulate.ts'

const LAGS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]

/** Prices of one walk by the tenth of a second, the second of them seen late, each at times of its own. */
function simulate(late: number, noise: number, seed: number) {
  const random = createRandom(seed)
  const walk = [0]
  while (walk.length < 30_000) walk.push(walk.at(-1)! + 1e-4 * drawNormal(random))
  const sample = (delay: number) => {
    const times = simulatePoisson(0.5, 1_000, random).filter((time) => time > 10 && time < 2_900)
    const prices = times.map((time) => {
      return 100 * Math.exp(walk[Math.floor((time - delay) * 10)]! + noise * drawNormal(random))
    })
    return { times, prices }
  }
  return { a: sample(0), b: sample(late) }
}

describe('leadLag', () => {
  test.each([
    { late: 0, lag: 0 },
    { late: 2, lag: 2 },
    { late: 5, lag: 5 },
  ])('a price that is $late s late is found out', ({ late, lag }) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { a, b } = simulate(late, 0, seed)
      const found = leadLag(a.times, a.prices, b.times, b.prices, LAGS)!
      expect(Math.abs(found.lag - lag)).toBeLessThanOrEqual(1)
      expect(found.correlation).toBeGreaterThan(0.8)
      const back = leadLag(b.times, b.prices, a.times, a.prices, LAGS)!
      expect(back.lag).toBe(-found.lag + 0)
    }
  })

  test('prices at the same times without noise correlate by 1', () => {
    const { a } = simulate(0, 0, 1)
    const found = leadLag(a.times, a.prices, a.times, a.prices, [0])!
    expect(found.correlation).toBeCloseTo(1, 9)
  })

  test('the sum over overlapping intervals is that of all pairs', () => {
    const { a, b } = simulate(2, 1e-4, 3)
    const [left, right] = [first(a, 60), first(b, 60)]
    for (const lag of LAGS) {
      const found = leadLag(left.times, left.prices, right.times, right.prices, [lag])!
      expect(found.correlation).toBeCloseTo(allPairs(left, right, lag), 9)
    }
  })

  test('prices that have nothing to do with each other correlate little', () => {
    const [{ a }, { b }] = [simulate(0, 0, 1), simulate(0, 0, 2)]
    expect(Math.abs(leadLag(a.times, a.prices, b.times, b.prices, LAGS)!.correlation)).toBeLessThan(0.2)
  })

  const times = Array.from({ length: 31 }, (_, index) => index)
  const prices = times.map((time) => 100 + (time % 3))
  test.each([
    { what: 'nothing', times: [], prices: [], lags: [0] },
    { what: '29 returns', times: times.slice(1), prices: prices.slice(1), lags: [0] },
    { what: 'a constant price', times, prices: prices.map(() => 5), lags: [0] },
    { what: 'a price of 0', times, prices: [0, ...prices.slice(1)], lags: [0] },
    { what: 'another length', times, prices: prices.slice(1), lags: [0] },
    { what: 'no lags', times, prices, lags: [] },
    { what: 'a lag that is no number', times, prices, lags: [Number.NaN] },
    { what: 'times that descend', times: times.toReversed(), prices, lags: [0] },
  ])('$what gives null', (each) => {
    expect(leadLag(times, prices, each.times, each.prices, each.lags)).toBeNull()
  })

  test('30 returns are enough, and of prices at one time the last counts', () => {
    const found = leadLag(times, prices, times, prices, [0])
    expect(found).not.toBeNull()
    expect(leadLag([0, ...times], [7, ...prices], times, prices, [0])).toEqual(found)
  })
})

type Sample = { times: number[]; prices: number[] }

function first({ times, prices }: Sample, n: number): Sample {
  return { times: times.slice(0, n), prices: prices.slice(0, n) }
}

function allPairs(a: Sample, b: Sample, lag: number): number {
  let [sum, squaresA, squaresB] = [0, 0, 0]
  for (let i = 1; i < a.times.length; i++) squaresA += Math.log(a.prices[i]! / a.prices[i - 1]!) ** 2
  for (let j = 1; j < b.times.length; j++) squaresB += Math.log(b.prices[j]! / b.prices[j - 1]!) ** 2
  for (let i = 1; i < a.times.length; i++)
    for (let j = 1; j < b.times.length; j++) {
      const from = Math.max(a.times[i - 1]!, b.times[j - 1]! - lag)
      if (from >= Math.min(a.times[i]!, b.times[j]! - lag)) continue
      sum += Math.log(a.prices[i]! / a.prices[i - 1]!) * Math.log(b.prices[j]! / b.prices[j - 1]!)
    }
  return sum / Math.sqrt(squaresA * squaresB)
}
