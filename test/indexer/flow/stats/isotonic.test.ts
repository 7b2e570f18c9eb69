import { describe, expect, test } from 'vitest'
import { applyIsotonic, fitIsotonic } from '../../../../indexer/flow/stats/isotonic.ts'
import { createRandom } from '../../../support/random.ts'

describe('fitIsotonic', () => {
  test.each([
    {
      what: 'labels in order stay',
      labels: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
      values: [0, 1],
      thresholds: [3, 8],
    },
    {
      what: 'labels the wrong way round are one pool',
      labels: [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
      values: [0.5],
      thresholds: [5.5],
    },
    {
      what: 'neighbours out of order are pooled',
      labels: [0, 0, 0, 1, 0, 1, 0, 1, 1, 1],
      values: [0, 0.5, 1],
      thresholds: [2, 5.5, 9],
    },
  ])('$what', ({ labels, values, thresholds }) => {
    expect(fitIsotonic([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], labels)).toEqual({ thresholds, values })
  })

  test('equal scores are one, whatever the order of their labels', () => {
    const scores = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]
    const found = fitIsotonic(scores, [0, 1, 0, 0, 1, 0, 0, 1, 1, 1])
    expect(found).toEqual({ thresholds: [1, 2, 3], values: [0.25, 0.5, 1] })
  })

  test('a weight of 3 counts as three', () => {
    const scores = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    const labels = [0, 0, 1, 0, 0, 1, 1, 1, 1, 1]
    const weights = [1, 1, 3, 1, 1, 1, 1, 1, 1, 1]
    expect(fitIsotonic(scores, labels, weights)).toEqual(fitIsotonic([...scores, 3, 3], [...labels, 1, 1]))
  })

  test('a known curve is found to 0.05', () => {
    const random = createRandom(1)
    const scores = Array.from({ length: 20_000 }, () => random())
    const curve = fitIsotonic(
      scores,
      scores.map((score) => (random() < score ** 2 ? 1 : 0)),
    )!
    for (const score of [0.1, 0.3, 0.5, 0.7, 0.9])
      expect(Math.abs(applyIsotonic(curve, score)! - score ** 2)).toBeLessThan(0.05)
  })

  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  test.each([
    { what: 'nothing', scores: [], labels: [], weights: undefined },
    { what: 'nine points', scores: ten.slice(1), labels: ten.slice(1), weights: undefined },
    { what: 'another length', scores: ten, labels: ten.slice(1), weights: undefined },
    { what: 'a weight of 0', scores: ten, labels: ten, weights: [0, ...ten.slice(1)] },
    { what: 'sums beyond numbers', scores: ten, labels: ten.map(() => -1e308), weights: undefined },
    { what: 'no number', scores: [Number.NaN, ...ten.slice(1)], labels: ten, weights: undefined },
  ])('$what gives null', ({ scores, labels, weights }) => {
    expect(fitIsotonic(scores, labels, weights)).toBeNull()
  })
})

describe('applyIsotonic', () => {
  const curve = { thresholds: [1, 3, 4], values: [0.1, 0.5, 0.9] }
  test.each([
    { score: -5, value: 0.1 },
    { score: 1, value: 0.1 },
    { score: 2, value: 0.3 },
    { score: 3.5, value: 0.7 },
    { score: 9, value: 0.9 },
  ])('$score is $value', ({ score, value }) => {
    expect(applyIsotonic(curve, score)).toBeCloseTo(value, 12)
  })

  test('it never falls', () => {
    const random = createRandom(2)
    const scores = Array.from({ length: 500 }, () => random())
    const fit = fitIsotonic(
      scores,
      scores.map(() => (random() < 0.5 ? 1 : 0)),
    )!
    let last = 0
    for (let score = -0.1; score < 1.1; score += 0.001) {
      const value = applyIsotonic(fit, score)!
      expect(value).toBeGreaterThanOrEqual(last)
      last = value
    }
  })

  test('no curve and no score give null', () => {
    expect(applyIsotonic({ thresholds: [], values: [] }, 1)).toBeNull()
    expect(applyIsotonic(curve, Number.NaN)).toBeNull()
  })
})
