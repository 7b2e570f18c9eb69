import { describe, expect, test } from 'vitest'
import type { L1Block, L1Source } from '../../../indexer/chain/l1/source.ts'
import type { SettlementEvent } from '../../../indexer/types/batch.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import type { PriorityRequest } from '../../../indexer/types/priority.ts'
import { moveOn, readL1, startAfter } from '../../../indexer/watchers/l1Reader.ts'

const block = (number: number, fork = 0): L1Block => ({
  ...{ number, hash: `0x${fork}${number}` as Hex, timestamp: number * 12 },
})

/** An L1 with one event and one request in each block of `blocks`, that notes what is read of it. */
function createL1(blocks: readonly number[], final: number, latest: number) {
  const l1 = { blocks, final, latest, fork: 0, read: [] as [number, number][] }
  const source: Partial<L1Source> = {
    chainId: 1,
    fetchTip: async () => ({ final: block(l1.final), latest: block(l1.latest, l1.fork) }),
    fetchBlock: async (number) => block(number),
    fetchEvents: async (from, last) => {
      l1.read.push([from, last.number])
      const inside = l1.blocks.filter((number) => number >= from && number <= last.number)
      return {
        settlement: inside.map((l1Block) => ({ kind: 'execute', batch: l1Block, l1Block })) as SettlementEvent[],
        requests: inside.map((l1BlockNumber) => ({ serialId: l1BlockNumber, l1BlockNumber })) as PriorityRequest[],
      }
    },
  }
  return { l1, source: source as L1Source }
}

const { signal } = new AbortController()
const numbers = (events: readonly SettlementEvent[]) => events.map(({ l1Block }) => l1Block)

describe('reading L1', () => {
  test('takes the final blocks once, then those that may change each time they have', async () => {
    const { l1, source } = createL1([5, 9, 12, 14], 10, 15)
    const first = await readL1(source, startAfter(4), signal)
    expect(first).toMatchObject({ complete: false, upTo: 10, requests: { after: 4, upTo: 10 } })
    expect(first.view).toEqual({ chainId: 1, finalBlock: 10, readTo: 120_000_000 })
    expect(numbers(first.settlement)).toEqual([5, 9])
    const second = await readL1(source, first.state, signal)
    expect(second).toMatchObject({ complete: true, upTo: null, requests: { after: 10, upTo: null } })
    expect(second.requests!.list.map(({ serialId }) => serialId)).toEqual([12, 14])
    expect(numbers(second.settlement)).toEqual([5, 9, 12, 14])
    expect(second.view).toEqual({ chainId: 1, finalBlock: 10, readTo: 180_000_000 })
    const same = await readL1(source, second.state, signal)
    expect(same).toMatchObject({ complete: true, requests: null })
    expect(numbers(same.settlement)).toEqual([5, 9, 12, 14])
    // A block of the same number, on another fork and without its events.
    Object.assign(l1, { blocks: [5, 9, 13], fork: 1 })
    const forked = await readL1(source, same.state, signal)
    expect(numbers(forked.settlement)).toEqual([5, 9, 13])
    expect(forked.requests!.list.map(({ serialId }) => serialId)).toEqual([13])
    expect(l1.read).toEqual([
      [5, 10],
      [11, 15],
      [11, 15],
    ])
  })

  test('goes in parts through a long history', async () => {
    const { l1, source } = createL1([30_000], 45_000, 45_010)
    let reading = await readL1(source, startAfter(0), signal)
    while (!reading.complete) reading = await readL1(source, reading.state, signal)
    expect(l1.read).toEqual([
      [1, 20_000],
      [20_001, 40_000],
      [40_001, 45_000],
      [45_001, 45_010],
    ])
    expect(numbers(reading.settlement)).toEqual([30_000])
  })

  test('stops while too much waits for blocks that are not indexed, and goes on when it does not', async () => {
    const { l1, source } = createL1(
      Array.from({ length: 20_000 }, (_, index) => index + 1),
      30_000,
      30_010,
    )
    const first = await readL1(source, startAfter(0), signal)
    const stopped = await readL1(source, first.state, signal)
    expect(stopped).toMatchObject({
      complete: true,
      upTo: 20_000,
      requests: null,
      view: { readTo: 20_000 * 12_000_000 },
    })
    expect(l1.read).toHaveLength(1)
    const moved = moveOn(stopped.state, 15_000)
    expect([moved.cursor, moved.readTo, moved.held.length]).toEqual([15_000, 20_000, 5_000])
    expect(await readL1(source, moved, signal)).toMatchObject({
      complete: false,
      requests: { after: 20_000, upTo: 30_000 },
    })
  })

  test('does not believe in a finality that goes back, nor in an end before it', async () => {
    const { l1, source } = createL1([9], 10, 15)
    const { state } = await readL1(source, startAfter(0), signal)
    l1.final = 8
    expect((await readL1(source, state, signal)).view.finalBlock).toBe(10)
    l1.latest = 9
    await expect(readL1(source, state, signal)).rejects.toThrow('L1 ends with block 9, but block 10 was final')
  })
})
