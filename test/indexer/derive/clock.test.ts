import { describe, expect, test } from 'vitest'
import { startDevnet } from '../../../contracts/devnet/index.ts'
import { createArrivalReader } from '../../../indexer/chain/arrivals.ts'
import type { RawBlock } from '../../../indexer/chain/format.ts'
import { createRpc } from '../../../indexer/chain/rpc.ts'
import { CLOCK_MEMORY_BLOCKS, judgeClock, testClock } from '../../../indexer/derive/clock.ts'
import type { Arrival } from '../../../indexer/types/arrival.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import type { Clock, ClockMemory, TestedClock, TimedBlock } from '../../../indexer/types/clock.ts'
import { address, hash } from '../../support/logs.ts'
import { createRandom } from '../../support/random.ts'

const TIMESTAMP = 1_750_000_000

/**
 * A block from text: one word a transaction, in the order of the block, `<milliseconds after the timestamp>` with the
 * sender behind it (`12a`), `L1` behind it for an operation from L1, `-` for no time.
 */
function block(text: string, number = 1): TimedBlock {
  const words = text.split(' ').filter((word) => word !== '')
  return { number, timestamp: TIMESTAMP, arrivals: words.map(toArrival) }
}

function toArrival(word: string, index: number): Arrival {
  const [, ms, sender] = /^(-?[\d.]+|-)([a-z]?|L1)$/.exec(word)!
  return {
    transactionHash: hash(index),
    receivedAt: ms === '-' ? null : TIMESTAMP * 1_000_000 + Math.round(Number(ms) * 1_000),
    isFromL1: sender === 'L1',
    from: sender === '' || sender === 'L1' ? address(100 + index) : address(sender!.charCodeAt(0)),
  }
}

const repeat = (count: number, word: (index: number) => string | number) =>
  Array.from({ length: count }, (_, index) => word(index)).join(' ')

describe('testClock', () => {
  test.each<[string, string, Clock | null]>([
    // fewer than two
    ['no transaction', '', null],
    ['one', '5', null],
    ['one, and any number from L1', '5 7L1 9L1', null],
    ['one with a time, and one without', '5 -', null],
    ['two', '5 6', 'sequencer'],
    // before the block
    ['until the block is sealed', '1000 2000', 'sequencer'],
    ['one after the block was sealed', '1000 2000.001', 'node'],
    ['long before the block', '-90000 -80000', 'sequencer'],
    ['from L1, after the block', '1000 2000 9999L1', 'sequencer'],
    // ties
    ['two at the same time', '5 5', 'node'],
    ['all at the same time', '5 5 5 5', 'node'],
    ['two of three at the same time', '5 5 6', 'sequencer'],
    ['two of four at the same time', '5 5 6 7', 'sequencer'],
    ['three of four at the same time', '5 5 5 7', 'node'],
    ['three of five at the same time', '5 5 5 6 7', 'sequencer'],
    ['four of five at the same time', '5 5 5 5 7', 'node'],
    ['pairs in each millisecond, under load', repeat(200, (index) => Math.floor(index / 2)), 'sequencer'],
    ['from L1 all at the same time, before two', '0L1 0L1 0L1 0L1 5 6', 'sequencer'],
    // order
    ['two that changed places between two fillings of the pool', '25 5', 'sequencer'],
    ['two that changed places', '25.001 5', 'node'],
    ['one pair of four inverted', '0 100 50 150 200', 'sequencer'],
    ['one pair of three inverted', '0 100 50 150', 'node'],
    ['one that was stashed for its fee', '100 200 -9000 300 400', 'sequencer'],
    ['one that the operator sent', '1900 100 200 300 400', 'sequencer'],
    ['two pairs of five inverted', '0 100 50 150 101 200', 'node'],
    ['backwards', '400 300 200 100', 'node'],
    // nonces
    ['two of one sender, the second earlier', '200a 100a', 'sequencer'],
    ['three of one sender, backwards', '300a 200a 100a', 'sequencer'],
    ['two of two senders, the second earlier', '200a 100b', 'node'],
    ['one that waited for its sender, and one that came between', '200a 100a 210b', 'sequencer'],
    ['one that waited for its sender, and one that came before', '200a 100a 150b', 'node'],
    ['one that waits for one of an earlier block only', '100b 200a 50c', 'node'],
    // L1
    ['one from L1 between', '100 5000L1 110 120', 'sequencer'],
  ])('%s: %s', (_, text, expected) => {
    expect(testClock(block(text))).toBe(expected)
  })

  test('no arrival times', () => {
    expect(testClock({ number: 1, timestamp: TIMESTAMP, arrivals: null })).toBeNull()
  })

  test('a node that enters a block in any other order is found out, the more the more transactions there are', () => {
    const random = createRandom(7)
    const share = (count: number) => {
      const blocks = Array.from({ length: 400 }, () => block(repeat(count, () => Math.floor(random() * 1000))))
      return blocks.filter((each) => testClock(each) === 'sequencer').length / blocks.length
    }
    expect(share(2)).toBeLessThan(0.6)
    expect(share(6)).toBeLessThan(0.15)
    expect(share(20)).toBe(0)
  })

  test('a sequencer under load passes', () => {
    const random = createRandom(7)
    for (let run = 0; run < 200; run++) {
      const times = Array.from({ length: 300 }, () => Math.floor(random() * 200)).sort((a, b) => a - b)
      expect(testClock(block(times.join(' ')))).toBe('sequencer')
    }
  })
})

describe('judgeClock', () => {
  const SEQUENCER = '1 2'
  const NODE = '2 2'
  const verdicts = (texts: readonly string[], previous: TestedClock[] = [], first = 1) => {
    const memory = [...previous]
    return texts.map((text, index) => {
      const { clock, tested } = judgeClock(memory, block(text, first + index))
      return `${clock}${tested ? ' tested' : ''}`
    })
  }
  const tested = (number: number, clock: Clock): TestedClock => ({ number, clock })

  test.each<[string, string[], string]>([
    ['nothing before', ['5'], 'block'],
    ['a sequencer before', [SEQUENCER, '5'], 'sequencer'],
    ['a node before', [NODE, '5'], 'node'],
    ['most by a sequencer', [SEQUENCER, NODE, SEQUENCER, '5'], 'sequencer'],
    ['most by a node', [SEQUENCER, NODE, NODE, '5'], 'node'],
    ['even', [NODE, SEQUENCER, '5'], 'node'],
    ['inherited verdicts do not vote', [SEQUENCER, '5', '5', NODE, NODE, '5'], 'node'],
    ['operations from L1 only', [SEQUENCER, '9999L1'], 'sequencer'],
    ['no transaction', [SEQUENCER, ''], 'block'],
    ['no time', [SEQUENCER, '- -'], 'block'],
    ['its one time is after it, whatever was before', [SEQUENCER, '2001'], 'node'],
    ['its one time is after it, and nothing before', ['2001'], 'node'],
    ['shown by itself, whatever was before', [SEQUENCER, SEQUENCER, NODE], 'node tested'],
  ])('%s', (_, texts, expected) => {
    expect(verdicts(texts).at(-1)).toBe(expected)
  })

  test('a block without arrival times', () => {
    const memory = [tested(1, 'sequencer')]
    const without = { number: 2, timestamp: TIMESTAMP, arrivals: null }
    expect(judgeClock(memory, without)).toEqual({ clock: 'block', tested: false })
  })

  test.each<[number, string]>([
    [1_001, 'sequencer'],
    [1_002, 'block'],
  ])('block 1 is remembered at block %i: %s', (number, expected) => {
    expect(verdicts(['5'], [tested(1, 'sequencer')], number)).toEqual([expected])
  })

  test('verdicts do not depend on where the memory was read back from the last 1,000 blocks', () => {
    const random = createRandom(11)
    const choices = ['', '5', '5', '5', '5 6', SEQUENCER, NODE, '100 50', '2001']
    const texts = Array.from({ length: 3_000 }, (_, index) =>
      // A long stretch without anything tested, so that the edge of the memory shows.
      index > 1_200 && index < 2_100 ? '5' : choices[Math.floor(random() * choices.length)]!,
    )
    const whole: ClockMemory = []
    const stored = texts.map((text, index) => ({ number: index + 1, ...judgeClock(whole, block(text, index + 1)) }))
    let memory: ClockMemory = []
    for (const [index, text] of texts.entries()) {
      const last = stored.slice(Math.max(0, index - CLOCK_MEMORY_BLOCKS), index)
      if (random() < 0.02) memory = last.filter((verdict) => verdict.tested)
      expect({ number: index + 1, ...judgeClock(memory, block(text, index + 1)) }).toEqual(stored[index])
    }
    expect(new Set(stored.map(({ clock }) => clock))).toEqual(new Set(['sequencer', 'node', 'block']))
  })
})

describe('the local chain', () => {
  test('has the clock of a sequencer, which a node that enters blocks late has not', async () => {
    const devnet = await startDevnet({ mode: 'era', history: 60, l1: { swapShare: 0.2 } })
    const rpc = createRpc(devnet.url)
    const calls = Array.from({ length: devnet.tip() }, (_, index) => ({
      ...{ method: 'eth_getBlockByNumber', params: [`0x${(index + 1).toString(16)}`, false] },
    }))
    const raws = (await rpc.batch(calls)) as RawBlock[]
    const arrivals = await createArrivalReader().fetch(
      rpc,
      raws.map((raw) => ({ number: Number(raw.number), hash: raw.hash, transactionHashes: raw.transactions as Hex[] })),
    )
    await rpc.close()
    await devnet.close()
    const blocks = raws.map((raw) => ({
      ...{ number: Number(raw.number), timestamp: Number(raw.timestamp) },
      arrivals: arrivals.get(Number(raw.number))!,
    }))
    const judge = (all: readonly TimedBlock[]) => {
      const memory: ClockMemory = []
      return all.map((each) => judgeClock(memory, each))
    }
    const testedClocks = judge(blocks).filter((verdict) => verdict.tested)
    expect(testedClocks.length).toBeGreaterThan(40)
    expect(new Set(testedClocks.map(({ clock }) => clock))).toEqual(new Set(['sequencer']))
    // A node enters each block at one instant of its own, soon after the block.
    const late = blocks.map((each) => ({
      ...each,
      arrivals: each.arrivals.map((arrival) => ({ ...arrival, receivedAt: each.timestamp * 1_000_000 + 900_000 })),
    }))
    const lateClocks = judge(late).filter((verdict) => verdict.tested)
    expect(lateClocks).toHaveLength(testedClocks.length)
    expect(new Set(lateClocks.map(({ clock }) => clock))).toEqual(new Set(['node']))
  })
})
