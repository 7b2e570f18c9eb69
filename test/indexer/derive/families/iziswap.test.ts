import { describe, expect, test } from 'vitest'
import { type IziswapState, iziswap, swapUpTo } from '../../../../indexer/derive/amm/iziswap.ts'
import { positionAmounts } from '../../../../indexer/derive/amm/iziswapPositions.ts'
import type { Quote } from '../../../../indexer/derive/amm/quote.ts'
import { sqrtPriceAtTick } from '../../../../indexer/derive/amm/tickMath.ts'
import { iziswapRules as rules, toExtra } from '../../../../indexer/derive/families/iziswap.ts'
import type { Applied } from '../../../../indexer/derive/families/rules.ts'
import { qualityOf, toTrade } from '../../../../indexer/derive/replay.ts'
import { decodeInner, encodeInner } from '../../../../indexer/derive/stored.ts'
import type { PoolCreated, PoolEvent, SwapEvent } from '../../../../indexer/types/event.ts'
import type { Pool, TicksState } from '../../../../indexer/types/pool.ts'
import { address, hash } from '../../../support/logs.ts'
import { createRandom } from '../../../support/random.ts'

const POOL = address(0xa3)
const BASE = 10n ** 18n
const at = {
  ...{ families: ['iziswap'] as const, emitter: POOL, pool: POOL },
  ...{ logIndex: 0, transactionIndex: 0, transactionHash: hash(0) },
}
const pool: Pool = {
  ...{ address: POOL, emitter: POOL, protocol: 'iziswap', family: 'iziswap', factory: address(0xf3) },
  ...{ tokens: [address(1), address(2)], feePips: 2_000, tickSpacing: 40, stable: null, hooks: null },
  ...{ created: null, firstSeenBlock: 1, stateOrigin: 'creation' },
}

type Event = Exclude<PoolEvent, PoolCreated>

const position = (
  tickLower: number,
  tickUpper: number,
  liquidity: bigint,
  amount0: bigint,
  amount1: bigint,
): Event => ({
  ...{ ...at, kind: liquidity > 0n ? 'mint' : 'burn', owner: address(1) },
  ...{ range: { tickLower, tickUpper, liquidity }, amount0, amount1, changes: null },
})
const order = (name: string, ...values: (bigint | number)[]): Event => ({
  ...{ ...at, kind: 'parameters', name, values: values.map(BigInt) },
})
const swap = (tokenIn: 0 | 1, amountIn: bigint, amountOut: bigint, tickAfter: number | null): SwapEvent => ({
  ...{ ...at, kind: 'swap', sender: null, recipient: null, token0: address(1), token1: address(2), after: null },
  ...{ amount0: tokenIn === 0 ? amountIn : -amountOut, amount1: tokenIn === 0 ? -amountOut : amountIn, fee: 2_000n },
  bins: { tokenIn, isExactOutput: false, amount: null, tickLimit: null, tickAfter },
})

const apply = (state: TicksState | null, event: Event, its = pool): Applied => {
  const trade = event.kind === 'swap' ? toTrade([0, 1], event.amount0, event.amount1) : null
  return rules.apply(its, state, event, { timestamp: 0, decimals: () => null, before: null, trade })
}
const quality = (state: TicksState) =>
  qualityOf(
    rules.curve(pool, state, () => null, 0),
    state,
  )

/** The state of a new pool as its snapshot gives it, which holds nothing but a point. */
const begin = (point = 0): TicksState => ({
  ...{ kind: 'ticks', sqrtPriceX96: sqrtPriceAtTick(point)!, tick: point, liquidity: 0n, feePips: 2_000, doubts: 0 },
  ...{ ticks: new Map(), extra: toExtra({ liquidityX: 0n, sellingX: new Map(), sellingY: new Map() }) },
})
const innerOf = ({ tick: point, liquidity, feePips, ticks, extra }: TicksState): IziswapState => ({
  ...{ point, liquidity, pointDelta: 40, feePips: feePips!, points: ticks! },
  ...(extra as unknown as Pick<IziswapState, 'liquidityX' | 'sellingX' | 'sellingY'>),
})
/** Adds or removes a position with the amounts that the contract would move. */
const change = (state: TicksState, left: number, right: number, liquidity: bigint): Applied => {
  const [x, y] = positionAmounts({ ...innerOf(state), point: state.tick }, left, right, liquidity)!
  const sign = liquidity > 0n ? 1n : -1n
  return apply(state, position(left, right, liquidity, sign * x, sign * y))
}
/** A pool with a position around its point, an order of each side and some of both tokens at the point. */
const live = (): TicksState => {
  const state = begin()
  change(state, -400, 400, BASE)
  apply(state, order('limit-add', 80, 5n * BASE, 0, 0, 0, 1))
  apply(state, order('limit-add', -80, 7n * BASE, 0, 0, 0, 0))
  state.extra = toExtra({ ...innerOf(state), liquidityX: BASE / 4n })
  return state
}
const logOf = (tokenIn: 0 | 1, { amountIn, amountOut, after }: Quote<IziswapState>): SwapEvent =>
  swap(tokenIn, amountIn, amountOut, after.point)
const pay = (state: TicksState, tokenIn: 0 | 1, amountIn: bigint) =>
  iziswap.quoteIn(innerOf(state), tokenIn, 1 - tokenIn, amountIn)!

describe('iziswapRules', () => {
  test('the first point stands in no event', () => {
    expect(rules.begin(pool, null)).toBeNull()
    expect(apply(null, swap(0, 5n, 4n, 0))).toMatchObject({ state: null, isChanged: false, feePips: 2_000 })
    expect(apply(null, position(-40, 40, 5n, 1n, 1n)).state).toBeNull()
  })

  test('a position counts at both its ends and, around the point, at the point, as Y', () => {
    const state = begin()
    expect(change(state, -40, 40, 5n)).toMatchObject({ isChanged: true, ticks: [-40, 40], replayGap: null })
    expect(state).toMatchObject({ liquidity: 5n, doubts: 0, extra: { liquidityX: 0n } })
    change(state, 40, 80, 7n)
    expect(state).toMatchObject({ liquidity: 5n })
    expect([...state.ticks!]).toEqual([
      [-40, { gross: 5n, net: 5n }],
      [40, { gross: 12n, net: 2n }],
      [80, { gross: 7n, net: -7n }],
    ])
  })

  test('of what is removed at the point Y goes first, then X', () => {
    const state = live()
    change(state, -400, 400, -BASE / 2n)
    expect(state).toMatchObject({ liquidity: BASE / 2n, extra: { liquidityX: BASE / 4n }, doubts: 0 })
    change(state, -400, 400, -BASE / 2n)
    expect(state).toMatchObject({ liquidity: 0n, extra: { liquidityX: 0n }, ticks: new Map(), doubts: 0 })
  })

  test('a position elsewhere leaves the point as it is', () => {
    const state = live()
    change(state, 40, 400, BASE)
    expect(state).toMatchObject({ liquidity: BASE, extra: { liquidityX: BASE / 4n } })
  })

  test('a burn of nothing changes nothing', () => {
    expect(apply(live(), position(-400, 400, 0n, 0n, 0n))).toMatchObject({ isChanged: false, ticks: [] })
  })

  test.each<[string, bigint, bigint, number]>([
    ['a rounding apart', 2n, -2n, 0],
    ['less X than the state leads to', -3n, 0n, 8],
    ['more Y than the state leads to', 0n, 3n, 8],
  ])('amounts of a position that are %s', (_, moreX, moreY, doubts) => {
    for (const liquidity of [BASE, -BASE / 2n]) {
      const state = live()
      const [x, y] = positionAmounts({ ...innerOf(state), point: 0 }, -400, 400, liquidity)!
      const sign = liquidity > 0n ? 1n : -1n
      apply(state, position(-400, 400, liquidity, sign * (x + moreX), sign * (y + moreY)))
      expect(state.doubts).toBe(doubts)
    }
  })

  test('points that no pool has raise doubts, and nothing is thrown', () => {
    const state = live()
    apply(state, position(-8_000_000, 8_000_000, 5n, 1n, 1n))
    expect(state.doubts).toBe(8)
  })

  test('limit orders are added and become less', () => {
    const state = live()
    expect(state.extra).toMatchObject({ sellingX: new Map([[80, 5n * BASE]]), sellingY: new Map([[-80, 7n * BASE]]) })
    expect(apply(state, order('limit-add', 80, 5n, 0, 1, 2, 1)).isChanged).toBe(true)
    expect(apply(state, order('limit-dec', -80, 7n * BASE, 1, 2, 0)).isChanged).toBe(true)
    expect(state.extra).toMatchObject({ sellingX: new Map([[80, 5n * BASE + 5n]]), sellingY: new Map() })
    expect(state.doubts).toBe(0)
  })

  test('an order takes those of the other side at its point first', () => {
    const state = begin()
    apply(state, order('limit-add', 0, 500, 0, 0, 0, 0))
    apply(state, order('limit-add', 0, 3, 500, 0, 0, 1))
    expect(state.extra).toMatchObject({ sellingX: new Map([[0, 3n]]), sellingY: new Map() })
    apply(state, order('limit-add', 0, 0, 2, 0, 0, 0))
    expect(state).toMatchObject({ extra: { sellingX: new Map([[0, 1n]]), sellingY: new Map() }, doubts: 0 })
  })

  test.each([
    ['an order that becomes less than nothing', order('limit-dec', 80, 6n * BASE, 0, 0, 1)],
    ['one that gets more than there is', order('limit-add', 80, 5, 6n * BASE, 0, 0, 0)],
  ])('%s raises doubts', (_, event) => {
    const state = live()
    apply(state, event)
    expect(state).toMatchObject({ doubts: 8, extra: { sellingX: new Map() } })
  })

  test.each([
    ['what is collected', order('limit-collect', 80, 5, 5, 1)],
    ['another event', order('ramp', 1, 2, 3)],
    ['a fee', { ...at, kind: 'fee' as const, fee0: 5n, fee1: 5n }],
  ])('%s changes nothing', (_, event) => {
    const state = live()
    const before = structuredClone(state)
    expect(apply(state, event).isChanged).toBe(false)
    expect(state).toEqual(before)
  })

  test('orders at a point that no pool has, or at too many, are not followed', () => {
    const state = live()
    apply(state, order('limit-add', 800_040, 5, 0, 0, 0, 1))
    expect(state.extra).toBeNull()
    expect(rules.curve(pool, state, () => null, 0)).toBeNull()
    expect(apply(state, order('limit-add', 80, 5, 0, 0, 0, 1)).isChanged).toBe(false)
    const full = live()
    const many = new Map(Array.from({ length: 4_000 }, (_, point) => [point, 1n]))
    full.extra = toExtra({ liquidityX: 0n, sellingX: many, sellingY: new Map() })
    apply(full, order('limit-add', -80, 5, 0, 0, 0, 0))
    expect(full.extra).toBeNull()
  })

  test.each<[string, 0 | 1, (inner: IziswapState) => Quote<IziswapState> | null]>([
    ['an exact input', 0, (inner) => iziswap.quoteIn(inner, 0, 1, 3n * BASE)],
    ['an exact output', 1, (inner) => iziswap.quoteOut(inner, 1, 0, 3n * BASE + 7n)],
    ['an input up to a boundary', 0, (inner) => swapUpTo(inner, 0, -30, true, 999n * BASE)],
    ['an output up to a boundary', 1, (inner) => swapUpTo(inner, 1, 30, false, 999n * BASE)],
    ['one through limit orders', 1, (inner) => iziswap.quoteIn(inner, 1, 0, 84n * BASE)],
    ['one to the end of a position', 0, (inner) => swapUpTo(inner, 0, -400, true, 999n * BASE)],
    ['one past it', 0, (inner) => swapUpTo(inner, 0, -4_000, true, 999n * BASE)],
  ])('%s is replayed without a gap', (_, tokenIn, quoteOf) => {
    const state = live()
    state.doubts = 2
    const quote = quoteOf(innerOf(state))!
    expect(apply(state, logOf(tokenIn, quote))).toMatchObject({ replayGap: 0n, feePips: 2_000, isChanged: true })
    const { point, liquidity, liquidityX, sellingX, sellingY } = quote.after
    expect(state).toMatchObject({ tick: point, liquidity, sqrtPriceX96: sqrtPriceAtTick(point), doubts: 1 })
    expect(state.extra).toEqual({ liquidityX, sellingX, sellingY })
  })

  test('one below the end of a position, where the boundary was', () => {
    const state = live()
    state.tick = -400
    const quote = swapUpTo(innerOf(state), 0, -400, true, 999n * BASE)!
    expect(quote.after.point).toBe(-401)
    expect(apply(state, logOf(0, quote)).replayGap).toBe(0n)
  })

  test('a swap without liquidity only moves the point, and is no trade', () => {
    const state = begin()
    expect(apply(state, swap(1, 0n, 0n, 4_000)).replayGap).toBeNull()
    expect(state).toMatchObject({ tick: 4_000, sqrtPriceX96: sqrtPriceAtTick(4_000), doubts: 0 })
  })

  test('a swap that gave less: its gap is told, and quotes are near until enough of them are equal', () => {
    const state = live()
    const quote = pay(state, 0, BASE / 2n)
    expect(apply(state, logOf(0, { ...quote, amountOut: quote.amountOut - 7n })).replayGap).toBe(7n)
    expect(state).toMatchObject({ tick: 0, doubts: 8, extra: { liquidityX: quote.after.liquidityX } })
    expect(quality(state)).toBe('approximate')
    for (let count = 0; count < 8; count++) {
      const next = pay(state, count % 2 === 0 ? 0 : 1, BASE)
      expect(apply(state, logOf(count % 2 === 0 ? 0 : 1, next)).replayGap).toBe(0n)
    }
    expect(quality(state)).toBe('exact')
  })

  test('the point of a log is taken over, with its liquidity; orders that the price has passed are gone', () => {
    const state = live()
    change(state, 80, 200, BASE)
    apply(state, swap(1, BASE, 5n, 120))
    expect(state).toMatchObject({ tick: 120, sqrtPriceX96: sqrtPriceAtTick(120), liquidity: 2n * BASE, doubts: 8 })
    expect(state.extra).toEqual({ liquidityX: BASE, sellingX: new Map(), sellingY: new Map([[-80, 7n * BASE]]) })
  })

  test('equal amounts that end elsewhere are no equal replay', () => {
    const state = live()
    const quote = pay(state, 0, BASE / 2n)
    expect(apply(state, swap(0, quote.amountIn, quote.amountOut, -1)).replayGap).toBeNull()
    expect(state).toMatchObject({ tick: -1, doubts: 8 })
  })

  test('a share of X that is not so shows in a swap to another point, and is corrected', () => {
    const state = live()
    const other: TicksState = { ...live(), extra: toExtra({ ...innerOf(state), liquidityX: BASE / 3n }) }
    const quote = pay(state, 1, 60n * BASE)
    expect(apply(other, logOf(1, quote)).replayGap).not.toBe(0n)
    const { liquidityX } = innerOf(other)
    const gap = liquidityX - quote.after.liquidityX
    // One part of 10,000 of it is what a point is worth.
    expect(gap > -10_000n && gap < 10_000n).toBe(true)
    expect(other).toMatchObject({ tick: quote.after.point, doubts: 8 })
    const next = iziswap.quoteIn(quote.after, 0, 1, 3n * BASE)!
    expect(apply(other, logOf(0, next)).replayGap).toBe(0n)
    expect(other.doubts).toBe(7)
  })

  test('a share of X that no swap fits is not made up', () => {
    const state = live()
    const quote = pay(state, 1, 60n * BASE)
    expect(apply(state, logOf(1, { ...quote, amountOut: quote.amountOut / 2n })).replayGap).not.toBe(0n)
    expect(innerOf(state).liquidityX).toBe(quote.after.liquidityX)
  })

  test.each([
    ['of another decoder', ({ bins: _, ...rest }: SwapEvent): SwapEvent => rest],
    ['without a point', () => swap(0, 5n, 4n, null)],
    ['with a point that no pool has', () => swap(0, 5n, 4n, 800_001)],
  ])('a swap %s is not followed', (_, spoil) => {
    const state = live()
    const event = spoil(swap(0, 5n, 4n, 0))
    expect(apply(state, event)).toMatchObject({ isChanged: false, feePips: 2_000 })
  })

  test('where orders are not known the point is followed all the same', () => {
    const state: TicksState = { ...live(), extra: null }
    expect(apply(state, swap(1, BASE, 5n, 440)).replayGap).toBeNull()
    expect(state).toMatchObject({ tick: 440, liquidity: 0n, extra: null })
    change({ ...state, extra: begin().extra }, 0, 40, 5n)
    expect(apply(state, position(-40, 480, 5n, 1n, 1n)).isChanged).toBe(true)
    expect(state).toMatchObject({ liquidity: 5n, extra: null })
  })

  test('without ticks, a fee or a distance of points there is no quote', () => {
    expect(rules.curve(pool, { ...live(), ticks: null }, () => null, 0)).toBeNull()
    expect(rules.curve(pool, { ...live(), feePips: null }, () => null, 0)).toBeNull()
    expect(rules.curve({ ...pool, tickSpacing: null }, live(), () => null, 0)).toBeNull()
    expect(rules.curve(pool, { kind: 'inner', inner: {}, doubts: 0 }, () => null, 0)).toBeNull()
    const unknown: TicksState = { ...live(), ticks: null, feePips: null }
    apply(unknown, swap(1, BASE, 5n, 40))
    expect(unknown).toMatchObject({ tick: 40, feePips: 2_000, extra: null })
  })

  test('what is kept besides survives the store', () => {
    const { extra } = live()
    expect(decodeInner(JSON.parse(encodeInner(extra!)))).toEqual(extra)
  })

  test('a life of random swaps, positions and orders is followed without a gap', () => {
    const random = createRandom(4)
    const state = live()
    const held: [number, number, bigint][] = []
    const size = () => BigInt(Math.floor(10 ** (14 + random() * 6)))
    for (let count = 0; count < 600; count++) {
      const kind = random()
      const tokenIn = (state.tick > 300 || (state.tick > -300 && random() < 0.5) ? 0 : 1) as 0 | 1
      const near = Math.floor(state.tick / 40) * 40
      if (kind < 0.2) {
        const removed = random() < 0.4 ? held.pop() : undefined
        if (removed !== undefined) change(state, removed[0], removed[1], -removed[2])
        else {
          const left = near + Math.floor(random() * 12 - 8) * 40
          held.push([left, left + 40 * (1 + Math.floor(random() * 9)), size()])
          change(state, ...held.at(-1)!)
        }
      } else if (kind < 0.4) {
        const isX = random() < 0.5
        const point = isX ? near + 40 * (1 + Math.floor(random() * 4)) : near - 40 * Math.floor(random() * 4)
        const isCrossing = (isX ? innerOf(state).sellingY : innerOf(state).sellingX).has(point)
        if (!isCrossing) apply(state, order('limit-add', point, size(), 0, 0, 0, isX ? 1 : 0))
      } else {
        const boundary = random() < 0.3 ? state.tick + (tokenIn === 0 ? -17 : 17) : null
        const quote = swapUpTo(innerOf(state), tokenIn, boundary, random() < 0.5, size())
        if (quote === null || quote.amountOut === 0n) continue
        expect(apply(state, logOf(tokenIn, quote)).replayGap).toBe(0n)
        expect(innerOf(state)).toEqual({ ...quote.after, points: state.ticks })
      }
    }
    expect(state.doubts).toBe(0)
  })
})
