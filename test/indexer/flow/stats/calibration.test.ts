import { describe, expect, test } from 'vitest'
import {
  brier,
  brierDecomposition,
  expectedCalibrationError,
  f1,
  reliability,
  wilson,
} from '../../../../indexer/flow/stats/calibration.ts'
import { createRandom } from '../../../support/random.ts'

describe('brier', () => {
  test.each([
    { p: [1, 0], y: [1, 0], value: 0 },
    { p: [0.5, 0.5], y: [1, 0], value: 0.25 },
    { p: [1, 0], y: [0, 1], value: 1 },
    { p: [], y: [], value: null },
    { p: [1], y: [1, 0], value: null },
    { p: [Number.NaN], y: [1], value: null },
  ])('$p of $y is $value', ({ p, y, value }) => {
    expect(brier(p, y)).toBe(value)
  })
})

function simulate(n: number, seed: number, bend: (p: number) => number) {
  const random = createRandom(seed)
  const p = Array.from({ length: n }, () => random())
  return { p, y: p.map((each) => (random() < bend(each) ? 1 : 0)) }
}

describe('brierDecomposition', () => {
  test('by hand: two probabilities', () => {
    // Rates 0.5 and 1 of probabilities 0.25 and 0.75; overall 0.75.
    const parts = brierDecomposition([0.25, 0.25, 0.75, 0.75], [0, 1, 1, 1])!
    expect(parts.reliability).toBeCloseTo(0.0625, 12)
    expect(parts.resolution).toBeCloseTo(0.0625, 12)
    expect(parts.uncertainty).toBeCloseTo(0.1875, 12)
    expect(parts.within).toBeCloseTo(0, 12)
  })

  test('the parts add up, and what bins hide is small', () => {
    const { p, y } = simulate(5_000, 1, (each) => each)
    const { reliability, resolution, uncertainty, within } = brierDecomposition(p, y)!
    expect(reliability - resolution + uncertainty + within).toBeCloseTo(brier(p, y)!, 12)
    expect(Math.abs(within)).toBeLessThan(0.005)
    expect(reliability).toBeLessThan(0.002)
  })

  test('nothing gives null', () => {
    expect(brierDecomposition([], [])).toBeNull()
  })
})

describe('expectedCalibrationError', () => {
  test('a true forecast is near 0, and one 0.2 too high is 0.2 off', () => {
    const right = simulate(20_000, 1, (each) => each)
    expect(expectedCalibrationError(right.p, right.y)).toBeLessThan(0.02)
    const high = simulate(20_000, 1, (each) => each - 0.2)
    // Below 0.2 it is only as far off as it can be.
    expect(Math.abs(expectedCalibrationError(high.p, high.y)! - (0.8 * 0.2 + 0.2 * 0.1))).toBeLessThan(0.02)
  })

  test('by hand', () => {
    expect(expectedCalibrationError([0.25, 0.25, 0.75, 0.75], [0, 1, 1, 1])).toBeCloseTo(0.25, 12)
  })

  test('nothing gives null', () => {
    expect(expectedCalibrationError([], [])).toBeNull()
  })
})

describe('reliability', () => {
  test('bins without probabilities are left out, and 1 is in the last', () => {
    const rows = reliability([0.05, 0.5, 0.55, 1], [0, 1, 0, 1])!
    expect(rows.map(({ low, high, n }) => [low, high, n])).toEqual([
      [0, 0.1, 1],
      [0.5, 0.6, 2],
      [0.9, 1, 1],
    ])
    expect(rows[1]!.meanP).toBeCloseTo(0.525, 12)
    expect(rows[1]!.rate).toBe(0.5)
  })

  test('the intervals hold the true rate in about 95 of 100', () => {
    let [held, all] = [0, 0]
    for (let seed = 1; seed <= 200; seed++) {
      const { p, y } = simulate(500, seed, (each) => each)
      for (const { meanP, rateLow, rateHigh } of reliability(p, y)!) {
        all++
        if (rateLow <= meanP && meanP <= rateHigh) held++
      }
    }
    expect(Math.abs(held / all - 0.955)).toBeLessThan(0.02)
  })

  test.each([
    { what: 'nothing', p: [], y: [] },
    { what: 'another length', p: [0.5], y: [] },
    { what: 'no probability', p: [1.2], y: [1] },
    { what: 'no number', p: [Number.NaN], y: [1] },
    { what: 'no outcome', p: [0.5], y: [Number.NaN] },
    { what: 'an outcome of 2', p: [0.5], y: [2] },
  ])('$what gives null', ({ p, y }) => {
    expect(reliability(p, y)).toBeNull()
  })
})

describe('wilson', () => {
  test.each([
    // Newcombe 1998, table I, method 3.
    { successes: 81, n: 263, low: 0.2553, high: 0.3662 },
    { successes: 15, n: 148, low: 0.0624, high: 0.1605 },
    { successes: 0, n: 20, low: 0, high: 0.1611 },
    { successes: 1, n: 29, low: 0.0061, high: 0.1718 },
  ])('$successes of $n is from $low to $high', ({ successes, n, low, high }) => {
    expect(wilson(successes, n)!.low).toBeCloseTo(low, 4)
    expect(wilson(successes, n)!.high).toBeCloseTo(high, 4)
  })

  test('no trials, and more successes than trials, give null', () => {
    expect(wilson(0, 0)).toBeNull()
    expect(wilson(3, 2)).toBeNull()
    expect(wilson(-1, 2)).toBeNull()
  })
})

describe('f1', () => {
  test.each([
    { predicted: [true, true, false, false], actual: [true, false, true, false], value: 0.5 },
    { predicted: [true, false], actual: [true, false], value: 1 },
    { predicted: [true, false], actual: [false, true], value: 0 },
    { predicted: [false, false], actual: [false, false], value: null },
    { predicted: [true], actual: [], value: null },
    { predicted: [], actual: [], value: null },
  ])('$predicted of $actual is $value', ({ predicted, actual, value }) => {
    expect(f1(predicted, actual)).toBe(value)
  })
})
