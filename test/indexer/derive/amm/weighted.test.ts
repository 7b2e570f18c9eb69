import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UINT112_MAX, UINT256_MAX } from '../../../../indexer/derive/amm/constantProduct.ts'
import { type WeightedState, weighted } from '../../../../indexer/derive/amm/weighted.ts'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { compare, deployReference } from './constantProductCases.ts'
import { weightedSubject } from './weightedCases.ts'

const ONE = 10n ** 18n
const percent = (...shares: number[]) => shares.map((share) => (BigInt(share) * ONE) / 100n)
const pool: WeightedState = {
  balances: [10_000n * ONE, 10_000n * ONE],
  weights: percent(50, 50),
  scalingFactors: [ONE, ONE],
  swapFee: 0n,
}

describe('weighted', () => {
  test('equal weights are a constant product in 18 decimals', () => {
    const amountOut = 909_090909090909090000n
    const after = { ...pool, balances: [11_000n * ONE, 10_000n * ONE - amountOut] }
    expect(weighted.quoteIn(pool, 0, 1, 1_000n * ONE)).toEqual({ amountIn: 1_000n * ONE, amountOut, after })
  })

  test('the fee stays in the balance', () => {
    const quote = weighted.quoteIn({ ...pool, swapFee: ONE / 10n }, 0, 1, 1_000n * ONE)
    // 900 of 1,000 are traded: 10,000 * (1 - 10,000 / 10,900, rounded up).
    expect(quote).toMatchObject({ amountOut: 825_688073394495410000n })
    expect(quote!.after.balances[0]).toBe(11_000n * ONE)
  })

  test('tokens of few decimals are scaled, and outputs rounded down', () => {
    const state = { ...pool, balances: [10_000n * ONE, 10_000_000000n], scalingFactors: [ONE, ONE * 10n ** 12n] }
    expect(weighted.quoteIn(state, 0, 1, 1_000n * ONE)).toMatchObject({ amountOut: 909_090909n })
    expect(weighted.quoteIn(state, 1, 0, 1_000_000000n)).toMatchObject({ amountOut: 909_090909090909090000n })
  })

  test('a token of four times the weight moves the price as much as a fourth of its payment', () => {
    const state = { ...pool, weights: percent(80, 20) }
    // 1 - (10,000 / 11,000)^4, a product rounded up.
    expect(weighted.quoteIn(state, 0, 1, 1_000n * ONE)).toMatchObject({ amountOut: 3_169_865446349293060000n })
    const back = weighted.quoteIn(state, 1, 0, 1_000n * ONE)!
    // 1 - (10,000 / 11,000)^0.25 is 0.0235461… , less the margin of 1e-14.
    expect(Number(back.amountOut) / 1e22).toBeCloseTo(1 - (10 / 11) ** 0.25, 12)
  })

  test('an exact output costs the rounded up payment and its fee', () => {
    const state = { ...pool, swapFee: ONE / 10n }
    const quote = weighted.quoteOut(state, 0, 1, 1_000n * ONE)!
    // 10,000 * (10,000 / 9,000 - 1), rounded up, over 0.9.
    expect(quote).toMatchObject({ amountIn: 1_234_567901234567911112n, amountOut: 1_000n * ONE })
    expect(quote.after.balances).toEqual([10_000n * ONE + quote.amountIn, 9_000n * ONE])
  })

  test('the largest power: 99 to 1, 30 % out', () => {
    const state = { ...pool, balances: [ONE, ONE], weights: percent(1, 99) }
    const { amountIn } = weighted.quoteOut(state, 0, 1, (ONE * 3n) / 10n)!
    expect(Number(amountIn) / 1e18 / ((1 / 0.7) ** 99 - 1)).toBeCloseTo(1, 12)
  })

  test('at most 30 % of a balance is paid in or out', () => {
    expect(weighted.quoteIn(pool, 0, 1, 3_000n * ONE)).not.toBeNull()
    expect(weighted.quoteIn(pool, 0, 1, 3_000n * ONE + 1n)).toBeNull()
    expect(weighted.quoteOut(pool, 0, 1, 3_000n * ONE)).not.toBeNull()
    expect(weighted.quoteOut(pool, 0, 1, 3_000n * ONE + 1n)).toBeNull()
  })

  test('the limit of 30 % is that of the payment after the fee', () => {
    expect(weighted.quoteIn({ ...pool, swapFee: ONE / 10n }, 0, 1, 3_300n * ONE)).not.toBeNull()
  })

  test('a payment that is all fee is taken for nothing', () => {
    const quote = weighted.quoteIn({ ...pool, swapFee: ONE / 1_000n }, 0, 1, 1n)
    expect(quote).toMatchObject({ amountIn: 1n, amountOut: 0n })
    expect(quote!.after.balances).toEqual([10_000n * ONE + 1n, 10_000n * ONE])
  })

  test('the state given is not changed', () => {
    const before = structuredClone(pool)
    weighted.quoteIn(pool, 0, 1, ONE)
    weighted.quoteOut(pool, 0, 1, ONE)
    expect(pool).toEqual(before)
  })

  test('the price is in base units, and by weight', () => {
    const state = { ...pool, balances: [10n, 30n], weights: percent(80, 20) }
    expect(weighted.spotPrice(state, 0, 1)).toEqual({ numerator: 24n * ONE, denominator: 2n * ONE })
    expect(weighted.spotPrice({ ...state, balances: [10n, 0n] }, 0, 1)).toBeNull()
    expect(weighted.spotPrice(state, 1, 1)).toBeNull()
  })

  test.each([
    ['nothing paid', pool, 0, 1, 0n],
    ['a negative payment', pool, 0, 1, -1n],
    ['more than a uint256', pool, 0, 1, UINT256_MAX + 1n],
    ['the same token', pool, 1, 1, ONE],
    ['a token that the pool has not', pool, 0, 2, ONE],
    ['a negative token', pool, -1, 1, ONE],
    ['an empty side', { ...pool, balances: [ONE, 0n] }, 0, 1, 1n],
    ['a negative balance', { ...pool, balances: [-ONE, ONE] }, 0, 1, 1n],
    ['a fee of all', { ...pool, swapFee: ONE }, 0, 1, ONE],
    ['a negative fee', { ...pool, swapFee: -1n }, 0, 1, ONE],
    ['a weight below 1 %', { ...pool, weights: [ONE - ONE / 101n, ONE / 101n] }, 0, 1, ONE],
    ['a weight of nothing', { ...pool, weights: percent(50, 0) }, 0, 1, ONE],
    ['no scaling', { ...pool, scalingFactors: [0n, ONE] }, 0, 1, ONE],
    ['a balance that scales to nothing', { ...pool, balances: [5n, ONE], scalingFactors: [1n, ONE] }, 0, 1, 1n],
    ['fewer weights than balances', { ...pool, weights: percent(50) }, 0, 1, ONE],
    ['a balance above uint112 afterwards', { ...pool, balances: [UINT112_MAX - 9n, ONE] }, 0, 1, 10n],
    ['a balance above uint112 before', { ...pool, balances: [ONE, UINT112_MAX + 1n] }, 0, 1, 10n],
  ] as const)('%s is null', (_, state, tokenIn, tokenOut, amountIn) => {
    expect(weighted.quoteIn(state, tokenIn, tokenOut, amountIn)).toBeNull()
    expect(weighted.quoteOut(state, tokenIn, tokenOut, state === pool ? amountIn : ONE)).toBeNull()
  })
})

describe('weighted beside a contract', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('300 random swaps agree to the wei', async () => {
    const seen = await compare(weightedSubject, await deployReference(bench, 'WeightedReference'), 5, 300)
    expect(seen.differences).toEqual([])
    expect(seen.possible).toBeGreaterThan(200)
  })
})
