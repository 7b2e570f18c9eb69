import type { MevBand, MevKind } from '../types/mev.ts'

/** Names the weights and thresholds below; another table has another version. */
export const RULE_VERSION = '2'

/** From which confidence on a bundle counts as likely, and as good as known. */
export const PROBABLE = 0.55
export const CONFIRMED = 0.8

/** From which confidence on a bundle has a band. */
export const BANDS: readonly (readonly [MevBand, number])[] = [
  ['confirmed', CONFIRMED],
  ['probable', PROBABLE],
  ['candidate', 0],
]

/** What every finding begins with. */
const BASE = 0.3

const IDENTITY = { 'identity-same-sender': 0.25, 'identity-same-holder': 0.22, 'identity-same-contract': 0.08 }
const DISTANCE = { adjacent: 0.15, 'same-block': 0.1, 'next-block': 0.05, 'blocks-apart': 0 }
const NET = { 'net-positive': 0.15, 'net-negative': -0.1 }

/** What each fact adds to the confidence of a kind; a fact that is not named adds nothing. */
export const WEIGHTS: Readonly<Record<MevKind, Readonly<Record<string, number>>>> = {
  SANDWICH: {
    ...{ ...IDENTITY, ...DISTANCE, ...NET },
    ...{ 'closes-exactly': 0.15, closes: 0.08, 'closes-nearly': 0.03, imbalanced: -0.1 },
    ...{ 'losses-exact': 0.1, 'losses-unknown': -0.05, 'victim-seen-on-l1': 0.05 },
    // Whoever attacks takes what the limit of a victim leaves; whoever is only lucky has no part in it.
    ...{ 'limit-reached': 0.15, 'limit-neared': 0, 'limit-spared': -0.2, 'limit-unknown-apart': -0.2 },
    ...{ 'gross-negative': -0.35, 'idle-trips': -0.25, 'own-contract': 0.05, 'public-router': -0.1 },
    ...{ 'record-of-gains': 0.05, 'has-lost': -0.1, 'record-of-losses': -0.35 },
    'trades-otherwise': -0.15,
    // Front and victim on the same way over several pools meet less often by chance.
    'multi-pool': 0.1,
  },
  ATOMIC_ARBITRAGE: { 'closed-cycle': 0.45, 'own-contract': 0.15, 'called-by-account': 0.05, ...NET },
  BACKRUN: { 'closed-cycle': 0.45, 'own-contract': 0.1, trigger: 0, 'trigger-exact': 0.05, ...NET },
  JIT_LIQUIDITY: { ...IDENTITY, ...DISTANCE, 'same-position': 0.2, 'gross-negative': -0.1 },
  LIQUIDATION: { 'liquidation-event': 0.65 },
  FRONTRUN: { ...IDENTITY, ...DISTANCE, 'losses-exact': 0.1, 'gross-negative': -0.35 },
  PROBE: { reverted: 0.4, 'no-trade': -0.1, 'known-searcher': 0.25 },
}

/** No more confidence than this with such a fact, whatever else speaks for it. */
const CAPS: Readonly<Record<string, number>> = {
  // Who loses by it has attacked nobody, or failed.
  'gross-negative': 0.54,
  // Without a back the intent cannot be shown.
  'no-back': 0.6,
  // Several senders over one contract may be the users of a router that nobody knows.
  'identity-same-contract': 0.7,
  // A victim that kept most of what it allowed was hardly the aim of it.
  'limit-spared': 0.74,
  // Somebody who trades both ways anyway is sometimes lucky.
  'record-of-losses': 0.54,
  'trades-otherwise': 0.74,
}

/** The confidence of a finding, in hundredths, with its parts by fact. */
export function score(kind: MevKind, facts: readonly string[]): { confidence: number; parts: Record<string, number> } {
  const parts: Record<string, number> = { base: BASE }
  for (const fact of facts) {
    const weight = WEIGHTS[kind][fact]
    if (weight !== undefined && weight !== 0) parts[fact] = weight
  }
  const sum = Object.values(parts).reduce((total, part) => total + part, 0)
  const cap = Math.min(1, ...facts.map((fact) => CAPS[fact] ?? 1))
  return { confidence: Math.round(Math.min(cap, Math.max(0, sum)) * 100) / 100, parts }
}

/** The band of a confidence. */
export function bandOf(confidence: number): MevBand {
  return BANDS.find(([, from]) => confidence >= from)![0]
}
