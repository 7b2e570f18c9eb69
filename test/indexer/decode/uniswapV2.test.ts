import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { address, type EventName, encodeLog, hash } from '../../support/logs.ts'

const PAIR = address(0xa2)
const SENDER = address(0x51)
const TO = address(0x52)
const TOKEN0 = address(0x01)
const TOKEN1 = address(0x02)
const UINT112_MAX = 2n ** 112n - 1n
const UINT256_MAX = 2n ** 256n - 1n
const at = { logIndex: 7, transactionIndex: 3, transactionHash: hash(3) }
const encode = (name: EventName, args: Record<string, unknown>) => encodeLog(name, PAIR, args, at)

const valid = {
  v2PairCreated: encode('v2PairCreated', { token0: TOKEN0, token1: TOKEN1, pair: PAIR, index: 1n }),
  v2Swap: encode('v2Swap', {
    sender: SENDER,
    to: TO,
    amount0In: 1n,
    amount1In: 0n,
    amount0Out: 0n,
    amount1Out: 2n,
  }),
  v2Sync: encode('v2Sync', { reserve0: 1n, reserve1: 2n }),
  v2Mint: encode('v2Mint', { sender: SENDER, amount0: 1n, amount1: 2n }),
  v2Burn: encode('v2Burn', { sender: SENDER, to: TO, amount0: 1n, amount1: 2n }),
} satisfies Partial<Record<EventName, Log>>
type Name = keyof typeof valid

describe('decodeLog of Uniswap V2', () => {
  test.each([
    // situation, in0, in1, out0, out1, amount0, amount1
    ['token0 in, token1 out', 100n, 0n, 0n, 30n, 100n, -30n],
    ['token1 in, token0 out', 0n, 30n, 100n, 0n, -100n, 30n],
    ['both sides of both tokens, as in a flash swap', 100n, 7n, 40n, 30n, 60n, -23n],
    ['as much of token0 in as out', 5n, 9n, 5n, 0n, 0n, 9n],
    ['nothing at all', 0n, 0n, 0n, 0n, 0n, 0n],
    ['the largest amounts in', UINT256_MAX, UINT256_MAX, 0n, 0n, UINT256_MAX, UINT256_MAX],
    ['the largest amounts out', 0n, 0n, UINT256_MAX, UINT256_MAX, -UINT256_MAX, -UINT256_MAX],
  ])('a swap of %s', (_, amount0In, amount1In, amount0Out, amount1Out, amount0, amount1) => {
    const log = encode('v2Swap', { sender: SENDER, to: TO, amount0In, amount1In, amount0Out, amount1Out })
    expect(decodeLog(log)).toMatchObject({
      kind: 'swap',
      pool: PAIR,
      sender: SENDER,
      recipient: TO,
      amount0,
      amount1,
      after: null,
      ...at,
    })
  })

  test.each([
    ['zero', 0n, 0n],
    ['different values', 3n, 4n],
    ['the largest uint112', UINT112_MAX, UINT112_MAX],
  ])('reserves of %s', (_, reserve0, reserve1) => {
    expect(decodeLog(encode('v2Sync', { reserve0, reserve1 }))).toMatchObject({
      kind: 'reserves',
      pool: PAIR,
      reserve0,
      reserve1,
      ...at,
    })
  })

  test.each([
    ['v2Mint', 'zero', 0n, 0n, SENDER, 0n, 0n],
    ['v2Mint', 'different amounts', 5n, 6n, SENDER, 5n, 6n],
    ['v2Mint', 'the largest uint256', UINT256_MAX, UINT256_MAX, SENDER, UINT256_MAX, UINT256_MAX],
    ['v2Burn', 'zero', 0n, 0n, TO, 0n, 0n],
    ['v2Burn', 'different amounts', 5n, 6n, TO, -5n, -6n],
    ['v2Burn', 'the largest uint256', UINT256_MAX, UINT256_MAX, TO, -UINT256_MAX, -UINT256_MAX],
  ] as const)('%s of %s', (name, _, amount0In, amount1In, owner, amount0, amount1) => {
    const log = encode(name, { sender: SENDER, to: TO, amount0: amount0In, amount1: amount1In })
    expect(decodeLog(log)).toMatchObject({
      kind: name === 'v2Mint' ? 'mint' : 'burn',
      pool: PAIR,
      owner,
      range: null,
      amount0,
      amount1,
      ...at,
    })
  })

  test('a new pair, announced by its factory', () => {
    const factory = address(0xfa)
    expect(decodeLog({ ...valid.v2PairCreated, address: factory })).toMatchObject({
      kind: 'pool-created',
      emitter: factory,
      pool: PAIR,
      tokens: [TOKEN0, TOKEN1],
      fee: null,
      tickSpacing: null,
      ...at,
    })
  })
})

/** Replaces the `index`-th word of the data. */
const withWord = (log: Log, index: number, word: bigint): Log => {
  const start = 2 + index * 64
  const digits = word.toString(16).padStart(64, '0')
  return { ...log, data: `${log.data.slice(0, start)}${digits}${log.data.slice(start + 64)}` as Hex }
}
const withTopic = (log: Log, index: number, topic: Hex): Log => ({ ...log, topics: log.topics.with(index, topic) })
const dirty = (log: Log, index: number): Log => withTopic(log, index, `0x01${log.topics[index]!.slice(4)}`)
const padded = (account: Hex): Hex => `0x${account.slice(2).padStart(64, '0')}`
const names = Object.keys(valid) as Name[]

describe('a Uniswap V2 log that is refused', () => {
  test.each(names)('%s is accepted before it is spoilt', (name) => {
    expect(decodeLog(valid[name])).not.toBeNull()
  })

  test.each(names)('%s with one data byte less, one more, one word less, one more, none', (name) => {
    const { data } = valid[name]
    const lengths = [data.slice(0, -2), `${data}00`, data.slice(0, -64), `${data}${'0'.repeat(64)}`, '0x'] as Hex[]
    expect(lengths.map((spoilt) => decodeLog({ ...valid[name], data: spoilt }))).toEqual(lengths.map(() => null))
  })

  test.each(names)('%s with one topic less, one more', (name) => {
    const { topics } = valid[name]
    // With only topic0 left nothing could be read at all.
    const spoilt = topics.length > 1 ? [topics.slice(0, -1), [...topics, topics[0]!]] : [[...topics, topics[0]!]]
    expect(spoilt.map((changed) => decodeLog({ ...valid[name], topics: changed }))).toEqual(spoilt.map(() => null))
  })

  test.each<[string, Log]>([
    ['PairCreated whose token0 has dirty upper bytes', dirty(valid.v2PairCreated, 1)],
    ['PairCreated whose token1 has dirty upper bytes', dirty(valid.v2PairCreated, 2)],
    ['PairCreated whose pair has dirty upper bytes', withWord(valid.v2PairCreated, 0, 1n << 160n)],
    ['PairCreated with token0 = token1', withTopic(valid.v2PairCreated, 1, padded(TOKEN1))],
    ['PairCreated with token0 > token1', withTopic(valid.v2PairCreated, 1, padded(address(0x03)))],
    ['Swap whose sender has dirty upper bytes', dirty(valid.v2Swap, 1)],
    ['Swap whose recipient has dirty upper bytes', dirty(valid.v2Swap, 2)],
    ['Sync with reserve0 above uint112', withWord(valid.v2Sync, 0, UINT112_MAX + 1n)],
    ['Sync with reserve1 above uint112', withWord(valid.v2Sync, 1, UINT112_MAX + 1n)],
    ['Mint whose sender has dirty upper bytes', dirty(valid.v2Mint, 1)],
    ['Burn whose sender has dirty upper bytes', dirty(valid.v2Burn, 1)],
    ['Burn whose recipient has dirty upper bytes', dirty(valid.v2Burn, 2)],
  ])('%s', (_, log) => {
    expect(decodeLog(log)).toBeNull()
  })
})
