import { describe, expect, test } from 'vitest'
import type { AgentOptions } from '../../simulator/agents/index.ts'
import { type SimulatedBlock, simulate } from '../../simulator/simulate.ts'

const run = (agents: AgentOptions, blocks = 3_600, startHour = 12): SimulatedBlock[] => [
  ...simulate({ seed: 3, blocks, ordering: 'fifo', agents, startMs: Date.UTC(2025, 0, 6, startHour) }),
]

/** The trades of a history with their labels, that did not revert. */
function tradesOf(history: readonly SimulatedBlock[]) {
  return history.flatMap(({ block, receipts, arrivals, labels }) =>
    labels.transactions.flatMap(({ flow }, index) =>
      flow === null || Number(receipts[index]!.status) === 0
        ? []
        : [
            {
              ...flow,
              from: block.transactions[index]!.from,
              atUs: arrivals[index]!,
              to: block.transactions[index]!.to,
            },
          ],
    ),
  )
}

function gapsOf(trades: readonly { atUs: number }[]): number[] {
  return trades.slice(1).map(({ atUs }, index) => (atUs - trades[index]!.atUs) / 1e6)
}

function variationOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean
}

function byParent<Trade extends { parentId: string | null }>(trades: readonly Trade[]): Trade[][] {
  const parents = new Map<string, Trade[]>()
  for (const trade of trades) parents.set(trade.parentId!, [...(parents.get(trade.parentId!) ?? []), trade])
  return [...parents.values()]
}

describe('people', () => {
  test('trade directly and over aggregators, most of them rarely', () => {
    const trades = tradesOf(run({ people: { tradesPerBlock: 0.5, people: 300 } }))
    expect(new Set(trades.map(({ behaviour }) => behaviour))).toEqual(new Set(['RETAIL_DIRECT', 'RETAIL_AGGREGATOR']))
    expect(trades.length).toBeGreaterThan(900)
    const counts = new Map<string, number>()
    for (const { from } of trades) counts.set(from, (counts.get(from) ?? 0) + 1)
    const sorted = [...counts.values()].sort((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(sorted.at(-1)! / 8)
  })

  test('are more at four in the afternoon than at four in the morning', () => {
    const of = (hour: number) => tradesOf(run({ people: {} }, 1_800, hour)).length
    expect(of(16)).toBeGreaterThan(1.8 * of(4))
  })
})

describe('algorithms', () => {
  test.each([
    ['twap', 0, 0.2],
    ['randomised', 0.1, 0.5],
    ['vwap', 0.05, 0.8],
    ['dca', 0, 0.05],
    ['evasive', 0.6, 1.6],
  ] as const)('%s: gaps vary by %f to %f', (family, least, most) => {
    const trades = tradesOf(run({ algorithms: { families: [family], parentsPerHour: 60 } }, 7_200))
    const parents = byParent(trades).filter((parent) => parent.length >= 6)
    expect(parents.length).toBeGreaterThan(3)
    const variations = parents.map((parent) => variationOf(gapsOf(parent))).sort((a, b) => a - b)
    const median = variations[Math.floor(variations.length / 2)]!
    expect(median).toBeGreaterThanOrEqual(least)
    expect(median).toBeLessThanOrEqual(most)
  })

  test('burst and crossPool send several within a block', () => {
    for (const family of ['burst', 'crossPool'] as const) {
      const trades = tradesOf(run({ algorithms: { families: [family], parentsPerHour: 60 } }, 5_400))
      const gaps = byParent(trades).flatMap(gapsOf)
      expect(gaps.filter((gap) => gap < 0.25).length / gaps.length, family).toBeGreaterThan(0.2)
    }
  })

  test('pov trades as others do, iceberg waits for the price', () => {
    for (const family of ['pov', 'iceberg'] as const) {
      const trades = tradesOf(
        run({ people: {}, algorithms: { families: [family], parentsPerHour: 40 }, arbitrageur: {} }, 5_400),
      )
      expect(trades.filter((trade) => trade.family === family).length, family).toBeGreaterThan(20)
    }
  })
})

test('wash trades give back what they took', () => {
  const trades = tradesOf(run({ wash: { everySeconds: 60 } }))
  expect(trades.length).toBeGreaterThan(40)
  expect(trades.every(({ behaviour }) => behaviour === 'WASH')).toBe(true)
  expect(new Set(trades.map(({ from }) => from)).size).toBe(2)
})

test('informed traders come when prices differ', () => {
  const trades = tradesOf(run({ informed: {}, people: { tradesPerBlock: 2 } }))
  expect(trades.filter(({ behaviour }) => behaviour === 'INFORMED').length).toBeGreaterThan(20)
})

test('the same seed gives the same bytes', () => {
  const agents = { people: {}, algorithms: { parentsPerHour: 60 }, informed: {}, wash: {} }
  const hashes = () => run(agents, 300).map(({ block }) => block.hash)
  expect(hashes()).toEqual(hashes())
})
