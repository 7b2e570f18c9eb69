import { describe, expect, test } from 'vitest'
import { withClock } from '../../simulator/clocks.ts'
import { topic, word } from '../../simulator/hex.ts'
import { createRandom, type Random } from '../../simulator/random.ts'
import { optionsOf, scenarioNames, scenarios } from '../../simulator/scenarios.ts'
import { createScorecard, type ScorecardResult, scoreHistory } from '../../simulator/scorecard/index.ts'
import { createSwapReader } from '../../simulator/scorecard/swaps.ts'
import { profileFor, simulate } from '../../simulator/simulate.ts'
import { defaultTokens, usdc, weth } from '../../simulator/tokens.ts'
import { topics } from '../../simulator/topics.ts'
import { deriveSimulated } from '../support/simulated.ts'

const factOf = ({ facts }: ScorecardResult, name: string) => facts.find((fact) => fact.name === name)!
const POOL = `0x${'aa'.repeat(20)}` as const
const [TOKEN0, TOKEN1] = [weth.address, usdc.address].sort() as [typeof weth.address, typeof weth.address]

/** Blocks of one swap each by made-up people in a pool of WETH and USDC; the dollars and the sides are given. */
function* plant(count: number, usdOf: (random: Random) => number, signOf: (index: number) => 1 | -1) {
  const random = createRandom('planted')
  const log = (its: readonly string[], data: string) => ({
    address: POOL,
    topics: its,
    data: `0x${data}`,
    logIndex: '0x0',
  })
  const created = log([topics.poolCreated, topic(TOKEN0), topic(TOKEN1), topic(500)], word(10) + word(BigInt(POOL)))
  const labels = { transactions: [{ flow: { behaviour: 'RETAIL_DIRECT' } }], attacks: [], attempts: [], decoys: [] }
  for (let index = 0; index <= count; index++) {
    const amount = BigInt(Math.round(usdOf(random) * 1e6))
    const isIn0 = signOf(index) < 0
    const [of0, of1] = isIn0 ? [amount, -amount] : [-amount, amount]
    const words = [of0, of1].map((value) => word(BigInt.asUintN(256, value))).join('')
    const swap = log([topics.rangeSwap, topic(POOL), topic(POOL)], words + word(2n ** 96n) + word(1) + word(0))
    yield {
      block: { number: `0x${index.toString(16)}`, timestamp: `0x${(1_700_000_000 + index * 60).toString(16)}` },
      receipts: [{ from: topic(index % 7), transactionIndex: '0x0', logs: index === 0 ? [created] : [swap] }],
      arrivals: [null],
      labels,
    } as never
  }
}

describe('scoreHistory', () => {
  test('the tail of planted sizes is found, and is judged by its band', () => {
    const scored = (alpha: number) =>
      factOf(
        scoreHistory(
          plant(
            20_000,
            (random) => random.pareto(10, alpha),
            (index) => (index % 2 ? 1 : -1),
          ),
        ),
        'sizeTail',
      )
    expect(scored(1.5).value).toBeGreaterThan(1.25)
    expect(scored(1.5).value).toBeLessThan(1.75)
    expect(scored(1.5).verdict).toBe('pass')
    expect(scored(4).verdict).toBe('fail')
  })

  test('signs that remember by planted orders have a memory, sides at random have none', () => {
    const random = createRandom('orders')
    let [left, side] = [0, 1 as 1 | -1]
    const orders = () => {
      if (left-- <= 0) {
        left = Math.floor(random.pareto(1, 1.5))
        side = random.chance(0.5) ? 1 : -1
      }
      return side
    }
    const found = factOf(scoreHistory(plant(40_000, () => 100, orders)), 'signMemory')
    expect(found.value).toBeGreaterThan(0.25)
    expect(found.value).toBeLessThan(0.8)
    const aside = createRandom('aside')
    const even = scoreHistory(
      plant(
        40_000,
        () => 100,
        () => (aside.chance(0.5) ? 1 : -1),
      ),
    )
    expect(factOf(even, 'signMemory')).toMatchObject({ value: null, verdict: 'fail' })
  })

  test('of a few blocks nothing is said', () => {
    const result = scoreHistory(
      withClock(simulate(optionsOf('market', { seed: 1, blocks: 20, ordering: 'fifo' })), 'none', createRandom('1')),
    )
    expect(result.facts.every(({ verdict }) => verdict === 'insufficient')).toBe(true)
    expect(result.blocks).toBe(21)
  })

  test('shares of behaviours sum to one', () => {
    const options = optionsOf('market', { seed: 1, blocks: 300, ordering: 'fifo' })
    const { behaviours } = scoreHistory(withClock(simulate(options), 'sequencer', createRandom('1')))
    expect(Object.values(behaviours).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1)
    expect(Object.keys(behaviours)).toContain('RETAIL_DIRECT')
  })

  test('its swaps are those that the indexer derives', () => {
    const options = optionsOf('market', { seed: 2, blocks: 100, ordering: 'fifo' })
    const read = createSwapReader(defaultTokens)
    let derived = 0
    for (const { simulated, rows } of deriveSimulated(simulate(options), { profile: profileFor(options) })) {
      const own = read(simulated)
      expect(own.map(({ pool }) => pool)).toEqual(rows.swaps.map(({ event }) => event.pool))
      derived += own.length
    }
    expect(derived).toBeGreaterThan(20)
  })
})

test.each(scenarioNames)('scenario %s makes swaps under both orderings', (name) => {
  expect(scenarios[name].description).not.toBe('')
  for (const ordering of ['fifo', 'tip'] as const) {
    const scorecard = createScorecard()
    for (const block of simulate(optionsOf(name, { seed: 1, blocks: 200, ordering }))) scorecard.add(block)
    expect(scorecard.swaps()).toBeGreaterThan(0)
  }
})
