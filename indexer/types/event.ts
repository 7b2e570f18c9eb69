import type { Address, Hex } from './block.ts'

/** Family of AMM maths and events; the file name in `indexer/decode/`. */
export type Family = 'uniswap-v2' | 'uniswap-v3'

/** Where an event stands in its block. */
type Position = { logIndex: number; transactionIndex: number; transactionHash: Hex }

/** A factory announces a new pool. */
export type PoolCreated = Position & {
  kind: 'pool-created'
  family: Family
  factory: Address
  pool: Address
  token0: Address
  token1: Address
  /** Pips (1e-6); null when the event does not say. */
  feePips: number | null
  tickSpacing: number | null
}

/** A trade; amounts are the pool's change: positive = paid into the pool, negative = paid out. */
export type SwapEvent = Position & {
  kind: 'swap'
  family: Family
  pool: Address
  /** Caller of the pool. */
  sender: Address
  recipient: Address
  amount0: bigint
  amount1: bigint
  /** Price, tick and liquidity in range after the swap; null for families without ticks. */
  after: TickPrice | null
}

/** Price of a pool with ticks. */
export type TickPrice = { sqrtPriceX96: bigint; tick: number; liquidity: bigint }

/** A pool states its reserves. */
export type ReservesEvent = Position & {
  kind: 'reserves'
  family: Family
  pool: Address
  reserve0: bigint
  reserve1: bigint
}

/** A pool with ticks gets its first price. */
export type InitializeEvent = Position & {
  kind: 'initialize'
  family: Family
  pool: Address
  sqrtPriceX96: bigint
  tick: number
}

/** Liquidity is added, removed, or what is owed for it is paid out. */
export type LiquidityEvent = Position & {
  kind: 'mint' | 'burn' | 'collect'
  family: Family
  pool: Address
  /** Owner of the position (ticks), sender of a V2 mint, recipient of a V2 burn. */
  owner: Address
  /** The position's range and signed change of liquidity (0 for collect); null for families without ticks. */
  range: { tickLower: number; tickUpper: number; liquidity: bigint } | null
  /** Signed from the pool's side: positive = added, negative = removed or paid out. */
  amount0: bigint
  amount1: bigint
}

/** What a decoder can make of a log. */
export type PoolEvent = PoolCreated | SwapEvent | ReservesEvent | InitializeEvent | LiquidityEvent

/** Why a log with a known topic0 could not be used. */
export type UndecodedReason = 'malformed' | 'unknown-pool' | 'unconfirmed-creation' | 'wrong-family' | 'no-transaction'
