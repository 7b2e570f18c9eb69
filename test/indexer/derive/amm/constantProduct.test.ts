import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type ConstantProductState,
  constantProduct,
  inferFeePips,
  UINT112_MAX,
  UINT256_MAX,
} from '../../../../indexer/derive/amm/constantProduct.ts'
import { type Bench, startBench } from '../../../support/solidity.ts'
import {
  compare,
  compareWithPair,
  constantProductSubject,
  createDraw,
  deployPair,
  deployReference,
} from './constantProductCases.ts'

const base = { reserve0: 10_000n, reserve1: 10_000n, fee0Pips: 3_000, fee1Pips: 3_000 }
const inside: ConstantProductState = { ...base, taking: 'inside', reserveMax: UINT112_MAX }
const before: ConstantProductState = { ...base, taking: 'before' }

describe('constantProduct', () => {
  test.each([
    ['the fee inside the fraction stays in the reserves', inside, 1_000n, 906n, [11_000n, 9_094n]],
    ['the fee taken before leaves them', before, 1_000n, 906n, [10_997n, 9_094n]],
    ['a fee inside is not rounded by itself', inside, 333n, 321n, [10_333n, 9_679n]],
    ['a fee taken before is rounded down', before, 333n, 322n, [10_333n, 9_678n]],
    ['each token has its fee', { ...inside, fee1Pips: 500_000 }, 1_000n, 906n, [11_000n, 9_094n]],
  ] as const)('%s', (_, state, amountIn, amountOut, [reserve0, reserve1]) => {
    const after = { ...state, reserve0, reserve1 }
    expect(constantProduct.quoteIn(state, 0, 1, amountIn)).toEqual({ amountIn, amountOut, after })
  })

  test('token1 can be paid in, with its own fee', () => {
    const state: ConstantProductState = { ...inside, reserve1: 20_000n, fee1Pips: 500_000 }
    const after = { ...state, reserve0: 9_757n, reserve1: 21_000n }
    expect(constantProduct.quoteIn(state, 1, 0, 1_000n)).toEqual({
      amountIn: 1_000n,
      amountOut: 243n,
      after,
    })
  })

  test('an exact output inside the fraction costs one more than a whole fraction', () => {
    const free: ConstantProductState = { ...inside, fee0Pips: 0 }
    expect(constantProduct.quoteOut(free, 0, 1, 5_000n)).toMatchObject({ amountIn: 10_001n, amountOut: 5_000n })
    expect(constantProduct.quoteIn(free, 0, 1, 10_000n)).toMatchObject({ amountOut: 5_000n })
    expect(constantProduct.quoteOut(inside, 0, 1, 906n)).toMatchObject({ amountIn: 1_000n, amountOut: 906n })
  })

  test('an exact output with the fee before is the least payment, and tells what that payment gives', () => {
    expect(constantProduct.quoteOut(before, 0, 1, 322n)).toMatchObject({ amountIn: 333n, amountOut: 322n })
    expect(constantProduct.quoteIn(before, 0, 1, 332n)).toMatchObject({ amountOut: 321n })
    const steep: ConstantProductState = { ...before, reserve0: 100n, reserve1: 10_000n }
    expect(constantProduct.quoteOut(steep, 0, 1, 1n)).toMatchObject({ amountIn: 1n, amountOut: 99n })
  })

  test('products that fit in parts of 1e5 but not in pips are no overflow', () => {
    const large: ConstantProductState = {
      ...inside,
      reserve0: 2n ** 238n,
      reserve1: 2n ** 16n,
      reserveMax: UINT256_MAX,
    }
    expect(constantProduct.quoteIn(large, 0, 1, 2n ** 223n)).toMatchObject({ amountOut: 1n })
    expect(constantProduct.quoteIn({ ...large, fee0Pips: 3_001 }, 0, 1, 2n ** 223n)).toBeNull()
  })

  test('the price is the ratio of the reserves', () => {
    const state = { ...inside, reserve1: 30_000n }
    expect(constantProduct.spotPrice(state, 0, 1)).toEqual({ numerator: 30_000n, denominator: 10_000n })
    expect(constantProduct.spotPrice(state, 1, 0)).toEqual({ numerator: 10_000n, denominator: 30_000n })
    expect(constantProduct.spotPrice({ ...state, reserve0: 0n }, 0, 1)).toBeNull()
    expect(constantProduct.spotPrice(state, 0, 0)).toBeNull()
  })

  const big = 2n ** 140n
  test.each([
    ['nothing paid', inside, 0, 1, 0n],
    ['a negative payment', inside, 0, 1, -1n],
    ['more than a uint256', before, 0, 1, UINT256_MAX + 1n],
    ['the same token', inside, 0, 0, 100n],
    ['a third token', inside, 0, 2, 100n],
    ['an empty side', { ...inside, reserve1: 0n }, 0, 1, 100n],
    ['a negative reserve', { ...inside, reserve0: -5n }, 0, 1, 100n],
    ['a fee of all', { ...inside, fee0Pips: 1_000_000 }, 0, 1, 100n],
    ['a negative fee', { ...inside, fee0Pips: -1 }, 0, 1, 100n],
    ['a fee that is no whole number', { ...inside, fee0Pips: 0.5 }, 0, 1, 100n],
    ['too little for one unit', inside, 0, 1, 1n],
    [
      'a reserve above uint112 afterwards',
      { ...inside, reserve0: UINT112_MAX - 99n, reserve1: UINT112_MAX },
      0,
      1,
      100n,
    ],
    ['a reserve above uint112 before', { ...inside, reserve1: UINT112_MAX + 1n }, 0, 1, 100n],
    ['products above uint256, fee inside', { ...inside, reserve1: big, reserveMax: UINT256_MAX }, 0, 1, big],
    ['products above uint256, fee before', { ...before, reserve0: big, reserve1: big }, 0, 1, 100n],
    ['a fee above uint256', { ...before, reserve0: 1n, reserve1: 2n }, 0, 1, 2n ** 254n],
  ] as const)('%s is null', (_, state, tokenIn, tokenOut, amountIn) => {
    expect(constantProduct.quoteIn(state as ConstantProductState, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each([
    ['nothing asked for', inside, 0n],
    ['all of a reserve', inside, 10_000n],
    ['all of a reserve, fee before', before, 10_000n],
    ['more than a reserve', inside, 10_001n],
    ['a fee of all', { ...inside, fee0Pips: 1_000_000 }, 100n],
    ['a payment above uint112', { ...inside, reserve0: UINT112_MAX - 10n }, 5_000n],
    ['a payment above uint256', { ...before, reserve0: UINT256_MAX - 10n }, 5_000n],
  ] as const)('%s has no payment', (_, state, amountOut) => {
    expect(constantProduct.quoteOut(state as ConstantProductState, 0, 1, amountOut)).toBeNull()
  })
})

describe('inferFeePips', () => {
  const reserve = 10n ** 24n
  const out = (feePips: number, amountIn: bigint) =>
    constantProduct.quoteIn({ ...inside, reserve0: reserve, reserve1: reserve, fee0Pips: feePips }, 0, 1, amountIn)!
      .amountOut

  test.each([0, 10, 2_000, 2_500, 3_000, 100_000])('a swap with a fee of %i pips tells it', (feePips) => {
    expect(inferFeePips(reserve, reserve, 10n ** 18n, out(feePips, 10n ** 18n))).toBe(feePips)
  })

  const amountIn = 10n ** 18n
  test.each([
    ['a fee between the steps', reserve, amountIn, out(2_505, amountIn), 10],
    ['a fee above 100,000 pips', reserve, amountIn, out(100_010, amountIn), 10],
    ['amounts too small to tell', reserve, 1_000n, out(3_000, 1_000n), 10],
    ['more than the curve gives without fee', reserve, amountIn, out(0, amountIn) + 1n, 10],
    ['nothing out', reserve, amountIn, 0n, 10],
    ['all out', reserve, amountIn, reserve, 10],
    ['an empty pool', 0n, amountIn, amountIn, 10],
    ['no step', reserve, amountIn, out(3_000, amountIn), 0],
    ['a fee that is not listed', reserve, amountIn, out(3_000, amountIn), [2_500, 500]],
    ['two listed fees that fit', reserve, 1_000n, out(3_000, 1_000n), [3_000, 3_500]],
  ] as const)('%s gives null', (_, reserveIn, paid, got, grid) => {
    expect(inferFeePips(reserveIn, reserve, paid, got, grid)).toBeNull()
  })

  test('a list tells fees that steps would not', () => {
    expect(inferFeePips(reserve, reserve, amountIn, out(2_505, amountIn), [2_505, 3_000])).toBe(2_505)
    expect(inferFeePips(reserve, reserve, 1_000n, out(3_000, 1_000n), [3_000, 100_000])).toBe(3_000)
  })

  test('a fee that makes the fraction whole gives the next unit', () => {
    expect(inferFeePips(100n, 100n, 100n, 49n, [0, 39_000])).toBe(39_000)
    expect(inferFeePips(100n, 100n, 100n, 50n, [0, 39_000])).toBe(0)
  })

  test('all but one unit can come out', () => {
    expect(inferFeePips(1n, 2n, 1_000n, 1n, [0])).toBe(0)
  })

  test('random swaps: it tells what trying every fee of the grid tells', () => {
    const draw = createDraw(4)
    let told = 0
    for (let i = 0; i < 200; i++) {
      const state = {
        ...inside,
        reserve0: draw.magnitude(100),
        reserve1: draw.magnitude(60),
        fee0Pips: draw.below(1_001) * 100,
      }
      const paid = draw.upTo(state.reserve0)
      const got = constantProduct.quoteIn(state, 0, 1, paid)?.amountOut
      if (got === undefined) continue
      const fits = Array.from({ length: 1_001 }, (_, step) => step * 100).filter(
        (fee0Pips) => constantProduct.quoteIn({ ...state, fee0Pips }, 0, 1, paid)?.amountOut === got,
      )
      const expected = fits.length === 1 ? fits[0] : null
      if (expected !== null) told++
      expect(inferFeePips(state.reserve0, state.reserve1, paid, got, 100)).toBe(expected)
    }
    expect(told).toBeGreaterThan(30)
  })
})

describe('constantProduct beside contracts', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('a real pair of Uniswap V2 pays each quote and refuses one more', async () => {
    const seen = await compareWithPair(await deployPair(bench), 1, 300)
    expect(seen.differences).toEqual([])
    expect(seen.possible).toBeGreaterThan(200)
  })

  test('forks with other fees, other reserves and fees that leave the pool agree to the wei', async () => {
    const contract = await deployReference(bench, 'ConstantProductReference')
    const seen = await compare(constantProductSubject, contract, 2, 300)
    expect(seen.differences).toEqual([])
    expect(seen.possible).toBeGreaterThan(150)
  })
})
