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
  /** Contract of the pool, or its 32-byte id inside a singleton. */
  address: Address
  /** Contract that emits the pool's events: the pool itself, or its singleton. */
  emitter: Address
  protocol: string
  family: Family
  /** Null when the pool names none. */
  factory: Address | null
  /**
   * By position, two or more; the zero address is the base token. Pools of families that do not list their tokens get
   * those that their swaps show, in the order shown.
   */
  tokens: Address[]
  /** Swap fee at creation in pips (1e-6); null when not known, or when it is set per swap. */
  feePips: number | null
  /** Null for families without ticks. */
  tickSpacing: number | null
  /** True for a curve of near-equal assets; null for families that have one curve only, and when not known. */
  stable: boolean | null
  /** Contract called around each swap (Uniswap V4); null for none. */
  hooks: Address | null
  /** Null for a pool found by calls. */
  created: { blockNumber: number; transactionHash: Hex } | null
  /** Block of the first indexed event that names the pool. */
  firstSeenBlock: number
  stateOrigin: StateOrigin
}

/** An ERC-20 token of a pool, or the base token; null = the contract does not say. */
export type Token = {
  address: Address
  symbol: string | null
  name: string | null
  decimals: number | null
  firstSeenBlock: number
}

/**
 * Replays that still have to be equal before the pool's quotes count as exact again: 0 when nothing speaks against
 * them. A replay that differs from its log raises it.
 */
type Doubted = { doubts: number }

/** State of a pool with two reserves, as getReserves() returns it. */
export type ReservesState = Doubted & {
  kind: 'reserves'
  reserve0: bigint
  reserve1: bigint
  /** Reserves of the curve, where they are others than those held (Kyber Classic); null elsewhere. */
  virtual: { reserve0: bigint; reserve1: bigint } | null
  /** Fee in pips when token0 is paid in, and when token1 is; null when not known. */
  fee0Pips: number | null
  fee1Pips: number | null
}

/** Liquidity at one tick, as ticks() returns it. */
export type TickLiquidity = { gross: bigint; net: bigint }

/** State of a pool with ticks, as slot0(), liquidity() and ticks() return it. */
export type TicksState = Doubted & {
  kind: 'ticks'
  sqrtPriceX96: bigint
  tick: number
  liquidity: bigint
  /** Null when not known. */
  feePips: number | null
  /** Initialised ticks; null when not known (see StateOrigin). */
  ticks: Map<number, TickLiquidity> | null
  /**
   * What the family keeps besides (Kyber Elastic, iZiSwap), replaced as a whole, never changed; null for the others, and
   * when not known.
   */
  extra: InnerState['inner'] | null
}

/** A value inside the state of a pool whose family keeps more than reserves or ticks. */
export type InnerValue =
  | bigint
  | number
  | boolean
  | string
  | null
  | readonly InnerValue[]
  | ReadonlyMap<number, InnerValue>
  | { readonly [name: string]: InnerValue }

/** State of any other pool: what its invariant in `indexer/derive/amm/` reads; replaced as a whole, never changed. */
export type InnerState = Doubted & { kind: 'inner'; inner: { readonly [name: string]: InnerValue } }

/** State of any pool. */
export type PoolState = ReservesState | TicksState | InnerState

/**
 * How far a quote from a pool's state can be trusted: equal to the contract to the last digit; as long as the swap stays
 * in the range of the current price; near; or not at all.
 */
export type Quality = 'exact' | 'single-range' | 'approximate' | 'unknown'

/** What the stages remember between blocks; it can be read back from the store at any block. */
export type ChainState = {
  pools: Map<Address, Pool>
  /** Decimals of the known tokens; null = the contract does not say. */
  tokens: Map<Address, number | null>
  states: Map<Address, PoolState>
  /** Claims that were not confirmed at the pool's first event; only a factory's event makes them be asked again. */
  refused: Set<Address>
  clock: ClockMemory
  /** The price last noted of each token in US dollars, and its path; null = none any more. */
  prices: Map<Address, { usd: number | null; path: string | null }>
}

/**
 * A place on the chain where an address that is no known pool claims to be one:
 * the first event of its own, or a factory's event about it.
 */
export type PoolClaim = {
  address: Address
  /** Contract that makes the claim. */
  emitter: Address
  /** The families it can be of. */
  families: readonly Family[]
  blockNumber: number
  logIndex: number
  /** The factory's event; null when the address speaks for itself. */
  creation: PoolCreated | null
  /** Kind of the event that makes the claim. */
  kind: PoolEvent['kind']
  /** The tokens that the event names; empty when it names none. */
  tokens: readonly Address[]
  /** What the singleton that makes the claim calls the pool; null where it has no other name. */
  poolId: Hex | null
}

/** What a contract that claims to be a pool answers when called, and its state before the claim (null = not known). */
export type FoundPool = {
  family: Family
  /** Null when it names none, or one that cannot be asked. */
  factory: Address | null
  tokens: Address[]
  feePips: number | null
  tickSpacing: number | null
  stable: boolean | null
  /** Null when not known; for a pool that is being created, what its creation does not tell. */
  snapshot: PoolState | null
  /** True when the factory it names says that it is not one of its pools. */
  isDenied: boolean
}
