import { describe, expect, test } from 'vitest'
import { type IziswapState, iziswap, swapUpTo } from '../../../../indexer/derive/amm/iziswap.ts'
import { amountXBetween, stepDown, stepUp } from '../../../../indexer/derive/amm/iziswapMath.ts'
import { liquidityXAfter, listHeld, positionAmounts } from '../../../../indexer/derive/amm/iziswapPositions.ts'
import { sqrtPriceAtTick } from '../../../../indexer/derive/amm/tickMath.ts'
import { createRandom } from '../../../support/random.ts'
import { compareIziswap } from './iziswapCases.ts'

const BASE = 10n ** 18n
const state: IziswapState = {
  ...{ point: 0, liquidity: BASE, liquidityX: BASE / 4n, pointDelta: 40, feePips: 2_000 },
  points: new Map([
    [-400, { net: BASE }],
    [400, { net: -BASE }],
  ]),
  sellingX: new Map([[80, 5n * BASE]]),
  sellingY: new Map([[-80, 7n * BASE]]),
}
const pay = (amountIn: bigint, tokenIn: number, at = state) => iziswap.quoteIn(at, tokenIn, 1 - tokenIn, amountIn)

describe('iziswap', () => {
  test('300 random swaps are those of the rendering in Solidity', async () => {
    const seen = await compareIziswap(400, 5)
    expect(seen.swaps).toBeGreaterThan(300)
    expect(seen.crossed).toBeGreaterThan(300)
    expect(seen.filled).toBeGreaterThan(50)
    expect(seen.reverted).toBeGreaterThan(2)
    expect(seen.changes).toBeGreaterThan(100)
  }, 120_000)

  test.each([
    ['X', 0, 998_000n],
    ['Y', 1, -998_000n],
  ])(
    'where %s is paid in, the current point gives what it holds of the other token, at one price',
    (_, tokenIn, moved) => {
      const { amountIn, amountOut, after } = pay(1_000_000n, tokenIn)!
      expect({ amountIn, amountOut, point: after.point }).toEqual({
        amountIn: 1_000_000n,
        amountOut: 998_000n,
        point: 0,
      })
      expect(after.liquidityX - state.liquidityX).toBe(moved)
    },
  )

  test('limit orders come before the liquidity of their point', () => {
    const at = { ...state, sellingY: new Map([[0, 500n]]), sellingX: new Map([[0, 700n]]) }
    const down = pay(10_000n, 0, at)!.after
    expect([down.sellingY.size, down.liquidityX - state.liquidityX]).toEqual([0, 9_479n])
    const up = pay(300n, 1, at)!.after
    expect([up.sellingX.get(0), up.liquidityX]).toEqual([401n, state.liquidityX])
  })

  test('orders of the other side at the current point stay', () => {
    const at = { ...state, sellingX: new Map([[0, 700n]]) }
    expect(pay(10_000n, 0, at)!.after.sellingX).toEqual(at.sellingX)
  })

  test('orders on the way are used up, those where the swap ends in part', () => {
    const down = pay(84n * BASE, 0)!
    expect(down.after.point).toBe(-80)
    expect(down.after.sellingY.get(-80)).toBeLessThan(7n * BASE)
    expect(down.after.sellingX).toEqual(state.sellingX)
  })

  test.each([
    [0, -401],
    [1, 400],
  ])('a position that ends takes its liquidity out (token %i in)', (tokenIn, end) => {
    const { after } = swapUpTo(state, tokenIn, tokenIn === 0 ? -401 : 400, true, 10n ** 24n)!
    expect(after).toMatchObject({ point: end, liquidity: 0n, liquidityX: 0n })
  })

  test('a boundary at the end of a position leaves the point one below it', () => {
    const at = { ...state, point: -400, liquidityX: 0n }
    expect(swapUpTo(at, 0, -400, true, 10n ** 24n)!.after).toMatchObject({ point: -401, liquidity: 0n })
  })

  test('without liquidity the point goes on for nothing, to where there is some', () => {
    const at = { ...state, point: 2_000, liquidity: 0n, liquidityX: 0n, sellingX: new Map() }
    expect(pay(1_000n, 0, at)!.after).toMatchObject({ point: 399, liquidity: BASE, liquidityX: 1_018n })
  })

  test('an input that is finished within a stretch without liquidity stops at the end of it', () => {
    const at = { ...state, point: 400, liquidity: 0n, liquidityX: 0n }
    // One base unit is all fee.
    expect(pay(1n, 0, at)!.after).toMatchObject({ point: 400, liquidity: 0n })
  })

  test('liquidity is whole: an input can be taken in part, an output can be a little more', () => {
    const far = { ...state, point: 200_000, liquidityX: BASE / 2n, points: new Map(), sellingX: new Map() }
    const paid = pay(10n ** 12n, 1, far)!
    expect(paid.amountIn).toBeLessThan(10n ** 12n)
    const low = { ...far, point: -200_000 }
    expect(iziswap.quoteOut(low, 1, 0, 5n)!.amountOut).toBeGreaterThan(5n)
  })

  test('an exact output is what its payment gives', () => {
    const { amountIn, amountOut } = iziswap.quoteOut(state, 0, 1, 3n * BASE)!
    expect(amountOut).toBe(3n * BASE)
    expect(pay(amountIn, 0)!.amountOut).toBe(3n * BASE)
  })

  test('the price is that of the point', () => {
    const sqrtPrice = sqrtPriceAtTick(77)!
    const price = { numerator: sqrtPrice * sqrtPrice, denominator: 1n << 192n }
    expect(iziswap.spotPrice({ ...state, point: 77 }, 0, 1)).toEqual(price)
    expect(iziswap.spotPrice({ ...state, point: 77 }, 1, 0)).toEqual({
      ...{ numerator: price.denominator, denominator: price.numerator },
    })
    expect(iziswap.spotPrice({ ...state, point: 900_000 }, 0, 1)).toBeNull()
    expect(iziswap.spotPrice(state, 1, 1)).toBeNull()
  })

  test('a state is never changed by a quote', () => {
    const before = structuredClone(state)
    pay(84n * BASE, 0)
    iziswap.quoteOut(state, 1, 0, 82n * BASE)
    expect(state).toEqual(before)
  })

  test.each<[string, Partial<IziswapState>, number, number, bigint]>([
    ['nothing paid in', {}, 0, 1, 0n],
    ['a negative amount', {}, 0, 1, -5n],
    ['more than a uint128', {}, 0, 1, 2n ** 128n],
    ['the same token', {}, 1, 1, 5n],
    ['a third token', {}, 0, 2, 5n],
    ['a point outside', { point: 800_001 }, 0, 1, 5n],
    ['a point between two', { point: 0.5 }, 0, 1, 5n],
    ['the last point', { point: 800_000 }, 1, 0, 5n],
    ['negative liquidity', { liquidity: -1n, liquidityX: 0n }, 0, 1, 5n],
    ['more X than liquidity', { liquidityX: 2n * BASE }, 0, 1, 5n],
    ['a negative share of X', { liquidityX: -1n }, 0, 1, 5n],
    ['liquidity above uint128', { liquidity: 2n ** 128n }, 0, 1, 5n],
    ['no distance of points', { pointDelta: 0 }, 0, 1, 5n],
    ['a distance of all points', { pointDelta: 800_001 }, 0, 1, 5n],
    ['a fee of the whole', { feePips: 1_000_000 }, 0, 1, 5n],
    ['a negative fee', { feePips: -1 }, 0, 1, 5n],
    ['more than there is', {}, 0, 1, 10n ** 30n],
    ['more than there is on the way up', {}, 1, 0, 10n ** 30n],
    ['points that take more than there is', { points: new Map([[-40, { net: 2n * BASE }]]) }, 0, 1, 60n * BASE],
    ['points that add more than a uint128', { points: new Map([[40, { net: 2n ** 128n }]]) }, 1, 0, 60n * BASE],
    [
      'an order that pays more than a uint128',
      { point: 700_000, sellingY: new Map([[700_000, 9n]]) },
      0,
      1,
      2n ** 120n,
    ],
  ])('%s: no quote', (_, change, tokenIn, tokenOut, amountIn) => {
    expect(iziswap.quoteIn({ ...state, ...change }, tokenIn, tokenOut, amountIn)).toBeNull()
  })

  test.each<[string, Partial<IziswapState>, bigint]>([
    ['nothing asked for', {}, 0n],
    ['more than there is', {}, 10n ** 30n],
    ['a payment above uint128', { point: -800_000, sellingY: new Map([[-800_000, BASE]]) }, BASE],
    ['a boundary that is passed', { point: -800_001 }, 5n],
  ])('%s: no quote for an output', (_, change, amountOut) => {
    expect(iziswap.quoteOut({ ...state, ...change }, 0, 1, amountOut)).toBeNull()
    expect(iziswap.quoteOut({ ...state, ...change }, 0, 0, amountOut)).toBeNull()
  })

  test.each([
    ['above it on the way down', 0, 1],
    ['at it on the way up', 1, 0],
  ])('a boundary %s is not on the way', (_, tokenIn, boundary) => {
    expect(swapUpTo(state, tokenIn, boundary, true, 1_000n)).toBeNull()
  })

  test('steps to points without a price are none', () => {
    const at = { point: 0, liquidity: BASE, liquidityX: 0n }
    expect(stepDown(at, -900_000, BASE, { isExactInput: true })).toBeNull()
    expect(stepUp(at, 900_000, BASE, { isExactInput: true })).toBeNull()
    expect(stepDown({ ...at, point: 800_000 }, -800_000, 10n ** 60n, { isExactInput: true })).toBeNull()
    expect(stepUp({ ...at, point: -800_000 }, 800_000, BASE, { isExactInput: false })).toBeNull()
    expect(amountXBetween(BASE, -800_000, 800_000, 1n << 96n, true)).toBeNull()
  })

  test('any integers give a quote or none', () => {
    const random = createRandom(9)
    const any = () => BigInt(Math.floor(10 ** (random() * 40))) * (random() < 0.1 ? -1n : 1n)
    const point = () => Math.floor((random() - 0.5) * 2_000_000)
    for (let count = 0; count < 2_000; count++) {
      const liquidity = any()
      const odd: IziswapState = {
        ...{ point: point(), liquidity, liquidityX: random() < 0.5 ? liquidity / 2n : any() },
        ...{ pointDelta: Math.ceil(random() * 50_000), feePips: Math.floor(random() * 1e6) },
        points: new Map(Array.from({ length: 5 }, () => [point(), { net: any() }])),
        sellingX: new Map(Array.from({ length: 5 }, () => [point(), any()])),
        sellingY: new Map(Array.from({ length: 5 }, () => [point(), any()])),
      }
      expect(() => [pay(any(), 0, odd), pay(any(), 1, odd), iziswap.quoteOut(odd, 1, 0, any())]).not.toThrow()
    }
  })
})

describe('positions', () => {
  const at = { point: 0, liquidity: 10n, liquidityX: 4n }

  test.each([
    ['what is added is Y', 5n, 4n],
    ['Y goes first', -6n, 4n],
    ['then X', -8n, 2n],
    ['down to none', -11n, 0n],
  ])('%s', (_, change, left) => {
    expect(liquidityXAfter(at, change)).toBe(left)
  })

  test.each<[string, number, number, bigint, readonly [bigint, bigint] | null]>([
    ['the current point takes Y', 0, 1, 5n, [0n, 5n]],
    ['and gives Y and X', 0, 1, -8n, [2n, 6n]],
    ['a point above it is X, rounded up', 1, 2, 5n, [5n, 0n]],
    ['and down', 1, 2, -5n, [4n, 0n]],
    ['a point below it is Y, rounded up', -1, 0, 5n, [0n, 5n]],
    ['and down', -1, 0, -5n, [0n, 4n]],
    ['all three', -1, 2, 5n, [5n, 10n]],
    ['no points', 2, 2, 5n, null],
    ['points without a price', -900_000, 2, 5n, null],
    ['more points than there are prices', -800_000, 800_000, 5n, [0n, 0n]],
  ])('%s', (_, left, right, change, amounts) => {
    const moved = positionAmounts(at, left, right, change)
    if (amounts?.every((amount) => amount === 0n)) expect(moved).not.toBeNull()
    else expect(moved).toEqual(amounts)
  })

  test('what a pool holds: positions and limit orders', () => {
    const [x, y] = listHeld(state)!
    // 399 points above and a quarter of one, and 400 below and the rest of it, at prices near one.
    expect(Number(x) / 1e18).toBeCloseTo(5 + 399.25 * 0.99, 0)
    expect(Number(y) / 1e18).toBeCloseTo(7 + 400.75 * 0.99, 0)
    expect(listHeld({ ...state, points: new Map(), liquidity: 0n, liquidityX: 0n })).toEqual([5n * BASE, 7n * BASE])
  })

  test.each([
    ['that do not end', [[-400, BASE]]],
    ['that take more than there is', [[-400, -BASE]]],
    [
      'without a price',
      [
        [-900_000, BASE],
        [0, -BASE],
      ],
    ],
  ] as [string, [number, bigint][]][])('points %s hold nothing that is known', (_, nets) => {
    expect(listHeld({ ...state, points: new Map(nets.map(([point, net]) => [point, { net }])) })).toBeNull()
  })
})
