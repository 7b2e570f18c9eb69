import { describe, expect, test } from 'vitest'
import { judgeClock, testClock } from '../../indexer/derive/clock.ts'
import type { ClockMemory } from '../../indexer/types/clock.ts'
import { type ClockedBlock, type ClockKind, withClock } from '../../simulator/clocks.ts'
import { createRandom } from '../../simulator/random.ts'
import { type SimulatedBlock, simulate } from '../../simulator/simulate.ts'

const exact = (seed: string): SimulatedBlock[] => [
  ...simulate({ seed, blocks: 60, ordering: 'fifo', agents: { noise: { swapsPerPoolBlock: 2 }, arbitrageur: {} } }),
]
const timed = (seed: string, kind: ClockKind) => [...withClock(exact(seed), kind, createRandom(`${seed}/clock`))]

function toTimedBlock({ block, arrivals }: ClockedBlock) {
  return {
    number: Number(block.number),
    timestamp: Number(block.timestamp),
    arrivals: block.transactions.map(({ hash, from, type }, index) => ({
      ...{ transactionHash: hash, from, receivedAt: arrivals[index]!, isFromL1: Number(type) === 255 },
    })),
  }
}

describe('withClock', () => {
  test('the sequencer has each a little later than it came, by about 30 ms, and shows as a sequencer', () => {
    const [before, after] = [exact('a'), timed('a', 'sequencer')]
    // The first block makes the pools.
    for (const block of after.slice(1)) expect(testClock(toTimedBlock(block))).toBe('sequencer')
    const delays = after.flatMap(({ arrivals }, at) =>
      arrivals.map((time, index) => time! - before[at]!.arrivals[index]!),
    )
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    const median = delays.sort((a, b) => a - b)[delays.length >> 1]!
    expect(median).toBeGreaterThan(10_000)
    expect(median).toBeLessThan(40_000)
  })

  test("a node has a block's transactions at once, after the block, and shows as a node", () => {
    for (const block of timed('a', 'node').slice(1)) {
      expect(new Set(block.arrivals).size).toBe(1)
      expect(block.arrivals[0]!).toBeGreaterThan((Number(block.block.timestamp) + 1) * 1e6)
      expect(testClock(toTimedBlock(block))).toBe('node')
    }
  })

  test('where no times are told the clock is that of the blocks', () => {
    const memory: ClockMemory = []
    for (const block of timed('a', 'none')) {
      expect(block.arrivals.every((time) => time === null)).toBe(true)
      expect(judgeClock(memory, toTimedBlock(block)).clock).toBe('block')
    }
  })

  test('a clock that is set back runs backwards within a block now and then, and is not always behind', () => {
    const [before, after] = [exact('a'), timed('a', 'backwards')]
    const steps = after.flatMap(({ arrivals }, at) =>
      arrivals.filter(
        (time, index) =>
          index > 0 &&
          before[at]!.arrivals[index]! - time! > before[at]!.arrivals[index - 1]! - arrivals[index - 1]! + 50_000,
      ),
    )
    expect(steps.length).toBeGreaterThan(2)
    expect(after[1]!.arrivals.length).toBeGreaterThan(0)
  })

  test('the same stream gives the same times; the blocks stay as they are', () => {
    expect(timed('b', 'sequencer')).toEqual(timed('b', 'sequencer'))
    const [before, after] = [exact('b'), timed('b', 'node')]
    expect(after.map(({ block, receipts, labels }) => ({ block, receipts, labels }))).toEqual(
      before.map(({ block, receipts, labels }) => ({ block, receipts, labels })),
    )
  })
})
