import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { maverickV1 } from '../../../../indexer/derive/amm/maverickV1.ts'
import { maverickV2, quoteToTick } from '../../../../indexer/derive/amm/maverickV2.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { BINS_MAX } from '../../../../indexer/derive/families/maverick.ts'
import { type MaverickV1Inner, toState as toStateV1 } from '../../../../indexer/derive/families/maverickV1.ts'
import { type MaverickV2Inner, toState as toStateV2 } from '../../../../indexer/derive/families/maverickV2.ts'
import type { Decimals } from '../../../../indexer/derive/families/rules.ts'
import { qualityOf } from '../../../../indexer/derive/replay.ts'
import type { BinChange, BinSwap, PoolCreated, PoolEvent } from '../../../../indexer/types/event.ts'
import type { InnerState, Pool, PoolState } from '../../../../indexer/types/pool.ts'
import { address } from '../../../support/logs.ts'
import { createRandom } from '../../../support/random.ts'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { type LifeTerms, liveV1, liveV2 } from '../amm/maverickLife.ts'

describe('pools of the rendering in Solidity are replayed without a gap, also from the store', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  const terms: readonly LifeTerms[] = [
    { fees: [10n ** 15n, 3n * 10n ** 15n], tickSpacing: 10, protocolFee: 0n, activeTick: 40, decimals: [18, 18] },
    { fees: [10n ** 14n, 10n ** 14n], tickSpacing: 50, protocolFee: 250n, activeTick: -3, decimals: [6, 18] },
  ]

  test.each(terms)(
    'V1 with $decimals decimals',
    async (its) => {
      const seen = await liveV1(bench, its, createRandom(5))
      expect(seen).toMatchObject({ swaps: 300, changes: 61 })
      expect(Math.min(seen.moved, seen.merged)).toBeGreaterThan(50)
    },
    120_000,
  )

  test.each(terms)(
    'V2 with $decimals decimals',
    async (its) => {
      const seen = await liveV2(bench, its, createRandom(6))
      expect(seen).toMatchObject({ changes: 61 })
      expect(seen.swaps).toBeGreaterThan(250)
    },
    120_000,
  )
})

type Event = Exclude<PoolEvent, PoolCreated>
type Family = 'maverick-v1' | 'maverick-v2'

const ONE = 10n ** 18n
const poolOf = (family: Family) =>
  ({ ...{ family, address: address(9), feePips: 777, tickSpacing: 10 }, tokens: [address(1), address(2)] }) as Pool
const known: Decimals = () => 18
const unread: Decimals = () => null

const eventOf = (event: object) => ({ families: [], logIndex: 0, transactionIndex: 0, ...event }) as unknown as Event
const swapOf = (tokenIn: 0 | 1, amountIn: bigint, amountOut: bigint, bins: Partial<BinSwap>) => {
  const [amount0, amount1] = tokenIn === 0 ? [amountIn, -amountOut] : [-amountOut, amountIn]
  const asked = { tokenIn, isExactOutput: false, amount: null, tickLimit: null, tickAfter: null, ...bins }
  return eventOf({ kind: 'swap', amount0, amount1, bins: asked })
}
const changeOf = (kind: 'mint' | 'burn', bins: readonly BinChange[], amounts: readonly bigint[] = []) =>
  eventOf({ kind, bins, amount0: amounts[0] ?? null, amount1: amounts[1] ?? null })
const parameters = (name: string, ...values: bigint[]) => eventOf({ kind: 'parameters', name, values })

const applyTo = (family: Family, state: PoolState | null, event: Event, decimals: Decimals = known) =>
  rulesOf(family).apply(poolOf(family), state, event, { timestamp: 0, decimals, before: null, trade: null })
const curveOf = (family: Family, state: PoolState) => rulesOf(family).curve(poolOf(family), state, known, 0)
const qualityIn = (family: Family, state: PoolState) => qualityOf(curveOf(family, state), state)
const creationOf = (bins: object | undefined) => ({ kind: 'pool-created', bins }) as unknown as PoolCreated

describe('maverickV1Rules', () => {
  const bins = [
    { kind: 0, tick: 0, reserveA: 5n * ONE, reserveB: 7n * ONE },
    { kind: 1, tick: -2, reserveA: 2n * ONE, reserveB: 0n },
    { kind: 1, tick: -3, reserveA: 3n * ONE, reserveB: 0n },
    { kind: 2, tick: 1, reserveA: 0n, reserveB: 4n * ONE },
  ]
  const held = new Map(bins.map((bin, index) => [index + 1, bin]))
  const inner: MaverickV1Inner = {
    ...{ fee: ONE / 1_000n, protocolFee: 100n, activeTick: 0, moves: [] },
    bins: { held, merged: new Map() },
  }
  const amm = { ...inner, tickSpacing: 10, decimals: [18, 18] as const, bins: held }
  const at = (more: Partial<MaverickV1Inner> = {}, doubts = 0) => toStateV1({ ...inner, ...more }, doubts)
  const apply = (state: PoolState | null, event: Event, decimals: Decimals = known) =>
    applyTo('maverick-v1', state, event, decimals)
  const endOf = (state: PoolState, ...events: Event[]) =>
    events.reduce((before, event) => apply(before, event).state!, state) as InnerState
  const innerOf = (state: PoolState | null) => (state as InnerState).inner as MaverickV1Inner
  const quality = (state: PoolState) => qualityIn('maverick-v1', state)
  const quote = maverickV1.quoteIn(amm, 0, 1, ONE)!
  const swap = (more: bigint, tickAfter = 0) => swapOf(0, ONE, quote.amountOut + more, { tickAfter })
  const change = (id: number, amounts: BinChange['amounts'], more: Partial<BinChange> = {}): BinChange => ({
    ...{ id, place: { kind: bins[id - 1]?.kind ?? 3, tick: bins[id - 1]?.tick ?? 5 }, shares: 1n, amounts },
    ...{ isActive: true, ...more },
  })

  test('begins with what the creation tells; without it nothing is known', () => {
    const rules = rulesOf('maverick-v1')
    const terms = { activeTick: 5, protocolFee: 1n, feeA: 2n, feeB: 2n }
    const state = rules.begin(poolOf('maverick-v1'), creationOf(terms))!
    expect(state).toMatchObject({ doubts: 2, inner: { activeTick: 5, protocolFee: 1n, fee: 2n, moves: [] } })
    expect(quality(state)).toBe('approximate')
    expect(rules.begin(poolOf('maverick-v1'), creationOf(undefined))).toBeNull()
    expect(rules.begin(poolOf('maverick-v1'), null)).toBeNull()
  })

  test('before a state is known: the fee of the pool, and what a change moves', () => {
    expect(apply(null, swap(0n))).toMatchObject({ state: null, isChanged: false, feePips: 777 })
    expect(apply(null, changeOf('burn', [change(1, [5n, 6n])]))).toMatchObject({ state: null, amounts: [-5n, -6n] })
    expect(apply(null, parameters('protocol-fee', 5n)).isChanged).toBe(false)
  })

  test.each<[string, Event, bigint | null, number | 'not known']>([
    ['equal', swap(0n), 0n, 2],
    ['two units less', swap(-2n), 2n, 8],
    ['a millionth part less', swap(-quote.amountOut / 1_000_001n), quote.amountOut / 1_000_001n, 8],
    ['much less', swap(-quote.amountOut / 900_000n), quote.amountOut / 900_000n, 'not known'],
    ['equal amounts, another tick', swap(0n, 1), null, 'not known'],
    ['something that costs more', swapOf(1, 2n * ONE, ONE, { isExactOutput: true, tickAfter: 0 }), null, 'not known'],
    ['more than there is', swapOf(0, ONE, 0n, { isExactOutput: true, tickAfter: 3 }), null, 'not known'],
  ])('a swap that gave %s', (_, event, replayGap, doubts) => {
    const applied = apply(at({}, 3), event)
    expect(applied).toMatchObject({ replayGap, feePips: 1_000, isChanged: true })
    const next = innerOf(applied.state)
    expect(next.activeTick).toBe((event as { bins: BinSwap }).bins.tickAfter)
    if (doubts === 'not known') expect([next.bins, quality(applied.state!)]).toEqual([null, 'unknown'])
    else expect([next.bins!.held, applied.state!.doubts]).toEqual([quote.after.bins, doubts])
  })

  test('a swap of few units is near when it is off by two of them', () => {
    const { amountOut } = maverickV1.quoteIn(amm, 0, 1, 500n)!
    const off = (units: bigint) => innerOf(apply(at(), swapOf(0, 500n, amountOut - units, { tickAfter: 0 })).state).bins
    expect([off(2n) === null, off(3n) === null, off(-2n) === null, off(-3n) === null]).toEqual([
      ...[false, true, false, true],
    ])
  })

  test('a swap of an exact output', () => {
    const { amountIn, after } = maverickV1.quoteOut(amm, 1, 0, ONE)!
    const { state, replayGap } = apply(at(), swapOf(1, amountIn, ONE, { isExactOutput: true, tickAfter: 0 }))
    expect([replayGap, innerOf(state).bins!.held]).toEqual([0n, after.bins])
  })

  test('a swap that just empties a tick and pays a unit more than it was asked for', () => {
    const decimals = [17, 18] as const
    const fee = (3n * ONE) / 4n
    const only = (more: number) => new Map([[1, { ...bins[0]!, reserveA: 5n * ONE + BigInt(more) * 10n ** 15n }]])
    const pay = (more: number, amount: bigint) =>
      maverickV1.quoteIn({ ...amm, fee, decimals, bins: only(more) }, 0, 1, amount)
    const most = (more: number) => {
      let [possible, tooMuch] = [1n, 10n * ONE]
      while (tooMuch - possible > 1n) {
        const middle = (possible + tooMuch) / 2n
        if (pay(more, middle) === null) tooMuch = middle
        else possible = middle
      }
      return possible
    }
    // The last digits of what the tick can take decide whether it does.
    const more = Array.from({ length: 40 }, (_, index) => index).find((it) => pay(it, most(it))!.amountIn > most(it))!
    const { amountIn, amountOut, after } = pay(more, most(more))!
    expect([amountIn, pay(more, amountIn)]).toEqual([most(more) + 1n, null])
    const event = swapOf(0, amountIn, amountOut, { tickAfter: after.activeTick })
    const before = at({ fee, bins: { held: only(more), merged: new Map() } })
    const { state, replayGap } = apply(before, event, (token) => (token === address(1) ? 17 : 18))
    expect([replayGap, innerOf(state).bins!.held]).toEqual([0n, after.bins])
  })

  test('what a change moves is rounded up when it is added, and down when it is removed', () => {
    const event = (kind: 'mint' | 'burn') => changeOf(kind, [change(1, [5n, 20n]), change(2, [6n, 0n])])
    const moved = (['mint', 'burn'] as const).map((kind) => apply(at(), event(kind), () => 17).amounts)
    expect(moved).toEqual([
      [2n, 2n],
      [-1n, -2n],
    ])
  })

  test('a swap with tokens whose decimals are not known', () => {
    const { state, replayGap } = apply(at(), swap(0n), unread)
    expect([innerOf(state).bins, state!.doubts, replayGap]).toEqual([null, 0, null])
    expect(apply(at(), changeOf('mint', [change(1, [1n, 1n])]), unread).amounts).toBeNull()
  })

  test('bins that are not known any more stay so; the tick is followed', () => {
    const unknown = at({ bins: null }, 8)
    expect(innerOf(endOf(unknown, swap(0n, 9)))).toMatchObject({ activeTick: 9, bins: null })
    expect(apply(unknown, changeOf('mint', [change(1, [5n, 6n])]))).toMatchObject({
      isChanged: false,
      amounts: [5n, 6n],
    })
    expect(apply(unknown, parameters('bin-moved', 1n, 0n, 2n)).isChanged).toBe(false)
  })

  test.each<[string, Event, object, number]>([
    ['a bin that moves', parameters('bin-moved', 2n, -2n, -1n), { 2: { ...bins[1], tick: -1 } }, 0],
    ['one that was elsewhere', parameters('bin-moved', 2n, -5n, -1n), { 2: { ...bins[1], tick: -1 } }, 8],
    [
      'a bin that is merged',
      parameters('bin-merged', 3n, 3n * ONE, 0n, 2n),
      { 2: { ...bins[1], reserveA: 5n * ONE }, 3: undefined },
      0,
    ],
    [
      'one that held something else',
      parameters('bin-merged', 3n, ONE, 0n, 2n),
      { 2: { ...bins[1], reserveA: 3n * ONE }, 3: undefined },
      8,
    ],
    [
      'one that held something else of B',
      parameters('bin-merged', 3n, 3n * ONE, 1n, 2n),
      { 2: { ...bins[1], reserveA: 5n * ONE, reserveB: 1n }, 3: undefined },
      8,
    ],
  ])('%s', (_, event, expected, doubts) => {
    const moved = endOf(at(), event)
    expect(innerOf(moved)).toMatchObject({ bins: inner.bins, moves: [{ id: expect.any(Number) }] })
    // The quotes follow at once, the bins with the next event.
    expect(quality(moved)).toBe(doubts === 0 ? 'exact' : 'approximate')
    const settled = endOf(moved, changeOf('mint', []))
    expect(settled.doubts).toBe(doubts)
    expect(innerOf(settled).moves).toEqual([])
    for (const [id, bin] of Object.entries(expected)) expect(innerOf(settled).bins!.held.get(Number(id))).toEqual(bin)
  })

  test.each<[string, Event]>([
    ['a bin that is not known moves', parameters('bin-moved', 9n, 0n, 1n)],
    ['a bin that is not known is merged', parameters('bin-merged', 9n, 0n, 0n, 1n)],
    ['a bin is merged into one that is not known', parameters('bin-merged', 3n, 3n * ONE, 0n, 9n)],
    ['a bin is merged into itself', parameters('bin-merged', 3n, 3n * ONE, 0n, 3n)],
    ['liquidity is added elsewhere in a bin', changeOf('mint', [change(1, [1n, 1n], { place: { kind: 0, tick: 1 } })])],
    [
      'liquidity is added to a bin of another kind',
      changeOf('mint', [change(1, [1n, 1n], { place: { kind: 2, tick: 0 } })]),
    ],
    ['liquidity is added nowhere', changeOf('mint', [change(1, [1n, 1n], { place: null })])],
    ['no amounts are told', changeOf('mint', [change(1, null)])],
    ['liquidity is removed from a bin that is not known', changeOf('burn', [change(9, [1n, 1n])])],
    ['no amounts are told of a removal', changeOf('burn', [change(1, null)])],
    ['more is removed than a bin holds', changeOf('burn', [change(1, [ONE, 7n * ONE + ONE / 1_000n])])],
    ['more is removed than a bin that has none holds', changeOf('burn', [change(2, [ONE, 3n])])],
  ])('not known any more: %s', (_, event) => {
    const state = endOf(at(), event)
    expect(quality(state)).toBe('unknown')
    expect(innerOf(endOf(state, swap(0n))).bins).toBeNull()
  })

  test('a removal leaves a unit less than is told, and doubts; a bin without shares is gone', () => {
    const state = endOf(at(), changeOf('burn', [change(1, [ONE, 0n]), change(2, [0n, 0n], { isActive: false })]))
    expect(innerOf(state).bins!.held.get(1)).toMatchObject({ reserveA: 4n * ONE - 1n, reserveB: 7n * ONE })
    expect([innerOf(state).bins!.held.has(2), state.doubts]).toEqual([false, 1])
    const emptied = endOf(at(), changeOf('burn', [change(1, [5n * ONE - 1n, 7n * ONE + 2n])]))
    expect(innerOf(emptied).bins!.held.has(1)).toBe(false)
  })

  test('what a merged bin held is removed from its holder, and nothing is added to it', () => {
    const merges = [parameters('bin-merged', 3n, 3n * ONE, 0n, 2n), parameters('bin-merged', 2n, 5n * ONE, 0n, 1n)]
    const state = endOf(at(), ...merges, changeOf('burn', [change(3, [ONE, 0n], { isActive: false })]))
    expect(innerOf(state).bins!.held.get(1)!.reserveA).toBe(9n * ONE - 1n)
    expect(innerOf(state).bins!.merged).toEqual(
      new Map([
        [3, 2],
        [2, 1],
      ]),
    )
    expect(innerOf(endOf(state, changeOf('mint', [change(3, [ONE, 0n])]))).bins).toBeNull()
  })

  test('merges that go round end', () => {
    const merged = new Map([
      [7, 8],
      [8, 7],
    ])
    expect(innerOf(endOf(at({ bins: { held, merged } }), changeOf('burn', [change(7, [1n, 0n])]))).bins).toBeNull()
  })

  test('moves that a swap makes are told before its log or after it', () => {
    const move = parameters('bin-moved', 4n, 1n, 0n)
    const told = endOf(at(), move, swap(0n))
    expect(innerOf(told).bins!.held.get(4)).toMatchObject({ tick: 0 })
    expect([innerOf(told).moves, told.doubts]).toEqual([[], 0])
    const moved = new Map(held).set(4, { ...bins[3]!, tick: 0 })
    const later = maverickV1.quoteIn({ ...amm, bins: moved }, 0, 1, ONE)!
    expect(later.amountOut).not.toBe(quote.amountOut)
    const next = endOf(at(), move, swapOf(0, ONE, later.amountOut, { tickAfter: 0 }))
    expect([innerOf(next).bins!.held, innerOf(next).moves, next.doubts]).toEqual([later.after.bins, [], 0])
  })

  test('the share of the protocol; other parameters and events change nothing', () => {
    expect(innerOf(endOf(at(), parameters('protocol-fee', 250n))).protocolFee).toBe(250n)
    expect(apply(at(), parameters('other', 1n)).isChanged).toBe(false)
    expect(apply(at(), eventOf({ kind: 'fee', fee0: 1n, fee1: 1n })).isChanged).toBe(false)
    expect(apply(at(), eventOf({ kind: 'swap', amount0: 1n, amount1: -1n }))).toMatchObject({ isChanged: false })
  })

  test('too many bins, merges or moves are not followed', () => {
    const added = (count: number) =>
      changeOf(
        'mint',
        Array.from({ length: count }, (_, id) => change(id + 5, [1n, 0n])),
      )
    expect(innerOf(endOf(at(), added(BINS_MAX - 4))).bins!.held.size).toBe(BINS_MAX)
    expect(innerOf(endOf(at(), added(BINS_MAX - 3))).bins).toBeNull()
    const merged = new Map(Array.from({ length: 20_000 }, (_, id) => [id + 10, 1]))
    const merge = parameters('bin-merged', 3n, 3n * ONE, 0n, 2n)
    expect(quality(endOf(at({ bins: { held, merged } }), merge))).toBe('unknown')
    const moves = Array.from({ length: BINS_MAX }, () => ({ id: 2, from: -2, to: -2 }))
    expect(innerOf(endOf(at({ moves }), parameters('bin-moved', 2n, -2n, -2n))).bins).toBeNull()
  })
})

describe('maverickV2Rules', () => {
  const at = (more: Partial<MaverickV2Inner> = {}, doubts = 0) => toStateV2({ ...inner, ...more }, doubts)
  const bin = { kind: 0, tickBalance: 100n * ONE, totalSupply: 100n * ONE }
  const tick = { totalSupply: 100n * ONE }
  const holdings = {
    bins: new Map([
      [1, { ...bin, tick: 0 }],
      [2, { ...bin, tick: -1 }],
    ]),
    ticks: new Map([
      [0, { ...tick, reserveA: 5n * ONE, reserveB: 7n * ONE }],
      [-1, { ...tick, reserveA: 3n * ONE, reserveB: 0n }],
    ]),
  }
  const inner: MaverickV2Inner = {
    ...{ feeA: ONE / 1_000n, feeB: ONE / 500n, protocolFee: 100n, activeTick: 0, holdings },
  }
  const amm = { ...inner, tickSpacing: 10, decimals: [18, 18] as const, ticks: holdings.ticks }
  const apply = (state: PoolState | null, event: Event, decimals: Decimals = known) =>
    applyTo('maverick-v2', state, event, decimals)
  const endOf = (state: PoolState, ...events: Event[]) =>
    events.reduce((before, event) => apply(before, event).state!, state) as InnerState
  const innerOf = (state: PoolState | null) => (state as InnerState).inner as MaverickV2Inner
  const quality = (state: PoolState) => qualityIn('maverick-v2', state)
  const quote = maverickV2.quoteIn(amm, 0, 1, ONE)!
  const swap = (more: bigint, asked: Partial<BinSwap> = {}) =>
    swapOf(0, ONE, quote.amountOut + more, { amount: ONE, tickLimit: 5, ...asked })
  const change = (id: number, shares: bigint, place: BinChange['place'] = null): BinChange => ({
    ...{ id, place, shares, amounts: null, isActive: null },
  })
  const removal = (shares: bigint, ...amounts: bigint[]) => changeOf('burn', [change(1, shares)], amounts)
  const addition = (kind: number, ...amounts: bigint[]) =>
    changeOf('mint', [change(1, 10n * ONE, { kind, tick: 0 })], amounts)

  test('begins with what the creation tells; without it nothing is known', () => {
    const rules = rulesOf('maverick-v2')
    const terms = { activeTick: 5, protocolFee: 1n, feeA: 2n, feeB: 3n }
    const state = rules.begin(poolOf('maverick-v2'), creationOf(terms))!
    expect(state).toMatchObject({ doubts: 2, inner: { ...terms, holdings: { bins: new Map(), ticks: new Map() } } })
    expect(quality(state)).toBe('approximate')
    expect(rules.begin(poolOf('maverick-v2'), creationOf(undefined))).toBeNull()
    expect(apply(null, swap(0n))).toMatchObject({ state: null, isChanged: false, feePips: 777 })
    expect(apply(null, removal(ONE, 0n, 0n))).toMatchObject({ state: null, isChanged: false, feePips: null })
  })

  test.each<[string, Event, bigint | null, number | 'not known']>([
    ['equal', swap(0n), 0n, 2],
    ['two units less', swap(-2n), 2n, 8],
    ['much less', swap(-quote.amountOut / 900_000n), quote.amountOut / 900_000n, 'not known'],
    ['something behind its limit', swap(0n, { tickLimit: -1 }), null, 'not known'],
  ])('a swap that gave %s', (_, event, replayGap, doubts) => {
    const applied = apply(at({}, 3), event)
    expect(applied).toMatchObject({ replayGap, feePips: 1_000, isChanged: true })
    const next = innerOf(applied.state).holdings
    if (doubts === 'not known') expect([next, quality(applied.state!)]).toEqual([null, 'unknown'])
    else expect([next, applied.state!.doubts]).toEqual([{ bins: holdings.bins, ticks: quote.after.ticks }, doubts])
  })

  test('a swap that its limit stops, the other way, with its own fee', () => {
    const { amountIn, amountOut, after: end } = quoteToTick(amm, 1, 900n * ONE, false, -1)!
    const applied = apply(at(), swapOf(1, amountIn, amountOut, { amount: 900n * ONE, tickLimit: -1 }))
    expect(applied).toMatchObject({ replayGap: 0n, feePips: 2_000 })
    expect(innerOf(applied.state)).toMatchObject({ activeTick: end.activeTick, holdings: { ticks: end.ticks } })
  })

  test('a swap with tokens whose decimals are not known; changes are then taken at their word', () => {
    expect(innerOf(apply(at(), swap(0n), unread).state).holdings).toBeNull()
    const { state } = apply(at(), removal(10n * ONE, -1n, -2n), unread)
    expect(state).toMatchObject({ doubts: 0 })
    expect(innerOf(state).holdings!.bins.get(1)!.totalSupply).toBe(90n * ONE)
  })

  test.each<[string, Event, bigint, number]>([
    ['added', addition(0, ONE / 2n, (7n * ONE) / 10n), 110n * ONE, 0],
    ['added, with another rounding', addition(0, ONE / 2n + 1n, (7n * ONE) / 10n), 110n * ONE, 8],
    ['removed', removal(10n * ONE, -ONE / 2n, (-7n * ONE) / 10n), 90n * ONE, 0],
    ['removed, with another rounding', removal(10n * ONE, -ONE / 2n, (-7n * ONE) / 10n + 1n), 90n * ONE, 8],
    ['removed, more than there are', removal(101n * ONE, -5n * ONE, -7n * ONE), 0n, 0],
  ])('shares that are %s', (_, event, totalSupply, doubts) => {
    const state = endOf(at(), event)
    expect([innerOf(state).holdings!.bins.get(1)!.totalSupply, state.doubts]).toEqual([totalSupply, doubts])
  })

  test.each<[string, Event]>([
    ['shares cost something else', addition(0, ONE / 2n, ONE)],
    ['shares were worth something else', removal(10n * ONE, -ONE / 2n, 0n)],
    ['more shares are removed than were given out', removal(101n * ONE, -6n * ONE, -7n * ONE)],
    ['shares are added to a bin of another kind', addition(1, ONE / 2n, (7n * ONE) / 10n)],
    ['shares are added nowhere', changeOf('mint', [change(1, ONE)], [1n, 1n])],
    ['shares are removed from a bin that is not known', changeOf('burn', [change(9, ONE)], [0n, 0n])],
    ['no bins are told', eventOf({ kind: 'mint', amount0: 1n, amount1: 1n })],
  ])('not known any more: %s', (_, event) => {
    const state = endOf(at(), event)
    expect([innerOf(state).holdings, quality(state)]).toEqual([null, 'unknown'])
    expect(apply(state, addition(0, 1n, 1n)).isChanged).toBe(false)
    expect(apply(state, swap(0n))).toMatchObject({ isChanged: false, replayGap: null, feePips: 1_000 })
  })

  test('a pool with bins that move with the price is approximate, until a swap shows that they have moved', () => {
    const moving = (kind: number, tickBalance: bigint) => {
      const bins = new Map(holdings.bins).set(3, { kind, tick: 4, tickBalance, totalSupply: ONE })
      return at({ holdings: { ...holdings, bins } })
    }
    expect([moving(0, ONE), moving(1, 0n), moving(1, ONE), moving(3, ONE)].map(quality)).toEqual([
      ...['exact', 'exact', 'approximate', 'approximate'],
    ])
    expect(endOf(moving(1, ONE), swap(0n)).doubts).toBe(0)
    expect(quality(endOf(moving(1, ONE), swap(-ONE / 100n)))).toBe('unknown')
  })

  test('fees of both directions, and the share of the protocol; a bin that is migrated stays', () => {
    const state = endOf(at(), eventOf({ kind: 'fee', fee0: 5n, fee1: 6n }), parameters('protocol-fee', 250n))
    expect(state).toEqual(at({ feeA: 5n, feeB: 6n, protocolFee: 250n }))
    expect(apply(at(), parameters('bins-migrated', 1n, 1n, 0n)).isChanged).toBe(false)
    expect(apply(at(), eventOf({ kind: 'swap', amount0: 1n, amount1: -1n })).isChanged).toBe(false)
  })

  test('more bins than are followed', () => {
    const added = (count: number) => {
      const places = Array.from({ length: count }, (_, id) => change(id + 3, ONE, { kind: 0, tick: id + 1 }))
      return apply(at(), changeOf('mint', places, [0n, 0n]), unread).state
    }
    expect(innerOf(added(BINS_MAX - 2)).holdings!.bins.size).toBe(BINS_MAX)
    expect(innerOf(added(BINS_MAX - 1)).holdings).toBeNull()
    const removals = (count: number) => changeOf('burn', Array(count).fill(change(1, 0n)), [0n, 0n])
    expect([BINS_MAX, BINS_MAX + 1].map((count) => innerOf(endOf(at(), removals(count))).holdings)).toEqual([
      ...[holdings, null],
    ])
  })
})
