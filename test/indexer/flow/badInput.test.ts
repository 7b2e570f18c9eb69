import { describe, expect, test } from 'vitest'
import { createChainState } from '../../../indexer/derive/state.ts'
import { createParents } from '../../../indexer/flow/metaorders.ts'
import { createTraders, MEMORY_EVENTS, TRADER_EVENTS } from '../../../indexer/flow/traders.ts'
import type { Arrivals } from '../../../indexer/types/arrival.ts'
import type { BlockBundle } from '../../../indexer/types/block.ts'
import type { FlowEvent, FlowRows } from '../../../indexer/types/flow.ts'
import { noFlow } from '../../../indexer/types/flow.ts'
import { profileFor, type SimulateOptions, simulate } from '../../../simulator/simulate.ts'
import { address } from '../../support/logs.ts'
import { beginHistory, indexSimulated } from './history.ts'

const options: SimulateOptions = {
  ...{ seed: 4, blocks: 300, ordering: 'fifo', blockTimeMs: 24_000 },
  agents: { people: { tradesPerBlock: 3, people: 40 }, algorithms: { parentsPerHour: 10 }, arbitrageur: {} },
}

function measure(alter: (bundle: BlockBundle) => BlockBundle): FlowRows {
  const profile = profileFor(options)
  const memory = beginHistory(createChainState(), profile)
  const all = noFlow()
  for (const block of simulate(options)) {
    const { flow } = indexSimulated([block], memory, profile, alter)
    for (const key of Object.keys(all) as (keyof FlowRows)[]) (all[key] as unknown[]).push(...flow[key])
  }
  return all
}

const withArrivals = (alter: (arrivals: Arrivals, bundle: BlockBundle) => Arrivals) => (bundle: BlockBundle) => ({
  ...bundle,
  arrivals: alter(bundle.arrivals, bundle),
})

/** Every number in a value. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value
  else if (value instanceof Map) for (const each of value.values()) yield* numbersIn(each)
  else if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* numbersIn(each)
}

describe('clocks that say little', () => {
  const shared = withArrivals((arrivals, { block }) =>
    arrivals === null ? null : arrivals.map((each) => ({ ...each, receivedAt: block.timestamp * 1e6 + 5_000_000 })),
  )
  const backwards = withArrivals((arrivals, { block }) =>
    arrivals === null ? null : arrivals.map((each) => ({ ...each, receivedAt: 2e15 - block.number * 1e9 })),
  )
  const none = withArrivals(() => null)

  test.each([
    ['a node that got the block later', shared],
    ['a clock that runs backwards', backwards],
    ['none', none],
  ])('%s: no burst is told, and everything says its clock', (_, alter) => {
    const rows = measure(alter)
    expect(rows.intents.length).toBeGreaterThan(300)
    expect(rows.intents.every(({ intent }) => intent.clock !== 'sequencer')).toBe(true)
    expect(rows.intents.every(({ intent }) => intent.timeUs === intent.timestamp * 1e6)).toBe(true)
    expect(rows.metaorders.length).toBeGreaterThan(5)
    for (const { timing } of [...rows.metaorders, ...rows.traders]) expect(timing.burstShare).toBeNull()
    for (const number of numbersIn(rows)) expect(Number.isFinite(number)).toBe(true)
  })

  test('the sequencer: every figure is a number or null', () => {
    const rows = measure((bundle) => bundle)
    expect(rows.intents.some(({ intent }) => intent.clock === 'sequencer')).toBe(true)
    for (const number of numbersIn(rows)) expect(Number.isFinite(number)).toBe(true)
  })
})

describe('bounds', () => {
  const CONTRACT = address(7)
  const ALICE = address(1)
  // Written out: spreading parts would take far longer than what is tested.
  const eventOf = (trader: `0x${string}`, index: number): FlowEvent => ({
    trader,
    blockNumber: index,
    transactionIndex: 0,
    timestamp: Math.floor(index / 100),
    timeUs: index * 1e4,
    clock: 'block',
    pair: 'ether',
    side: 'BUY',
    size: 1,
    given: 1,
    got: 1,
    valueUsd: 1,
    contract: CONTRACT,
    isMev: false,
    inBlock: null,
  })

  test('one trader with a million trades, the last of which take no longer than the first', () => {
    const traders = createTraders()
    const took = (from: number, to: number) => {
      const began = performance.now()
      for (let index = from; index < to; index++) traders.add(eventOf(ALICE, index))
      return performance.now() - began
    }
    const first = took(0, 500_000)
    expect(took(500_000, 1_000_000)).toBeLessThan(first * 4 + 100)
    expect(traders.size()).toBe(MEMORY_EVENTS)
    expect(traders.eventsOf(ALICE)).toHaveLength(TRADER_EVENTS)
  })

  test('as many traders as trades', () => {
    const traders = createTraders()
    for (let index = 0; index < MEMORY_EVENTS + 1_000; index++) traders.add(eventOf(address(index + 1), index))
    expect(traders.size()).toBe(MEMORY_EVENTS)
    expect(traders.eventsOf(address(1))).toEqual([])
    traders.forget(1e9)
    expect(traders.size()).toBe(0)
    expect(traders.callersOf(address(7))).toBe('few')
  })

  test('a chain that slept for a year', () => {
    const parents = createParents()
    const pair = { base: address(1), quote: address(2), key: 'ether', id: 0 }
    const shape = {
      route: 'POOL' as const,
      slippageBps: null,
      amountIn: 1n,
      amountOut: 1n,
      relativeSize: null,
      valueUsd: null,
    }
    parents.add(address(1), pair, 'BUY', { event: eventOf(address(1), 0), baseAmount: 1n, quoteAmount: 1n, shape })
    expect(parents.expire(366 * 86_400)).toHaveLength(1)
  })
})
