import type { Ordering } from '../../../contracts/chains/profile.ts'
import type { Random } from '../../random.ts'
import type { Spread } from '../schedule.ts'

/** How an attack is laid out. */
export type Scheme = {
  /** Roles in order: F a front, V a victim, B a back. */
  legs: string
  spread: Spread
  /** Variants that are planned. */
  variants: readonly string[]
  /** The attacker sells what is traded first, and buys it back. */
  isSellFirst: boolean
  /** Two accounts over one contract. */
  isSplit: boolean
  /** Pools on the way of front, victims and back. */
  hops: 1 | 2
  /** What victims do; `zap` and `add` give liquidity to a pair. */
  victims: 'exact-in' | 'exact-out' | 'zap' | 'add'
  /** Victims come from L1, as priority operations. */
  isFromL1: boolean
  /** Part of the position that is closed. */
  closedPart: number
}

/** Names of the ways to attack. */
export const SCHEMES = [
  'plain',
  'multi_victim',
  'layered',
  'multi_pool',
  'sell_first',
  'split_accounts',
  'wide_block',
  'cross_block',
  'exact_out',
  'liquidity_zap',
  'liquidity_add',
  'cross_layer',
  'imbalanced',
] as const

/** A way to attack. */
export type SchemeName = (typeof SCHEMES)[number]

/** Those that need the order of arrival: where tips decide, operations from L1 are first, and every block is a race of its own. */
const FIFO_ONLY: ReadonlySet<SchemeName> = new Set(['cross_block', 'cross_layer'])

/** The ways to attack where this ordering holds. */
export function schemesFor(ordering: Ordering): SchemeName[] {
  return SCHEMES.filter((name) => ordering === 'fifo' || !FIFO_ONLY.has(name))
}

const PLAIN: Scheme = {
  ...{ legs: 'FVB', spread: 'tight', variants: [], isSellFirst: false, isSplit: false, hops: 1 },
  ...{ victims: 'exact-in', isFromL1: false, closedPart: 1 },
}

/** Blocks between the front and the back of an attack across blocks. */
const BLOCKS_APART_MAX = 3
const LAYERED = ['FFVB', 'FVFVB', 'FVBB', 'FFVBB'] as const

/** Lays out an attack. */
export function layOut(name: SchemeName, random: Random): Scheme {
  switch (name) {
    case 'plain':
      return PLAIN
    case 'multi_victim':
      return { ...PLAIN, legs: `F${'V'.repeat(random.int(2, 4))}B` }
    case 'layered':
      return { ...PLAIN, legs: random.pick(LAYERED), variants: ['layered'] }
    case 'multi_pool':
      return { ...PLAIN, hops: 2, variants: ['multi_pool'] }
    case 'sell_first':
      return { ...PLAIN, isSellFirst: true, variants: ['sell_first'] }
    case 'split_accounts':
      return { ...PLAIN, isSplit: true, variants: ['split_accounts'] }
    case 'wide_block':
      return { ...PLAIN, spread: 'wide' }
    case 'cross_block':
      return { ...PLAIN, spread: blocksApart(random) }
    case 'exact_out':
      return { ...PLAIN, victims: 'exact-out', variants: ['exact_out'] }
    case 'liquidity_zap':
      return { ...PLAIN, victims: 'zap', variants: ['liquidity_victim', 'zap'] }
    case 'liquidity_add':
      return { ...PLAIN, victims: 'add', variants: ['liquidity_victim', 'balanced_add'] }
    case 'cross_layer':
      return { ...PLAIN, isFromL1: true, spread: random.chance(0.5) ? 'wide' : blocksApart(random) }
    case 'imbalanced':
      return { ...PLAIN, closedPart: random.between(0.4, 0.9), variants: ['imbalanced'] }
  }
}

/** Offsets of front, victim and back. */
function blocksApart(random: Random): Spread {
  const last = random.int(1, BLOCKS_APART_MAX)
  return [0, random.int(0, last), last]
}
