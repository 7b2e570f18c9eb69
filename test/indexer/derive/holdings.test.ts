import { describe, expect, test } from 'vitest'
import { sqrtPriceAtTick } from '../../../indexer/derive/amm/tickMath.ts'
import { listHoldings } from '../../../indexer/derive/holdings.ts'
import type { Pool, PoolState, TickLiquidity } from '../../../indexer/types/pool.ts'
import { address } from '../../support/logs.ts'

const pool = { tokens: [address(1), address(2)] } as Pool
const L = 10n ** 18n
const Q96 = 2n ** 96n

const ticked = (tick: number, ticks: [number, TickLiquidity][] | null): PoolState => ({
  ...{ kind: 'ticks', sqrtPriceX96: sqrtPriceAtTick(tick)!, tick, liquidity: 0n, feePips: 500, extra: null, doubts: 0 },
  ticks: ticks === null ? null : new Map(ticks),
})
const inner = (values: { [name: string]: bigint[] }): PoolState => ({ kind: 'inner', inner: values, doubts: 0 })

describe('ticks', () => {
  const range: [number, TickLiquidity][] = [
    [600, { gross: L, net: -L }],
    [-600, { gross: L, net: L }],
  ]
  const [low, high] = [sqrtPriceAtTick(-600)!, sqrtPriceAtTick(600)!]
  const all0 = ((L << 96n) * (high - low)) / high / low
  const all1 = (L * (high - low)) / Q96

  test.each([
    ['below the range all is token0', -1_000, all0, 0n],
    ['at its lower end, too', -600, all0, 0n],
    ['at its upper end all is token1', 600, 0n, all1],
    ['above it, too', 1_000, 0n, all1],
    ['inside both', 0, ((L << 96n) * (high - Q96)) / high / Q96, (L * (Q96 - low)) / Q96],
  ])('%s', (_, tick, amount0, amount1) => {
    expect(listHoldings(pool, ticked(tick, range))).toEqual([amount0, amount1])
  })

  test('ranges that overlap and gaps between ranges', () => {
    const apart: [number, TickLiquidity][] = [
      [-600, { gross: L, net: L }],
      [-300, { gross: L, net: -L }],
      [300, { gross: L, net: L }],
      [600, { gross: L, net: -L }],
    ]
    const [amount0, amount1] = listHoldings(pool, ticked(0, apart))!
    expect(amount0).toBe(amount1)
    expect(amount0).toBeGreaterThan(0n)
    const twice = range.map(([tick, { gross, net }]): [number, TickLiquidity] => [
      tick,
      { gross: 2n * gross, net: 2n * net },
    ])
    const [once] = listHoldings(pool, ticked(0, range))!
    const [both] = listHoldings(pool, ticked(0, twice))!
    expect(both! - 2n * once!).toBeLessThanOrEqual(1n)
  })

  test.each<[string, PoolState]>([
    ['ticks that are not known', ticked(0, null)],
    ['no price yet', { ...ticked(0, []), sqrtPriceX96: 0n } as PoolState],
    ['a tick beyond the last', ticked(0, [[900_000, { gross: L, net: L }]])],
    [
      'less liquidity than nothing',
      ticked(0, [
        [0, { gross: L, net: -L }],
        [10, { gross: L, net: L }],
      ]),
    ],
  ])('null for %s', (_, state) => {
    expect(listHoldings(pool, state)).toBeNull()
  })
})

test('reserves', () => {
  const fees = { fee0Pips: null, fee1Pips: null, virtual: null, doubts: 0 }
  expect(listHoldings(pool, { kind: 'reserves', reserve0: 3n, reserve1: 4n, ...fees })).toEqual([3n, 4n])
})

test.each<[string, PoolState, bigint[] | null]>([
  ['balances', inner({ balances: [5n, 6n] }), [5n, 6n]],
  ['balances of another number of tokens', inner({ balances: [5n] }), null],
  ['no balances', inner({}), null],
])('%s', (_, state, expected) => {
  expect(listHoldings(pool, state)).toEqual(expected)
})

describe('points', () => {
  const points = { family: 'iziswap', tokens: [address(1), address(2)] } as Pool
  const range: [number, TickLiquidity][] = [
    [-40, { gross: L, net: L }],
    [40, { gross: L, net: -L }],
  ]
  const orders = { liquidityX: L / 2n, sellingX: new Map([[80, 7n]]), sellingY: new Map([[-80, 9n]]) }
  const pointed = (extra: object | null) => ({ ...ticked(0, range), liquidity: L, extra }) as PoolState

  test('each point counts by itself, and limit orders count as well', () => {
    const [x, y] = listHoldings(points, pointed(orders))!
    const [alone0, alone1] = listHoldings(points, pointed({ ...orders, sellingX: new Map(), sellingY: new Map() }))!
    expect([x! - alone0!, y! - alone1!]).toEqual([7n, 9n])
    // 39 points above and a half of the current one, each of about as much as the liquidity.
    expect(Number(x) / Number(L)).toBeCloseTo(39.5, 0)
    expect(Number(y) / Number(L)).toBeCloseTo(40.5, 0)
  })

  test('without its orders nothing is known', () => {
    expect(listHoldings(points, pointed(null))).toBeNull()
  })
})
