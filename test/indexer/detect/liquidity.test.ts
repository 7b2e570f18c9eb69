import { describe, expect, test } from 'vitest'
import type { Curve } from '../../../indexer/derive/curve.ts'
import { afterLiquidity } from '../../../indexer/detect/counterfactual/liquidity.ts'
import type { LiquidityAction } from '../../../indexer/types/action.ts'

const curveOf = (state: unknown): Curve => ({ state, at: curveOf }) as unknown as Curve
const change = (event: object, amounts: readonly [bigint, bigint] | null = null) =>
  ({ kind: 'liquidity', event: { kind: 'mint', range: null, ...event }, amounts }) as unknown as LiquidityAction
const range = (tickLower: number, tickUpper: number) => ({ range: { tickLower, tickUpper, liquidity: 5n } })
const ticks = new Map([
  [-60, { gross: 5n, net: 5n }],
  [60, { gross: 5n, net: -5n }],
])

describe('afterLiquidity', () => {
  test.each<[string, object, LiquidityAction, object | null]>([
    [
      'in range',
      { tick: 0, liquidity: 1n, ticks: new Map() },
      change(range(-60, 60)),
      { tick: 0, liquidity: 6n, ticks },
    ],
    [
      'above',
      { tick: -61, liquidity: 1n, ticks: new Map() },
      change(range(-60, 60)),
      { tick: -61, liquidity: 1n, ticks },
    ],
    [
      'beside reinvested liquidity',
      { tick: 0, baseLiquidity: 1n, reinvestLiquidity: 9n, ticks: new Map() },
      change(range(-60, 60)),
      { tick: 0, baseLiquidity: 6n, reinvestLiquidity: 9n, ticks },
    ],
    ['of a pair', { reserve0: 10n, reserve1: 20n }, change({}, [1n, 2n]), { reserve0: 11n, reserve1: 22n }],
    ['of a pair, amounts not known', { reserve0: 10n, reserve1: 20n }, change({}), null],
    ['of a curve with points', { point: 0, points: new Map() }, change(range(-60, 60)), null],
    ['paid out only', { reserve0: 10n }, change({ kind: 'collect' }), { reserve0: 10n }],
  ])('%s', (_, state, action, expected) => {
    expect(afterLiquidity(curveOf(state), action)?.state ?? null).toEqual(expected)
  })
})
