import { describe, expect, test } from 'vitest'
import { listCycles } from '../../../indexer/detect/arbitrage.ts'
import { listAmounts } from '../../../indexer/detect/flows.ts'
import { detectJit } from '../../../indexer/detect/jit.ts'
import { detectSandwiches } from '../../../indexer/detect/sandwich.ts'
import type { EvidenceValue, MevFinding } from '../../../indexer/types/mev.ts'
import { type DecodedCase, hasDecodedCases, readDecodedCases, toWindow } from './decodedCases.ts'

type Amount = { asset: { address: string }; amount: string }
type InTransaction = { transaction: { hash: string } }

const casesOf = (file: string) => (hasDecodedCases ? readDecodedCases(file) : [])
const callsOf = (cases: readonly DecodedCase[]) =>
  cases.flatMap(({ name, calls, expects }) =>
    calls.map(({ args }, call) => {
      const { actual, toEqual } = expects.find((each) => each.actual.result_of_call === call)!
      return { title: `${name} (${call + 1} of ${calls.length})`, args: args as never[], path: actual.path, toEqual }
    }),
  )

const amountsOf = (amounts: readonly Amount[]) =>
  amounts
    .map(({ asset, amount }) => ({ token: asset.address, amount: BigInt(amount) }))
    .sort((a, b) => (a.token < b.token ? -1 : 1))

const hashesOf = ({ legs }: MevFinding, role: string) => [
  ...new Set(legs.filter((leg) => leg.role === role).map(({ transactionHash }) => transactionHash)),
]

/** Their profit is that of the part that front and back have in common, in fixed point of 18 digits. */
const ROUNDING = 1n

describe.runIf(hasDecodedCases)('sandwiches (skipped without ../shared)', () => {
  type Sandwich = { frontSwap: InTransaction; backSwap: InTransaction; sandwiched: InTransaction[]; profit: Amount }

  test.each(callsOf(casesOf('sandwiches')))('$title', ({ args, path, toEqual }) => {
    const [, swaps, deposits, withdrawals] = args
    const { window, context } = toWindow(swaps!, deposits, withdrawals)
    const found = detectSandwiches(window, context)
    if (path.includes('sandwiched')) expect(found[0]!.victims).toHaveLength(toEqual as number)
    else if (path.includes('length')) expect(found).toHaveLength(toEqual as number)
    else {
      const expected = toEqual as Sandwich[]
      expect(found).toHaveLength(expected.length)
      for (const [index, { frontSwap, backSwap, profit, sandwiched }] of expected.entries()) {
        const sandwich = found[index]!
        expect(hashesOf(sandwich, 'FRONT')).toEqual([frontSwap.transaction.hash])
        expect(hashesOf(sandwich, 'BACK')).toEqual([backSwap.transaction.hash])
        expect(sandwich.victims).toHaveLength(sandwiched.length)
        const { proRataProfit, profitAsset } = sandwich.evidence as Record<string, EvidenceValue>
        expect(profitAsset).toBe(profit.asset.address)
        const difference = (proRataProfit as bigint) - BigInt(profit.amount)
        expect(difference >= -ROUNDING && difference <= ROUNDING).toBe(true)
      }
    }
  })
})

describe.runIf(hasDecodedCases)('arbitrages', () => {
  test.each(callsOf(casesOf('arbitrage')))('$title', ({ args, toEqual }) => {
    const { window, context } = toWindow(args[0]!)
    const cycles = window.transactions.flatMap((each) => listCycles(each, context))
    expect(cycles.map(({ gains }) => listAmounts(gains))).toEqual(
      (toEqual as { profit: Amount }[]).map(({ profit }) => amountsOf([profit])),
    )
  })
})

describe.runIf(hasDecodedCases)('liquidity around swaps', () => {
  test.each(callsOf(casesOf('jitSandwiches')))('$title', ({ args, toEqual }) => {
    const [swaps, deposits, withdrawals] = args
    const { window, context } = toWindow(swaps!, deposits, withdrawals)
    const found = detectJit(window, context)
    expect(found.map(({ profits }) => profits)).toEqual(
      (toEqual as { deltas: Amount[] }[]).map(({ deltas }) => amountsOf(deltas)),
    )
  })
})
