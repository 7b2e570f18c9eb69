import { describe, expect, test } from 'vitest'
import { alone, type PlannedTransaction } from '../../simulator/agents/agent.ts'
import { createQueue } from '../../simulator/sequencer.ts'

type Row = { name: string; arrivalUs: number; from?: string; isFromL1?: boolean; tipWei?: bigint }

function orderOf(ordering: 'fifo' | 'tip', rows: readonly Row[]): string {
  const queue = createQueue(ordering)
  for (const { name, arrivalUs, from = '0x1', isFromL1 = false, tipWei = 0n } of rows) {
    const planned = { ...alone, arrivalUs, from, isFromL1, tipWei, decide: () => null } as PlannedTransaction
    queue.add({ planned, agent: name })
  }
  const names: string[] = []
  for (let item = queue.take(); item !== null; item = queue.take()) names.push(item.agent)
  return names.join(' ')
}

describe('createQueue', () => {
  test.each<[string, Row[], string]>([
    [
      'the earlier millisecond is first',
      [
        { name: 'b', arrivalUs: 2_000 },
        { name: 'a', arrivalUs: 1_999 },
      ],
      'a b',
    ],
    [
      'in one millisecond the higher account is first, whatever the microsecond',
      [
        { name: 'low', arrivalUs: 1_100, from: '0x1' },
        { name: 'high', arrivalUs: 1_900, from: '0x2' },
      ],
      'high low',
    ],
    [
      'an operation from L1 is before what the same filling of the pool brings',
      [
        { name: 'l2', arrivalUs: 11_000 },
        { name: 'l1', arrivalUs: 19_000, isFromL1: true },
      ],
      'l1 l2',
    ],
    [
      'but not before what an earlier one brought',
      [
        { name: 'l2', arrivalUs: 9_000 },
        { name: 'l1', arrivalUs: 11_000, isFromL1: true },
      ],
      'l2 l1',
    ],
    [
      'a tip buys nothing',
      [
        { name: 'first', arrivalUs: 1_000 },
        { name: 'tip', arrivalUs: 2_000, tipWei: 9n },
      ],
      'first tip',
    ],
  ])('fifo: %s', (_, rows, expected) => {
    expect(orderOf('fifo', rows)).toBe(expected)
  })

  test.each<[string, Row[], string]>([
    [
      'the higher tip is first',
      [
        { name: 'early', arrivalUs: 1_000, tipWei: 1n },
        { name: 'tip', arrivalUs: 9_000, tipWei: 2n },
      ],
      'tip early',
    ],
    [
      'of equal tips the earlier is first',
      [
        { name: 'b', arrivalUs: 2, tipWei: 1n },
        { name: 'a', arrivalUs: 1, tipWei: 1n },
      ],
      'a b',
    ],
    [
      'operations from L1 are before all',
      [
        { name: 'tip', arrivalUs: 1, tipWei: 9n },
        { name: 'l1', arrivalUs: 99_000, isFromL1: true },
      ],
      'l1 tip',
    ],
  ])('tip: %s', (_, rows, expected) => {
    expect(orderOf('tip', rows)).toBe(expected)
  })

  test('what arrives while a block is made stands behind what has run', () => {
    const queue = createQueue('tip')
    const item = (agent: string, tipWei: bigint) => ({
      agent,
      planned: { ...alone, arrivalUs: 1, from: '0x1', tipWei, decide: () => null } as PlannedTransaction,
    })
    queue.add(item('first', 5n))
    queue.add(item('last', 1n))
    expect(queue.take()?.agent).toBe('first')
    queue.add(item('answer', 9n))
    expect([queue.take()?.agent, queue.take()?.agent, queue.take()]).toEqual(['answer', 'last', null])
  })
})
