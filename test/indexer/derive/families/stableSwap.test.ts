import { describe, expect, test } from 'vitest'
import { removeOneCoin, type StableSwapState, stableSwap } from '../../../../indexer/derive/amm/stableSwap.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { type StableSwapInner, toStableSwapState } from '../../../../indexer/derive/families/stableSwap.ts'
import { qualityOf } from '../../../../indexer/derive/replay.ts'
import { encodeInner, toPoolState } from '../../../../indexer/derive/stored.ts'
import type { CoinsTerms, LiquidityEvent, PoolCreated, PoolEvent } from '../../../../indexer/types/event.ts'
import type { InnerState, Pool } from '../../../../indexer/types/pool.ts'
import { address } from '../../../support/logs.ts'

const NOW = 1_700_000_000
const inner: StableSwapInner = {
  ...{
    variant: 'legacy',
    balances: [10n ** 12n, 2n * 10n ** 24n],
    rates: [10n ** 30n, 10n ** 18n],
    ampPrecision: 100n,
  },
  ...{ fee: 4_000_000n, adminFee: 5_000_000_000n, offpegFeeMultiplier: null, supply: 3n * 10n ** 24n, isPlain: true },
  ramp: { initialA: 20_000n, futureA: 20_000n, initialTime: 0n, futureTime: 0n },
}
const { ramp: _, supply: __, isPlain: ___, ...terms } = inner
const amm: StableSwapState = { ...terms, amp: 20_000n }
const pool = { family: 'curve-stable', address: address(1), tokens: [address(2), address(3)], feePips: 400 } as Pool
const rules = rulesOf('curve-stable')

type Event = Exclude<PoolEvent, PoolCreated>
const place = { families: [], pool: address(1), emitter: address(1), logIndex: 0, transactionIndex: 0 } as const
const eventOf = (event: object) => ({ ...place, transactionHash: '0x', ...event }) as unknown as Event
const apply = (event: Event, state: InnerState | null, trade: object | null = null, timestamp = NOW) =>
  rules.apply(pool, state, event, { timestamp, decimals: () => null, before: null, trade: trade as never })
const innerAfter = (event: Event, state = toStableSwapState(inner)) =>
  (apply(event, state).state as InnerState).inner as StableSwapInner

const swap = eventOf({ kind: 'swap' })
const change = (amounts: readonly bigint[] | null, coins: Partial<CoinsTerms>) =>
  eventOf({
    kind: 'burn',
    changes: amounts?.map((amount, token) => ({ token, amount })) ?? null,
    coins: { fees: null, supply: null, one: null, ...coins },
  } satisfies Partial<LiquidityEvent>)
const parameters = (name: string, values: bigint[]) => eventOf({ kind: 'parameters', name, values })

describe('swaps', () => {
  const quote = stableSwap.quoteIn(amm, 0, 1, 10n ** 9n)!
  const trade = { tokenIn: 0, tokenOut: 1, amountIn: 10n ** 9n, amountOut: quote.amountOut }

  test('one that the curve gives: no gap, the balances after it, the fee', () => {
    const { state, replayGap, feePips } = apply(swap, toStableSwapState(inner, 3), trade)
    expect([replayGap, feePips, state?.doubts]).toEqual([0n, 400, 2])
    expect((state as InnerState).inner.balances).toEqual(quote.after.balances)
  })

  test('one that gives a unit less: the gap, doubts, and what the log says moved', () => {
    const { state, replayGap } = apply(swap, toStableSwapState(inner), { ...trade, amountOut: trade.amountOut - 1n })
    expect([replayGap, state?.doubts]).toEqual([1n, 8])
    const [first, second] = (state as InnerState).inner.balances as bigint[]
    expect(first).toBe(inner.balances[0]! + 10n ** 9n)
    const taken = inner.balances[1]! - second! - (trade.amountOut - 1n)
    // Half of a fee of 4 bps.
    expect(Number(taken) / Number(quote.amountOut)).toBeCloseTo(0.0002, 6)
  })

  test('one that takes more than there is leaves nothing, and doubts', () => {
    const { state } = apply(swap, toStableSwapState(inner), { ...trade, amountOut: 10n ** 25n })
    expect([(state as InnerState).inner.balances, state?.doubts]).toEqual([[10n ** 12n + 10n ** 9n, 0n], 8])
  })

  test.each([
    ['without a trade', null],
    ['of a coin that is not known', { ...trade, tokenOut: 2 }],
  ])('one %s: doubts', (_, given) => {
    expect(apply(swap, toStableSwapState(inner), given)).toMatchObject({ replayGap: null, state: { doubts: 8 } })
  })

  test('before a state is known: the fee of the pool, nothing else', () => {
    expect(apply(swap, null, trade)).toMatchObject({ state: null, isChanged: false, feePips: 400 })
  })

  test('of a pool whose fee rises off the peg: no fee is told', () => {
    const rising: StableSwapInner = { ...inner, variant: 'ng', offpegFeeMultiplier: 5n * 10n ** 10n }
    expect(apply(swap, toStableSwapState(rising), trade).feePips).toBeNull()
  })
})

describe('liquidity', () => {
  test('is added with fees, half of which leaves', () => {
    const event = change([5n, 9n], { fees: [2n, 4n], supply: 77n })
    expect(innerAfter(event)).toEqual({
      ...inner,
      balances: [10n ** 12n + 4n, 2n * 10n ** 24n + 7n],
      supply: 77n,
    })
  })

  test('of fewer coins than the pool has: doubts', () => {
    expect(apply(change([5n], {}), toStableSwapState(inner)).state?.doubts).toBe(8)
  })

  const burned = 10n ** 22n
  const removal = removeOneCoin(amm, 1, burned, inner.supply!)!
  test.each<[string, Partial<StableSwapInner>, number | null, bigint | null, boolean]>([
    ['named, with the supply after it', {}, 1, inner.supply! - burned, true],
    ['named, the supply known before', {}, 1, null, true],
    ['not named', {}, null, null, true],
    ['named, the supply not known', { supply: null }, 1, null, false],
    ['not named, the supply not known', { supply: null }, null, null, false],
  ])('is burned for one coin: %s', (_, known, position, supply, isExact) => {
    const event = change(null, { supply, one: { burned, position, amount: removal.amountOut } })
    const state = apply(event, toStableSwapState({ ...inner, ...known })).state as InnerState
    expect(state.doubts).toBe(isExact ? 0 : 8)
    if (isExact) expect(state.inner).toMatchObject({ balances: removal.after.balances, supply: inner.supply! - burned })
    else if (position === null) expect(state.inner.balances).toEqual(inner.balances)
    else expect(state.inner.balances).toEqual([inner.balances[0], inner.balances[1]! - removal.amountOut])
  })

  test('is burned for an amount that the curve does not give: doubts', () => {
    const one = { burned, position: 1, amount: removal.amountOut + 1n }
    expect(apply(change(null, { one }), toStableSwapState(inner)).state?.doubts).toBe(8)
  })
})

describe('parameters', () => {
  test.each<[string, Event, Partial<StableSwapInner>]>([
    [
      'a ramp',
      parameters('ramp', [1n, 2n, 3n, 4n]),
      { ramp: { initialA: 1n, futureA: 2n, initialTime: 3n, futureTime: 4n } },
    ],
    [
      'its stop',
      parameters('stop-ramp', [5n, 6n]),
      { ramp: { initialA: 5n, futureA: 5n, initialTime: 6n, futureTime: 6n } },
    ],
    ['fee and multiplier', parameters('fee-and-multiplier', [7n, 8n]), { fee: 7n, offpegFeeMultiplier: 8n }],
    ['a fee', eventOf({ kind: 'fee', fee0: 9n, fee1: 9n }), { fee: 9n }],
    ['a fee and its share', eventOf({ kind: 'fee', fee0: 9n, fee1: 9n, adminFee: 4n }), { fee: 9n, adminFee: 4n }],
    ['another', parameters('other', [7n]), {}],
  ])('%s', (_, event, expected) => {
    expect(innerAfter(event)).toEqual({ ...inner, ...expected })
  })

  test('the amplification is the one of the moment', () => {
    const ramp = { initialA: 10_000n, futureA: 30_000n, initialTime: BigInt(NOW), futureTime: BigInt(NOW + 100) }
    const state = toStableSwapState({ ...inner, ramp })
    const quotes = [0, 50].map((passed) =>
      rules.curve(pool, state, () => null, NOW + passed)!.quoteIn(0, 1, 10n ** 11n),
    )
    expect(quotes[1]!.amountOut).toBe(stableSwap.quoteIn(amm, 0, 1, 10n ** 11n)!.amountOut)
    // The scarcer coin is worth more where the curve is less flat.
    expect(quotes[0]!.amountOut).toBeGreaterThan(quotes[1]!.amountOut)
  })
})

test.each([
  ['exact', inner, 'exact'],
  ['approximate where rates move without a log', { ...inner, isPlain: false }, 'approximate'],
] as const)('the quality is %s', (_, known, quality) => {
  const state = toStableSwapState(known)
  expect(
    qualityOf(
      rules.curve(pool, state, () => null, NOW),
      state,
    ),
  ).toBe(quality)
})

test('the state comes back from the store as it was', () => {
  const row = { innerState: JSON.parse(encodeInner(inner)), sqrtPriceX96: null, reserve0: null, doubts: 3, fee0: null }
  expect(toPoolState(row, null)).toEqual(toStableSwapState(inner, 3))
})
