import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../../contracts/chains/index.ts'
import { fetchPools } from '../../../../indexer/chain/pools/index.ts'
import { fetchMaverickV1Snapshot, fetchMaverickV2Snapshot } from '../../../../indexer/chain/pools/maverickSnapshot.ts'
import { callData, selector } from '../../../../indexer/chain/pools/probe.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { BINS_MAX, PROOFS_WANTED } from '../../../../indexer/derive/families/maverick.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import type { Pool, PoolClaim } from '../../../../indexer/types/pool.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { address } from '../../../support/logs.ts'

const POOL = address(0xa7)
const ONE = 10n ** 18n
const words = (...values: (bigint | number | boolean)[]): Hex => callData('0x', ...values)
const [STATE, FEE, SPACING] = ['getState()', 'fee()', 'tickSpacing()'].map(selector) as [Hex, Hex, Hex]
const [feeAOf, feeBOf] = [true, false].map((side) => callData(selector('fee(bool)'), side)) as [Hex, Hex]
const binV1 = (id: number) => callData(selector('getBin(uint128)'), id)
const binV2 = (id: number) => callData(selector('getBin(uint32)'), id)
const tickOf = (tick: number) => callData(selector('getTick(int32)'), tick)

const common: Record<string, Hex> = {
  [selector('tokenA()')]: words(BigInt(address(1))),
  [selector('tokenB()')]: words(BigInt(address(2))),
  [SPACING]: words(10),
  [selector('factory()')]: words(BigInt(address(0xf3))),
  [selector('isFactoryPool(address)')]: words(1),
}
/** Reserves, balance of the merge, bin merged into, shares, kind and tick. */
const gettersV1: Record<string, Hex> = {
  ...common,
  [FEE]: words(ONE / 1_000n),
  [STATE]: words(-7, 0, 5, 250),
  [binV1(1)]: words(5n, 6n, 0, 0, 9n, 0, -7),
  [binV1(2)]: words(0n, 0n, 0, 0, 0, 2, -4),
  [binV1(3)]: words(0n, 0n, 4n, 4, 8n, 1, -9),
  [binV1(4)]: words(7n, 0n, 0, 0, 8n, 1, -8),
  [binV1(5)]: words(0n, 8n, 0, 0, 8n, 3, 2),
}
/** Bins: balance of the merge, of the tick, shares, kind, tick, bin merged into. Ticks: reserves, shares, bins. */
const gettersV2: Record<string, Hex> = {
  ...common,
  [feeAOf]: words(ONE / 1_000n),
  [feeBOf]: words(ONE / 500n),
  [STATE]: words(5n, 6n, -3, -4, 1_700_000_000, -7, false, 4, 77),
  [binV2(1)]: words(0, 50n, 60n, 0, -7, 0),
  [binV2(2)]: words(0, 0, 0, 0, 5, 0),
  [binV2(3)]: words(9n, 9n, 9n, 1, -7, 4),
  [binV2(4)]: words(0, 30n, 40n, 1, -8, 0),
  [tickOf(-7)]: words(5n, 6n, 50n, 1, 0, 0, 0),
  [tickOf(-8)]: words(7n, 0n, 30n, 0, 4, 0, 0),
}
const snapshotV1 = {
  ...{ kind: 'inner', doubts: PROOFS_WANTED },
  inner: {
    ...{ fee: ONE / 1_000n, protocolFee: 250n, activeTick: -7, moves: [] },
    bins: {
      held: new Map([
        [1, { kind: 0, tick: -7, reserveA: 5n, reserveB: 6n }],
        [4, { kind: 1, tick: -8, reserveA: 7n, reserveB: 0n }],
        [5, { kind: 3, tick: 2, reserveA: 0n, reserveB: 8n }],
      ]),
      merged: new Map([[3, 4]]),
    },
  },
}
const snapshotV2 = {
  ...{ kind: 'inner', doubts: PROOFS_WANTED },
  inner: {
    ...{ feeA: ONE / 1_000n, feeB: ONE / 500n, protocolFee: 77n, activeTick: -7 },
    holdings: {
      bins: new Map([
        [1, { kind: 0, tick: -7, tickBalance: 50n, totalSupply: 60n }],
        [4, { kind: 1, tick: -8, tickBalance: 30n, totalSupply: 40n }],
      ]),
      ticks: new Map([
        [-8, { reserveA: 7n, reserveB: 0n, totalSupply: 30n }],
        [-7, { reserveA: 5n, reserveB: 6n, totalSupply: 50n }],
      ]),
    },
  },
}

let server: FakeRpc
let rpc: Rpc
/** What the pool answers, by the call data or its selector; null reverts. */
let answers: Record<string, Hex | null>
let isGone: boolean

beforeEach(() => {
  isGone = false
})

beforeAll(async () => {
  server = await startFakeRpc({
    eth_call: ({ data }: { data: string }) => {
      if (isGone) throw new FakeRefusal(-32000, 'missing trie node')
      const answer = answers[data] ?? (data in answers ? null : answers[data.slice(0, 10)])
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

const versions = [
  { family: 'maverick-v1', fetchSnapshot: fetchMaverickV1Snapshot, getters: gettersV1, snapshot: snapshotV1 },
  { family: 'maverick-v2', fetchSnapshot: fetchMaverickV2Snapshot, getters: gettersV2, snapshot: snapshotV2 },
] as const

describe.each(versions)('maverickProbes, $family', ({ family, getters, snapshot }) => {
  const claim: PoolClaim = {
    ...{ address: POOL, emitter: POOL, families: [family], tokens: [], poolId: null },
    ...{ blockNumber: 20, logIndex: 0, creation: null, kind: 'swap' },
  }
  const fetchOne = async (instead: Record<string, Hex | null> = {}) => {
    answers = { ...getters, ...instead }
    return (await fetchPools(rpc, [claim], findProfile(99_999))).get(claim) ?? null
  }

  test('a pool with its state at the end of the block before', async () => {
    server.calls.length = 0
    expect(await fetchOne()).toEqual({
      ...{ family, factory: address(0xf3), tokens: [address(1), address(2)] },
      ...{ feePips: 1_000, tickSpacing: 10, stable: null, isDenied: false, snapshot },
    })
    const bins = server.calls.filter(({ params }) => [binV1(1), binV2(1)].includes((params[0] as { data: Hex }).data))
    expect(bins.map(({ params }) => params[1])).toEqual(['0x13'])
  })

  test('a factory that does not know it denies it', async () => {
    expect(await fetchOne({ [selector('isFactoryPool(address)')]: words(0) })).toMatchObject({
      ...{ factory: null, isDenied: true, snapshot: null },
    })
  })

  test.each<[string, Record<string, Hex | null>]>([
    ['no fee', { [FEE]: null, [feeAOf]: null }],
    ['no state', { [STATE]: null }],
    ['a state of three words', { [STATE]: words(1, 2, 3) }],
    ['a distance of zero', { [SPACING]: words(0) }],
    ['tokens out of order', { [selector('tokenA()')]: words(BigInt(address(3))) }],
  ])('a contract with %s is no pool', async (_, instead) => {
    expect(await fetchOne(instead)).toBeNull()
  })
})

describe.each(versions)('snapshots, $family', ({ family, fetchSnapshot, getters, snapshot }) => {
  const fetch = (instead: Record<string, Hex | null> = {}, blockNumber = 19) => {
    answers = { ...getters, ...instead }
    return fetchSnapshot(rpc, POOL, blockNumber)
  }

  test('all of it, with which the rules go on', async () => {
    const state = await fetch()
    expect(state).toEqual(snapshot)
    const pool = { family, tokens: [address(1), address(2)], tickSpacing: 10 } as Pool
    const curve = rulesOf(family).curve(pool, state!, () => 18, 0)!
    expect(curve.quoteIn(0, 1, 2n)).toMatchObject({ amountIn: 2n })
  })

  test('a node without old states: none', async () => {
    isGone = true
    expect(await fetch()).toBeNull()
  })

  test('before the first block of the chain there is none, and nothing is asked', async () => {
    const before = server.requests()
    expect(await fetch({}, -1)).toBeNull()
    expect(server.requests()).toBe(before)
  })
})

/** What makes a snapshot null, as answers in place of the true ones. */
type Broken = [string, Record<string, Hex | null>]

describe('fetchMaverickV1Snapshot', () => {
  const fetch = (instead: Record<string, Hex | null>) => {
    answers = { ...gettersV1, ...instead }
    return fetchMaverickV1Snapshot(rpc, POOL, 19)
  }

  test.each<Broken>([
    ['no state', { [STATE]: null }],
    ['a state of five words', { [STATE]: words(-7, 0, 5, 250, 0) }],
    ['a tick above int32', { [STATE]: words(2n ** 31n, 0, 5, 250) }],
    ['a tick below int32', { [STATE]: words(-(2n ** 31n) - 1n, 0, 5, 250) }],
    ['a count of bins above uint128', { [STATE]: words(-7, 0, 2n ** 128n, 250) }],
    ['no fee', { [FEE]: null }],
    ['a fee of two words', { [FEE]: words(1, 2) }],
    ['a bin that does not answer', { [binV1(2)]: null }],
    ['a bin of six words', { [binV1(2)]: words(0, 0, 0, 0, 0, 0) }],
    ['a reserve above uint128', { [binV1(1)]: words(2n ** 128n, 6n, 0, 0, 9n, 0, -7) }],
    ['a kind above uint8', { [binV1(1)]: words(5n, 6n, 0, 0, 9n, 256, -7) }],
    ['the tick of a bin above int32', { [binV1(1)]: words(5n, 6n, 0, 0, 9n, 0, 2n ** 31n) }],
  ])('%s: no snapshot rather than a wrong one', async (_, instead) => {
    expect(await fetch(instead)).toBeNull()
  })

  test('as many bins as are read, and one more', async () => {
    const empty = { [selector('getBin(uint128)')]: words(0, 0, 0, 0, 0, 0, 0) }
    expect(await fetch({ ...empty, [STATE]: words(-7, 0, 6_000, 250) })).toEqual(snapshotV1)
    expect(await fetch({ ...empty, [STATE]: words(-7, 0, 6_001, 250) })).toBeNull()
  })

  test('as many bins as are followed, and one more; merged and empty ones do not count', async () => {
    const fill = (count: number) => {
      const bins = Array.from({ length: count }, (_, index) => [binV1(index + 6), words(1n, 0, 0, 0, 1n, 0, -9)])
      return { ...Object.fromEntries(bins), [STATE]: words(-7, 0, count + 5, 250) }
    }
    expect(await fetch(fill(BINS_MAX - 3))).toMatchObject({ inner: { bins: { merged: new Map([[3, 4]]) } } })
    expect(await fetch(fill(BINS_MAX - 2))).toBeNull()
  })

  test('a pool without bins', async () => {
    expect(await fetch({ [STATE]: words(3, 0, 0, 0) })).toMatchObject({
      inner: { activeTick: 3, protocolFee: 0n, bins: { held: new Map(), merged: new Map() } },
    })
  })
})

describe('fetchMaverickV2Snapshot', () => {
  const stateOf = ({ tick = -7n, count = 4, share = 77 }) =>
    words(5n, 6n, -3, -4, 1_700_000_000, tick, false, count, share)
  const fetch = (instead: Record<string, Hex | null>) => {
    answers = { ...gettersV2, ...instead }
    return fetchMaverickV2Snapshot(rpc, POOL, 19)
  }

  test.each<Broken>([
    ['no state', { [STATE]: null }],
    ['a state of four words', { [STATE]: words(-7, 0, 5, 250) }],
    ['a tick above int32', { [STATE]: stateOf({ tick: 2n ** 31n }) }],
    ['more bins than any pool has', { [STATE]: stateOf({ count: 6_001 }) }],
    ['a share of the protocol above uint8', { [STATE]: stateOf({ share: 256 }) }],
    ['a lock that is no boolean', { [STATE]: words(5n, 6n, -3, -4, 0, -7, 2, 4, 77) }],
    ['no fee of one direction', { [feeAOf]: null }],
    ['no fee of the other', { [feeBOf]: null }],
    ['a bin that does not answer', { [binV2(2)]: null }],
    ['a bin of seven words', { [binV2(2)]: words(0, 0, 0, 0, 0, 0, 0) }],
    ['the tick of a bin above int32', { [binV2(1)]: words(0, 50n, 60n, 0, 2n ** 31n, 0) }],
    ['a tick that does not answer', { [tickOf(-8)]: null }],
    ['a tick of three words', { [tickOf(-8)]: words(7n, 0n, 30n) }],
    ['a reserve above uint128', { [tickOf(-8)]: words(2n ** 128n, 0n, 30n, 0, 4, 0, 0) }],
  ])('%s: no snapshot rather than a wrong one', async (_, instead) => {
    expect(await fetch(instead)).toBeNull()
  })

  test('as many bins as are followed, and one more; merged and empty ones do not count', async () => {
    const fill = (count: number) => {
      const bins = Array.from({ length: count }, (_, index) => [binV2(index + 5), words(0, 1n, 1n, 0, -7, 0)])
      return { ...Object.fromEntries(bins), [STATE]: stateOf({ count: count + 4 }) }
    }
    const full = await fetch(fill(BINS_MAX - 2))
    expect((full!.inner.holdings as { bins: Map<number, unknown> }).bins.size).toBe(BINS_MAX)
    expect(await fetch(fill(BINS_MAX - 1))).toBeNull()
  })

  test('a pool without bins', async () => {
    expect(await fetch({ [STATE]: stateOf({ count: 0 }) })).toMatchObject({
      inner: { holdings: { bins: new Map(), ticks: new Map() } },
    })
  })
})
