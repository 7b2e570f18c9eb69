import { describe, expect, test } from 'vitest'
import { fitLogistic, logit, sigmoid } from '../../../../indexer/flow/stats/logistic.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal } from './simulate.ts'

function simulate(n: number, seed: number) {
  const random = createRandom(seed)
  const rows = Array.from({ length: n }, () => Float64Array.from([drawNormal(random), drawNormal(random)]))
  const labels = rows.map(([a, b]) => (random() < sigmoid(-0.5 + 1.5 * a! - 1 * b!) ? 1 : 0))
  return { rows, labels }
}

describe('fitLogistic', () => {
  test('known weights are found to 0.1', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { rows, labels } = simulate(10_000, seed)
      const { intercept, weights } = fitLogistic(rows, labels, { l2: 0 })!
      expect(Math.abs(intercept + 0.5)).toBeLessThan(0.1)
      expect(Math.abs(weights[0]! - 1.5)).toBeLessThan(0.1)
      expect(Math.abs(weights[1]! + 1)).toBeLessThan(0.1)
    }
  })

  test('without features the intercept is the log-odds', () => {
    const labels = Array.from({ length: 100 }, (_, index) => (index < 20 ? 1 : 0))
    const fit = fitLogistic(
      labels.map(() => Float64Array.from([0])),
      labels,
    )!
    expect(fit.intercept).toBeCloseTo(Math.log(0.25), 6)
    expect(fit.weights).toEqual([0])
  })

  test('a row of weight 2 counts as two', () => {
    const { rows, labels } = simulate(200, 1)
    const twice = fitLogistic([...rows, ...rows.slice(0, 50)], [...labels, ...labels.slice(0, 50)])!
    const weighted = fitLogistic(rows, labels, { weights: rows.map((_, index) => (index < 50 ? 2 : 1)) })!
    expect(weighted.intercept).toBeCloseTo(twice.intercept, 6)
    weighted.weights.forEach((weight, index) => {
      expect(weight).toBeCloseTo(twice.weights[index]!, 6)
    })
  })

  test('the penalty shrinks, and holds what separates the labels', () => {
    const rows = Array.from({ length: 40 }, (_, index) => Float64Array.from([index < 20 ? -1 : 1]))
    const labels = rows.map((row) => (row[0]! > 0 ? 1 : 0))
    expect(fitLogistic(rows, labels, { l2: 0 })).toBeNull()
    expect(fitLogistic(rows, labels, { l2: 0, iterations: 20 })).toBeNull()
    const [some, more] = [fitLogistic(rows, labels)!, fitLogistic(rows, labels, { l2: 0.1 })!]
    expect(some.weights[0]).toBeLessThan(20)
    expect(more.weights[0]).toBeLessThan(some.weights[0]!)
    // Where the derivative is 0: (1 - sigmoid(w)) = l2 w.
    expect(1 - sigmoid(more.weights[0]!)).toBeCloseTo(0.1 * more.weights[0]!, 6)
  })

  test('far-off features still converge', () => {
    const { rows, labels } = simulate(500, 1)
    const far = rows.map((row) => row.map((value) => 30 * value + 100))
    expect(fitLogistic(far, labels, { l2: 1e-6 })!.weights[0]).toBeCloseTo(
      fitLogistic(rows, labels, { l2: 1e-6 })!.weights[0]! / 30,
      2,
    )
  })

  const { rows, labels } = simulate(20, 1)
  type Case = { what: string; rows: Float64Array[]; labels: number[]; weights?: number[] }
  test.each<Case>([
    { what: 'nothing', rows: [], labels: [] },
    { what: 'no more rows than unknowns', rows: rows.slice(0, 3), labels: [0, 1, 0] },
    { what: 'one label', rows, labels: labels.map(() => 1) },
    { what: 'another length', rows, labels: labels.slice(1) },
    { what: 'a negative weight', rows, labels, weights: labels.map(() => -1) },
    { what: 'no weight at all', rows, labels, weights: labels.map(() => 0) },
    { what: 'no number', rows: [Float64Array.from([Number.NaN, 1]), ...rows.slice(1)], labels },
  ])('$what gives null', (each) => {
    expect(fitLogistic(each.rows, each.labels, { weights: each.weights ?? null })).toBeNull()
  })
})

describe('sigmoid and logit', () => {
  test.each([-700, -5, 0, 0.3, 5])('%d goes there and back', (x) => {
    expect(logit(sigmoid(x))).toBeCloseTo(x, 9)
  })

  test.each([0, 1, -0.1, 1.1, Number.NaN])('the log-odds of %d are null', (p) => {
    expect(logit(p)).toBeNull()
  })

  test('log-odds beyond numbers are certain', () => {
    expect([sigmoid(1e4), sigmoid(-1e4)]).toEqual([1, 0])
  })
})
