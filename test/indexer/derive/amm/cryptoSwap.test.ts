import { describe, expect, test } from 'vitest'
import { type CryptoSwapState, cryptoSwap } from '../../../../indexer/derive/amm/cryptoSwap.ts'
import { compareCryptoSwap } from './cryptoSwapCases.ts'

const WAD = 10n ** 18n
const state: CryptoSwapState = {
  ...{ balances: [10n ** 12n, 500n * WAD], precisions: [10n ** 12n, 1n], priceScale: 2_000n * WAD },
  ...{ amp: 400_000n, gamma: 145n * 10n ** 12n, d: null },
  ...{ midFee: 26_000_000n, outFee: 45_000_000n, feeGamma: 230n * 10n ** 12n },
}

describe('cryptoSwap', () => {
  test('400 random swaps and invariants are those of the rendering in Solidity', async () => {
    expect(await compareCryptoSwap(400, 5)).toBeGreaterThan(250)
  }, 60_000)

  test.each([
    ['in balance', state.balances],
    ['out of it', [14n * 10n ** 11n, 400n * WAD] as const],
  ])('the spot price is what a small swap gives without a fee, %s', (_, balances) => {
    const free = { ...state, balances, midFee: 0n, outFee: 0n }
    for (const [tokenIn, amountIn] of [
      [0, 10n ** 5n],
      [1, 10n ** 14n],
    ] as const) {
      const { numerator, denominator } = cryptoSwap.spotPrice(free, tokenIn, 1 - tokenIn)!
      const { amountOut } = cryptoSwap.quoteIn(free, tokenIn, 1 - tokenIn, amountIn)!
      const ratio = Number(amountOut) / Number(amountIn) / (Number(numerator) / Number(denominator))
      expect(ratio).toBeGreaterThan(0.9999)
      expect(ratio).toBeLessThanOrEqual(1.00001)
    }
  })

  test('there and back again there is less', () => {
    const there = cryptoSwap.quoteIn(state, 0, 1, 10n ** 9n)!
    const back = cryptoSwap.quoteIn(there.after, 1, 0, there.amountOut)!
    expect(back.amountOut).toBeLessThan(10n ** 9n)
  })

  test.each<[string, Partial<CryptoSwapState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -5n],
    ['the same token', {}, 1, 1, 5n],
    ['a token that is not there', {}, 0, 2, 5n],
    ['an empty balance', { balances: [0n, 5n] }, 0, 1, 5n],
    ['no amplification', { amp: 0n }, 0, 1, 5n],
    ['no gamma', { gamma: 0n }, 0, 1, 5n],
    ['no price', { priceScale: 0n }, 0, 1, 5n],
    ['nothing that moves the fee', { feeGamma: 0n }, 0, 1, 10n ** 6n],
    ['an amount near 2^256', {}, 0, 1, 2n ** 255n],
    ['balances near 2^256', { balances: [2n ** 250n, 2n ** 250n] }, 0, 1, 10n ** 6n],
    ['an invariant of nothing', { d: 0n }, 0, 1, 10n ** 6n],
    ['more than the curve takes', {}, 0, 1, 10n ** 20n],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(cryptoSwap.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
    expect(cryptoSwap.quoteOut({ ...state, ...change }, tokenIn, tokenOut, 0n)).toBeNull()
  })

  test('more than there is: no quote', () => {
    expect(cryptoSwap.quoteOut(state, 0, 1, 500n * WAD)).toBeNull()
  })
})
