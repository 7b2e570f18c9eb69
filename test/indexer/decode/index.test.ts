import { toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { commonTopics, decodeBlock, decodeLog, knownTopics } from '../../../indexer/decode/index.ts'
import { address, encodeLog, eventTexts, hash, makeBundle, SYSTEM_HASH } from '../../support/logs.ts'

const PAIR = address(0xa2)
const sync = encodeLog('v2Sync', PAIR, { reserve0: 1n, reserve1: 2n })

describe('knownTopics', () => {
  test('hold those of the plain events, and none twice', () => {
    const selectors = Object.values(eventTexts).map((text) => toEventSelector(text))
    expect(knownTopics).toEqual(expect.arrayContaining(selectors))
    expect(new Set(knownTopics).size).toBe(knownTopics.length)
  })

  test('blooms are asked about some of them only', () => {
    expect(knownTopics).toEqual(expect.arrayContaining([...commonTopics]))
    expect(commonTopics.length).toBeLessThan(20)
  })
})

describe('decodeLog', () => {
  test('a topic0 that is not known', () => {
    expect(decodeLog({ ...sync, topics: [hash(1)] })).toBeNull()
  })

  test('no topic at all', () => {
    expect(decodeLog({ ...sync, topics: [] })).toBeNull()
  })
})

describe('decodeBlock', () => {
  test('events in the order of the logs, with their positions', () => {
    const swap = { sender: PAIR, to: PAIR, amount0In: 1n, amount1In: 0n, amount0Out: 0n, amount1Out: 2n }
    const bundle = makeBundle(5, [
      sync,
      encodeLog('v2Swap', PAIR, swap),
      encodeLog('v2Sync', address(0xa4), { reserve0: 3n, reserve1: 4n }, { transactionIndex: 1 }),
    ])
    const { events, undecoded } = decodeBlock(bundle)
    expect(undecoded).toEqual([])
    expect(events.map(({ kind, logIndex, transactionIndex }) => [kind, logIndex, transactionIndex])).toEqual([
      ['reserves', 0, 0],
      ['swap', 1, 0],
      ['reserves', 2, 1],
    ])
  })

  test('a malformed log is kept whole with its reason, and those around it are decoded', () => {
    const broken = { ...sync, data: '0x1234' as const }
    const { events, undecoded } = decodeBlock(makeBundle(5, [sync, broken, sync]))
    expect(events.map(({ logIndex }) => logIndex)).toEqual([0, 2])
    expect(undecoded).toEqual([
      {
        blockNumber: 5,
        logIndex: 1,
        transactionHash: hash(0),
        address: PAIR,
        topics: sync.topics,
        data: '0x1234',
        reason: 'malformed',
      },
    ])
  })

  test('a system log belongs to no transaction', () => {
    const system = { ...sync, transactionHash: SYSTEM_HASH, transactionIndex: 9 }
    const { events, undecoded } = decodeBlock(makeBundle(5, [sync, system]))
    expect(events.map(({ logIndex }) => logIndex)).toEqual([0])
    expect(undecoded.map(({ logIndex, reason, transactionHash }) => [logIndex, reason, transactionHash])).toEqual([
      [1, 'no-transaction', SYSTEM_HASH],
    ])
  })

  // Only the index is looked at, and a system log may carry the index of a real transaction.
  test('a system log with the index of a transaction that has logs belongs to no transaction either', () => {
    const system = { ...sync, transactionHash: SYSTEM_HASH, transactionIndex: 0 }
    const { events, undecoded } = decodeBlock(makeBundle(5, [sync, system]))
    expect(undecoded.map(({ logIndex, reason }) => [logIndex, reason])).toEqual([[1, 'no-transaction']])
    expect(events.map(({ logIndex }) => logIndex)).toEqual([0])
  })
})
