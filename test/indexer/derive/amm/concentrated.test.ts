import { describe, expect, test } from 'vitest'
import { type ConcentratedState, concentrated, singleRange } from '../../../../indexer/derive/amm/concentrated.ts'
import {
  MAX_SQRT_PRICE,
  MAX_TICK,
  MIN_SQRT_PRICE,
  MIN_TICK,
  sqrtPriceAtTick,
  tickAtSqrtPrice,
} from '../../../../indexer/derive/amm/tickMath.ts'
import { compareConcentrated, type PoolKind } from './concentratedCases.ts'

const state: ConcentratedState = {
  ...{ sqrtPriceX96: 2n ** 96n, tick: 0, liquidity: 10n ** 18n, tickSpacing: 60, feePips: 3000 },
  ticks: new Map([
    [-600, { net: 10n ** 18n }],
    [600, { net: -(10n ** 18n) }],
  ]),
}

describe('concentrated', () => {
  test.each<PoolKind>(['Uniswap V3', 'PancakeSwap V3', 'Uniswap V4'])(
    '400 random swaps on real contracts of %s are equal to the wei',
    async (kind) => {
      const { swaps, crossed } = await compareConcentrated(kind, 400, 3)
      expect(swaps).toBeGreaterThan(300)
      expect(crossed).toBeGreaterThan(300)
    },
    120_000,
  )

  test.each<[string, Partial<ConcentratedState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -5n],
    ['the same token', {}, 1, 1, 5n],
    ['a third token', {}, 0, 2, 5n],
    ['a pool without a price', { sqrtPriceX96: 0n }, 0, 1, 5n],
    ['a price below the smallest', { sqrtPriceX96: MIN_SQRT_PRICE - 1n }, 0, 1, 5n],
    ['a price at the end', { sqrtPriceX96: MAX_SQRT_PRICE }, 0, 1, 5n],
    ['more than all liquidity takes', {}, 0, 1, 10n ** 30n],
    ['an amount near 2^256', {}, 0, 1, 2n ** 255n],
    ['a fee of the whole', { feePips: 1_000_000 }, 0, 1, 5n],
    ['a spacing of zero', { tickSpacing: 0 }, 0, 1, 5n],
    [
      'ticks that take more liquidity than there is',
      { ticks: new Map([[-60, { net: 2n * 10n ** 18n }]]) },
      0,
      1,
      10n ** 17n,
    ],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(concentrated.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test('more than there is: no quote for an output', () => {
    expect(concentrated.quoteOut(state, 0, 1, 10n ** 20n)).toBeNull()
  })

  test('without liquidity in range, a single range gives no quote', () => {
    expect(singleRange.quoteIn({ ...state, liquidity: 0n }, 0, 1, 5n)).toBeNull()
    expect(singleRange.quoteIn(state, 0, 1, 1000n)).toMatchObject({ amountOut: 996n })
  })
})

describe('tick prices', () => {
  test.each([
    [MIN_TICK, MIN_SQRT_PRICE],
    [0, 2n ** 96n],
    [MAX_TICK, MAX_SQRT_PRICE],
  ])('the price of tick %i', (tick, price) => {
    expect(sqrtPriceAtTick(tick)).toBe(price)
  })

  test('no price outside the ticks, no tick outside the prices', () => {
    expect([sqrtPriceAtTick(MIN_TICK - 1), sqrtPriceAtTick(MAX_TICK + 1), sqrtPriceAtTick(0.5)]).toEqual([
      null,
      null,
      null,
    ])
    expect([tickAtSqrtPrice(MIN_SQRT_PRICE - 1n), tickAtSqrtPrice(MAX_SQRT_PRICE)]).toEqual([null, null])
  })

  test('the tick of a price is the one at or below it', () => {
    for (let tick = MIN_TICK; tick < MAX_TICK; tick += 3_331) {
      const price = sqrtPriceAtTick(tick)!
      expect(tickAtSqrtPrice(price)).toBe(tick)
      if (tick > MIN_TICK) expect(tickAtSqrtPrice(price - 1n)).toBe(tick - 1)
    }
  })
})
