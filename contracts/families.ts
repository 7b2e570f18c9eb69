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
