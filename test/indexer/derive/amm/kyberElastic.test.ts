import { describe, expect, test } from 'vitest'
import { type KyberElasticState, kyberElastic, stopAtPrice } from '../../../../indexer/derive/amm/kyberElastic.ts'
import { computeStep, liquidityOfBurn, liquidityOfSwap } from '../../../../indexer/derive/amm/kyberElasticMath.ts'
import {
  MAX_SQRT_PRICE,
  MAX_TICK,
  MIN_SQRT_PRICE,
  MIN_TICK,
  sqrtPriceAtTick,
} from '../../../../indexer/derive/amm/tickMath.ts'
import { compareKyberElastic } from './kyberElasticCases.ts'

const Q96 = 2n ** 96n
const BASE = 10n ** 18n
const state: KyberElasticState = {
  ...{ sqrtPriceX96: Q96, tick: 0, baseLiquidity: BASE, reinvestLiquidity: 100_000n, swapFeeUnits: 300n },
  ticks: new Map([
    [-600, { net: BASE }],
    [600, { net: -BASE }],
  ]),
}

describe('kyberElastic', () => {
  test('500 random swaps are those of the rendering in Solidity', async () => {
    const seen = await compareKyberElastic(500, 5)
    expect(seen.swaps).toBeGreaterThan(400)
    expect(seen.crossed).toBeGreaterThan(400)
    expect(seen.jumps).toBeGreaterThan(400)
    expect(seen.reverted).toBeGreaterThan(5)
    expect(seen.burns).toBe(5)
  }, 120_000)

  test('the fee becomes reinvested liquidity, the base liquidity stays', () => {
    const { amountOut, after } = kyberElastic.quoteIn(state, 0, 1, 10n ** 15n)!
    expect(Number(amountOut)).toBeCloseTo(0.997 * (1e15 - 1e12), -10)
    expect(after.baseLiquidity).toBe(BASE)
    // Half of the fee of 0.3 %, at a price of one.
    expect(after.reinvestLiquidity).toBe(100_000n + 15n * 10n ** 11n)
  })

  test.each([
    ['up', 1, 0, 600],
    ['down', 0, 1, -601],
  ])(
    'an initialised tick on the way %s takes the base liquidity out, the reinvested stays',
    (_, tokenIn, tokenOut, tick) => {
      const edge = stopAtPrice(state, tokenIn, sqrtPriceAtTick(tokenIn === 1 ? 600 : -600)!, true)!
      expect(edge.after).toMatchObject({ tick, baseLiquidity: 0n })
      const more = kyberElastic.quoteIn(state, tokenIn, tokenOut, edge.amountIn + 10n)!
      expect(more.after.baseLiquidity).toBe(0n)
      expect(more.after.reinvestLiquidity).toBeGreaterThanOrEqual(edge.after.reinvestLiquidity)
    },
  )

  test('480 ticks without an initialised one end a step', () => {
    const limit = sqrtPriceAtTick(481)!
    const whole = stopAtPrice(state, 1, limit, true)!
    const first = stopAtPrice(state, 1, sqrtPriceAtTick(480)!, true)!
    const second = stopAtPrice(first.after, 1, limit, true)!
    expect(whole.amountIn).toBe(first.amountIn + second.amountIn)
    expect(whole.amountOut).toBe(first.amountOut + second.amountOut)
    expect(whole.after).toEqual(second.after)
  })

  test('one base unit less than what reaches a tick does not cross it', () => {
    const edge = stopAtPrice(state, 1, sqrtPriceAtTick(600)!, true)!
    expect(kyberElastic.quoteIn(state, 1, 0, edge.amountIn)!.after.baseLiquidity).toBe(0n)
    expect(kyberElastic.quoteIn(state, 1, 0, edge.amountIn - 1n)!.after.baseLiquidity).toBe(BASE)
  })

  test('the price is the square of its root', () => {
    expect(kyberElastic.spotPrice({ ...state, sqrtPriceX96: 2n * Q96 }, 0, 1)).toEqual({
      numerator: 4n * Q96 * Q96,
      denominator: Q96 * Q96,
    })
    expect(kyberElastic.spotPrice({ ...state, sqrtPriceX96: 2n * Q96 }, 1, 0)?.denominator).toBe(4n * Q96 * Q96)
    expect(kyberElastic.spotPrice({ ...state, sqrtPriceX96: 0n }, 0, 1)).toBeNull()
    expect(kyberElastic.spotPrice(state, 0, 0)).toBeNull()
  })

  test('a state is never changed by a quote', () => {
    const before = structuredClone(state)
    kyberElastic.quoteIn(state, 0, 1, 10n ** 17n)
    kyberElastic.quoteOut(state, 1, 0, 10n ** 16n)
    expect(state).toEqual(before)
  })

  test.each<[string, Partial<KyberElasticState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -5n],
    ['the same token', {}, 1, 1, 5n],
    ['a third token', {}, 0, 2, 5n],
    ['a token before the first', {}, -1, 0, 5n],
    ['a pool without a price', { sqrtPriceX96: 0n }, 0, 1, 5n],
    ['a price below the smallest', { sqrtPriceX96: MIN_SQRT_PRICE - 1n }, 0, 1, 5n],
    ['a price at the end', { sqrtPriceX96: MAX_SQRT_PRICE }, 0, 1, 5n],
    ['a tick below the smallest', { tick: MIN_TICK - 1 }, 0, 1, 5n],
    ['a tick at the end', { tick: MAX_TICK }, 1, 0, 5n],
    ['a tick between two', { tick: 0.5 }, 1, 0, 5n],
    ['more than all liquidity takes', {}, 0, 1, 10n ** 40n],
    ['more than an int256', {}, 0, 1, 2n ** 255n],
    ['an amount near 2^256', {}, 1, 0, 2n ** 256n - 1n],
    ['a fee of the whole', { swapFeeUnits: 100_000n }, 0, 1, 5n],
    ['a negative fee', { swapFeeUnits: -1n }, 0, 1, 5n],
    ['negative liquidity', { baseLiquidity: -1n }, 0, 1, 5n],
    ['negative reinvested liquidity', { reinvestLiquidity: -1n }, 0, 1, 5n],
    ['liquidity above uint128', { baseLiquidity: 2n ** 128n - 1n }, 0, 1, 5n],
    ['no liquidity at all', { baseLiquidity: 0n, reinvestLiquidity: 0n, ticks: new Map() }, 0, 1, 5n],
    ['ticks that take more than there is', { ticks: new Map([[-60, { net: 2n * BASE }]]) }, 0, 1, 10n ** 17n],
    ['a tick outside the prices', { ticks: new Map([[887_300, { net: 0n }]]), tick: MAX_TICK - 1 }, 1, 0, 10n ** 30n],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(kyberElastic.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each<[string, Partial<KyberElasticState>, bigint]>([
    ['nothing asked for', {}, 0n],
    ['more than there is', {}, 10n ** 20n],
    ['more than an int256', {}, 2n ** 255n],
    ['no fee, by which the contract divides', { swapFeeUnits: 0n }, 1_000n],
    ['liquidity whose square no word holds', { baseLiquidity: 10n ** 37n, ticks: new Map() }, 1_000n],
    ['a fee that takes all there is', { swapFeeUnits: 99_999n }, 10n ** 17n],
  ])('%s: no quote for an output', (_, change, amountOut) => {
    expect(kyberElastic.quoteOut({ ...state, ...change }, 0, 1, amountOut)).toBeNull()
  })

  test.each([
    ['at the price itself', 1, Q96],
    ['behind it', 1, Q96 - 1n],
    ['behind it on the way down', 0, Q96 + 1n],
    ['at the end of the prices', 1, MAX_SQRT_PRICE],
    ['at the start of the prices', 0, MIN_SQRT_PRICE],
  ])('a limit %s is not on the way', (_, tokenIn, limit) => {
    expect(stopAtPrice(state, tokenIn, limit, true)).toBeNull()
    expect(stopAtPrice(state, tokenIn, limit, false)).toBeNull()
  })

  test('any integers give a quote or none', () => {
    const sizes = [0n, 1n, 2n ** 64n, 2n ** 96n, 2n ** 128n - 1n, 2n ** 160n, 2n ** 255n - 1n, 2n ** 256n - 1n]
    for (const sqrtPriceX96 of [0n, MIN_SQRT_PRICE, 2n ** 40n, Q96, 2n ** 150n, MAX_SQRT_PRICE - 1n]) {
      for (const baseLiquidity of sizes) {
        for (const amount of sizes) {
          const odd = { ...state, sqrtPriceX96, baseLiquidity, ticks: new Map(), tick: 0 }
          for (const tokenIn of [0, 1]) {
            const quotes = [
              kyberElastic.quoteIn(odd, tokenIn, 1 - tokenIn, amount),
              kyberElastic.quoteOut(odd, tokenIn, 1 - tokenIn, amount),
            ]
            for (const quote of quotes) {
              if (quote === null) continue
              expect(quote.amountOut).toBeGreaterThanOrEqual(0n)
              expect(quote.after.reinvestLiquidity).toBeGreaterThanOrEqual(state.reinvestLiquidity)
            }
          }
        }
      }
    }
  })
})

describe('computeStep', () => {
  const terms = { isExactInput: true, isToken0: true, feeUnits: 300n }

  test('a step of no length does nothing', () => {
    expect(computeStep(BASE, Q96, Q96, 5n, terms)).toEqual({
      ...{ used: 0n, returned: 0n, addedLiquidity: 0n, price: Q96 },
    })
  })

  test('a rounding that asks for one base unit of what goes out asks for none', () => {
    expect(computeStep(BASE, Q96, Q96 - Q96 / 1_000n, 1n, terms)).toMatchObject({ used: 1n, returned: 0n })
  })
})

describe('liquidityOfBurn', () => {
  test.each([
    ['at a price of one', Q96, 12_345n, 12_345n, 12_345n],
    ['nothing', Q96, 0n, 0n, 0n],
    ['at a high price, by token1', 1_000n * Q96, 12n, 12_345_000n, 12_345n],
    ['at a low price, by token0', Q96 / 1_024n, 1_024n * 777n, 0n, 777n],
    ['amounts that do not fit together', Q96, 5n, 6n, null],
    ['no price', 0n, 5n, 5n, null],
  ])('%s', (_, price, amount0, amount1, removed) => {
    expect(liquidityOfBurn(price, amount0, amount1)).toBe(removed)
  })
})

describe('liquidityOfSwap', () => {
  test.each([0, 1] as const)('the liquidity that a payment of token %i moved', (tokenIn) => {
    const amountIn = 10n ** 15n
    const { after } = kyberElastic.quoteIn(state, tokenIn, 1 - tokenIn, amountIn)!
    const range = liquidityOfSwap(Q96, after.sqrtPriceX96, amountIn, tokenIn === 0, 300n)!
    expect(range).toEqual([BASE + 100_000n, BASE + 100_000n])
  })

  test.each([
    ['no move', Q96, 5n],
    ['a move the other way', Q96 + 1n, 5n],
    ['nothing paid', Q96 - 1n, 0n],
  ])('%s tells nothing', (_, next, amountIn) => {
    expect(liquidityOfSwap(Q96, next, amountIn, true, 300n)).toBeNull()
  })
})
