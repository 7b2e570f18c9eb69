/** Every family of events and maths that is decoded: the name of its file in `indexer/decode/`. */
export const FAMILIES = [
  'uniswap-v2',
  'ezkalibur',
  'solidly',
  'mute',
  'velodrome-v2',
  'syncswap-classic',
  'syncswap-stable',
  'syncswap-aqua',
  'uniswap-v3',
  'pancake-v3',
  'slipstream',
  'algebra',
  'kyber-elastic',
  'uniswap-v4',
  'iziswap',
  'kyber-classic',
  'maverick-v1',
  'maverick-v2',
  'curve-stable',
  'curve-crypto',
  'pancake-stable',
  'balancer-v2',
  'velocore-v2',
  'woofi',
  'wombat',
  'clober-v2',
  'oneinch-aqua',
  'gmx-v1',
  'amigo',
  'copump',
] as const

/** A family of AMM events and maths. */
export type Family = (typeof FAMILIES)[number]

/** Every family of liquidation events. */
export const LENDING_FAMILIES = ['aave-v3', 'compound-v2', 'venus', 'morpho-blue', 'gmx-v1'] as const

/** A family of liquidation events. */
export type LendingFamily = (typeof LENDING_FAMILIES)[number]

/** In which unit a family states its fees: one whole in that unit. Null for families that state none. */
export const FEE_UNITS: Readonly<Record<Family, bigint | null>> = {
  'uniswap-v2': null,
  ezkalibur: 100_000n,
  solidly: 10_000n,
  mute: 10_000n,
  'velodrome-v2': 10_000n,
  'syncswap-classic': 100_000n,
  'syncswap-stable': 100_000n,
  'syncswap-aqua': 100_000n,
  'uniswap-v3': 1_000_000n,
  'pancake-v3': 1_000_000n,
  slipstream: 1_000_000n,
  algebra: 1_000_000n,
  'kyber-elastic': 100_000n,
  'uniswap-v4': 1_000_000n,
  iziswap: 1_000_000n,
  'kyber-classic': 10n ** 18n,
  'maverick-v1': 10n ** 18n,
  'maverick-v2': 10n ** 18n,
  'curve-stable': 10n ** 10n,
  'curve-crypto': 10n ** 10n,
  'pancake-stable': 10n ** 10n,
  'balancer-v2': 10n ** 18n,
  // The argument is called fee1e18 and holds fee1e9 * 1e8.
  'velocore-v2': 10n ** 17n,
  woofi: null,
  wombat: null,
  'clober-v2': null,
  'oneinch-aqua': null,
  'gmx-v1': 10_000n,
  amigo: null,
  copump: null,
}

/** A fee of a family in pips (1e-6), rounded down; null when it is not stated or above the whole. */
export function toFeePips(family: Family, fee: bigint | null): number | null {
  const unit = FEE_UNITS[family]
  if (fee === null || unit === null || fee < 0n || fee > unit) return null
  return Number((fee * 1_000_000n) / unit)
}

/**
 * Families whose new pools hold what no event tells, such as weights, amplifications or the first price, so that a pool is
 * asked for it even when its creator is known.
 */
export const ASKED_AT_CREATION: ReadonlySet<Family> = new Set([
  'syncswap-aqua',
  'iziswap',
  'curve-stable',
  'curve-crypto',
  'pancake-stable',
  'balancer-v2',
])

/** What the decoded events of a family tell of its pools. */
export const EVENT_GROUPS = ['creation', 'swap', 'state', 'liquidity', 'fee', 'parameters', 'liquidation'] as const

/** A group of events: `state` are reserves and first prices, `parameters` is what is kept as it is in the log. */
export type EventGroup = (typeof EVENT_GROUPS)[number]

/** What is known of a family and how well; the source of the tables in docs/coverage.md. */
export type FamilyFacts = {
  name: string
  /** What holds the pool's price together. */
  invariant: string
  /** In the order of `EVENT_GROUPS`. */
  events: readonly EventGroup[]
  /** What the texts of its events rest on: the protocol's own sources, a third party's adapter, or its lineage alone. */
  source: 'own' | 'adapter' | 'lineage'
  /** Whether the state of a pool is stated by its logs, comes from replaying all of them, or is not followed. */
  state: 'stated' | 'replayed' | 'none'
  /** The best that a quote can be when all is known; `unknown` when nothing is quoted. */
  quote: 'exact' | 'approximate' | 'unknown'
  /**
   * What the maths was compared with: the protocol's own contract, that of the family it descends from, our rendering of
   * its public definition in Solidity, or nothing.
   */
  maths: 'contract' | 'relative' | 'rendering' | 'none'
  /** What a reader of its rows has to know; null for nothing. */
  note: string | null
}

const PAIR = ['creation', 'swap', 'state', 'liquidity'] as const
const PAIR_WITH_FEE = [...PAIR, 'fee'] as const
const UNTRACKED = { state: 'none', quote: 'unknown', maths: 'none' } as const
const TICKS = { state: 'replayed', quote: 'exact' } as const

/** The facts of every family that trades. */
export const FAMILY_FACTS: Readonly<Record<Family, FamilyFacts>> = {
  'uniswap-v2': {
    ...{ name: 'Uniswap V2 and plain forks', invariant: 'constant product', events: PAIR },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'contract' },
    note: 'The fee stands in no event: where the fork does not name one, it is read off the swaps.',
  },
  ezkalibur: {
    ...{ name: 'eZKalibur', invariant: 'constant product, x³y + xy³ when stable', events: PAIR_WITH_FEE },
    ...{ source: 'lineage', state: 'stated', quote: 'approximate', maths: 'rendering' },
    note: 'Only the factory is public; the pair is read as one of Camelot V2, from which it descends.',
  },
  solidly: {
    ...{ name: 'Solidly V1 and forks', invariant: 'constant product, x³y + xy³ when stable', events: PAIR },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'rendering' },
    note: 'The fee leaves the pool and is read off the reserves.',
  },
  mute: {
    ...{ name: 'Mute / Koi classic', invariant: 'constant product, x³y + xy³ when stable', events: PAIR_WITH_FEE },
    ...{ source: 'own', state: 'stated', quote: 'approximate', maths: 'rendering' },
    note: null,
  },
  'velodrome-v2': {
    ...{ name: 'Velodrome V2 and forks', invariant: 'constant product, x³y + xy³ when stable', events: PAIR_WITH_FEE },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'rendering' },
    note: null,
  },
  'syncswap-classic': {
    ...{ name: 'SyncSwap classic', invariant: 'constant product', events: PAIR },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'rendering' },
    note: 'The fee may differ by sender and direction; it is read off the swaps.',
  },
  'syncswap-stable': {
    ...{ name: 'SyncSwap stable', invariant: 'StableSwap of two tokens', events: PAIR },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'rendering' },
    note: 'The fee may differ by sender and direction; it is read off the swaps.',
  },
  'syncswap-aqua': {
    ...{
      name: 'SyncSwap Aqua',
      invariant: 'CryptoSwap of two tokens',
      events: [...PAIR, 'parameters'],
      source: 'adapter',
    },
    ...{ state: 'stated', quote: 'unknown', maths: 'none' },
    note: 'Events as the pools on Linea emit them. Reserves are known; amplification and gamma stand in no event, and no public source names their getters.',
  },
  'uniswap-v3': {
    ...{ name: 'Uniswap V3 and plain forks', invariant: 'concentrated liquidity', events: PAIR, source: 'own' },
    ...{ ...TICKS, maths: 'contract' },
    note: 'Every swap states price and liquidity in range; the ticks are replayed from creation or from a snapshot.',
  },
  'pancake-v3': {
    ...{ name: 'PancakeSwap V3 and forks', invariant: 'concentrated liquidity', events: PAIR, source: 'own' },
    ...{ ...TICKS, maths: 'contract' },
    note: null,
  },
  slipstream: {
    ...{ name: 'Velodrome Slipstream and forks', invariant: 'concentrated liquidity', events: PAIR, source: 'own' },
    ...{ ...TICKS, maths: 'relative' },
    note: 'The fee stands in no event and may change at any time; it is read off the swaps.',
  },
  algebra: {
    ...{
      name: 'Algebra V1 and Integral',
      invariant: 'concentrated liquidity',
      events: [...PAIR_WITH_FEE, 'parameters'],
    },
    ...{ source: 'lineage', ...TICKS, maths: 'relative' },
    note: 'Integral is read from its own sources, V1 from its lineage.',
  },
  'kyber-elastic': {
    ...{ name: 'KyberSwap Elastic and forks', invariant: 'concentrated liquidity with reinvested fees' },
    ...{ events: [...PAIR, 'parameters'], source: 'own', ...TICKS, maths: 'rendering' },
    note: 'Its events are those of Uniswap V3 to the byte; a pool is told by its factory or its getters. The reinvested liquidity stands in no event and is replayed.',
  },
  'uniswap-v4': {
    ...{ name: 'Uniswap V4', invariant: 'concentrated liquidity with hooks' },
    ...{ events: ['creation', 'swap', 'liquidity', 'parameters'], source: 'own', ...TICKS, maths: 'contract' },
    note: 'Approximate where a hook is called around swaps, unknown where it changes their amounts.',
  },
  iziswap: {
    ...{ name: 'iZiSwap', invariant: 'discrete liquidity with limit orders' },
    ...{ events: ['creation', 'swap', 'liquidity', 'parameters'], source: 'own', ...TICKS, maths: 'rendering' },
    note: 'A swap names no trader and tells only the point it ended at; it is replayed. The first point is read by a call when the pool is first seen.',
  },
  'kyber-classic': {
    ...{ name: 'KyberSwap Classic', invariant: 'constant product of virtual reserves', events: PAIR },
    ...{ source: 'own', state: 'stated', quote: 'exact', maths: 'rendering' },
    note: null,
  },
  'maverick-v1': {
    ...{ name: 'Maverick V1', invariant: 'bins', events: ['creation', 'swap', 'liquidity', 'parameters'] },
    ...{ source: 'own', state: 'replayed', quote: 'exact', maths: 'rendering' },
    note: 'Exact once two swaps were replayed; bins that move tell where they went.',
  },
  'maverick-v2': {
    ...{ name: 'Maverick V2', invariant: 'bins', events: ['creation', 'swap', 'liquidity', 'fee', 'parameters'] },
    ...{ source: 'own', state: 'replayed', quote: 'exact', maths: 'rendering' },
    note: 'Exact once two swaps were replayed; approximate with bins that move with the price, which move without a log.',
  },
  'curve-stable': {
    ...{
      name: 'Curve StableSwap, legacy and NG',
      invariant: 'StableSwap',
      events: ['swap', 'liquidity', 'fee', 'parameters'],
    },
    ...{ source: 'own', state: 'replayed', quote: 'exact', maths: 'rendering' },
    note: 'No event states parameters or balances: they are read by calls when the pool is first seen. Approximate where the rates of its coins move without a log (oracles, shares of another pool), unknown where they are lent.',
  },
  'curve-crypto': {
    ...{ name: 'Curve twocrypto and tricrypto', invariant: 'CryptoSwap', events: ['swap', 'liquidity', 'parameters'] },
    ...{ source: 'own', state: 'replayed', quote: 'approximate', maths: 'rendering' },
    note: 'Pools of two coins only. Parameters are read by calls when the pool is first seen; older pools move their price scale without a log.',
  },
  'pancake-stable': {
    ...{ name: 'PancakeSwap StableSwap and forks', invariant: 'StableSwap of two or three tokens' },
    ...{ events: ['creation', 'swap', 'liquidity', 'fee', 'parameters'], source: 'own' },
    ...{ state: 'replayed', quote: 'exact', maths: 'rendering' },
    note: 'The parameters are read by calls when the pool is first seen.',
  },
  'balancer-v2': {
    ...{ name: 'Balancer V2 and forks', invariant: 'weighted product, or StableSwap' },
    ...{ events: ['creation', 'swap', 'liquidity', 'fee'], source: 'own' },
    ...{ state: 'replayed', quote: 'exact', maths: 'rendering' },
    note: 'Weighted pools only. Weights and fee are read by calls when the pool is first seen; approximate where weights move with time.',
  },
  'velocore-v2': {
    ...{ name: 'Velocore V2', invariant: 'constant product, and others in one vault' },
    ...{ events: ['creation', 'swap', 'liquidity', 'fee', 'parameters'], source: 'own', ...UNTRACKED },
    note: 'One log for each operation of a pool; those of more than two tokens are kept as they are.',
  },
  woofi: {
    ...{ name: 'WOOFi', invariant: 'price of an oracle', events: ['swap'], source: 'own', ...UNTRACKED },
    note: 'The address of the pool changes from time to time.',
  },
  wombat: {
    ...{
      name: 'Wombat, Platypus',
      invariant: 'coverage of each token',
      events: ['swap'],
      source: 'lineage',
      ...UNTRACKED,
    },
    note: null,
  },
  'clober-v2': {
    ...{ name: 'Clober V2', invariant: 'order book', events: ['creation', 'parameters'], source: 'own', ...UNTRACKED },
    note: 'Orders and trades count in units of the book; they are kept as they are and make no swaps.',
  },
  'oneinch-aqua': {
    ...{
      name: '1inch Aqua',
      invariant: 'program of each maker',
      events: ['parameters'],
      source: 'lineage',
      ...UNTRACKED,
    },
    note: 'A trade is two logs that nothing joins; they are kept as they are and make no swaps.',
  },
  'gmx-v1': {
    ...{ name: 'GMX V1 forks', invariant: 'price of an oracle', events: ['swap'], source: 'own', ...UNTRACKED },
    note: null,
  },
  amigo: {
    ...{ name: 'Amigo', invariant: 'bonding curve', events: ['parameters'], source: 'adapter', ...UNTRACKED },
    note: 'The logs name neither the token nor what its price counts in, so they make no swaps.',
  },
  copump: {
    ...{ name: 'CoPump', invariant: 'bonding curve', events: ['swap'], source: 'adapter', ...UNTRACKED },
    note: null,
  },
}

const LIQUIDATIONS = { invariant: 'lending', events: ['liquidation'], source: 'own', ...UNTRACKED, note: null } as const

/** The facts of every family whose liquidations are read. */
export const LENDING_FACTS: Readonly<Record<LendingFamily, FamilyFacts>> = {
  'aave-v3': {
    ...LIQUIDATIONS,
    name: 'Aave V3 and forks',
    note: 'Aave V2 emits the same event; the one of Aave V1 is read as well.',
  },
  'compound-v2': { ...LIQUIDATIONS, name: 'Compound V2 and forks' },
  venus: { ...LIQUIDATIONS, name: 'Venus isolated pools' },
  'morpho-blue': { ...LIQUIDATIONS, name: 'Morpho Blue' },
  'gmx-v1': {
    ...{ ...LIQUIDATIONS, name: 'GMX V1 forks', invariant: 'leveraged positions' },
    note: 'Sizes are in US dollars of the oracle, so no amount of a token is told.',
  },
}
