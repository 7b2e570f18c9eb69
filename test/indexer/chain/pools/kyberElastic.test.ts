import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { fetchPools } from '../../../../indexer/chain/pools/index.ts'
import { fetchKyberElasticSnapshot } from '../../../../indexer/chain/pools/kyberElastic.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import type { PoolClaim } from '../../../../indexer/types/pool.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { address } from '../../../support/logs.ts'

const POOL = address(0xa3)
const [MIN_TICK, MAX_TICK] = [-887_272, 887_272]
const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')
const words = (...values: (bigint | number)[]): Hex => `0x${values.map((value) => word(BigInt(value))).join('')}`

/** Answers by selector: getters of the pool, and getPool of its factory. */
const getters: Record<string, Hex> = {
  '0x0dfe1681': words(BigInt(address(1))),
  '0xd21220a7': words(BigInt(address(2))),
  '0xc45a0155': words(BigInt(address(0xf3))),
  '0x217ac237': words(2n ** 96n, -7, -60, 0),
  '0x48626a8c': words(60),
  '0xc79a590e': words(40),
  '0xab612f2b': words(5n, 100_123n, 100_100n),
  '0x1698ee82': words(BigInt(POOL)),
}
const INITIALIZED_TICKS = '0xc0ac75cf'
const TICKS = '0xf30dba93'
/** Initialised ticks: gross and net. */
const ticks = new Map<number, [bigint, bigint]>([
  [-884_040, [9n, 9n]],
  [-60, [2n, -2n]],
  [0, [3n, 3n]],
  [884_040, [12n, -12n]],
])
const snapshot = {
  ...{ kind: 'ticks', sqrtPriceX96: 2n ** 96n, tick: -7, liquidity: 5n, feePips: 400, doubts: 0 },
  extra: { reinvestLiquidity: 100_123n, alternatives: [] },
  ticks: new Map([...ticks].map(([tick, [gross, net]]) => [tick, { gross, net }])),
}

let server: FakeRpc
let rpc: Rpc
/** Answers that stand in for the true ones, by the call data or its selector; null reverts. */
let instead: Record<string, Hex | null>
let isGone: boolean

beforeEach(() => {
  instead = {}
  isGone = false
})

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ data }: { data: string }) => {
      if (isGone) throw new FakeRefusal(-32000, 'missing trie node')
      const selector = data.slice(0, 10)
      const answer = data in instead ? instead[data] : selector in instead ? instead[selector] : answerOf(data)
      if (answer == null) throw new FakeRefusal(3, 'execution reverted', '0x')
      return answer
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterAll(async () => {
  await rpc.close()
  await server.close()
})

function answerOf(data: string): Hex | null {
  const selector = data.slice(0, 10)
  if (selector !== INITIALIZED_TICKS && selector !== TICKS) return getters[selector] ?? null
  const tick = Number(BigInt.asIntN(256, BigInt(`0x${data.slice(10)}`)))
  if (selector === TICKS) return words(...(ticks.get(tick) ?? [0n, 0n]), 0, 0)
  const list = [MIN_TICK, ...ticks.keys(), MAX_TICK]
  const index = list.indexOf(tick)
  return index < 0 ? words(0, 0) : words(list[index - 1] ?? MIN_TICK, list[index + 1] ?? MAX_TICK)
}

const linkAt = (tick: number): string => `${INITIALIZED_TICKS}${word(BigInt(tick))}`
const tickAt = (tick: number): string => `${TICKS}${word(BigInt(tick))}`
const fetchSnapshot = (blockNumber = 19) =>
  fetchKyberElasticSnapshot(rpc, { address: POOL, tickSpacing: 60, feePips: 400 }, blockNumber)

const claim: PoolClaim = {
  ...{ address: POOL, emitter: POOL, families: ['uniswap-v3', 'algebra', 'kyber-elastic'], tokens: [], poolId: null },
  ...{ blockNumber: 20, logIndex: 0, creation: null, kind: 'swap' },
}
const fetchOne = async () => (await fetchPools(rpc, [claim], findProfile(99_999))).get(claim) ?? null

describe('kyberElasticProbe', () => {
  test('a pool with its state at the end of the block before', async () => {
    server.calls.length = 0
    expect(await fetchOne()).toEqual({
      ...{ family: 'kyber-elastic', factory: address(0xf3), tokens: [address(1), address(2)] },
      ...{ feePips: 400, tickSpacing: 60, stable: null, isDenied: false, snapshot },
    })
    const lookUp = server.calls
      .map(({ params }) => params[0] as { data: Hex })
      .find(({ data }) => data.startsWith('0x1698ee82'))
    // The factory counts fees in parts of 1e5.
    expect(lookUp!.data.endsWith(word(40n))).toBe(true)
    const blocks = server.calls.filter(({ params }) => (params[0] as { data: Hex }).data.startsWith(TICKS))
    expect(new Set(blocks.map(({ params }) => params[1]))).toEqual(new Set(['0x13']))
  })

  test('a factory that does not know it denies it', async () => {
    instead = { '0x1698ee82': words(0) }
    expect(await fetchOne()).toMatchObject({ factory: null, isDenied: true, snapshot: null })
  })

  test('a pool without a fee that can be read', async () => {
    instead = { '0xc79a590e': words(2n ** 23n) }
    expect(await fetchOne()).toMatchObject({ feePips: null })
  })

  test.each<[string, Record<string, Hex | null>]>([
    ['no price', { '0x217ac237': null }],
    ['a price of three words', { '0x217ac237': words(1, 2, 3) }],
    ['no liquidity', { '0xab612f2b': null }],
    ['no distance of ticks', { '0x48626a8c': null }],
    ['a distance of zero', { '0x48626a8c': words(0) }],
    ['tokens out of order', { '0x0dfe1681': words(BigInt(address(3))) }],
  ])('a contract with %s is no pool', async (_, answers) => {
    instead = answers
    expect(await fetchOne()).toBeNull()
  })
})

describe('fetchKyberElasticSnapshot', () => {
  test('all of it', async () => {
    expect(await fetchSnapshot()).toEqual(snapshot)
  })

  test('positions that reach the ends of the list', async () => {
    instead = { [tickAt(MIN_TICK)]: words(4, 4, 0, 0), [tickAt(MAX_TICK)]: words(4, -4, 0, 0) }
    const { ticks: map } = (await fetchSnapshot())!
    expect([map!.get(MIN_TICK), map!.get(MAX_TICK)]).toEqual([
      { gross: 4n, net: 4n },
      { gross: 4n, net: -4n },
    ])
  })

  test.each<[string, Record<string, Hex | null>]>([
    ['no price', { '0x217ac237': null }],
    ['a price above uint160', { '0x217ac237': words(2n ** 160n, 0, 0, 0) }],
    ['a tick above int24', { '0x217ac237': words(2n ** 96n, 2n ** 23n, 0, 0) }],
    ['no liquidity', { '0xab612f2b': null }],
    ['one liquidity only', { '0xab612f2b': words(5) }],
    ['a liquidity above uint128', { '0xab612f2b': words(5, 2n ** 128n, 0) }],
    ['a list without a start', { [linkAt(MIN_TICK)]: words(0, 0) }],
    ['a list that breaks off', { [linkAt(0)]: null }],
    ['a list that goes round', { [linkAt(0)]: words(-60, -60) }],
    ['a list that leaves the prices', { [linkAt(884_040)]: words(0, 888_000) }],
    ['a list that is not the same backwards', { [linkAt(0)]: words(-120, 884_040) }],
    ['a tick that does not answer', { [tickAt(884_040)]: null }],
    ['a tick of the list without liquidity', { [tickAt(-60)]: words(0, 0, 0, 0) }],
    ['a net above int128', { [tickAt(-60)]: words(2, 2n ** 127n, 0, 0) }],
  ])('%s: no snapshot rather than a wrong one', async (_, answers) => {
    instead = answers
    expect(await fetchSnapshot()).toBeNull()
  })

  test('a node without old states: none', async () => {
    isGone = true
    expect(await fetchSnapshot()).toBeNull()
  })

  test('before the first block of the chain there is none, and nothing is asked', async () => {
    const before = server.requests()
    expect(await fetchSnapshot(-1)).toBeNull()
    expect(server.requests()).toBe(before)
  })
})
