import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { coveragePath, renderCoverage } from '../../contracts/coverage.ts'
import {
  EVENT_GROUPS,
  type EventGroup,
  FAMILIES,
  FAMILY_FACTS,
  LENDING_FACTS,
  toFeePips,
} from '../../contracts/families.ts'
import { familiesOf, knownTopics } from '../../indexer/decode/index.ts'
import { rulesOf } from '../../indexer/derive/families/index.ts'
import { untracked } from '../../indexer/derive/families/untracked.ts'
import type { ChainEvent } from '../../indexer/types/event.ts'
import { probeEvent, readEventTexts } from '../support/eventProbes.ts'

const GROUP_OF: Readonly<Record<ChainEvent['kind'], EventGroup>> = {
  ...{ 'pool-created': 'creation', swap: 'swap', reserves: 'state', initialize: 'state', mint: 'liquidity' },
  ...{ burn: 'liquidity', collect: 'liquidity', fee: 'fee', parameters: 'parameters', liquidation: 'liquidation' },
}

describe('docs/coverage.md', () => {
  test('is up to date (else: npm run coverage)', () => {
    expect(readFileSync(coveragePath, 'utf8')).toBe(renderCoverage())
  })

  test('names the families that have decoders, and no others', () => {
    const decoded = new Set(knownTopics.flatMap((topic) => familiesOf(topic)))
    expect([...decoded].sort()).toEqual([...new Set([...FAMILIES, ...Object.keys(LENDING_FACTS)])].sort())
  })
})

describe('the facts of each family', () => {
  const events = readEventTexts().flatMap(probeEvent)

  test.each(FAMILIES)('%s: its events are those that are decoded', (family) => {
    const ofFamily = events.filter(
      ({ kind, families }) => kind !== 'liquidation' && (families as readonly string[]).includes(family),
    )
    const groups = new Set(ofFamily.map(({ kind }) => GROUP_OF[kind]))
    expect(FAMILY_FACTS[family].events).toEqual(EVENT_GROUPS.filter((group) => groups.has(group)))
  })

  test.each(FAMILIES)('%s: it has a state exactly when there are rules for one', (family) => {
    const { state, quote } = FAMILY_FACTS[family]
    expect(state === 'none').toBe(rulesOf(family) === untracked)
    // Where the reserves are told and the curve is not, there is a state without a quote.
    if (state === 'none') expect(quote).toBe('unknown')
    if (quote !== 'unknown') expect(state).not.toBe('none')
  })
})

describe('toFeePips', () => {
  test.each([
    ['uniswap-v3', 500n, 500],
    ['kyber-elastic', 40n, 400],
    ['mute', 30n, 3000],
    ['syncswap-stable', 40n, 400],
    ['curve-stable', 4_000_000n, 400],
    ['balancer-v2', 3n * 10n ** 15n, 3000],
    ['velocore-v2', 10n ** 15n, 10_000],
    ['uniswap-v3', 1_000_001n, null],
    ['uniswap-v3', -1n, null],
    ['uniswap-v2', 3n, null],
    ['mute', null, null],
  ] as const)('%s: %s', (family, fee, pips) => {
    expect(toFeePips(family, fee)).toBe(pips)
  })
})
