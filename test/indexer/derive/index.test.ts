import { describe, expect, test } from 'vitest'
import { createChainState } from '../../../indexer/derive/state.ts'
import { hash, makeBundle, makeTransaction, SYSTEM_HASH } from '../../support/logs.ts'
import {
  change,
  createPair,
  createTicked,
  derive,
  foundPool,
  initialize,
  inTransaction,
  known,
  PAIR,
  PRICE,
  STRANGER,
  snapshot,
  swap,
  sync,
  TICKED,
  tickedSwap,
  tokens,
} from './deriving.ts'

/** What a pair's state holds besides the reserves. */
const reserves = { kind: 'reserves', virtual: null, fee0Pips: 3000, fee1Pips: 3000, doubts: 0 }

describe('deriveRows', () => {
  test('Sync and then Swap: the swap has the reserves after it', () => {
    const rows = derive([[sync(100n, 200n), swap(1n), sync(110n, 190n), swap(2n)]], known())
    expect(rows.swaps.map(({ event, reserves }) => [event.amount0, reserves?.reserve0, reserves?.reserve1])).toEqual([
      [1n, 100n, 200n],
      [2n, 110n, 190n],
    ])
  })

  test('a swap of a pair that never stated its reserves has none', () => {
    const rows = derive([[swap(1n)]], known())
    expect(rows.swaps[0]!.reserves).toBeNull()
    expect(rows.poolStates).toEqual([])
  })

  test('Sync without a swap (skim, donation) changes the state only', () => {
    const rows = derive([[sync(1n, 2n)]], known())
    expect(rows.swaps).toEqual([])
    expect(rows.poolStates).toEqual([
      {
        pool: PAIR,
        blockNumber: 10,
        logIndex: 0,
        quality: 'exact',
        state: { ...reserves, reserve0: 1n, reserve1: 2n },
      },
    ])
  })

  test('several changes of one pool in a block give one state, with the last log; each block its own', () => {
    const rows = derive([[sync(1n, 2n), swap(1n), sync(3n, 4n), swap(1n)], [sync(5n, 6n)]], known())
    expect(rows.poolStates.map(({ blockNumber, logIndex, state }) => ({ blockNumber, logIndex, ...state }))).toEqual([
      { blockNumber: 10, logIndex: 2, ...reserves, reserve0: 3n, reserve1: 4n },
      { blockNumber: 11, logIndex: 0, ...reserves, reserve0: 5n, reserve1: 6n },
    ])
  })

  test('a state that was given out is not changed by later blocks', () => {
    const state = known()
    const rows = derive([[initialize], [tickedSwap(7, 3n)]], state)
    expect(rows.poolStates.map(({ logIndex, state }) => ({ logIndex, ...state }))).toEqual([
      {
        logIndex: 0,
        kind: 'ticks',
        sqrtPriceX96: PRICE,
        tick: 0,
        liquidity: 0n,
        feePips: 500,
        ticks: null,
        extra: null,
        doubts: 0,
      },
      {
        logIndex: 0,
        kind: 'ticks',
        sqrtPriceX96: PRICE + 1n,
        tick: 7,
        liquidity: 3n,
        feePips: 500,
        ticks: null,
        extra: null,
        doubts: 0,
      },
    ])
    expect(state.states.get(TICKED)).toMatchObject({ tick: 7, ticks: new Map() })
  })

  test('initialize, mint, burn(0), collect, burn of all in one block', () => {
    const logs = [initialize, change('v3Mint', 9n), change('v3Burn', 0n), change('v3Collect', 0n), change('v3Burn', 9n)]
    const rows = derive([[createTicked, ...logs]], createChainState())
    expect(rows.liquidityChanges.map(({ event }) => [event.kind, event.range?.liquidity])).toEqual([
      ['mint', 9n],
      ['burn', 0n],
      ['collect', 0n],
      ['burn', -9n],
    ])
    expect(rows.poolStates.map(({ logIndex }) => logIndex)).toEqual([5])
    expect(rows.poolTicks).toEqual([
      { pool: TICKED, tick: -60, blockNumber: 10, gross: 0n, net: 0n },
      { pool: TICKED, tick: 60, blockNumber: 10, gross: 0n, net: 0n },
    ])
  })

  test('collect alone changes no state', () => {
    const rows = derive([[initialize], [change('v3Collect', 0n)]], known())
    expect(rows.poolStates.map(({ blockNumber }) => blockNumber)).toEqual([10])
    expect(rows.liquidityChanges).toHaveLength(1)
  })

  test('ticks are told once a block, as they are at its end', () => {
    const rows = derive([[initialize, change('v3Mint', 9n), change('v3Mint', 1n)], [change('v3Burn', 4n)]], known())
    expect(rows.poolTicks.map(({ blockNumber, tick, gross, net }) => [blockNumber, tick, gross, net])).toEqual([
      [10, -60, 10n, 10n],
      [10, 60, 10n, -10n],
      [11, -60, 6n, 6n],
      [11, 60, 6n, -6n],
    ])
  })

  test('a found pool starts from its snapshot, whose ticks are rows of its first block', () => {
    const state = createChainState()
    const answers = { [TICKED]: foundPool(snapshot()) }
    const rows = derive([[tickedSwap(7, 5n), change('v3Mint', 9n)], [tickedSwap(8, 14n)]], state, { answers })
    expect(rows.pools).toMatchObject([{ address: TICKED, stateOrigin: 'snapshot', firstSeenBlock: 10, created: null }])
    expect(rows.poolTicks.map(({ blockNumber, tick, gross }) => [blockNumber, tick, gross])).toEqual([
      [10, -120, 5n],
      [10, 120, 5n],
      [10, -60, 9n],
      [10, 60, 9n],
    ])
    expect(rows.poolStates[0]).toMatchObject({ blockNumber: 10, logIndex: 1, state: { tick: 7, liquidity: 14n } })
  })

  test('a found pool whose first event is a collect has its snapshot among the states', () => {
    const answers = { [TICKED]: foundPool(snapshot()) }
    const rows = derive([[change('v3Collect', 0n)]], createChainState(), { answers })
    expect(rows.poolStates).toMatchObject([{ pool: TICKED, blockNumber: 10, state: { tick: 0, liquidity: 5n } }])
  })

  test('a found pool without a snapshot has no tick map', () => {
    const state = createChainState()
    const logs = [[change('v3Mint', 9n)], [tickedSwap(7, 5n)], [change('v3Mint', 9n)]]
    const rows = derive(logs, state, { answers: { [TICKED]: foundPool(null) } })
    expect(rows.poolTicks).toEqual([])
    // Before the first price nothing is known that could be stored.
    expect(rows.poolStates.map(({ blockNumber, state }) => ({ blockNumber, ...state }))).toMatchObject([
      { blockNumber: 11, liquidity: 5n },
      { blockNumber: 12, liquidity: 14n },
    ])
    expect(state.states.get(TICKED)).toMatchObject({ ticks: null })
  })

  test('logs of an unknown pool, of the other family, malformed and of no transaction are kept with the reason', () => {
    const malformed = { ...sync(1n, 2n), data: '0x' as const }
    const system = { ...sync(1n, 2n), transactionHash: SYSTEM_HASH, transactionIndex: 5 }
    const rows = derive([[sync(1n, 2n, STRANGER), sync(1n, 2n, TICKED), malformed, system, sync(7n, 8n)]], known())
    const reasons = rows.undecodedLogs.map(({ logIndex, reason }) => `${logIndex} ${reason}`)
    expect(reasons.sort()).toEqual(['0 unknown-pool', '1 wrong-family', '2 malformed', '3 no-transaction'])
    expect(rows.undecodedLogs.find(({ logIndex }) => logIndex === 0)).toEqual({
      blockNumber: 10,
      logIndex: 0,
      transactionHash: hash(0),
      address: STRANGER,
      topics: sync(1n, 2n).topics,
      data: sync(1n, 2n).data,
      reason: 'unknown-pool',
    })
    expect(rows.poolStates).toHaveLength(1)
  })

  test('each transaction with a usable log is listed once, those with none are not', () => {
    const block = [
      inTransaction(createPair, 1),
      inTransaction(sync(1n, 2n), 2),
      inTransaction(swap(1n), 2),
      inTransaction(sync(1n, 2n, STRANGER), 3),
      inTransaction({ ...sync(1n, 2n), data: '0x' }, 4),
    ]
    expect(derive([block], createChainState()).transactions).toEqual([
      { blockNumber: 10, transaction: makeTransaction(1), receivedAt: null, intent: null },
      { blockNumber: 10, transaction: makeTransaction(2), receivedAt: null, intent: null },
    ])
  })

  test('a row has the block, transaction and pool it belongs to', () => {
    const state = known()
    const rows = derive([[], [inTransaction(sync(1n, 2n), 3), inTransaction(swap(1n), 3)]], state)
    const { block } = makeBundle(11, [inTransaction(sync(1n, 2n), 3), inTransaction(swap(1n), 3)])
    expect(rows.swaps[0]!.context).toEqual({ block, transaction: makeTransaction(3), pool: state.pools.get(PAIR) })
  })

  test('what is settled stands in the state and in the rows', () => {
    const state = createChainState()
    const token = { address: tokens.token0, symbol: 'A', name: null, decimals: 18, firstSeenBlock: 10 }
    const rows = derive([[createPair, sync(1n, 2n, STRANGER)]], state, { tokens: [token] })
    expect(rows.tokens).toEqual([token])
    expect(rows.pools.map(({ address }) => address)).toEqual([PAIR])
    expect(rows.blocks.map(({ number }) => number)).toEqual([10])
    expect([...state.tokens]).toEqual([[tokens.token0, 18]])
    expect([...state.refused]).toEqual([STRANGER])
    expect([...state.pools.keys()]).toEqual([PAIR])
  })
})
