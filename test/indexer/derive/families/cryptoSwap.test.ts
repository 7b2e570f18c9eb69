import { describe, expect, test } from 'vitest'
import { type CryptoSwapState, cryptoSwap } from '../../../../indexer/derive/amm/cryptoSwap.ts'
import { type CryptoSwapInner, toCryptoSwapState } from '../../../../indexer/derive/families/cryptoSwap.ts'
import { rulesOf } from '../../../../indexer/derive/families/index.ts'
import { qualityOf } from '../../../../indexer/derive/replay.ts'
import type { PoolCreated, PoolEvent } from '../../../../indexer/types/event.ts'
import type { InnerState, Pool } from '../../../../indexer/types/pool.ts'
import { address } from '../../../support/logs.ts'

const NOW = 1_700_000_000
const WAD = 10n ** 18n
const [A, B] = [address(2), address(3)]
const inner: CryptoSwapInner = {
  ...{ balances: [10n ** 12n, 500n * WAD], priceScale: 2_000n * WAD },
  ...{ midFee: 26_000_000n, outFee: 45_000_000n, feeGamma: 230n * 10n ** 12n },
  ramp: {
    ...{ initialA: 400_000n, futureA: 400_000n, initialGamma: 145n * 10n ** 12n, futureGamma: 145n * 10n ** 12n },
    ...{ initialTime: 0n, futureTime: 0n },
  },
}
const amm: CryptoSwapState = {
  ...{ balances: [10n ** 12n, 500n * WAD], precisions: [10n ** 12n, 1n], priceScale: 2_000n * WAD, d: null },
  ...{ amp: 400_000n, gamma: 145n * 10n ** 12n, midFee: 26_000_000n, outFee: 45_000_000n, feeGamma: 230n * 10n ** 12n },
}
const pool = { family: 'curve-crypto', address: address(1), tokens: [A, B], feePips: null } as unknown as Pool
const decimals = (token: string): number | null => (token === A ? 6 : 18)
const rules = rulesOf('curve-crypto')

type Event = Exclude<PoolEvent, PoolCreated>
const eventOf = (event: object) => ({ logIndex: 0, transactionIndex: 0, ...event }) as unknown as Event
const apply = (event: Event, state: InnerState | null, trade: object | null = null, known = decimals) =>
  rules.apply(pool, state, event, { timestamp: NOW, decimals: known, before: null, trade: trade as never })
const swap = eventOf({ kind: 'swap', fee: null })
const quote = cryptoSwap.quoteIn(amm, 0, 1, 10n ** 9n)!
const trade = { tokenIn: 0, tokenOut: 1, amountIn: 10n ** 9n, amountOut: quote.amountOut }

describe('swaps', () => {
  test('one that the curve gives: no gap, and the balances after it', () => {
    expect(apply(swap, toCryptoSwapState(inner, 2), trade)).toMatchObject({
      ...{ replayGap: 0n, feePips: null },
      state: { doubts: 1, inner: { balances: quote.after.balances, priceScale: inner.priceScale } },
    })
  })

  test('fee and price scale that the log tells', () => {
    const told = eventOf({ kind: 'swap', fee: 30_000_000n, priceScale: 7n })
    expect(apply(told, toCryptoSwapState(inner), trade)).toMatchObject({
      ...{ feePips: 3_000, state: { inner: { priceScale: 7n } } },
    })
  })

  test.each<[string, InnerState | null, object | null, object]>([
    [
      'less than the curve gives',
      toCryptoSwapState(inner),
      { ...trade, amountOut: quote.amountOut - 7n },
      { replayGap: 7n, state: { doubts: 8 } },
    ],
    [
      'more than there is',
      toCryptoSwapState(inner),
      { ...trade, amountOut: 501n * WAD },
      { state: { doubts: 8, inner: { balances: [10n ** 12n + 10n ** 9n, 0n] } } },
    ],
    ['no trade', toCryptoSwapState(inner), null, { replayGap: null, state: { doubts: 8 } }],
    [
      'a coin that is not known',
      toCryptoSwapState(inner),
      { ...trade, tokenOut: 2 },
      { replayGap: null, state: { doubts: 8 } },
    ],
    ['no state', null, trade, { replayGap: null, isChanged: false, state: null }],
  ])('%s', (_, state, given, expected) => {
    expect(apply(swap, state, given)).toMatchObject(expected)
  })

  test('without decimals the balances go on, and nothing is quoted', () => {
    const { state, replayGap } = apply(swap, toCryptoSwapState(inner), trade, () => null)
    expect([replayGap, state?.doubts, (state as InnerState).inner.balances]).toEqual([null, 0, quote.after.balances])
    expect(rules.curve(pool, toCryptoSwapState(inner), () => null, NOW)).toBeNull()
  })
})

const parameters = (name: string, values: bigint[]) => eventOf({ kind: 'parameters', name, values })
const change = (changes: [number, bigint][], coins: object = {}) =>
  eventOf({ kind: 'mint', changes: changes.map(([token, amount]) => ({ token, amount })), coins })

test.each<[string, Event, Partial<CryptoSwapInner>, number]>([
  [
    'liquidity',
    change([
      [0, 5n],
      [1, -6n],
    ]),
    { balances: [10n ** 12n + 5n, 500n * WAD - 6n] },
    0,
  ],
  [
    'with a price scale',
    change([[0, 5n]], { priceScale: 9n }),
    { balances: [10n ** 12n + 5n, 500n * WAD], priceScale: 9n },
    0,
  ],
  ['of a coin that is not known', change([[2, 5n]]), {}, 8],
  ['more than there is', change([[0, -(10n ** 13n)]]), { balances: [0n, 500n * WAD] }, 8],
  ['fees', parameters('fees', [1n, 2n, 3n, 4n, 5n, 6n]), { midFee: 1n, outFee: 2n, feeGamma: 3n }, 0],
  [
    'fees with a share',
    parameters('admin-fee-and-fees', [1n, 2n, 3n, 4n, 5n, 6n, 7n]),
    { midFee: 2n, outFee: 3n, feeGamma: 4n },
    0,
  ],
  [
    'as many words without a share',
    parameters('admin-fee-and-fees', [1n, 2n, 3n * 10n ** 14n, 4n, 5n, 6n, 7n]),
    { midFee: 1n, outFee: 2n, feeGamma: 3n * 10n ** 14n },
    0,
  ],
  [
    'a ramp',
    parameters('ramp', [1n, 2n, 3n, 4n, 5n, 6n]),
    { ramp: { initialA: 1n, futureA: 2n, initialGamma: 3n, futureGamma: 4n, initialTime: 5n, futureTime: 6n } },
    0,
  ],
  [
    'its stop',
    parameters('stop-ramp', [1n, 2n, 3n]),
    { ramp: { initialA: 1n, futureA: 1n, initialGamma: 2n, futureGamma: 2n, initialTime: 3n, futureTime: 3n } },
    0,
  ],
  [
    'fees paid out to the protocol',
    parameters('admin-fees', [5n, 6n]),
    { balances: [10n ** 12n - 5n, 500n * WAD - 6n] },
    0,
  ],
  ['another', parameters('other', [1n]), {}, 0],
])('%s', (_, event, expected, doubts) => {
  expect(apply(event, toCryptoSwapState(inner)).state).toEqual(toCryptoSwapState({ ...inner, ...expected }, doubts))
})

test('amplification and gamma are those of the moment', () => {
  const ramp = {
    ...inner.ramp,
    futureA: 800_000n,
    futureGamma: 290n * 10n ** 12n,
    initialTime: BigInt(NOW),
    futureTime: BigInt(NOW + 100),
  }
  const curve = rules.curve(pool, toCryptoSwapState({ ...inner, ramp }), decimals, NOW + 50)!
  expect(curve.state).toMatchObject({ amp: 600_000n, gamma: 2_175n * 10n ** 11n })
})

test('the quality is approximate', () => {
  const state = toCryptoSwapState(inner)
  expect(qualityOf(rules.curve(pool, state, decimals, NOW), state)).toBe('approximate')
})
