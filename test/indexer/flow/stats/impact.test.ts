import { describe, expect, test } from 'vitest'
import { amihud, impactExponent, kyleLambda, permanentImpact } from '../../../../indexer/flow/stats/impact.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal } from './simulate.ts'

const SEEDS = Array.from({ length: 100 }, (_, index) => index + 1)

describe('kyleLambda', () => {
  test('a slope of 0.7 among noise that grows with the flow lies within 3 errors', () => {
    let within = 0
    for (const seed of SEEDS) {
      const random = createRandom(seed)
      const flow = Array.from({ length: 500 }, () => drawNormal(random))
      const change = flow.map((x) => 0.1 + 0.7 * x + (0.5 + Math.abs(x)) * drawNormal(random))
      const { lambda, standardError, n } = kyleLambda(flow, change)!
      expect(n).toBe(500)
      expect(Math.abs(lambda - 0.7)).toBeLessThan(4 * standardError)
      if (Math.abs(lambda - 0.7) < 1.96 * standardError) within++
    }
    // An error that ignored the growth of the noise would hold the slope in 75 of 100.
    expect(within).toBeGreaterThan(88)
  })

  test('a line by hand has its slope and no error', () => {
    const flow = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const found = kyleLambda(
      flow,
      flow.map((x) => 3 * x - 1),
    )!
    expect(found.lambda).toBeCloseTo(3, 12)
    expect(found.standardError).toBeCloseTo(0, 12)
  })

  const ten = Array.from({ length: 10 }, (_, index) => index)
  test.each([
    { what: 'nothing', flow: [], change: [] },
    { what: 'nine periods', flow: ten.slice(1), change: ten.slice(1) },
    { what: 'a constant flow', flow: ten.map(() => 0.3), change: ten },
    { what: 'another length', flow: ten, change: ten.slice(1) },
    { what: 'no number', flow: ten, change: [...ten.slice(1), Number.NaN] },
  ])('$what gives null', ({ flow, change }) => {
    expect(kyleLambda(flow, change)).toBeNull()
  })
})

describe('amihud', () => {
  const ones = Array(10).fill(1) as number[]
  test.each([
    { what: 'a return of 1 on 4', returns: ones, volumes: ones.map(() => 4), value: 0.25 },
    { what: 'a period without volume', returns: [...ones, 9], volumes: [...ones.map(() => 4), 0], value: 0.25 },
    { what: 'nine periods', returns: ones.slice(1), volumes: ones.slice(1), value: null },
    { what: 'another length', returns: ones, volumes: ones.slice(1), value: null },
    { what: 'nothing', returns: [], volumes: [], value: null },
  ])('$what is $value', ({ returns, volumes, value }) => {
    expect(amihud(returns, volumes)).toBe(value)
  })
})

/** Trades that move the price by 2 at once, 0.5 of which comes back with the next trade; signs repeat with probability 0.7. */
function simulateTrades(n: number, seed: number): { signs: number[]; returns: number[] } {
  const random = createRandom(seed)
  const [signs, returns] = [[1], [2]]
  while (signs.length < n) {
    const last = signs.at(-1)!
    const sign = random() < 0.7 ? last : -last
    returns.push(2 * sign - 0.5 * last + drawNormal(random))
    signs.push(sign)
  }
  return { signs, returns }
}

describe('permanentImpact', () => {
  // A surprise of 1 is followed by 0.4, 0.16 ...: 1 / (1 - 0.4) trades in all, each moving the price by 2 - 0.5 for good.
  const TRUE = 1.5 / (1 - 0.4)

  test('the impact of known trades is found on average, and each time to 15 %', () => {
    let sum = 0
    for (let seed = 1; seed <= 20; seed++) {
      const { signs, returns } = simulateTrades(5_000, seed)
      const found = permanentImpact(signs, returns)!
      expect(Math.abs(found / TRUE - 1)).toBeLessThan(0.15)
      sum += found
    }
    expect(Math.abs(sum / 20 / TRUE - 1)).toBeLessThan(0.02)
  })

  test('what comes back altogether is not permanent', () => {
    const random = createRandom(1)
    const signs = Array.from({ length: 5_000 }, () => (random() < 0.5 ? 1 : -1))
    const returns = signs.map((sign, index) => sign - (signs[index - 1] ?? 0) + 0.1 * drawNormal(random))
    expect(Math.abs(permanentImpact(signs, returns)!)).toBeLessThan(0.03)
  })

  const { signs, returns } = simulateTrades(100, 1)
  test.each([
    { what: 'nothing', signs: [], returns: [] },
    { what: '99 trades', signs: signs.slice(1), returns: returns.slice(1) },
    { what: 'one side', signs: signs.map(() => 1), returns },
    { what: 'a price that stands still', signs, returns: returns.map(() => 0) },
    { what: 'returns that the signs decide', signs, returns: signs },
    { what: 'another length', signs, returns: returns.slice(1) },
  ])('$what gives null', (each) => {
    expect(permanentImpact(each.signs, each.returns)).toBeNull()
  })

  test('100 trades are enough', () => {
    expect(permanentImpact(signs, returns)).not.toBeNull()
  })
})

describe('impactExponent', () => {
  test('a square root law lies in its interval in about 95 of 100', () => {
    let held = 0
    for (const seed of SEEDS) {
      const random = createRandom(seed)
      const sizes = Array.from({ length: 300 }, () => Math.exp(2 * drawNormal(random)))
      const { exponent, low, high } = impactExponent(
        sizes,
        sizes.map((size) => 3 * Math.sqrt(size) * Math.exp(drawNormal(random))),
      )!
      expect(Math.abs(exponent - 0.5)).toBeLessThan(0.12)
      if (low <= 0.5 && 0.5 <= high) held++
    }
    expect(held).toBeGreaterThan(88)
  })

  const sizes = Array.from({ length: 30 }, (_, index) => index + 1)
  test.each([
    { what: 'nothing', sizes: [], impacts: [] },
    { what: '29 that moved the price', sizes, impacts: sizes.map((size) => (size === 7 ? -1 : size)) },
    { what: 'one size', sizes: sizes.map(() => 2), impacts: sizes },
    { what: 'another length', sizes, impacts: sizes.slice(1) },
  ])('$what gives null', (each) => {
    expect(impactExponent(each.sizes, each.impacts)).toBeNull()
  })
})
