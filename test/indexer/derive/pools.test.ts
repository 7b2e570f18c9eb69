import { describe, expect, test } from 'vitest'
import { findProfile } from '../../../contracts/chains/index.ts'
import { factory } from '../../../contracts/chains/profile.ts'
import { decodeBlock } from '../../../indexer/decode/index.ts'
import { derivePool, isTrusted, listClaims } from '../../../indexer/derive/pools.ts'
import { createChainState } from '../../../indexer/derive/state.ts'
import type { Log } from '../../../indexer/types/block.ts'
import type { ChainState, FoundPool, Pool, PoolClaim } from '../../../indexer/types/pool.ts'
import { address, encodeLog, hash, makeBundle } from '../../support/logs.ts'

const FACTORY_V2 = address(0xf2)
const FACTORY_V3 = address(0xf3)
const STRANGE_FACTORY = address(0xfd)
const POOL = address(0xa2)
const OTHER = address(0xa4)
const TOKEN0 = address(0x01)
const TOKEN1 = address(0x02)
const profile = {
  ...findProfile(99_999),
  factories: [
    factory(FACTORY_V2, 'good-swap', 'uniswap-v2', 2500, null),
    factory(FACTORY_V3, 'good-ticks', 'uniswap-v3', null, null),
  ],
}

const pairCreated = (from = FACTORY_V2, pair = POOL) =>
  encodeLog('v2PairCreated', from, { token0: TOKEN0, token1: TOKEN1, pair, index: 1n })
const poolCreated = (from = FACTORY_V3) =>
  encodeLog('v3PoolCreated', from, { token0: TOKEN0, token1: TOKEN1, fee: 500, tickSpacing: 10, pool: POOL })
const sync = (pool = POOL) => encodeLog('v2Sync', pool, { reserve0: 1n, reserve1: 2n })
const initialize = (pool = POOL) => encodeLog('v3Initialize', pool, { sqrtPriceX96: 2n ** 96n, tick: 0 })

const claimsOf = (blocks: readonly Log[][], state: ChainState = createChainState()): PoolClaim[] =>
  listClaims(
    blocks.map((logs, offset) => decodeBlock(makeBundle(10 + offset, logs))),
    state,
    profile,
  )
/** Each claim as `block.log address kind of event`. */
const describeClaims = (claims: readonly PoolClaim[]) =>
  claims.map(({ address: at, blockNumber, logIndex, kind }) => `${blockNumber}.${logIndex} ${at.slice(2, 4)} ${kind}`)
const stateWith = (pools: readonly Pool[], refused: readonly Pool['address'][] = []): ChainState => ({
  ...createChainState(),
  pools: new Map(pools.map((pool) => [pool.address, pool])),
  refused: new Set(refused),
})

const created: Pool = {
  address: POOL,
  protocol: 'good-swap',
  family: 'uniswap-v2',
  factory: FACTORY_V2,
  emitter: POOL,
  tokens: [TOKEN0, TOKEN1],
  feePips: 2500,
  tickSpacing: null,
  stable: null,
  hooks: null,
  created: { blockNumber: 10, transactionHash: hash(0) },
  firstSeenBlock: 10,
  stateOrigin: 'creation',
}

describe('listClaims', () => {
  test.each<[string, Log[][], ChainState, string[]]>([
    ['no blocks', [], createChainState(), []],
    ['blocks without events', [[], []], createChainState(), []],
    ['a creation', [[pairCreated()]], createChainState(), ['10.0 a2 pool-created']],
    ['a first event', [[], [sync()]], createChainState(), ['11.0 a2 reserves']],
    [
      'only the first event of an address',
      [[sync(), initialize()], [sync()]],
      createChainState(),
      ['10.0 a2 reserves'],
    ],
    ['two addresses', [[sync(OTHER), initialize()]], createChainState(), ['10.0 a4 reserves', '10.1 a2 initialize']],
    [
      'a first event and then a creation, which may say more',
      [[sync()], [pairCreated()]],
      createChainState(),
      ['10.0 a2 reserves', '11.0 a2 pool-created'],
    ],
    [
      'nothing after a creation of a factory of the profile',
      [
        [pairCreated(), sync(), pairCreated(STRANGE_FACTORY)],
        [pairCreated(), sync()],
      ],
      createChainState(),
      ['10.0 a2 pool-created'],
    ],
    [
      'a creation that anybody may have made up, and then the address itself and its factory',
      [[pairCreated(STRANGE_FACTORY), sync(), pairCreated(STRANGE_FACTORY), pairCreated(), sync()]],
      createChainState(),
      ['10.0 a2 pool-created', '10.1 a2 reserves', '10.2 a2 pool-created', '10.3 a2 pool-created'],
    ],
    ['nothing of a pool that is known', [[pairCreated(), sync(), initialize()]], stateWith([created]), []],
    ['nothing of an address that was refused', [[sync(), initialize()]], stateWith([], [POOL]), []],
    ['a creation of one that was refused', [[pairCreated()]], stateWith([], [POOL]), ['10.0 a2 pool-created']],
  ])('%s', (_, blocks, state, expected) => {
    expect(describeClaims(claimsOf(blocks, state))).toEqual(expected)
  })

  test('a claim says what it rests on', () => {
    const [creation, event] = claimsOf([[pairCreated(STRANGE_FACTORY)], [initialize()]])
    expect(creation).toMatchObject({ emitter: STRANGE_FACTORY, creation: { emitter: STRANGE_FACTORY, pool: POOL } })
    expect(creation!.families).toContain('uniswap-v2')
    expect(event!.families).toContain('uniswap-v3')
    expect({ ...event, families: [] }).toEqual({
      address: POOL,
      emitter: POOL,
      families: [],
      tokens: [],
      poolId: null,
      blockNumber: 11,
      logIndex: 0,
      creation: null,
      kind: 'initialize',
    })
  })

  test('the state is not changed', () => {
    const state = stateWith([], [OTHER])
    claimsOf([[pairCreated(), sync(OTHER), sync()]], state)
    expect(state).toEqual(stateWith([], [OTHER]))
  })
})

describe('isTrusted', () => {
  const creation = (log: Log) => claimsOf([[log]])[0]!.creation!

  test.each([
    ['a factory of the profile', pairCreated(), true],
    ['a factory that the profile does not name', pairCreated(STRANGE_FACTORY), false],
    ['a factory that the profile names for the other family', pairCreated(FACTORY_V3), false],
    ['the same the other way round', poolCreated(FACTORY_V2), false],
  ])('%s', (_, log, trusted) => {
    expect(isTrusted(creation(log), profile)).toBe(trusted)
  })
})

const foundPair: FoundPool = {
  family: 'uniswap-v2',
  factory: STRANGE_FACTORY,
  tokens: [TOKEN0, TOKEN1],
  feePips: null,
  tickSpacing: null,
  stable: null,
  snapshot: null,
  isDenied: false,
}
const foundTicked: FoundPool = {
  ...foundPair,
  family: 'uniswap-v3',
  factory: FACTORY_V3,
  feePips: 500,
  tickSpacing: 10,
}
const claimOf = (log: Log): PoolClaim => claimsOf([[log]])[0]!

describe('derivePool of a creation', () => {
  test('by a factory of the profile: its word is enough', () => {
    expect(derivePool(claimOf(pairCreated()), null, profile)).toEqual(created)
    expect(derivePool(claimOf(pairCreated()), { ...foundPair, tokens: [OTHER, TOKEN1] }, profile)).toEqual(created)
  })

  test('a pool with ticks has the fee and spacing of its event', () => {
    const ticked = { ...created, protocol: 'good-ticks', family: 'uniswap-v3', factory: FACTORY_V3 }
    expect(derivePool(claimOf(poolCreated()), null, profile)).toEqual({ ...ticked, feePips: 500, tickSpacing: 10 })
  })

  test('by another factory, confirmed by the pool', () => {
    const fork = { ...created, protocol: 'uniswap-v2-fork', factory: STRANGE_FACTORY, feePips: null }
    expect(derivePool(claimOf(pairCreated(STRANGE_FACTORY)), foundPair, profile)).toEqual(fork)
  })

  test.each<[string, Log, FoundPool | null]>([
    ['does not answer', pairCreated(STRANGE_FACTORY), null],
    ['names another factory', pairCreated(STRANGE_FACTORY), { ...foundPair, factory: FACTORY_V2 }],
    ['names no factory', pairCreated(STRANGE_FACTORY), { ...foundPair, factory: null }],
    ['has another token0', pairCreated(STRANGE_FACTORY), { ...foundPair, tokens: [OTHER, TOKEN1] }],
    ['has another token1', pairCreated(STRANGE_FACTORY), { ...foundPair, tokens: [TOKEN0, OTHER] }],
    ['is of another family', pairCreated(STRANGE_FACTORY), { ...foundPair, family: 'uniswap-v3' }],
    ['has another fee', poolCreated(STRANGE_FACTORY), { ...foundTicked, factory: STRANGE_FACTORY, feePips: 3000 }],
    ['has another spacing', poolCreated(STRANGE_FACTORY), { ...foundTicked, factory: STRANGE_FACTORY, tickSpacing: 1 }],
  ])('by another factory, of a contract that %s: no pool', (_, log, found) => {
    expect(derivePool(claimOf(log), found, profile)).toBeNull()
  })

  test('a pool with ticks of another factory, confirmed', () => {
    const found = { ...foundTicked, factory: STRANGE_FACTORY }
    expect(derivePool(claimOf(poolCreated(STRANGE_FACTORY)), found, profile)).toMatchObject({ feePips: 500 })
  })
})

describe('derivePool of an own event', () => {
  const snapshot = {
    ...{
      kind: 'reserves' as const,
      reserve0: 1n,
      reserve1: 2n,
      virtual: null,
      fee0Pips: null,
      fee1Pips: null,
      doubts: 0,
    },
  } as const
  const swap = { sender: POOL, recipient: POOL, amount0: 1n, amount1: 1n, sqrtPriceX96: 1n, liquidity: 1n, tick: 0 }
  const tickedSwap = encodeLog('v3Swap', POOL, swap)
  const ticked: Pool = {
    ...created,
    protocol: 'good-ticks',
    family: 'uniswap-v3',
    factory: FACTORY_V3,
    feePips: 500,
    tickSpacing: 10,
    created: null,
    stateOrigin: 'events',
  }
  const pair: Pool = { ...created, protocol: 'uniswap-v2-fork', factory: STRANGE_FACTORY, feePips: null, created: null }

  test.each<[string, Log, FoundPool, Pool]>([
    ['a factory of the profile', tickedSwap, foundTicked, ticked],
    [
      'no factory',
      tickedSwap,
      { ...foundTicked, factory: null },
      { ...ticked, protocol: 'uniswap-v3-fork', factory: null },
    ],
    ['a state before', tickedSwap, { ...foundTicked, snapshot }, { ...ticked, stateOrigin: 'snapshot' }],
    ['its first price', initialize(), foundTicked, { ...ticked, stateOrigin: 'creation' }],
    ['an unknown factory', sync(), foundPair, { ...pair, stateOrigin: 'events' }],
    [
      'no fee of its own: that of its factory',
      sync(),
      { ...foundPair, factory: FACTORY_V2 },
      { ...created, created: null, stateOrigin: 'events' },
    ],
  ])('with %s', (_, log, found, pool) => {
    expect(derivePool(claimOf(log), found, profile)).toEqual(pool)
  })

  test('whose factory denies it', () => {
    expect(derivePool(claimOf(tickedSwap), { ...foundTicked, isDenied: true }, profile)).toBeNull()
  })

  test('that does not answer as a pool', () => {
    expect(derivePool(claimOf(sync()), null, profile)).toBeNull()
  })

  test.each([
    [
      'swap',
      encodeLog('v2Swap', POOL, {
        sender: POOL,
        to: POOL,
        amount0In: 1n,
        amount1In: 0n,
        amount0Out: 0n,
        amount1Out: 1n,
      }),
    ],
    ['mint', encodeLog('v2Mint', POOL, { sender: POOL, amount0: 1n, amount1: 1n })],
  ])('a pair whose first event is a %s without Sync is of another kind', (_, log) => {
    expect(derivePool(claimOf(log), foundPair, profile)).toBeNull()
  })
})

describe('claims and where the ranges are cut', () => {
  const history = [[sync()], [pairCreated(STRANGE_FACTORY)], [sync(), pairCreated()]]

  test('the claims of one range are those of its blocks, but for what was settled in between', () => {
    const whole = describeClaims(claimsOf(history))
    const alone = history.flatMap((logs, offset) => {
      const blocks = [...new Array(offset).fill([]), logs] as Log[][]
      return describeClaims(claimsOf(blocks, offset === 0 ? createChainState() : stateWith([], [POOL])))
    })
    expect(alone).toEqual(whole)
  })
})
