import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { fetchPools } from '../../../../indexer/chain/pools/index.ts'
import { fetchTicksSnapshot } from '../../../../indexer/chain/pools/ticksSnapshot.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import type { Family, PoolCreated } from '../../../../indexer/types/event.ts'
import type { PoolClaim } from '../../../../indexer/types/pool.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { address } from '../../../support/logs.ts'

const POOL = address(0xa3)
const profile = findProfile(99_999)
const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')
const words = (...values: (bigint | number)[]): Hex => `0x${values.map((value) => word(BigInt(value))).join('')}`
const account = (byte: number): Hex => words(BigInt(address(byte)))

/** What a contract returns, by its getters; a missing one reverts. */
type Getters = Partial<Record<'token0' | 'token1' | 'factory' | 'fee' | 'tickSpacing' | 'reserves' | 'slot0', Hex>>
const selectors: Record<string, keyof Getters> = {
  '0x0dfe1681': 'token0',
  '0xd21220a7': 'token1',
  '0xc45a0155': 'factory',
  '0xddca3f43': 'fee',
  '0xd0c93a7c': 'tickSpacing',
  '0x0902f1ac': 'reserves',
  '0x3850c7bd': 'slot0',
}
const pair: Getters = { token0: account(1), token1: account(2), factory: account(0xf2), reserves: words(5, 6, 7) }
const ticked: Getters = {
  token0: account(1),
  token1: account(2),
  factory: account(0xf3),
  fee: words(500),
  tickSpacing: words(4_000),
  slot0: words(2n ** 96n, -7, 0, 1, 1, 0, 1),
}
/** Initialised ticks of the pool, multiples of its spacing: gross and net. */
const ticks = new Map<number, [bigint, bigint]>([
  [-884_000, [9n, 9n]],
  [-4_000, [2n, -2n]],
  [0, [3n, 3n]],
  [884_000, [12n, -12n]],
])

/** What a factory answers to getPair and getPool, by selector. */
let lookUps: Record<string, (data: string) => Hex>
let getters: Getters | ((data: string) => Hex)
let gone: (block: string, data: string) => boolean
let server: FakeRpc
let rpc: Rpc

const knowing = { '0xe6a43905': () => words(BigInt(POOL)), '0x1698ee82': () => words(BigInt(POOL)) }

beforeEach(() => {
  lookUps = knowing
})

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ data }: { data: string }, block: string) => {
      if (gone(block, data)) throw new FakeRefusal(-32000, 'missing trie node')
      if (typeof getters === 'function') return getters(data)
      const selector = data.slice(0, 10)
      if (selector in lookUps) return lookUps[selector]!(data)
      if (selector === '0x1a686502') return words(5)
      const argument = Number(BigInt.asIntN(256, BigInt(`0x${data.slice(10) || '0'}`)))
      if (selector === '0x5339c296') return words(bitmapWord(argument))
      if (selector === '0xf30dba93') return words(...(ticks.get(argument) ?? [0n, 0n]), 0, 0, 0, 0, 0, 1)
      const answer = getters[selectors[selector]!]
      if (answer === undefined) throw new FakeRefusal(3, 'execution reverted', '0x')
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

function bitmapWord(position: number): bigint {
  let bits = 0n
  for (const tick of ticks.keys()) {
    const compressed = tick / 4_000
    if (compressed >> 8 === position) bits |= 1n << BigInt(compressed & 255)
  }
  return bits
}

const fetchOne = async (
  family: Family,
  answers: typeof getters,
  isGone: typeof gone = () => false,
  kind: PoolClaim['kind'] = 'swap',
) => {
  getters = answers
  gone = isGone
  const claim = makeClaim(POOL, family, kind)
  return (await fetchPools(rpc, [claim], profile)).get(claim) ?? null
}
/** A claim that `pool` makes by its own first event, in block 20. */
const makeClaim = (pool: Address, family: Family, kind: PoolClaim['kind'] = 'swap'): PoolClaim => ({
  address: pool,
  emitter: pool,
  families: [family],
  tokens: [],
  poolId: null,
  blockNumber: 20,
  logIndex: 0,
  creation: null,
  kind,
})
const without = (answers: Getters, ...names: (keyof Getters)[]): Getters =>
  Object.fromEntries(Object.entries(answers).filter(([name]) => !names.includes(name as keyof Getters)))

const snapshot = {
  kind: 'ticks',
  sqrtPriceX96: 2n ** 96n,
  tick: -7,
  liquidity: 5n,
  feePips: 500,
  extra: null,
  doubts: 0,
  ticks: new Map([...ticks].map(([tick, [gross, net]]) => [tick, { gross, net }])),
}

describe('fetchPools', () => {
  test('a pair', async () => {
    expect(await fetchOne('uniswap-v2', pair)).toEqual({
      family: 'uniswap-v2',
      factory: address(0xf2),
      tokens: [address(1), address(2)],
      feePips: null,
      tickSpacing: null,
      stable: null,
      isDenied: false,
      snapshot: null,
    })
  })

  test('a pool with ticks, with its state at the end of the block before', async () => {
    server.calls.length = 0
    expect(await fetchOne('uniswap-v3', ticked)).toEqual({
      family: 'uniswap-v3',
      factory: address(0xf3),
      tokens: [address(1), address(2)],
      stable: null,
      isDenied: false,
      feePips: 500,
      tickSpacing: 4_000,
      snapshot,
    })
    const blocks = server.calls.map(({ params }) => params[1])
    // Six getters and the look-up at the factory.
    expect(blocks.slice(0, 7)).toEqual(new Array(7).fill('0x14'))
    expect(new Set(blocks.slice(7))).toEqual(new Set(['0x13']))
  })

  test.each<[string, Family, Getters, object]>([
    ['a pair without a factory', 'uniswap-v2', without(pair, 'factory'), { factory: null }],
    ['a pair whose factory is zero', 'uniswap-v2', { ...pair, factory: words(0) }, { factory: null }],
    ['a pool with ticks without a fee', 'uniswap-v3', without(ticked, 'fee'), { feePips: null }],
    ['a pool with ticks and a fee above 2^23', 'uniswap-v3', { ...ticked, fee: words(2n ** 23n) }, { feePips: null }],
    ['the slot0 of another fork, shorter', 'uniswap-v3', { ...ticked, slot0: words(1, 2) }, { tickSpacing: 4_000 }],
  ])('%s', async (_, family, answers, expected) => {
    expect(await fetchOne(family, answers)).toMatchObject(expected)
  })

  test.each<[string, Family, typeof getters]>([
    ['a contract that reverts', 'uniswap-v2', {}],
    ['an account without code', 'uniswap-v2', () => '0x'],
    ['a contract that answers all with the same word', 'uniswap-v2', () => account(1)],
    ['the same for the other family', 'uniswap-v3', () => words(60)],
    ['a contract that answers all with zeros', 'uniswap-v3', () => words(0, 0, 0)],
    ['a contract that answers all with ones', 'uniswap-v3', () => words(-1)],
    ['no token0', 'uniswap-v2', without(pair, 'token0')],
    ['no token1', 'uniswap-v2', without(pair, 'token1')],
    ['token0 = token1', 'uniswap-v2', { ...pair, token1: account(1) }],
    ['token0 > token1', 'uniswap-v2', { ...pair, token0: account(3) }],
    ['token0 zero', 'uniswap-v2', { ...pair, token0: words(0) }],
    ['token0 with dirty upper bytes', 'uniswap-v2', { ...pair, token0: words((1n << 160n) + 1n) }],
    ['token0 in two words', 'uniswap-v2', { ...pair, token0: words(1, 1) }],
    ['a pair without reserves', 'uniswap-v2', without(pair, 'reserves')],
    ['a pair with two words of reserves', 'uniswap-v2', { ...pair, reserves: words(1, 2) }],
    ['a pool with ticks that emits events of a pair', 'uniswap-v2', ticked],
    ['a pair that emits events of a pool with ticks', 'uniswap-v3', pair],
    ['a pool without slot0', 'uniswap-v3', without(ticked, 'slot0')],
    ['a slot0 of one word', 'uniswap-v3', { ...ticked, slot0: words(1) }],
    ['a pool without a tick spacing', 'uniswap-v3', without(ticked, 'tickSpacing')],
    ['a tick spacing of 0', 'uniswap-v3', { ...ticked, tickSpacing: words(0) }],
    ['a tick spacing of -1', 'uniswap-v3', { ...ticked, tickSpacing: words(-1) }],
    ['a tick spacing above int24', 'uniswap-v3', { ...ticked, tickSpacing: words(2n ** 23n) }],
  ])('%s is no pool', async (_, family, answers) => {
    expect(await fetchOne(family, answers)).toBeNull()
  })

  test.each<[string, Family, Getters, string, Hex]>([
    ['a pair', 'uniswap-v2', pair, '0xe6a43905', account(0xb0)],
    ['a pool with ticks', 'uniswap-v3', ticked, '0x1698ee82', words(0)],
  ])('the factory that %s names does not know it: it is denied', async (_, family, answers, selector, answer) => {
    const asked: string[] = []
    lookUps = {
      [selector]: (data) => {
        asked.push(data)
        return answer
      },
    }
    expect(await fetchOne(family, answers)).toMatchObject({ factory: null, isDenied: true })
    const fee = family === 'uniswap-v3' ? word(500n) : ''
    expect(asked).toEqual([`${selector}${word(BigInt(address(1)))}${word(BigInt(address(2)))}${fee}`])
  })

  test('a factory that does not answer: the pool has none', async () => {
    lookUps = {}
    expect(await fetchOne('uniswap-v2', pair)).toMatchObject({ factory: null, isDenied: false })
  })

  test('what a factory announces is not looked up, and has no state before', async () => {
    lookUps = {}
    getters = ticked
    gone = () => false
    const creation = { emitter: address(0xf3) } as PoolCreated
    const claim = { ...makeClaim(POOL, 'uniswap-v3', 'pool-created'), creation }
    expect((await fetchPools(rpc, [claim], profile)).get(claim)).toMatchObject({
      factory: address(0xf3),
      snapshot: null,
    })
  })

  test('a pool that speaks with its first price has no state before', async () => {
    expect(await fetchOne('uniswap-v3', ticked, () => false, 'initialize')).toMatchObject({ snapshot: null })
  })

  test('some pools and some that are none', async () => {
    getters = pair
    gone = () => false
    const families = ['uniswap-v2', 'uniswap-v3', 'uniswap-v2'] as const
    const claims = families.map((family, index) => makeClaim(address(index + 1), family))
    const found = await fetchPools(rpc, claims, profile)
    expect([...found.keys()]).toEqual([claims[0], claims[2]])
    expect(await fetchPools(rpc, [], profile)).toEqual(new Map())
  })

  test('a node without old states: getters of the latest block, and no snapshot', async () => {
    expect(await fetchOne('uniswap-v3', ticked, (block) => block !== 'latest')).toMatchObject({
      tokens: [address(1), address(2)],
      tickSpacing: 4_000,
      snapshot: null,
    })
  })
})

describe('fetchTicksSnapshot', () => {
  const fetchSnapshot = (isGone: typeof gone, blockNumber = 19) => {
    getters = ticked
    gone = isGone
    return fetchTicksSnapshot(rpc, { address: POOL, tickSpacing: 4_000, feePips: 500 }, blockNumber)
  }

  test('all of it', async () => {
    expect(await fetchSnapshot(() => false)).toEqual(snapshot)
  })

  test.each<[string, typeof gone]>([
    ['nothing', () => true],
    ['no price', (_, data) => data.startsWith('0x3850c7bd')],
    ['no liquidity', (_, data) => data.startsWith('0x1a686502')],
    ['one word of the bitmap missing', (_, data) => data === `0x5339c296${word(-1n)}`],
    ['one tick missing', (_, data) => data === `0xf30dba93${word(884_000n)}`],
  ])('%s: no snapshot rather than a wrong one', async (_, isGone) => {
    expect(await fetchSnapshot(isGone)).toBeNull()
  })

  test('before the first block of the chain there is none, and nothing is asked', async () => {
    const before = server.requests()
    expect(await fetchSnapshot(() => false, -1)).toBeNull()
    expect(server.requests()).toBe(before)
  })
})
