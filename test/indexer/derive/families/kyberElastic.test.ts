import { describe, expect, test } from 'vitest'
import { kyberElastic, stopAtPrice } from '../../../../indexer/derive/amm/kyberElastic.ts'
import type { Quote } from '../../../../indexer/derive/amm/quote.ts'
import { sqrtPriceAtTick, tickAtSqrtPrice } from '../../../../indexer/derive/amm/tickMath.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { toExtra } from '../../../../indexer/derive/families/kyberElastic.ts'
import type { Applied } from '../../../../indexer/derive/families/rules.ts'
import { qualityOf, toTrade } from '../../../../indexer/derive/replay.ts'
import { decodeInner, encodeInner, toPoolState } from '../../../../indexer/derive/stored.ts'
import type { PoolCreated, PoolEvent, SwapEvent } from '../../../../indexer/types/event.ts'
import type { Pool, TicksState } from '../../../../indexer/types/pool.ts'
import { address, hash } from '../../../support/logs.ts'

const POOL = address(0xa3)
const at = {
  ...{ families: ['kyber-elastic'] as const, emitter: POOL, pool: POOL },
  ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
}
const pool: Pool = {
  ...{ address: POOL, emitter: POOL, protocol: 'zk-swap-dex', family: 'kyber-elastic', factory: address(0xf3) },
  ...{ tokens: [address(1), address(2)], feePips: 3_000, tickSpacing: 60, stable: null, hooks: null },
  ...{ created: null, firstSeenBlock: 1, stateOrigin: 'creation' },
}
const rules = rulesOf('kyber-elastic')
const PRICE = 2n ** 96n

type Event = Exclude<PoolEvent, PoolCreated>

const initialize = (sqrtPriceX96: bigint): Event => ({
  ...{ ...at, kind: 'initialize', sqrtPriceX96, tick: tickAtSqrtPrice(sqrtPriceX96)! },
})
const position = (tickLower: number, tickUpper: number, liquidity: bigint): Event => ({
  ...{ ...at, kind: liquidity > 0n ? 'mint' : 'burn', owner: address(1) },
  ...{ range: { tickLower, tickUpper, liquidity }, amount0: 1n, amount1: 1n, changes: null },
})
const swap = (amount0: bigint, amount1: bigint, after: SwapEvent['after']): SwapEvent => ({
  ...{ ...at, kind: 'swap', sender: null, recipient: null, token0: 0, token1: 1, amount0, amount1, after, fee: null },
})
const burnShares = (quantity: bigint, amount0: bigint, amount1: bigint): Event => ({
  ...{ ...at, kind: 'parameters', name: 'burn-rtokens', values: [1n, quantity, amount0, amount1] },
})

const apply = (state: TicksState, event: Event, its = pool): Applied => {
  const trade = event.kind === 'swap' ? toTrade([0, 1], event.amount0, event.amount1) : null
  return rules.apply(its, state, event, { timestamp: 0, decimals: () => null, before: null, trade })
}
const begin = (its = pool): TicksState => rules.begin(its, null) as TicksState
const curveOf = (state: TicksState) => rules.curve(pool, state, () => null, 0)
const quality = (state: TicksState) => qualityOf(curveOf(state), state)

/** A pool with a position around a price of one, and its state at a reinvested liquidity as our own maths takes it. */
const live = (reinvestLiquidity = 100_000n) => {
  const state = begin()
  apply(state, initialize(PRICE))
  apply(state, position(-600, 600, 10n ** 18n))
  return { state, inner: innerOf(state, reinvestLiquidity) }
}
const innerOf = ({ sqrtPriceX96, tick, liquidity, ticks }: TicksState, reinvestLiquidity: bigint) => ({
  ...{ sqrtPriceX96, tick, baseLiquidity: liquidity, reinvestLiquidity, swapFeeUnits: 300n, ticks: ticks! },
})
type Inner = ReturnType<typeof innerOf>

/** The log of a swap that goes as `quote` says. */
const logOf = (tokenIn: number, { amountIn, amountOut, after }: Quote<Inner>): SwapEvent => {
  const { sqrtPriceX96, tick, baseLiquidity: liquidity } = after as Inner
  const end = { sqrtPriceX96, tick, liquidity }
  return tokenIn === 0 ? swap(amountIn, -amountOut, end) : swap(-amountOut, amountIn, end)
}
const payment = (inner: Inner, tokenIn: number, amountIn: bigint) =>
  kyberElastic.quoteIn(inner, tokenIn, 1 - tokenIn, amountIn) as Quote<Inner>

describe('kyberElasticRules', () => {
  test('a pool that was created has no price, and no quote', () => {
    const state = begin()
    expect(state).toMatchObject({ sqrtPriceX96: 0n, feePips: 3_000, ticks: new Map(), extra: null })
    expect(curveOf(state)).toBeNull()
    expect(apply(state, burnShares(5n, 5n, 5n)).isChanged).toBe(false)
  })

  test('the first price locks liquidity of the first version or the second; the first swap tells which', () => {
    const { state } = live()
    expect(state.extra).toEqual({ reinvestLiquidity: 100_000n, alternatives: [100n] })
    expect(quality(state)).toBe('approximate')
    const second = live(100n)
    const quote = payment(second.inner, 0, 10n ** 15n)
    expect(apply(second.state, logOf(0, quote))).toMatchObject({ replayGap: 0n, feePips: 3_000, isChanged: true })
    expect(second.state.extra).toEqual(toExtra([quote.after.reinvestLiquidity]))
    expect(quality(second.state)).toBe('exact')
  })

  test.each<[string, (inner: Inner) => Quote<Inner>]>([
    ['an exact input', (inner) => payment(inner, 1, 10n ** 15n)],
    ['an exact output', (inner) => kyberElastic.quoteOut(inner, 1, 0, 10n ** 15n) as Quote<Inner>],
    ['an exact input up to a price', (inner) => stopAtPrice(inner, 1, sqrtPriceAtTick(77)!, true) as Quote<Inner>],
    ['an exact output up to a price', (inner) => stopAtPrice(inner, 1, sqrtPriceAtTick(77)!, false) as Quote<Inner>],
    ['one that crosses a tick', (inner) => payment(inner, 1, 10n ** 18n)],
  ])('%s is replayed without a gap', (_, quoteOf) => {
    const { state, inner } = live()
    const quote = quoteOf(inner)
    expect(apply(state, logOf(1, quote)).replayGap).toBe(0n)
    expect([state.extra!.reinvestLiquidity, ...(state.extra!.alternatives as bigint[])]).toContain(
      quote.after.reinvestLiquidity,
    )
    expect(state.liquidity).toBe(quote.after.baseLiquidity)
  })

  test('a swap of nothing for nothing is no trade, and leaves all as it is', () => {
    const { state } = live()
    const { tick, liquidity, sqrtPriceX96 } = state
    const before = structuredClone(state)
    expect(apply(state, swap(0n, 0n, { sqrtPriceX96, tick, liquidity })).replayGap).toBeNull()
    expect(state).toMatchObject({ sqrtPriceX96, tick, extra: before.extra })
  })

  test('a payment too small for anything out is no trade, and is followed all the same', () => {
    const { state, inner } = live()
    const quote = payment(inner, 0, 1n)
    expect(quote.amountOut).toBe(0n)
    expect(apply(state, logOf(0, quote)).replayGap).toBeNull()
    expect(state.doubts).toBe(0)
  })

  test('a swap that gave less: its gap is told, and quotes are near until enough of them are equal', () => {
    const { state, inner } = live()
    const quote = payment(inner, 0, 10n ** 15n)
    const less = { ...quote, amountOut: quote.amountOut - 7n }
    expect(apply(state, logOf(0, less)).replayGap).toBe(7n)
    expect(state.doubts).toBe(8)
    expect(quality(state)).toBe('approximate')
    let current = quote.after as Inner
    for (let count = 0; count < 8; count++) {
      const next = payment(current, count % 2, 10n ** 14n)
      expect(apply(state, logOf(count % 2, next)).replayGap).toBe(0n)
      current = next.after as Inner
    }
    expect(quality(state)).toBe('exact')
  })

  test('a swap for which the pool was paid both tokens cannot be replayed', () => {
    const { state } = live()
    expect(apply(state, swap(5n, 5n, { sqrtPriceX96: PRICE, tick: 0, liquidity: 10n ** 18n })).replayGap).toBeNull()
    expect(state.doubts).toBe(8)
  })

  test('another liquidity than any version locks is inferred from the first swap', () => {
    const { state, inner } = live(123_456_789n)
    const quote = payment(inner, 0, 10n ** 15n)
    apply(state, logOf(0, quote))
    expect(state.extra).toEqual(toExtra([quote.after.reinvestLiquidity]))
    expect(state.doubts).toBe(8)
    expect(apply(state, logOf(1, payment(quote.after as Inner, 1, 10n ** 13n))).replayGap).toBe(0n)
  })

  test('a pool first seen by a swap is known as far as its swaps tell', () => {
    const seen = { ...pool, stateOrigin: 'events' as const }
    const { inner } = live(5n * 10n ** 12n)
    const state = begin(seen)
    const first = payment(inner, 0, 10n ** 15n)
    expect(apply(state, logOf(0, first), seen).replayGap).toBeNull()
    expect(state).toMatchObject({ ticks: null, extra: null })
    expect(curveOf(state)).toBeNull()
    const second = payment(first.after as Inner, 1, 10n ** 15n)
    expect(apply(state, logOf(1, second), seen).replayGap).toBeNull()
    expect(state.extra).toEqual(toExtra([second.after.reinvestLiquidity]))
    expect(quality(state)).toBe('single-range')
    const third = payment(second.after as Inner, 1, 10n ** 15n)
    expect(apply(state, logOf(1, third), seen).replayGap).toBe(0n)
    const crossing = payment(third.after as Inner, 1, 10n ** 18n)
    expect(apply(state, logOf(1, crossing), seen).replayGap).toBeNull()
    expect(state.extra).toBeNull()
  })

  test('shares that are burnt take reinvested liquidity out, to the last digit', () => {
    const { state, inner } = live()
    const quote = payment(inner, 0, 10n ** 16n)
    apply(state, logOf(0, quote))
    const removed = quote.after.reinvestLiquidity / 3n
    const { sqrtPriceX96 } = state
    const [amount0, amount1] = [(removed << 96n) / sqrtPriceX96, (removed * sqrtPriceX96) >> 96n]
    expect(apply(state, burnShares(99n, amount0, amount1)).isChanged).toBe(true)
    expect(state.extra).toEqual(toExtra([quote.after.reinvestLiquidity - removed]))
    expect(quality(state)).toBe('exact')
  })

  test.each<[string, bigint, bigint, boolean, number]>([
    ['shares that are only destroyed change nothing', 0n, 0n, false, 0],
    ['amounts that fit no liquidity raise doubts', 5n, 500n, true, 8],
    ['more than there is raises doubts', 10n ** 20n, 10n ** 20n, true, 8],
  ])('%s', (_, amount0, amount1, isChanged, doubts) => {
    const { state } = live()
    const { extra } = state
    expect(apply(state, burnShares(1n, amount0, amount1)).isChanged).toBe(isChanged)
    expect(state).toMatchObject({ extra, doubts })
  })

  test('other parameters, and a fee no pool of Kyber has', () => {
    const { state } = live()
    expect(apply(state, { ...at, kind: 'parameters', name: 'other', values: [] }).isChanged).toBe(false)
    expect(curveOf({ ...state, feePips: 3_005 })).toBeNull()
    expect(curveOf({ ...state, feePips: null })).toBeNull()
    expect(curveOf({ ...state, ticks: null, liquidity: 0n })).toBeNull()
  })

  test('a state is read back as it was stored', () => {
    const { state, inner } = live()
    apply(state, logOf(0, payment(inner, 0, 10n ** 15n)))
    const row = {
      ...{
        doubts: state.doubts,
        fee0: state.feePips,
        reserve0: null,
        sqrtPriceX96: state.sqrtPriceX96,
        tick: state.tick,
      },
      ...{ liquidity: state.liquidity, innerState: JSON.parse(encodeInner(state.extra!)) },
    }
    const ticks = [...state.ticks!].map(([tick, { gross, net }]) => ({
      ...{ tick, liquidityGross: gross, liquidityNet: net },
    }))
    expect(toPoolState(row, ticks)).toEqual(state)
    expect(decodeInner(JSON.parse(encodeInner(toExtra([5n, 6n, 7n])!)))).toEqual(toExtra([5n, 6n, 7n]))
  })
})
