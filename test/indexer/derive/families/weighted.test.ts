import { describe, expect, test } from 'vitest'
import { type WeightedState, weighted } from '../../../../indexer/derive/amm/weighted.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { toWeightedState, type WeightedInner } from '../../../../indexer/derive/families/weighted.ts'
import { qualityOf } from '../../../../indexer/derive/replay.ts'
import type { PoolCreated, PoolEvent } from '../../../../indexer/types/event.ts'
import type { InnerState, Pool } from '../../../../indexer/types/pool.ts'
import { address } from '../../../support/logs.ts'

const [A, B, C] = [address(2), address(3), address(4)] as const
const WAD = 10n ** 18n
const inner: WeightedInner = {
  ...{ balances: [10n ** 12n, 4n * 10n ** 20n, 10n ** 21n], weights: [WAD / 2n, WAD / 4n, WAD / 4n] },
  ...{ swapFee: 3n * 10n ** 15n, isPlain: true },
}
const pool = { family: 'balancer-v2', address: address(1), tokens: [A, B, C], feePips: 3_000 } as unknown as Pool
const decimals = (token: string): number | null => (token === A ? 6 : 18)
const amm: WeightedState = { ...inner, scalingFactors: [10n ** 30n, WAD, WAD] }
const rules = rulesOf('balancer-v2')

type Event = Exclude<PoolEvent, PoolCreated>
const eventOf = (event: object) => ({ logIndex: 0, transactionIndex: 0, ...event }) as unknown as Event
const apply = (event: Event, state: InnerState | null, trade: object | null = null, known = decimals) =>
  rules.apply(pool, state, event, { timestamp: 1, decimals: known, before: null, trade: trade as never })
const change = (changes: [unknown, bigint][], fees: bigint[] | null = null) =>
  eventOf({
    kind: 'mint',
    changes: changes.map(([token, amount]) => ({ token, amount })),
    coins: { fees, supply: null, one: null },
  })

describe('swaps', () => {
  const quote = weighted.quoteIn(amm, 0, 2, 10n ** 9n)!
  const trade = { tokenIn: 0, tokenOut: 2, amountIn: 10n ** 9n, amountOut: quote.amountOut }
  const swap = eventOf({ kind: 'swap' })

  test.each<[string, InnerState | null, object | null, object]>([
    [
      'one that the curve gives',
      toWeightedState(inner, 1),
      trade,
      { replayGap: 0n, feePips: 3_000, state: { doubts: 0, inner: { balances: quote.after.balances } } },
    ],
    [
      'an exact output',
      toWeightedState(inner, 1),
      { ...trade, amountOut: 10n ** 18n, amountIn: weighted.quoteOut(amm, 0, 2, 10n ** 18n)!.amountIn },
      { replayGap: 0n, state: { doubts: 0 } },
    ],
    [
      'one that gives less',
      toWeightedState(inner),
      { ...trade, amountOut: trade.amountOut - 7n },
      { replayGap: 7n, state: { doubts: 8 } },
    ],
    [
      'one of more than the curve allows',
      toWeightedState(inner),
      { ...trade, amountIn: 10n ** 12n },
      {
        replayGap: null,
        state: { doubts: 8, inner: { balances: [2n * 10n ** 12n, 4n * 10n ** 20n, 10n ** 21n - trade.amountOut] } },
      },
    ],
    ['no trade', toWeightedState(inner), null, { replayGap: null, state: { doubts: 8 } }],
    ['no state', null, trade, { replayGap: null, isChanged: false, feePips: 3_000 }],
  ])('%s', (_, state, given, expected) => {
    expect(apply(swap, state, given)).toMatchObject(expected)
  })

  test.each([
    ['unknown', () => null],
    ['more than 18', () => 24],
  ])('decimals that are %s: balances go on, nothing is quoted', (_, known) => {
    const { state, replayGap } = apply(swap, toWeightedState(inner), trade, known as typeof decimals)
    expect([replayGap, state?.doubts, (state as InnerState).inner.balances]).toEqual([null, 0, quote.after.balances])
    expect(rules.curve(pool, toWeightedState(inner), known, 1)).toBeNull()
  })
})

test.each<[string, Event, Partial<WeightedInner>, number]>([
  [
    'what the protocol takes leaves with the change',
    change(
      [
        [A, 5n],
        [B, -6n],
        [C, 0n],
      ],
      [1n, 2n, 3n],
    ),
    { balances: [10n ** 12n + 4n, 4n * 10n ** 20n - 8n, 10n ** 21n - 3n] },
    0,
  ],
  ['a token that is none of the pool', change([[address(9), 5n]]), {}, 8],
  ['more taken than there is', change([[A, -(10n ** 13n)]]), { balances: [0n, 4n * 10n ** 20n, 10n ** 21n] }, 8],
  ['a fee', eventOf({ kind: 'fee', fee0: 9n, fee1: 9n }), { swapFee: 9n }, 0],
])('%s', (_, event, expected, doubts) => {
  const { state } = apply(event, toWeightedState(inner))
  expect(state).toEqual(toWeightedState({ ...inner, ...expected }, doubts))
})

test.each([
  ['exact', inner, 'exact'],
  ['approximate where weights move', { ...inner, isPlain: false }, 'approximate'],
] as const)('the quality is %s', (_, known, quality) => {
  const state = toWeightedState(known)
  expect(qualityOf(rules.curve(pool, state, decimals, 1), state)).toBe(quality)
})
