import { describe, expect, test } from 'vitest'
import { bootstrapAuc, rocAuc } from '../../../../indexer/flow/stats/auc.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal } from './simulate.ts'

describe('rocAuc', () => {
  test.each([
    { scores: [0.1, 0.4, 0.35, 0.8], labels: [0, 0, 1, 1], value: 0.75 },
    { scores: [1, 2, 3], labels: [0, 0, 1], value: 1 },
    { scores: [1, 2, 3], labels: [1, 0, 0], value: 0 },
    { scores: [5, 5, 5, 5], labels: [0, 1, 0, 1], value: 0.5 },
    // Positive 2 against 1 and 2: one and a half of two.
    { scores: [1, 2, 2], labels: [0, 0, 1], value: 0.75 },
    { scores: [1, 2], labels: [1, 1], value: null },
    { scores: [], labels: [], value: null },
    { scores: [1, 2], labels: [1], value: null },
    { scores: [1, Number.NaN], labels: [1, 0], value: null },
  ])('$scores of $labels is $value', ({ scores, labels, value }) => {
    expect(rocAuc(scores, labels)).toBe(value)
  })
})

/** Accounts with five rows each that share a score but for noise; half of them are positive and one deviation higher. */
function simulate(accounts: number, random: () => number) {
  const [scores, labels, clusters] = [[] as number[], [] as number[], [] as string[]]
  for (let account = 0; account < accounts; account++) {
    const [label, own] = [account % 2, drawNormal(random)]
    for (let row = 0; row < 5; row++) {
      scores.push(label + own + 0.1 * drawNormal(random))
      labels.push(label)
      clusters.push(`account-${account}`)
    }
  }
  return { scores, labels, clusters }
}

describe('bootstrapAuc', () => {
  // The normal distribution at 1 / sqrt(2), noise or not.
  const TRUE = 0.7588

  test('the interval holds the true area in about 95 of 100, which rows drawn one by one would not', () => {
    let [held, heldByRow] = [0, 0]
    for (let seed = 1; seed <= 100; seed++) {
      const random = createRandom(seed)
      const { scores, labels, clusters } = simulate(80, random)
      const found = bootstrapAuc(scores, labels, clusters, random, { repeats: 200 })!
      expect(found.auc).toBe(rocAuc(scores, labels))
      if (found.low <= TRUE && TRUE <= found.high) held++
      const byRow = bootstrapAuc(
        scores,
        labels,
        clusters.map((_, index) => String(index)),
        random,
        { repeats: 200 },
      )!
      if (byRow.low <= TRUE && TRUE <= byRow.high) heldByRow++
    }
    expect(held).toBeGreaterThan(87)
    expect(heldByRow).toBeLessThan(75)
  })

  const { scores, labels, clusters } = simulate(10, createRandom(1))
  test.each([
    { what: 'nothing', scores: [], labels: [], clusters: [] },
    { what: 'nine clusters', scores: scores.slice(5), labels: labels.slice(5), clusters: clusters.slice(5) },
    { what: 'one label', scores, labels: labels.map(() => 1), clusters },
    { what: 'another length', scores, labels, clusters: clusters.slice(1) },
  ])('$what gives null', (each) => {
    expect(bootstrapAuc(each.scores, each.labels, each.clusters, createRandom(1))).toBeNull()
  })

  test('one positive cluster of many is too often missing', () => {
    const one = labels.map((_, index) => (index < 5 ? 1 : 0))
    expect(bootstrapAuc(scores, one, clusters, createRandom(1))).toBeNull()
  })
})
