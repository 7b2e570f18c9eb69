import type { Address } from '../address.ts'

/** Software that produces the chain's blocks; it decides which RPC methods and ordering rules hold. */
export type Stack = (typeof STACKS)[number]

/** Every stack there is. */
export const STACKS = ['era', 'zksync-os', 'evm'] as const

/** How the block producer orders pending transactions: first come first served, or by priority fee. */
export type Ordering = 'fifo' | 'tip'

/** Family of AMM maths and events; equals the file name in `indexer/decode/`. */
export type Family = 'uniswap-v2' | 'uniswap-v3'

/** One factory contract of a DEX deployment. */
export type FactoryProfile = {
  /** Lower-case address of the factory on this chain. */
  address: Address
  /** Protocol id as stored in `pools.protocol`, e.g. `uniswap-v3`. */
  protocol: string
  family: Family
  /** Swap fee in pips (1e-6) when the family has one fee for all pools; null when each pool names its own. */
  feePips: number | null
  /** First block that can hold an event of this factory; null when unknown. */
  startBlock: number | null
}

/** Where a ZK chain settles. */
export type L1Profile = {
  /** Chain id of the L1. */
  chainId: number
  /** The chain's diamond proxy, whose events tell of batches and requests. */
  diamond: Address
  /** First L1 block that can hold one of its events; 0 when not known. */
  startBlock: number
}

/** Everything that is known about a chain before the first request to it. */
export type ChainProfile = {
  id: number
  /** Name for `--chain` and the `chains` table, kebab-case. */
  name: string
  stack: Stack
  ordering: Ordering
  /** Nominal time between blocks in milliseconds. */
  blockTimeMs: number
  nativeSymbol: string
  /** ERC-20 form of the base token; null when the chain has none or it is not known. */
  wrappedNative: Address | null
  /** Tokens that stand for one US dollar. */
  stablecoins: readonly Address[]
  /** Multicall3 contract; null when the chain has none, calls are then sent one by one. */
  multicall3: Address | null
  factories: readonly FactoryProfile[]
  /** Routers and aggregators: accounts that trade for others and are never traders themselves. */
  routers: readonly Address[]
  /** Null for a chain that settles nowhere, and when it is not known: the chain's node is asked then. */
  l1: L1Profile | null
}

/** A factory of a chain profile on one line. */
export function factory(
  address: Address,
  protocol: string,
  family: Family,
  feePips: number | null,
  startBlock: number | null,
): FactoryProfile {
  return { address, protocol, family, feePips, startBlock }
}
