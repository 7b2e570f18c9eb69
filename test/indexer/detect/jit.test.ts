import { describe, expect, test } from 'vitest'
import { detectJit } from '../../../indexer/detect/jit.ts'
import { createWindow } from '../../../indexer/detect/window.ts'
import type { Action, BlockActions } from '../../../indexer/types/action.ts'
import type { Address, Block, Hex, Transaction } from '../../../indexer/types/block.ts'
import type { MevFinding } from '../../../indexer/types/mev.ts'
import type { Pool } from '../../../indexer/types/pool.ts'
import { address } from '../../support/logs.ts'
import { ROUTER, USD, WETH } from './scene.ts'

const PROVIDER = address(0xb0)
const MANAGER = ROUTER
const OTHER = address(0xb9)
const ALICE = address(0xa0)
const Q96 = 2n ** 96n

const poolAt = (at: Address) =>
  ({ address: at, emitter: at, family: 'uniswap-v3', tokens: [WETH, USD] }) as unknown as Pool
const pool = poolAt(address(0x2000))
const elsewhere = poolAt(address(0x2001))

type Doing = { from?: Address; block?: number; pool?: Pool }
type Range = readonly [tickLower: number, tickUpper: number]

let transactions = 0
const begin = ({ from = PROVIDER }: Doing): Transaction => {
  const hash: Hex = `0x${(0x10_0000 + transactions).toString(16).padStart(64, '0')}`
  return { hash, transactionIndex: transactions++, from, to: MANAGER, type: 2 } as Transaction
}
const place = ({ hash, transactionIndex }: Transaction, its: Pool) => ({
  ...{ logIndex: transactionIndex * 2, transactionIndex, transactionHash: hash, emitter: its.address },
  ...{ families: ['uniswap-v3' as const], pool: its.address },
})

/** The order is that in which they are given. */
const at = ({ block: number = 1 }: Doing) => ({ block: { number, timestamp: number } as Block, order: 0 })

type Placed = { block: number; action: Action }

function change(
  kind: 'mint' | 'burn' | 'collect',
  liquidity: bigint,
  range: Range,
  amounts: [bigint, bigint],
  doing: Doing = {},
): Placed {
  const transaction = begin(doing)
  const its = doing.pool ?? pool
  const [tickLower, tickUpper] = range
  return {
    block: doing.block ?? 1,
    action: {
      ...{ kind: 'liquidity', ...at(doing), pool: its, transaction, amounts, before: null },
      event: {
        ...{ ...place(transaction, its), kind, owner: MANAGER, range: { tickLower, tickUpper, liquidity } },
        ...{ amount0: amounts[0], amount1: amounts[1], changes: null },
      },
    },
  }
}

/** A swap from one tick to another, with so much liquidity in range before it. */
function swap(from: number, to: number, liquidity: bigint, doing: Doing = {}): Placed {
  const transaction = begin({ from: ALICE, ...doing })
  const state = { sqrtPriceX96: Q96, tick: from, liquidity, feePips: 500, ticks: null, extra: null, doubts: 0 }
  return {
    block: doing.block ?? 1,
    action: {
      ...{
        kind: 'swap',
        ...at(doing),
        pool,
        transaction,
        feePips: 500,
        replayGap: 0n,
        before: { kind: 'ticks', ...state },
      },
      trade: { tokenIn: 0, tokenOut: 1, amountIn: 100n, amountOut: 99n },
      event: {
        ...{ ...place(transaction, pool), kind: 'swap', sender: MANAGER, recipient: ALICE, token0: 0, token1: 1 },
        ...{ amount0: 100n, amount1: -99n, fee: null, after: { sqrtPriceX96: Q96, tick: to, liquidity } },
      },
    },
  }
}

const RANGE: Range = [-60, 60]
const mint = (doing: Doing = {}, range = RANGE) => change('mint', 900n, range, [500n, 500n], doing)
const burn = (doing: Doing = {}, liquidity = -900n, range = RANGE) =>
  change('burn', liquidity, range, [-600n, -401n], doing)

function detect(placed: readonly Placed[], length = 0): MevFinding[] {
  const last = Math.max(...placed.map(({ block }) => block))
  const blocks = Array.from({ length: Math.min(last, length + 1) }, (_, index): BlockActions => {
    const number = last - Math.min(last, length + 1) + 1 + index
    const actions = placed.flatMap(({ block, action }, order) => (block === number ? [{ ...action, order }] : []))
    return { block: { number, timestamp: number } as Block, actions, intents: new Map(), idle: [] }
  })
  const context = {
    ...{ decimals: () => 18, asset: (token: Address) => token, valueUsd: () => null, isUsed: () => false },
    recordOf: () => ({ won: 0, lost: 0 }),
    countOthers: () => 0,
    isPool: (account: Address) => account === pool.address,
    isPublic: (account: Address) => account === MANAGER || account === pool.address,
  }
  return detectJit(createWindow(blocks, length, context), context)
}

describe('each clause of the definition', () => {
  test('added, swapped through, and taken out: what it earned is what came out less what went in', () => {
    const [found, ...others] = detect([mint(), swap(10, -10, 1_000n), burn()])
    expect(others).toEqual([])
    expect(found).toMatchObject({
      kind: 'JIT_LIQUIDITY',
      searcher: PROVIDER,
      victims: [],
      evidence: { liquidityShare: 0.9 },
    })
    expect(found!.legs.map(({ role }) => role)).toEqual(['MINT', 'TRIGGER', 'BURN'])
  })

  test('what is paid out counts, not what is only owed', () => {
    const collect = change('collect', 0n, RANGE, [-610n, -402n])
    const [found] = detect([mint(), swap(10, -10, 1_000n), burn(), collect])
    // Collected in a transaction of its own, which is not part of it.
    expect(found!.profits).toEqual([
      { token: WETH, amount: -500n },
      { token: USD, amount: -500n },
    ])
  })

  test.each<[clause: string, placed: Placed[]]>([
    ['others swap in between', [mint(), burn()]],
    ['who are not the provider', [mint(), swap(10, -10, 1_000n, { from: PROVIDER }), burn()]],
    ['after it was added', [swap(10, -10, 1_000n), mint(), burn()]],
    ['before it is taken out', [mint(), burn(), swap(10, -10, 1_000n)]],
    ['through the range', [mint(), swap(200, 150, 1_000n), burn()]],
    ['of which it is at least half', [mint(), swap(10, -10, 1_801n), burn()]],
    ['in the same pool', [mint({ pool: elsewhere }), swap(10, -10, 1_000n), burn({ pool: elsewhere })]],
    ['the same range', [mint(), swap(10, -10, 1_000n), burn({}, -900n, [-120, 60])]],
    ['the same liquidity, to 1 %', [mint(), swap(10, -10, 1_000n), burn({}, -890n)]],
    ['of one actor', [mint(), swap(10, -10, 1_000n), burn({ from: OTHER })]],
  ])('%s', (_, placed) => {
    expect(detect(placed)).toEqual([])
  })

  test('in another transaction: added and taken out in one is none', () => {
    const [added, taken] = [mint(), burn()]
    taken.action.transaction = added.action.transaction
    expect(detect([added, swap(10, -10, 1_000n), taken])).toEqual([])
  })
})

test.each([
  ['half of what is active', swap(10, -10, 1_800n)],
  ['a swap that only passes over the range', swap(200, -200, 1_000n)],
  ['a swap that ends in the range', swap(200, 59, 1_000n)],
  ['all but 1 % taken out', swap(10, -10, 1_000n)],
])('still one: %s', (_, between) => {
  expect(detect([mint(), between, burn({}, -891n)])).toHaveLength(1)
})

test('blocks later, as far as the window reaches', () => {
  const apart = (length: number) =>
    detect([mint({ block: 1 }), swap(10, -10, 1_000n, { block: 2 }), burn({ block: 3 })], length)
  expect(apart(2).map(({ variants }) => variants)).toEqual([['cross_block']])
  expect(apart(1)).toEqual([])
})

test('two positions after each other are two', () => {
  const twice = [mint(), swap(10, -10, 1_000n), burn(), mint(), swap(-10, 10, 1_000n), burn()]
  expect(detect(twice)).toHaveLength(2)
})
