import { describe, expect, test } from 'vitest'
import { type ConcentratedState, concentrated } from '../../../indexer/derive/amm/concentrated.ts'
import { type ConstantProductState, constantProduct, UINT112_MAX } from '../../../indexer/derive/amm/constantProduct.ts'
import { bindCurve, type Curve } from '../../../indexer/derive/curve.ts'
import { DEPTH_BPS, listDepth } from '../../../indexer/derive/depth.ts'

const Q96 = 2n ** 96n

const pair = (reserve0: bigint, reserve1: bigint, feePips = 3000): Curve =>
  bindCurve<ConstantProductState>(
    constantProduct,
    { reserve0, reserve1, fee0Pips: feePips, fee1Pips: feePips, taking: 'inside', reserveMax: UINT112_MAX },
    'exact',
  )

const ticked = (liquidity: bigint, ticks: [number, bigint][], price: Partial<ConcentratedState> = {}): Curve =>
  bindCurve<ConcentratedState>(
    concentrated,
    {
      ...{ sqrtPriceX96: Q96, tick: 0, liquidity, tickSpacing: 10, feePips: 500 },
      ticks: new Map(ticks.map(([tick, net]) => [tick, { net }])),
      ...price,
    },
    'exact',
  )

/** Whether the price of what is paid in falls by no more than `bps` when so much is paid in. */
function holds(curve: Curve, tokenIn: number, bps: number, amountIn: bigint): boolean {
  const before = curve.spotPrice(tokenIn, 1 - tokenIn)!
  const after = curve.quoteIn(tokenIn, 1 - tokenIn, amountIn)?.after.spotPrice(tokenIn, 1 - tokenIn)
  if (!after) return false
  return (
    after.numerator * before.denominator * 10_000n >= before.numerator * after.denominator * (10_000n - BigInt(bps))
  )
}

/** The same by trying every amount up to a limit, which has to be beyond the answer. */
function tryAll(curve: Curve, tokenIn: number, bps: number, limit: bigint): { amountIn: bigint; amountOut: bigint } {
  let amountIn = 0n
  for (let amount = 1n; amount <= limit; amount++) if (holds(curve, tokenIn, bps, amount)) amountIn = amount
  const amountOut = amountIn === 0n ? 0n : curve.quoteIn(tokenIn, 1 - tokenIn, amountIn)!.amountOut
  return { amountIn, amountOut }
}

describe('every amount tried', () => {
  const cases: [situation: string, curve: Curve, limit: bigint][] = [
    ['a pair at one for one', pair(50_000n, 50_000n), 700n],
    ['a pair without a fee', pair(50_000n, 50_000n, 0), 700n],
    ['a pair whose tokens differ a hundredfold', pair(1_000_000n, 10_000n), 12_000n],
    ['a pair so small that one unit moves it too far', pair(40n, 90n), 20n],
    ['a pair in which the first unit out moves it too far', pair(10_000n, 40n), 400n],
    [
      'ticks, all liquidity in range',
      ticked(100_000n, [
        [-1000, 100_000n],
        [1000, -100_000n],
      ]),
      1_500n,
    ],
    [
      'ticks, the next one on either side crossed',
      ticked(100_000n, [
        [-1000, 60_000n],
        [-20, 40_000n],
        [20, -40_000n],
        [1000, -60_000n],
      ]),
      1_500n,
    ],
    [
      'ticks, none beyond the next one',
      ticked(100_000n, [
        [-20, 100_000n],
        [20, -100_000n],
      ]),
      1_500n,
    ],
  ]
  test.each(cases)('%s', (_, curve, limit) => {
    for (const tokenIn of [0, 1]) {
      const expected = DEPTH_BPS.map((bps) => ({ bps, ...tryAll(curve, tokenIn, bps, limit) }))
      for (const { amountIn } of expected) expect(amountIn).toBeLessThan(limit)
      expect(listDepth(curve, tokenIn, 1 - tokenIn)).toEqual(expected)
    }
  })
})

describe('the answer holds and one unit more does not', () => {
  test.each<[situation: string, curve: Curve]>([
    ['18 decimals against 6', pair(10n ** 18n, 106n * 10n ** 6n)],
    ['reserves near the limit', pair(2n ** 111n, 2n ** 110n)],
    ['one unit against the most', pair(10n ** 30n, 10n ** 5n)],
    [
      'ticks with much liquidity',
      ticked(10n ** 24n, [
        [-1000, 10n ** 24n],
        [1000, -(10n ** 24n)],
      ]),
    ],
  ])('%s', (_, curve) => {
    for (const tokenIn of [0, 1]) {
      const depth = listDepth(curve, tokenIn, 1 - tokenIn)
      expect(depth.map(({ bps }) => bps)).toEqual([10, 25, 50, 100, 200])
      for (const { bps, amountIn, amountOut } of depth) {
        expect(holds(curve, tokenIn, bps, amountIn)).toBe(true)
        expect(holds(curve, tokenIn, bps, amountIn + 1n)).toBe(false)
        expect(amountOut).toBe(curve.quoteIn(tokenIn, 1 - tokenIn, amountIn)!.amountOut)
      }
    }
  })
})

test('a pair without a fee moves by a part p of its price for 1 / sqrt(1 - p) - 1 of its reserve', () => {
  const reserve = 10n ** 24n
  for (const { bps, amountIn } of listDepth(pair(reserve, reserve, 0), 0, 1)) {
    expect(Number(amountIn) / Number(reserve)).toBeCloseTo(1 / Math.sqrt(1 - bps / 10_000) - 1, 12)
  }
})

test('a fee is paid on top of what moves the price of a pool with ticks', () => {
  const depthAt = (feePips: number) =>
    listDepth(
      ticked(
        10n ** 24n,
        [
          [-1000, 10n ** 24n],
          [1000, -(10n ** 24n)],
        ],
        { feePips },
      ),
      1,
      0,
    )
  for (const [index, { amountIn, amountOut }] of depthAt(10_000).entries()) {
    const free = depthAt(0)[index]!
    expect(Number(amountIn) / Number(free.amountIn)).toBeCloseTo(1 / 0.99, 12)
    expect(amountOut).toBe(free.amountOut)
  }
})

test.each<[situation: string, curve: Curve]>([
  ['an empty pair', pair(0n, 0n)],
  ['a pair empty on one side', pair(5n, 0n)],
  ['ticks without a price', ticked(0n, [], { sqrtPriceX96: 0n })],
])('no depth for %s', (_, curve) => {
  expect([listDepth(curve, 0, 1), listDepth(curve, 1, 0)]).toEqual([[], []])
})
