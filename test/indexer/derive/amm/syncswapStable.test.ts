import { describe, expect, test } from 'vitest'
import { type SyncSwapStableState, syncswapStable } from '../../../../indexer/derive/amm/syncswapStable.ts'
import { compareSyncSwapStable } from './syncswapStableCases.ts'

const state: SyncSwapStableState = {
  ...{ reserve0: 1_000_000_000_000n, reserve1: 1_000_000n * 10n ** 18n },
  ...{ multiplier0: 10n ** 12n, multiplier1: 1n, fee0: 40n, fee1: 40n },
}

describe('syncswapStable', () => {
  test('300 random swaps are those of the rendering in Solidity', async () => {
    const { equal, inferred } = await compareSyncSwapStable(300, 11)
    expect(equal).toBeGreaterThan(250)
    expect(inferred).toBeGreaterThan(100)
  })

  test('near balance a token is worth another', () => {
    const quote = syncswapStable.quoteIn(state, 0, 1, 1_000_000n)!
    expect(quote.amountOut).toBeGreaterThan(999_500n * 10n ** 12n)
    expect(quote.amountOut).toBeLessThan(10n ** 18n)
    expect(quote.after).toMatchObject({
      reserve0: state.reserve0 + 1_000_000n,
      reserve1: state.reserve1 - quote.amountOut,
    })
  })

  test('the spot price in balance is one, at the decimals of the tokens', () => {
    const { numerator, denominator } = syncswapStable.spotPrice(state, 0, 1)!
    expect(Number(numerator) / Number(denominator) / 1e12).toBeCloseTo(1, 9)
  })

  test.each<[string, Partial<SyncSwapStableState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -1n],
    ['the same token', {}, 0, 0, 5n],
    ['a third token', {}, 0, 2, 5n],
    ['no reserves', { reserve0: 0n }, 0, 1, 5n],
    ['a fee of the whole', { fee0: 100_000n }, 0, 1, 5n],
    ['an amount near 2^256', {}, 0, 1, 2n ** 255n],
    [
      'too little to give anything',
      { reserve0: 10n ** 24n, reserve1: 10n ** 12n, multiplier0: 1n, multiplier1: 10n ** 12n },
      0,
      1,
      1n,
    ],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(syncswapStable.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test('more than there is: no quote', () => {
    expect(syncswapStable.quoteOut(state, 0, 1, state.reserve1)).toBeNull()
  })
})
