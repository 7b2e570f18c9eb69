import { describe, expect, test } from 'vitest'
import { fitPin } from '../../../../indexer/flow/stats/pin.ts'
import { createRandom } from '../../../support/random.ts'
import { drawPoisson } from './simulate.ts'

type Truth = { alpha: number; delta: number; mu: number; epsilonBuy: number; epsilonSell: number }

function simulate({ alpha, delta, mu, epsilonBuy, epsilonSell }: Truth, periods: number, seed: number) {
  const random = createRandom(seed)
  const [buys, sells] = [[] as number[], [] as number[]]
  for (let period = 0; period < periods; period++) {
    const [isNews, isBad] = [random() < alpha, random() < delta]
    buys.push(drawPoisson(epsilonBuy + (isNews && !isBad ? mu : 0), random))
    sells.push(drawPoisson(epsilonSell + (isNews && isBad ? mu : 0), random))
  }
  return { buys, sells }
}

describe('fitPin', () => {
  test.each([
    { alpha: 0.4, delta: 0.5, mu: 60, epsilonBuy: 50, epsilonSell: 50 },
    { alpha: 0.3, delta: 0.3, mu: 40, epsilonBuy: 30, epsilonSell: 40 },
    { alpha: 0.7, delta: 0.6, mu: 20, epsilonBuy: 15, epsilonSell: 10 },
    { alpha: 0.2, delta: 0.5, mu: 3_000, epsilonBuy: 5_000, epsilonSell: 4_000 },
  ])('news $alpha, bad $delta, informed $mu is found to 0.03', (truth) => {
    const informed = truth.alpha * truth.mu
    const share = informed / (informed + truth.epsilonBuy + truth.epsilonSell)
    for (let seed = 1; seed <= 5; seed++) {
      const { buys, sells } = simulate(truth, 250, seed)
      const found = fitPin(buys, sells)!
      expect(Math.abs(found.pin - share)).toBeLessThan(0.03)
      expect(Math.abs(found.alpha - truth.alpha)).toBeLessThan(0.1)
      expect(Math.abs(found.delta - truth.delta)).toBeLessThan(0.2)
      expect(Math.abs(found.mu / truth.mu - 1)).toBeLessThan(0.15)
    }
  })

  test('without informed trades nothing is told, but once in a hundred samples', () => {
    let told = 0
    for (let seed = 1; seed <= 100; seed++) {
      const { buys, sells } = simulate({ alpha: 0, delta: 0.5, mu: 0, epsilonBuy: 50, epsilonSell: 40 }, 100, seed)
      if (fitPin(buys, sells) !== null) told++
    }
    expect(told).toBeLessThanOrEqual(4)
  })

  test.each([1, 0.99])('bad news in a part of %d of the periods cannot be told from none', (alpha) => {
    const { buys, sells } = simulate({ alpha, delta: 1, mu: 60, epsilonBuy: 50, epsilonSell: 50 }, 250, 1)
    expect(fitPin(buys, sells)).toBeNull()
  })

  const { buys, sells } = simulate({ alpha: 0.4, delta: 0.5, mu: 60, epsilonBuy: 50, epsilonSell: 50 }, 20, 1)
  test.each([
    { what: 'nothing', buys: [], sells: [] },
    { what: '19 periods', buys: buys.slice(1), sells: sells.slice(1) },
    { what: 'no sells', buys, sells: sells.map(() => 0) },
    { what: 'another length', buys, sells: sells.slice(1) },
    { what: 'a negative count', buys, sells: [-1, ...sells.slice(1)] },
    { what: 'no number', buys, sells: [Number.NaN, ...sells.slice(1)] },
  ])('$what gives null', (each) => {
    expect(fitPin(each.buys, each.sells)).toBeNull()
  })

  test('large counts leave only numbers', () => {
    const { buys, sells } = simulate({ alpha: 0.4, delta: 0.5, mu: 600, epsilonBuy: 500, epsilonSell: 500 }, 40, 1)
    const found = fitPin(
      buys.map((count) => 1e6 * count),
      sells.map((count) => 1e6 * count),
    )!
    expect(Object.values(found).every(Number.isFinite)).toBe(true)
    expect(Math.abs(found.pin - 240 / 1_240)).toBeLessThan(0.05)
  })

  test('the same counts in each period give null', () => {
    expect(fitPin(Array(30).fill(1e6), Array(30).fill(1e6))).toBeNull()
  })
})
