import type { Address } from '../address.ts'
import type { Family, LendingFamily } from '../families.ts'
import type { RouterProfile } from './routers.ts'

/** Software that produces the chain's blocks; it decides which RPC methods and ordering rules hold. */
export type Stack = (typeof STACKS)[number]

/** Every stack there is. */
export const STACKS = ['era', 'zksync-os', 'evm'] as const

/** How the block producer orders pending transactions: first come first served, or by priority fee. */
export type Ordering = 'fifo' | 'tip'

/** One factory contract of a DEX deployment. */
export type FactoryProfile = {
  /** Lower-case address of the factory on this chain. */
  address: Address
  /** Protocol id as stored in `pools.protocol`, e.g. `uniswap-v3`. */
  protocol: string
  family: Family
  /** Swap fee in pips (1e-6) when the factory has one fee for all pools; null when each pool names its own. */
  feePips: number | null
  /** True when all its pools are for near-equal assets, false when none is; null when each pool says. */
  stable: boolean | null
  /** First block that can hold an event of this factory; null when unknown. */
  startBlock: number | null
}

/**
 * A contract that speaks for many pools (a vault, a manager, a registry), or the one pool of a protocol that has no
 * factory. Only a named one is believed.
 */
export type SingletonProfile = {
  address: Address
  protocol: string
  family: Family
  startBlock: number | null
}

/** A lending deployment whose liquidations are read. */
export type LendingProfile = {
  /** What a market is told by: the lending pool, the comptroller, the registry, or the vault. */
  address: Address
  protocol: string
  family: LendingFamily
  startBlock: number | null
}

/** How the pools of a factory get their addresses (CREATE2), so that a claim can be checked without a call. */
export type Create2Profile = {
  factory: Address
  /** Contract that deploys; the factory itself for most. */
  deployer: Address
  /** Hash of the bytecode on EraVM, of the creation code on the EVM. */
  bytecodeHash: Address
  /** What the salt is the hash of: both tokens packed, or both tokens and the fee as words. */
  salt: 'pair' | 'pair-and-fee'
  vm: 'era' | 'evm'
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
  /** Vaults, managers and single pools. */
  singletons: readonly SingletonProfile[]
  lending: readonly LendingProfile[]
  /** Where addresses of pools can be derived without asking. */
  create2: readonly Create2Profile[]
  /** Routers, aggregators, solvers and the like: accounts that trade for others and are never traders themselves. */
  routers: readonly RouterProfile[]
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
  stable: boolean | null = null,
): FactoryProfile {
  return { address, protocol, family, feePips, startBlock, stable }
}

/** A singleton of a chain profile on one line. */
export function singleton(
  address: Address,
  protocol: string,
  family: Family,
  startBlock: number | null,
): SingletonProfile {
  return { address, protocol, family, startBlock }
}

/** A lending deployment of a chain profile on one line. */
export function lending(
  address: Address,
  protocol: string,
  family: LendingFamily,
  startBlock: number | null,
): LendingProfile {
  return { address, protocol, family, startBlock }
}

/** The derivation of a factory's pools on one line. */
export function create2(
  factory: Address,
  vm: 'era' | 'evm',
  salt: Create2Profile['salt'],
  bytecodeHash: Address,
  deployer: Address = factory,
): Create2Profile {
  return { factory, deployer, bytecodeHash, salt, vm }
}
