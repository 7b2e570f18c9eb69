import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { address, type EventName, encodeLog, hash } from '../../support/logs.ts'

const POOL = address(0xa3)
const SENDER = address(0x51)
const OWNER = address(0x52)
const TOKEN0 = address(0x01)
const TOKEN1 = address(0x02)
const UINT24_MAX = 2 ** 24 - 1
const UINT128_MAX = 2n ** 128n - 1n
const UINT160_MAX = 2n ** 160n - 1n
const UINT256_MAX = 2n ** 256n - 1n
const INT256_MIN = -(2n ** 255n)
const INT256_MAX = 2n ** 255n - 1n
const INT24_MIN = -(2 ** 23)
const INT24_MAX = 2 ** 23 - 1
const at = { logIndex: 7, transactionIndex: 3, transactionHash: hash(3) }
const encode = (name: EventName, args: Record<string, unknown>) => encodeLog(name, POOL, args, at)

const position = { owner: OWNER, tickLower: -60, tickUpper: 60, amount: 9n, amount0: 1n, amount1: 2n }
const valid = {
  v3PoolCreated: encode('v3PoolCreated', { token0: TOKEN0, token1: TOKEN1, fee: 500, tickSpacing: 10, pool: POOL }),
  v3Initialize: encode('v3Initialize', { sqrtPriceX96: 2n ** 96n, tick: 0 }),
  v3Swap: encode('v3Swap', {
    sender: SENDER,
    recipient: OWNER,
    amount0: 1n,
    amount1: -2n,
    sqrtPriceX96: 2n ** 96n,
    liquidity: 5n,
    tick: 0,
  }),
  v3Mint: encode('v3Mint', { sender: SENDER, ...position }),
  v3Burn: encode('v3Burn', position),
  v3Collect: encode('v3Collect', { recipient: SENDER, ...position }),
} satisfies Partial<Record<EventName, Log>>
type Name = keyof typeof valid

describe('decodeLog of Uniswap V3', () => {
  test.each([
    // situation, amount0, amount1, sqrtPriceX96, liquidity, tick
    ['token0 in, token1 out', 100n, -30n, 2n ** 96n, 5n, 0],
    ['token1 in, token0 out', -100n, 30n, 2n ** 96n, 5n, -7],
    ['nothing', 0n, 0n, 1n, 0n, 1],
    ['the largest values', INT256_MAX, INT256_MAX, UINT160_MAX, UINT128_MAX, INT24_MAX],
    ['the smallest values', INT256_MIN, INT256_MIN, 1n, 0n, INT24_MIN],
  ])('a swap of %s', (_, amount0, amount1, sqrtPriceX96, liquidity, tick) => {
    const args = { sender: SENDER, recipient: OWNER, amount0, amount1, sqrtPriceX96, liquidity, tick }
    expect(decodeLog(encode('v3Swap', args))).toMatchObject({
      kind: 'swap',
      pool: POOL,
      sender: SENDER,
      recipient: OWNER,
      amount0,
      amount1,
      after: { sqrtPriceX96, liquidity, tick },
      ...at,
    })
  })

  test.each([
    ['the middle', 2n ** 96n, 0],
    ['the lowest', 1n, INT24_MIN],
    ['the highest', UINT160_MAX, INT24_MAX],
  ])('a first price at %s', (_, sqrtPriceX96, tick) => {
    const event = { kind: 'initialize', pool: POOL, sqrtPriceX96, tick, ...at }
    expect(decodeLog(encode('v3Initialize', { sqrtPriceX96, tick }))).toEqual(
      event === null ? null : expect.objectContaining(event),
    )
  })

  test.each([
    ['v3Mint', 'a usual position', -60, 60, 9n, 1n, 2n, 'mint', 1n],
    ['v3Mint', 'nothing', 0, 1, 0n, 0n, 0n, 'mint', 1n],
    ['v3Mint', 'all there is', INT24_MIN, INT24_MAX, UINT128_MAX, UINT256_MAX, UINT256_MAX, 'mint', 1n],
    ['v3Burn', 'a usual position', -60, 60, 9n, 1n, 2n, 'burn', -1n],
    ['v3Burn', 'nothing', 0, 1, 0n, 0n, 0n, 'burn', -1n],
    ['v3Burn', 'all there is', INT24_MIN, INT24_MAX, UINT128_MAX, UINT256_MAX, UINT256_MAX, 'burn', -1n],
    ['v3Collect', 'a usual position', -60, 60, 0n, 1n, 2n, 'collect', -1n],
    ['v3Collect', 'nothing', 0, 1, 0n, 0n, 0n, 'collect', -1n],
    ['v3Collect', 'all there is', INT24_MIN, INT24_MAX, 0n, UINT128_MAX, UINT128_MAX, 'collect', -1n],
  ] as const)('%s of %s', (name, _, tickLower, tickUpper, amount, amount0, amount1, kind, sign) => {
    const args = { sender: SENDER, recipient: SENDER, owner: OWNER, tickLower, tickUpper, amount, amount0, amount1 }
    expect(decodeLog(encode(name, args))).toMatchObject({
      kind,
      pool: POOL,
      owner: OWNER,
      range: { tickLower, tickUpper, liquidity: sign * amount },
      amount0: sign * amount0,
      amount1: sign * amount1,
      ...at,
    })
  })

  test.each([
    ['a usual fee', 3000, 60],
    ['no fee and the smallest spacing', 0, 1],
    ['the largest fee and spacing', UINT24_MAX, INT24_MAX],
  ])('a new pool with %s', (_, fee, tickSpacing) => {
    const factory = address(0xfa)
    const log = encode('v3PoolCreated', { token0: TOKEN0, token1: TOKEN1, fee, tickSpacing, pool: POOL })
    expect(decodeLog({ ...log, address: factory })).toMatchObject({
      kind: 'pool-created',
      emitter: factory,
      pool: POOL,
      tokens: [TOKEN0, TOKEN1],
      fee: BigInt(fee),
      tickSpacing,
      ...at,
    })
  })
})

const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')
/** Replaces the `index`-th word of the data. */
const withWord = (log: Log, index: number, value: bigint): Log => {
  const start = 2 + index * 64
  return { ...log, data: `${log.data.slice(0, start)}${word(value)}${log.data.slice(start + 64)}` as Hex }
}
const withTopic = (log: Log, index: number, value: bigint): Log => ({
  ...log,
  topics: log.topics.with(index, `0x${word(value)}`),
})
const dirty = (log: Log, index: number): Log => withTopic(log, index, BigInt(log.topics[index]!) + (1n << 160n))
const names = Object.keys(valid) as Name[]

describe('a Uniswap V3 log that is refused', () => {
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
    ['PoolCreated whose token0 has dirty upper bytes', dirty(valid.v3PoolCreated, 1)],
    ['PoolCreated whose token1 has dirty upper bytes', dirty(valid.v3PoolCreated, 2)],
    ['PoolCreated whose pool has dirty upper bytes', withWord(valid.v3PoolCreated, 1, 1n << 160n)],
    ['PoolCreated with token0 = token1', withTopic(valid.v3PoolCreated, 1, BigInt(TOKEN1))],
    ['PoolCreated with token0 > token1', withTopic(valid.v3PoolCreated, 1, BigInt(address(0x03)))],
    ['PoolCreated with a fee above uint24', withTopic(valid.v3PoolCreated, 3, 1n << 24n)],
    ['PoolCreated with a tick spacing above int24', withWord(valid.v3PoolCreated, 0, 1n << 23n)],
    ['PoolCreated with a tick spacing of 0', withWord(valid.v3PoolCreated, 0, 0n)],
    ['PoolCreated with a tick spacing of -1', withWord(valid.v3PoolCreated, 0, -1n)],
    ['Initialize with a price of 0', withWord(valid.v3Initialize, 0, 0n)],
    ['Initialize with a price above uint160', withWord(valid.v3Initialize, 0, UINT160_MAX + 1n)],
    ['Initialize with a tick above int24', withWord(valid.v3Initialize, 1, 1n << 23n)],
    ['Initialize with a tick below int24', withWord(valid.v3Initialize, 1, -(1n << 23n) - 1n)],
    ['Swap whose sender has dirty upper bytes', dirty(valid.v3Swap, 1)],
    ['Swap whose recipient has dirty upper bytes', dirty(valid.v3Swap, 2)],
    ['Swap with a price of 0', withWord(valid.v3Swap, 2, 0n)],
    ['Swap with a price above uint160', withWord(valid.v3Swap, 2, UINT160_MAX + 1n)],
    ['Swap with a liquidity above uint128', withWord(valid.v3Swap, 3, UINT128_MAX + 1n)],
    ['Swap with a tick above int24', withWord(valid.v3Swap, 4, 1n << 23n)],
    ['Swap with a tick below int24', withWord(valid.v3Swap, 4, -(1n << 23n) - 1n)],
    ['Mint whose sender has dirty upper bytes', withWord(valid.v3Mint, 0, 1n << 160n)],
    ['Mint with a liquidity above uint128', withWord(valid.v3Mint, 1, UINT128_MAX + 1n)],
    ['Burn with a liquidity above uint128', withWord(valid.v3Burn, 0, UINT128_MAX + 1n)],
    ['Collect whose recipient has dirty upper bytes', withWord(valid.v3Collect, 0, 1n << 160n)],
  ])('%s', (_, log) => {
    expect(decodeLog(log)).toBeNull()
  })

  test.each(['v3Mint', 'v3Burn', 'v3Collect'] as const)('%s of an owner or a range that cannot be', (name) => {
    const log = valid[name]
    expect(decodeLog(dirty(log, 1)), 'dirty owner').toBeNull()
    expect(decodeLog(withTopic(log, 2, 60n)), 'tickLower = tickUpper').toBeNull()
    expect(decodeLog(withTopic(log, 2, 61n)), 'tickLower > tickUpper').toBeNull()
    expect(decodeLog(withTopic(log, 2, -(1n << 23n) - 1n)), 'tickLower below int24').toBeNull()
    expect(decodeLog(withTopic(log, 3, 1n << 23n)), 'tickUpper above int24').toBeNull()
  })

  // The event declares uint128; words above it are taken.
  test.each([
    ['amount0', 1],
    ['amount1', 2],
  ])('Collect with %s above uint128', (_, index) => {
    expect(decodeLog(withWord(valid.v3Collect, index, UINT128_MAX + 1n))).toBeNull()
  })
})
