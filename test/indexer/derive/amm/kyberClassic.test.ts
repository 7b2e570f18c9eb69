import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UINT112_MAX, UINT256_MAX } from '../../../../indexer/derive/amm/constantProduct.ts'
import { type KyberClassicState, kyberClassic } from '../../../../indexer/derive/amm/kyberClassic.ts'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { compare, deployReference } from './constantProductCases.ts'
import { kyberClassicSubject } from './kyberClassicCases.ts'

const pool: KyberClassicState = {
  ...{ reserve0: 100n, reserve1: 100n, virtualReserve0: 1_000n, virtualReserve1: 1_000n },
  feeInPrecision: 3n * 10n ** 15n,
}

describe('kyberClassic', () => {
  test('the price comes from the virtual reserves, and both kinds move by the whole payment', () => {
    const after = { ...pool, reserve0: 200n, reserve1: 10n, virtualReserve0: 1_100n, virtualReserve1: 910n }
    expect(kyberClassic.quoteIn(pool, 0, 1, 100n)).toEqual({ amountIn: 100n, amountOut: 90n, after })
  })

  test('token1 is paid in against its own virtual reserve', () => {
    const steep = { ...pool, virtualReserve1: 2_000n }
    const after = { ...steep, reserve0: 53n, reserve1: 200n, virtualReserve0: 953n, virtualReserve1: 2_100n }
    expect(kyberClassic.quoteIn(steep, 1, 0, 100n)).toEqual({ amountIn: 100n, amountOut: 47n, after })
  })

  test('an exact output adds one before the fee', () => {
    expect(kyberClassic.quoteOut(pool, 0, 1, 50n)).toMatchObject({ amountIn: 54n, amountOut: 50n })
  })

  test('the price is the ratio of the virtual reserves', () => {
    expect(kyberClassic.spotPrice({ ...pool, virtualReserve1: 3_000n }, 0, 1)).toEqual({
      numerator: 3_000n,
      denominator: 1_000n,
    })
    expect(kyberClassic.spotPrice({ ...pool, reserve0: 0n }, 0, 1)).toBeNull()
  })

  test.each([
    ['nothing paid', pool, 0, 1, 0n],
    ['a negative payment', pool, 0, 1, -1n],
    ['more than a uint256', pool, 0, 1, UINT256_MAX + 1n],
    ['the same token', pool, 1, 1, 100n],
    ['a third token', pool, 2, 1, 100n],
    ['too little for one unit', pool, 0, 1, 1n],
    ['an output as large as the real reserve', { ...pool, reserve1: 90n }, 0, 1, 100n],
    ['a virtual reserve below the real one', { ...pool, virtualReserve1: 99n }, 0, 1, 100n],
    ['an empty side', { ...pool, reserve0: 0n }, 0, 1, 100n],
    ['a fee of all', { ...pool, feeInPrecision: 10n ** 18n }, 0, 1, 100n],
    ['a negative fee', { ...pool, feeInPrecision: -1n }, 0, 1, 100n],
    [
      'a virtual reserve above uint112 afterwards',
      { ...pool, virtualReserve0: UINT112_MAX - 99n, virtualReserve1: UINT112_MAX },
      ...([0, 1, 100n] as const),
    ],
  ] as const)('%s is null', (_, state, tokenIn, tokenOut, amountIn) => {
    expect(kyberClassic.quoteIn(state, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each([
    ['nothing asked for', 0n],
    ['all of the real reserve', 100n],
    ['more than the virtual reserve', 1_001n],
  ])('%s has no payment', (_, amountOut) => {
    expect(kyberClassic.quoteOut(pool, 0, 1, amountOut)).toBeNull()
  })

  test('all of a pool that is not amplified has no payment', () => {
    const plain = { ...pool, virtualReserve0: 100n, virtualReserve1: 100n }
    expect(kyberClassic.quoteOut(plain, 0, 1, 100n)).toBeNull()
    expect(kyberClassic.quoteOut(plain, 0, 1, 50n)).toMatchObject({ amountIn: 102n })
  })
})

describe('kyberClassic beside a contract', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('300 random swaps agree to the wei', async () => {
    const seen = await compare(kyberClassicSubject, await deployReference(bench, 'KyberClassicReference'), 3, 300)
    expect(seen.differences).toEqual([])
    expect(seen.possible).toBeGreaterThan(150)
  })
})
