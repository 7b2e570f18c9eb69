import { describe, expect, test } from 'vitest'
import { depthOf, type FlowBlock, listIntents } from '../../../indexer/flow/intents.ts'
import { createPairs } from '../../../indexer/flow/pairs.ts'
import type { SwapAction } from '../../../indexer/types/action.ts'
import type { Address } from '../../../indexer/types/block.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import type { SwapRow } from '../../../indexer/types/rows.ts'
import { address } from '../../support/logs.ts'

const [ALICE, ROUTER] = [address(0xa0), address(0xee)]
const [USD, WETH, CAT, DOG] = [address(1), address(2), address(3), address(4)]
const BASE_TOKEN = address(0)

/** A swap: what was paid in, what came out, and its dollars. */
type Swap = readonly [tokenIn: Address, amountIn: bigint, tokenOut: Address, amountOut: bigint, usd?: number | null]

const pairOf = createPairs({ stablecoins: [USD], wrappedNative: WETH })

/** The intent of one transaction of some swaps, each in a pool of its own; null when it has none. */
function intentOf(swaps: readonly Swap[], asked: Partial<SwapIntent> | null = null) {
  const transaction = { hash: '0x01', transactionIndex: 0, from: ALICE, to: ROUTER }
  const actions = swaps.map(([tokenIn, amountIn, tokenOut, amountOut], index) => ({
    ...{ kind: 'swap', transaction, before: null, feePips: null },
    pool: { address: address(0xf0 + index), tokens: [tokenIn, tokenOut] },
    trade: amountOut === 0n ? null : { tokenIn: 0, tokenOut: 1, amountIn, amountOut },
  }))
  const block = {
    ...{ block: { number: 7, timestamp: 100 }, clock: 'block', receivedAt: new Map() },
    actions: { actions: actions as unknown as SwapAction[], intents: new Map(asked === null ? [] : [[0, asked]]) },
    swaps: swaps.map(([, , , , usd = null]) => ({ usd: { value: usd } }) as SwapRow),
  } as unknown as FlowBlock
  const context = { wrappedNative: WETH, pairOf, routeOf: () => 'ROUTER' as const }
  return listIntents(block, context)[0]?.intent ?? null
}

describe('what a transaction traded on balance', () => {
  test.each<[string, readonly Swap[], object | null]>([
    [
      'one swap',
      [[USD, 100n, WETH, 5n, 100]],
      { tokenIn: USD, amountIn: 100n, tokenOut: WETH, amountOut: 5n, side: 'BUY', valueUsd: 100 },
    ],
    ['the other way', [[WETH, 5n, USD, 99n, 99]], { tokenIn: WETH, tokenOut: USD, side: 'SELL' }],
    [
      'two hops',
      [
        [USD, 100n, WETH, 5n, 100],
        [WETH, 5n, CAT, 70n, 100],
      ],
      { tokenIn: USD, amountIn: 100n, tokenOut: CAT, amountOut: 70n, valueUsd: 100, otherTokens: 0, pools: 2 },
    ],
    [
      'a split over two pools',
      [
        [USD, 60n, WETH, 3n, 60],
        [USD, 40n, WETH, 2n, 40],
      ],
      { amountIn: 100n, amountOut: 5n, valueUsd: 100 },
    ],
    [
      'the base token is its wrapped form',
      [
        [USD, 100n, BASE_TOKEN, 5n, 100],
        [WETH, 5n, CAT, 70n, 100],
      ],
      { tokenIn: USD, tokenOut: CAT },
    ],
    [
      'round and back with a gain',
      [
        [USD, 100n, WETH, 5n, 100],
        [WETH, 5n, USD, 101n, 101],
      ],
      { tokenIn: null, tokenOut: USD, amountOut: 1n, side: null, pair: null },
    ],
    [
      'a rest of a hop below a thousandth is dust',
      [
        [USD, 100n, WETH, 10_000n, 100],
        [WETH, 9_999n, CAT, 70n, 99.99],
      ],
      { tokenIn: USD, tokenOut: CAT, otherTokens: 0 },
    ],
    [
      'two assets for one: the larger counts',
      [
        [USD, 100n, WETH, 5n, 100],
        [CAT, 9n, WETH, 1n, 20],
      ],
      { tokenIn: USD, tokenOut: WETH, otherTokens: 1 },
    ],
    ['a swap without a direction', [[USD, 100n, WETH, 0n]], null],
    ['without prices there are no dollars', [[CAT, 9n, DOG, 1n, null]], { valueUsd: null, tokenIn: CAT, side: 'SELL' }],
  ])('%s', (_, swaps, expected) => {
    if (expected === null) expect(intentOf(swaps)).toBeNull()
    else expect(intentOf(swaps)).toMatchObject(expected)
  })

  test.each<[string, Partial<SwapIntent> | null, number | null]>([
    ['the least accepted, of what came', { kind: 'EXACT_IN', amountOut: 990n }, 100],
    ['the most given, of what was', { kind: 'EXACT_OUT', amountIn: 1_010n, amountOut: 1_000n }, 100],
    ['a limit of nothing is none', { kind: 'EXACT_IN', amountOut: 0n }, null],
    ['no calldata that is read', null, null],
  ])('slippage: %s', (_, asked, bps) => {
    const { slippageBps } = intentOf([[USD, 1_000n, WETH, 1_000n, 1]], asked)!
    if (bps === null) expect(slippageBps).toBeNull()
    else expect(slippageBps).toBeCloseTo(bps, 9)
  })
})

describe('the depth of a pool', () => {
  const reserves = { kind: 'reserves', reserve0: 1_000_000n, reserve1: 4_000_000n, virtual: null, doubts: 0 } as const
  const state = { ...reserves, fee0Pips: null, fee1Pips: null }

  test('of a constant product moves its price by 1 %', () => {
    const paid = depthOf(state, 0, 0)!
    const [x, y] = [1_000_000 + paid, (1_000_000 * 4_000_000) / (1_000_000 + paid)]
    expect(4 / (y / x)).toBeCloseTo(1.01, 6)
  })

  test('grows by what the fee takes', () => {
    expect(depthOf(state, 1, 3_000)! * 0.997).toBeCloseTo(depthOf(state, 1, 0)!, 6)
  })

  test('of an empty pool, or one of another kind, is not known', () => {
    expect(depthOf({ ...state, reserve0: 0n }, 0, 0)).toBeNull()
    expect(depthOf({ kind: 'inner', inner: {}, doubts: 0 }, 0, 0)).toBeNull()
  })
})

test.each([
  ['a stablecoin is what prices are told in', USD, WETH, WETH],
  ['before others the base token is', WETH, CAT, CAT],
  ['of two alike the lower address is the base', DOG, CAT, CAT],
])('%s', (_, a, b, base) => {
  expect(pairOf(a, b).base).toBe(base)
  expect(pairOf(b, a)).toBe(pairOf(a, b))
})
