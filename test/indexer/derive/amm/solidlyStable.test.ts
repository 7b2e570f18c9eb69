import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UINT256_MAX } from '../../../../indexer/derive/amm/constantProduct.ts'
import {
  EXACT_SOLIDLY_VARIANTS,
  type SolidlyStableState,
  solidlyStable,
} from '../../../../indexer/derive/amm/solidlyStable.ts'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { compare, createDraw, deployReference } from './constantProductCases.ts'
import { smallSolidlyStableSubject, solidlyStableSubject } from './solidlyStableCases.ts'

const ONE = 10n ** 18n
const pool: SolidlyStableState = {
  ...{ reserve0: 1_000_000n * ONE, reserve1: 1_000_000n * ONE, decimals0: 18, decimals1: 18 },
  ...{ fee0Pips: 0, fee1Pips: 0, variant: 'solidlyV1' },
}
const mixed: SolidlyStableState = { ...pool, reserve1: 1_000_000_000000n, decimals1: 6 }

/** The pool's product without any rounding. */
const productOf = ({ reserve0: x, reserve1: y }: SolidlyStableState) => x ** 3n * y + x * y ** 3n

describe('solidlyStable', () => {
  test.each(['solidlyV1', 'velodromeV2', 'mute', 'camelotV2'] as const)(
    '%s: a balanced pool trades near one to one',
    (variant) => {
      const state = { ...pool, variant }
      const quote = solidlyStable.quoteIn(state, 0, 1, 1_000n * ONE)!
      // x^3 y + x y^3 stays: 1,000,000 + 1,000 on one side is 1,000,000 - 999.9995 on the other.
      expect(Number(quote.amountOut) / 1e18).toBeCloseTo(999.9999995, 6)
      expect(quote.after).toEqual({
        ...state,
        reserve0: 1_001_000n * ONE,
        reserve1: 1_000_000n * ONE - quote.amountOut,
      })
      const greedy = { ...quote.after, reserve1: quote.after.reserve1 - 2n }
      expect(productOf(quote.after)).toBeGreaterThanOrEqual(productOf(state))
      expect(productOf(greedy)).toBeLessThan(productOf(state))
    },
  )

  test('tokens of few decimals are scaled, and outputs rounded down', () => {
    expect(solidlyStable.quoteIn(mixed, 0, 1, 1_000n * ONE)).toMatchObject({ amountOut: 999_999999n })
    expect(solidlyStable.quoteIn(mixed, 1, 0, 1_000_000000n)!.amountOut / 10n ** 9n).toBe(999_999999500n)
  })

  test('the fee is rounded down and leaves the pool, but for Camelot', () => {
    const paid = 1_000n * ONE + 9_999n
    const fees = { fee0Pips: 100, fee1Pips: 500_000 }
    const leaves = solidlyStable.quoteIn({ ...pool, ...fees }, 0, 1, paid)!
    expect(leaves.after.reserve0).toBe(1_000_999n * ONE + 9n * (ONE / 10n) + 9_999n)
    const stays = solidlyStable.quoteIn({ ...pool, ...fees, variant: 'camelotV2' }, 0, 1, paid)!
    expect(stays.after.reserve0).toBe(1_001_000n * ONE + 9_999n)
    expect(stays.amountOut).toBe(leaves.amountOut)
  })

  test('an exact output is the least payment for at least that much', () => {
    const state: SolidlyStableState = { ...mixed, fee0Pips: 300, variant: 'velodromeV2' }
    const quote = solidlyStable.quoteOut(state, 0, 1, 5_000_000000n)!
    expect(quote.amountOut).toBe(5_000_000000n)
    expect(solidlyStable.quoteIn(state, 0, 1, quote.amountIn)).toEqual(quote)
    expect(solidlyStable.quoteIn(state, 0, 1, quote.amountIn - 1n)!.amountOut).toBeLessThan(quote.amountOut)
  })

  test('where Solidly ends its search too early, the pool refuses the swap', () => {
    const state: SolidlyStableState = { ...pool, reserve1: pool.reserve1 - 10n ** 8n }
    expect(solidlyStable.quoteIn(state, 0, 1, 600_000_000_000_000n)).toBeNull()
    const velodrome = solidlyStable.quoteIn({ ...state, variant: 'velodromeV2' }, 0, 1, 600_000_000_000_000n)
    expect(velodrome).toMatchObject({ amountOut: 599_999_999_999_999n })
  })

  test('an exact output costs more than the pool asks for where its own answer is one short', () => {
    const state: SolidlyStableState = { ...pool, reserve0: 1_000n * ONE, reserve1: 1_000n * ONE - 10n ** 9n }
    expect(solidlyStable.quoteIn(state, 0, 1, 10n ** 9n)).toMatchObject({ amountOut: 10n ** 9n - 1n })
    expect(solidlyStable.quoteOut(state, 0, 1, 10n ** 9n)).toMatchObject({
      amountIn: 10n ** 9n + 1n,
      amountOut: 10n ** 9n,
    })
    const velodrome: SolidlyStableState = { ...state, variant: 'velodromeV2' }
    expect(solidlyStable.quoteOut(velodrome, 0, 1, 10n ** 9n)).toMatchObject({ amountIn: 10n ** 9n })
  })

  test('an exact output is found in every pool of a usual size', () => {
    const draw = createDraw(6)
    for (let i = 0; i < 500; i++) {
      const [decimals0, decimals1] = [draw.below(2) ? 18 : 6, draw.below(2) ? 18 : 6]
      const whole = 1_000n + draw.upTo(10n ** 8n)
      const reserve0 = whole * 10n ** BigInt(decimals0) + draw.upTo(10n ** 6n)
      const reserve1 = (whole * 10n ** BigInt(decimals1) * 1_000n) / (200n + draw.upTo(5_000n))
      const variant = draw.below(2) ? 'solidlyV1' : 'velodromeV2'
      const state: SolidlyStableState = { ...pool, reserve0, reserve1, decimals0, decimals1, fee0Pips: 200, variant }
      expect(
        solidlyStable.quoteOut(state, 0, 1, draw.upTo(reserve1 / 2n)),
        JSON.stringify({ i, variant }),
      ).not.toBeNull()
    }
  })

  test('only what is rendered from its definition counts as exact', () => {
    expect([...EXACT_SOLIDLY_VARIANTS]).toEqual(['solidlyV1', 'velodromeV2'])
  })

  test('the price is that of the curve, in base units', () => {
    const price = ({ numerator, denominator }: { numerator: bigint; denominator: bigint }) =>
      Number((numerator * 10n ** 24n) / denominator) / 1e24
    expect(price(solidlyStable.spotPrice(pool, 0, 1)!)).toBe(1)
    expect(price(solidlyStable.spotPrice(mixed, 0, 1)!)).toBeCloseTo(1e-12, 20)
    expect(price(solidlyStable.spotPrice(mixed, 1, 0)!)).toBe(1e12)
    // x = 1, y = 2: (3 * 2 + 8) / (1 + 3 * 4).
    expect(price(solidlyStable.spotPrice({ ...pool, reserve1: 2_000_000n * ONE }, 0, 1)!)).toBeCloseTo(14 / 13, 12)
    expect(solidlyStable.spotPrice({ ...pool, reserve0: 0n }, 0, 1)).toBeNull()
  })

  const huge = 2n ** 128n
  test.each([
    ['nothing paid', pool, 0, 1, 0n],
    ['a negative payment', pool, 0, 1, -1n],
    ['more than a uint256', pool, 0, 1, UINT256_MAX + 1n],
    ['a payment whose fee overflows', { ...pool, fee0Pips: 100 }, 0, 1, UINT256_MAX],
    ['a payment whose cube overflows', pool, 0, 1, 2n ** 130n],
    ['the same token', pool, 0, 0, ONE],
    ['a third token', pool, 1, 2, ONE],
    ['an empty side', { ...pool, reserve0: 0n }, 0, 1, ONE],
    ['a fee of all', { ...pool, fee0Pips: 1_000_000 }, 0, 1, ONE],
    ['decimals below zero', { ...pool, decimals0: -1 }, 0, 1, ONE],
    ['decimals that are no whole number', { ...pool, decimals1: 6.5 }, 0, 1, ONE],
    ['decimals whose power overflows', { ...pool, decimals1: 78 }, 0, 1, ONE],
    ['reserves whose product overflows', { ...pool, reserve0: huge, reserve1: huge }, 0, 1, ONE],
    ['dust, for which the curve is flat', { ...pool, reserve0: 1_000n, reserve1: 1_000n }, 0, 1, 10n],
    [
      'an output of all',
      { ...pool, reserve0: 1_000_000n, reserve1: 10n ** 9n, variant: 'velodromeV2' },
      0,
      1,
      100n * ONE,
    ],
    ['too little for one unit', mixed, 0, 1, 1_000n],
  ] as const)('%s is null', (_, state, tokenIn, tokenOut, amountIn) => {
    expect(solidlyStable.quoteIn(state as SolidlyStableState, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each([
    ['nothing asked for', pool, 0n],
    ['all of a reserve', pool, 1_000_000n * ONE],
    ['a product that overflows', { ...pool, reserve0: huge, reserve1: huge }, ONE],
    ['dust', { ...pool, reserve0: 1_000n, reserve1: 1_000n }, 10n],
  ] as const)('%s has no payment', (_, state, amountOut) => {
    expect(solidlyStable.quoteOut(state, 0, 1, amountOut)).toBeNull()
  })
})

describe('solidlyStable beside a contract', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('400 random swaps agree to the wei', async () => {
    const contract = await deployReference(bench, 'SolidlyStableReference')
    const usual = await compare(solidlyStableSubject, contract, 7, 200)
    const small = await compare(smallSolidlyStableSubject, contract, 8, 200)
    expect([...usual.differences, ...small.differences]).toEqual([])
    expect(usual.possible).toBeGreaterThan(100)
    expect(small.possible).toBeGreaterThan(100)
  })
})
