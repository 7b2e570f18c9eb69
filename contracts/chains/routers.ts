import type { Address } from '../address.ts'

/** Every family of router calldata that is decoded: how the calls of a router are encoded. */
export const ROUTER_FAMILIES = [
  'uniswap-v2-router02',
  'uniswap-v3-swap-router',
  'uniswap-swap-router02',
  'uniswap-universal-router',
  'pancake-smart-router',
  'pancake-universal-router',
  'solidly-router',
  'velodrome-v2-router',
  'mute-router',
  'syncswap-router',
  'iziswap-swap',
] as const

/** A family of router calldata. */
export type RouterFamily = (typeof ROUTER_FAMILIES)[number]

/**
 * What an account is that stands between traders and pools: a router or position manager of one DEX, an aggregator over
 * many, a solver that settles signed orders, the router of a wallet, a bridge, or a contract that only helps (a quoter).
 */
export type RouterKind = (typeof ROUTER_KINDS)[number]

/** Every kind of such an account. */
export const ROUTER_KINDS = ['router', 'aggregator', 'solver', 'wallet', 'bridge', 'helper'] as const

/** An account of a chain that trades for others. */
export type RouterProfile = {
  /** Lower-case address on this chain. */
  address: Address
  name: string
  kind: RouterKind
  /** Which decoder reads its calldata; null when none does. */
  family: RouterFamily | null
}

/** A router of a chain profile on one line. */
export function router(
  address: Address,
  name: string,
  kind: RouterKind,
  family: RouterFamily | null = null,
): RouterProfile {
  return { address, name, kind, family }
}

/** What a chain profile knows of an account in lower case; null when it names none such. */
export function findRouter(profile: { routers: readonly RouterProfile[] }, address: Address): RouterProfile | null {
  return profile.routers.find((known) => known.address === address) ?? null
}
