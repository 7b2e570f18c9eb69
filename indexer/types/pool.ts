import type { Address, Hex } from './block.ts'
import type { ClockMemory } from './clock.ts'
import type { Family, PoolCreated, PoolEvent } from './event.ts'

/**
 * What the first known state of a pool rests on: every event since its creation, a snapshot read by calls,
 * or only the events since it was first seen (its tick map is then not known).
 */
export type StateOrigin = 'creation' | 'snapshot' | 'events'

/** A liquidity pool. */
export type Pool = {
  address: Address
  protocol: string
  family: Family
  /** Null when the pool names none. */
  factory: Address | null
  token0: Address
  token1: Address
  /** Swap fee in pips (1e-6); null when not known. */
  feePips: number | null
  /** Null for families without ticks. */
  tickSpacing: number | null
  /** Null for a pool found by calls. */
  created: { blockNumber: number; transactionHash: Hex } | null
  /** Block of the first indexed event that names the pool. */
  firstSeenBlock: number
  stateOrigin: StateOrigin
}

/** An ERC-20 token of a pool; null = the contract does not say. */
export type Token = {
  address: Address
  symbol: string | null
  name: string | null
  decimals: number | null
  firstSeenBlock: number
}

/** State of a pool with reserves, as getReserves() returns it. */
export type ReservesState = { kind: 'reserves'; reserve0: bigint; reserve1: bigint }

/** Liquidity at one tick, as ticks() returns it. */
export type TickLiquidity = { gross: bigint; net: bigint }

/** State of a pool with ticks, as slot0(), liquidity() and ticks() return it. */
export type TicksState = {
  kind: 'ticks'
  sqrtPriceX96: bigint
  tick: number
  liquidity: bigint
  /** Initialised ticks; null when not known (see StateOrigin). */
  ticks: Map<number, TickLiquidity> | null
}

/** State of any pool. */
export type PoolState = ReservesState | TicksState

/** What the stages remember between blocks; it can be read back from the store at any block. */
export type ChainState = {
  pools: Map<Address, Pool>
  tokens: Set<Address>
  states: Map<Address, PoolState>
  /** Emitters that did not answer as a pool at their first event; only a factory's event makes them be asked again. */
  refused: Set<Address>
  clock: ClockMemory
}

/**
 * A place on the chain where an address that is no known pool claims to be one:
 * the first event of its own, or a factory's event about it.
 */
export type PoolClaim = {
  address: Address
  family: Family
  blockNumber: number
  logIndex: number
  /** The factory's event; null when the address speaks for itself. */
  creation: PoolCreated | null
  /** Kind of the event that makes the claim. */
  kind: PoolEvent['kind']
}

/** What a contract that claims to be a pool answers when called, and its state before the claim (null = not known). */
export type FoundPool = {
  /** Null when it names none, or the one it names does not know it. */
  factory: Address | null
  token0: Address
  token1: Address
  feePips: number | null
  tickSpacing: number | null
  snapshot: PoolState | null
}
