import { describe, expect, test } from 'vitest'
import { listRunLengths, signAutocorrelation, waldWolfowitz } from '../../../../indexer/flow/stats/sign.ts'
import { createRandom } from '../../../support/random.ts'

/** Signs that repeat with a probability: autocorrelation (2 p - 1) to the power of the lag. */
function simulate(p: number, n: number, seed: number): number[] {
  const random = createRandom(seed)
  let sign = 1
  return Array.from({ length: n }, () => {
    if (random() > p) sign = -sign
    return sign
  })
}

describe('signAutocorrelation', () => {
  test.each([0.5, 0.8, 0.2])('signs that repeat with probability %d are found at three lags', (p) => {
    signAutocorrelation(simulate(p, 20_000, 1), 3)!.forEach((found, index) => {
      expect(Math.abs(found - (2 * p - 1) ** (index + 1))).toBeLessThan(0.03)
    })
  })

  const signs = simulate(0.5, 30, 1)
  test.each([
    { what: 'nothing', signs: [], lag: 1 },
    { what: '29 signs', signs: signs.slice(1), lag: 1 },
    { what: 'a lag of more than half', signs, lag: 16 },
    { what: 'one side', signs: signs.map(() => 1), lag: 1 },
  ])('$what gives null', (each) => {
    expect(signAutocorrelation(each.signs, each.lag)).toBeNull()
  })

  test('there is one number a lag', () => {
    expect(signAutocorrelation(signs, 15)).toHaveLength(15)
  })
})

describe('waldWolfowitz', () => {
  test('signs by chance are normal around 0', () => {
    const found = Array.from({ length: 500 }, (_, seed) => waldWolfowitz(simulate(0.5, 100, seed + 1))!)
    const average = found.reduce((sum, z) => sum + z, 0) / 500
    expect(Math.abs(average)).toBeLessThan(0.15)
    expect(Math.abs(found.reduce((sum, z) => sum + (z - average) ** 2, 0) / 500 - 1)).toBeLessThan(0.2)
  })

  test('by hand: 10 and 10 in two runs are 9 below the 11 expected', () => {
    const binary = [...Array(10).fill(true), ...Array(10).fill(false)] as boolean[]
    expect(waldWolfowitz(binary)).toBeCloseTo(-9 / Math.sqrt((200 * 180) / (400 * 19)), 9)
  })

  test('sides in turn are above', () => {
    expect(waldWolfowitz(Array.from({ length: 40 }, (_, index) => index % 2))).toBeGreaterThan(5)
  })

  test.each([
    { what: 'nothing', binary: [] },
    { what: '19 values', binary: simulate(0.5, 19, 1) },
    { what: 'one side', binary: Array(30).fill(true) as boolean[] },
  ])('$what gives null', ({ binary }) => {
    expect(waldWolfowitz(binary)).toBeNull()
  })
})

describe('listRunLengths', () => {
  test.each([
    { values: [1, 1, -1, 1], lengths: [2, 1, 1] },
    { values: [1], lengths: [1] },
    { values: [], lengths: [] },
  ])('$values is $lengths', ({ values, lengths }) => {
    expect(listRunLengths(values)).toEqual(lengths)
  })
})
