import { toFunctionSelector } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { fetchPools } from '../../../../indexer/chain/pools/index.ts'
import { fetchIziswapSnapshot } from '../../../../indexer/chain/pools/iziswapSnapshot.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import type { PoolCreated } from '../../../../indexer/types/event.ts'
import type { PoolClaim } from '../../../../indexer/types/pool.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { address, hash } from '../../../support/logs.ts'

const POOL = address(0xa3)
const FACTORY = address(0xf3)
const word = (value: bigint): string => BigInt.asUintN(256, value).toString(16).padStart(64, '0')
const words = (...values: (bigint | number)[]): Hex => `0x${values.map((value) => word(BigInt(value))).join('')}`
const selector = (signature: string): Hex => toFunctionSelector(`function ${signature}`)

const STATE = selector('state()')
const BITMAP = selector('pointBitmap(int16)')
const POINTS = selector('points(int24)')
const ORDERS = selector('limitOrderData(int24)')
const PRICE = 78_831_026_366_734_653_132_769_280_408n

/** Answers by selector. */
const getters: Record<string, Hex> = {
  [selector('tokenX()')]: words(BigInt(address(1))),
  [selector('tokenY()')]: words(BigInt(address(2))),
  [selector('factory()')]: words(BigInt(FACTORY)),
  [selector('fee()')]: words(2_000),
  [selector('pointDelta()')]: words(40),
  [selector('pool(address,address,uint24)')]: words(BigInt(POOL)),
  [STATE]: words(PRICE, -100, 0, 1, 1, 1, 5n, 2n),
}
/** Ends of positions: gross and net; limit orders: what is sold of X and of Y. */
const points = new Map<number, [bigint, bigint]>([
  [-400, [5n, 5n]],
  [0, [5n, -5n]],
  [799_960, [9n, 9n]],
  [800_000, [9n, -9n]],
])
const orders = new Map<number, [bigint, bigint]>([
  [-400, [0n, 7n]],
  [40, [8n, 0n]],
  [80, [0n, 0n]],
])
const extra = {
  ...{
    liquidityX: 2n,
    sellingX: new Map([
      [40, 8n],
      [80, 0n],
    ]),
    sellingY: new Map([[-400, 7n]]),
  },
}
const snapshot = {
  ...{ kind: 'ticks', sqrtPriceX96: PRICE, tick: -100, liquidity: 5n, feePips: 2_000, doubts: 0, extra },
  ticks: new Map([...points].map(([point, [gross, net]]) => [point, { gross, net }])),
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
      const name = data.slice(0, 10)
      const answer = data in instead ? instead[data] : name in instead ? instead[name] : answerOf(data)
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
  const name = data.slice(0, 10)
  if (name !== BITMAP && name !== POINTS && name !== ORDERS) return getters[name] ?? null
  const at = Number(BigInt.asIntN(256, BigInt(`0x${data.slice(10)}`)))
  if (name === POINTS) return words(...(points.get(at) ?? [0n, 0n]), 0, 0, 1)
  const [sellingX, sellingY] = orders.get(at) ?? [0n, 0n]
  if (name === ORDERS) return words(sellingX, 1, 2, 3, 4, sellingY, 6, 7, 8, 9)
  const bits = [...points.keys(), ...orders.keys()]
    .map((point) => point / 40)
    .filter((index) => Math.floor(index / 256) === at)
  return words(bits.reduce((all, index) => all | (1n << BigInt(index & 255)), 0n))
}

const pointAt = (point: number): string => `${POINTS}${word(BigInt(point))}`
const ordersAt = (point: number): string => `${ORDERS}${word(BigInt(point))}`
const bitmapAt = (position: number): string => `${BITMAP}${word(BigInt(position))}`
const creation: PoolCreated = {
  ...{ kind: 'pool-created', families: ['iziswap'], emitter: FACTORY, pool: POOL, tokens: [address(1), address(2)] },
  ...{ fee: 2_000n, tickSpacing: 40, stable: null, hooks: null, price: null },
  ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
}
const fetchSnapshot = (more: Partial<PoolClaim> = {}, tickSpacing: number | null = 40) =>
  fetchIziswapSnapshot(rpc, { ...claim, ...more }, { tickSpacing, feePips: 2_000 })

const claim: PoolClaim = {
  ...{ address: POOL, emitter: POOL, families: ['uniswap-v3', 'iziswap'], tokens: [], poolId: null },
  ...{ blockNumber: 20, logIndex: 0, creation: null, kind: 'mint' },
}
const fetchOne = async (more: Partial<PoolClaim> = {}) => {
  const asked = { ...claim, ...more }
  return (await fetchPools(rpc, [asked], findProfile(99_999))).get(asked) ?? null
}
const blocksAsked = (name: Hex) =>
  new Set(
    server.calls
      .map(({ params }) => params as [{ data: Hex }, string])
      .filter(([{ data }]) => data.startsWith(name))
      .map(([, block]) => block),
  )

describe('iziswapProbe', () => {
  test('a pool with its state at the end of the block before', async () => {
    server.calls.length = 0
    expect(await fetchOne()).toEqual({
      ...{ family: 'iziswap', factory: FACTORY, tokens: [address(1), address(2)] },
      ...{ feePips: 2_000, tickSpacing: 40, stable: null, isDenied: false, snapshot },
    })
    expect(blocksAsked(POINTS)).toEqual(new Set(['0x13']))
  })

  test('a pool that is being created has a point at the end of the block, and nothing else', async () => {
    server.calls.length = 0
    const found = await fetchOne({ emitter: FACTORY, families: ['iziswap'], creation, kind: 'pool-created' })
    const empty = { liquidityX: 0n, sellingX: new Map(), sellingY: new Map() }
    expect(found?.snapshot).toEqual({ ...snapshot, liquidity: 0n, ticks: new Map(), extra: empty })
    expect([blocksAsked(STATE), blocksAsked(BITMAP)]).toEqual([new Set(['0x14']), new Set()])
  })
})

describe('fetchIziswapSnapshot', () => {
  test('all of it', async () => {
    expect(await fetchSnapshot()).toEqual(snapshot)
  })

  test('orders of the first version, whose answers are shorter', async () => {
    instead = { [ordersAt(-400)]: words(0, 1, 2, 7, 4, 5), [ordersAt(40)]: words(8, 1, 2, 0, 4, 5) }
    expect(await fetchSnapshot()).toEqual(snapshot)
  })

  test.each<[string, Record<string, Hex | null>]>([
    ['no state', { [STATE]: null }],
    ['a state of seven words', { [STATE]: words(PRICE, -100, 0, 1, 1, 1, 5n) }],
    ['no price', { [STATE]: words(0, -100, 0, 1, 1, 1, 5n, 2n) }],
    ['a price above uint160', { [STATE]: words(2n ** 160n, -100, 0, 1, 1, 1, 5n, 2n) }],
    ['a point above int24', { [STATE]: words(PRICE, 2 ** 23, 0, 1, 1, 1, 5n, 2n) }],
    ['a point outside', { [STATE]: words(PRICE, 800_001, 0, 1, 1, 1, 5n, 2n) }],
    ['more X than liquidity', { [STATE]: words(PRICE, -100, 0, 1, 1, 1, 5n, 6n) }],
    ['a liquidity above uint128', { [STATE]: words(PRICE, -100, 0, 1, 1, 1, 2n ** 128n, 2n) }],
    ['another liquidity than its points add up to', { [STATE]: words(PRICE, -100, 0, 1, 1, 1, 6n, 2n) }],
    ['a word of the bitmap that does not answer', { [bitmapAt(3)]: null }],
    ['a word of the bitmap of two words', { [bitmapAt(3)]: words(0, 0) }],
    ['a point beyond the last', { [bitmapAt(78)]: words(1n << 200n) }],
    ['too many points', { [BITMAP]: words(2n ** 256n - 1n) }],
    ['a point that does not answer', { [pointAt(0)]: null }],
    ['a gross above uint128', { [pointAt(0)]: words(2n ** 128n, -5, 0, 0, 1) }],
    ['a net above int128', { [pointAt(799_960)]: words(9, 2n ** 127n, 0, 0, 1) }],
    ['orders that do not answer', { [ordersAt(40)]: null }],
    ['orders of another shape', { [ordersAt(40)]: words(8, 0, 0, 0, 0, 0, 0) }],
    ['orders above uint128', { [ordersAt(40)]: words(2n ** 128n, 0, 0, 0, 0, 0, 0, 0, 0, 0) }],
  ])('%s: no snapshot rather than a wrong one', async (_, answers) => {
    instead = answers
    expect(await fetchSnapshot()).toBeNull()
  })

  test('more orders than can be followed: none', async () => {
    const word16 = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [bitmapAt(index), words(2n ** 256n - 1n)]),
    )
    instead = { ...word16, [ORDERS]: words(1, 0, 0, 0, 0, 0, 0, 0, 0, 0) }
    expect(await fetchSnapshot()).toBeNull()
  })

  test('a node without old states: none', async () => {
    isGone = true
    expect(await fetchSnapshot()).toBeNull()
  })

  test.each<[string, Partial<PoolClaim>, number | null]>([
    ['before the first block of the chain', { blockNumber: 0 }, 40],
    ['without a distance of points', {}, null],
    ['with a distance of zero', {}, 0],
  ])('%s there is none, and nothing is asked', async (_, more, spacing) => {
    const before = server.requests()
    expect(await fetchSnapshot(more, spacing)).toBeNull()
    expect(server.requests()).toBe(before)
  })
})
