import { describe, expect, test } from 'vitest'
import {
  rampedAmp,
  removeOneCoin,
  type StableSwapState,
  stableSwap,
} from '../../../../indexer/derive/amm/stableSwap.ts'
import { compareOneCoin, compareStableSwap } from './stableSwapCases.ts'

const WAD = 10n ** 18n
const state: StableSwapState = {
  ...{ variant: 'legacy', balances: [10n ** 12n, 10n ** 24n, 10n ** 12n], amp: 2_000n * 100n, ampPrecision: 100n },
  ...{
    rates: [10n ** 30n, 10n ** 18n, 10n ** 30n],
    fee: 4_000_000n,
    adminFee: 5_000_000_000n,
    offpegFeeMultiplier: null,
  },
}

describe('stableSwap', () => {
  test('400 random swaps are those of the rendering in Solidity', async () => {
    expect(await compareStableSwap(400, 5)).toBeGreaterThan(300)
  }, 60_000)

  test('in balance a coin is worth another, less the fee', () => {
    const quote = stableSwap.quoteIn(state, 0, 1, 10n ** 6n)!
    expect(Number(quote.amountOut) / 1e18).toBeCloseTo(0.9996, 6)
    expect(quote.after.balances[2]).toBe(state.balances[2])
  })

  test('there and back again there is less', () => {
    const there = stableSwap.quoteIn(state, 0, 1, 10n ** 9n)!
    const back = stableSwap.quoteIn(there.after, 1, 0, there.amountOut)!
    expect(back.amountOut).toBeLessThan(10n ** 9n)
  })

  test('the spot price in balance is one, at the decimals of the coins', () => {
    const { numerator, denominator } = stableSwap.spotPrice(state, 0, 1)!
    expect(Number(numerator) / Number(denominator) / 1e12).toBeCloseTo(1, 9)
  })

  test.each<[string, Partial<StableSwapState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -5n],
    ['the same coin', {}, 1, 1, 5n],
    ['a coin that is not there', {}, 0, 3, 5n],
    ['an empty balance', { balances: [0n, 5n, 5n] }, 0, 1, 5n],
    ['one coin', { balances: [5n], rates: [1n] }, 0, 1, 5n],
    ['no amplification', { amp: 0n }, 0, 1, 5n],
    ['an amount near 2^256', {}, 0, 1, 2n ** 255n],
    ['balances near 2^256', { balances: [2n ** 250n, 2n ** 250n, 2n ** 250n] }, 0, 1, 10n ** 6n],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(stableSwap.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each<[string, Partial<StableSwapState>]>([
    [
      'a balance that is nothing at 18 decimals',
      { rates: [10n ** 5n, 1n, 10n ** 30n], balances: [10n ** 12n, 1n, 5n] },
    ],
    ['a rate of zero', { rates: [10n ** 30n, 0n, 10n ** 30n] }],
  ])('%s: no price and no quote', (_, change) => {
    expect(stableSwap.spotPrice({ ...state, ...change }, 0, 1)).toBeNull()
    expect(stableSwap.quoteIn({ ...state, ...change }, 0, 1, 5n)).toBeNull()
  })

  test('more than there is: no quote', () => {
    expect(stableSwap.quoteOut(state, 0, 1, 10n ** 24n)).toBeNull()
  })
})

describe('removeOneCoin', () => {
  test('400 random payments in one coin are those of the rendering in Solidity', async () => {
    expect(await compareOneCoin(400, 7)).toBeGreaterThan(300)
  }, 60_000)

  test.each<[string, Partial<StableSwapState>, number, bigint, bigint]>([
    ['nothing burned', {}, 0, 0n, 10n],
    ['all burned', {}, 0, 10n, 10n],
    ['a coin that is not there', {}, 3, 1n, 10n],
    ['an empty balance', { balances: [0n, 5n, 5n] }, 0, 1n, 10n],
    [
      'a few units',
      { variant: 'ng', balances: [1n, 1n], rates: [WAD, WAD], offpegFeeMultiplier: 2n * 10n ** 10n },
      0,
      1n,
      2n,
    ],
  ])('%s: nothing', (_, change, position, burned, supply) => {
    expect(removeOneCoin({ ...state, ...change }, position, burned, supply)).toBeNull()
  })
})

describe('rampedAmp', () => {
  const ramp = { initialA: 100n, futureA: 200n, initialTime: 1_000n, futureTime: 2_000n }
  test.each([
    ['at the start', ramp, 1_000n, 100n],
    ['on the way up', ramp, 1_333n, 133n],
    ['on the way down', { ...ramp, initialA: 200n, futureA: 100n }, 1_333n, 167n],
    ['at the end', ramp, 2_000n, 200n],
    ['after it', ramp, 9_999n, 200n],
    ['without a span', { ...ramp, futureTime: 1_000n }, 500n, 200n],
  ])('%s', (_, given, timestamp, amp) => {
    expect(rampedAmp(given, timestamp)).toBe(amp)
  })
})
