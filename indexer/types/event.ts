import type { Family, LendingFamily } from '../../contracts/families.ts'
import type { Address, Hex } from './block.ts'

export type { Family, LendingFamily }

/** Where an event stands in its block, and the contract that emitted it. */
export type Position = { logIndex: number; transactionIndex: number; transactionHash: Hex; emitter: Address }

/**
 * An event about a pool. Families share events down to the last byte, so a log alone only tells which families it can be
 * of; which one it is follows from the pool.
 */
export type Emitted = Position & {
  families: readonly Family[]
  /** Contract of the pool, or its 32-byte id inside a singleton. */
  pool: Address
  /** What its singleton calls the pool, where that is more than `pool` (Balancer V2). */
  poolId?: Hex
}

/** A token of a pool: its position in the pool, from 0, or its contract. */
export type TokenRef = number | Address

/** A factory, a registry or a singleton announces a new pool. */
export type PoolCreated = Emitted & {
  kind: 'pool-created'
  /** The tokens by position; empty when the event does not name them. */
  tokens: readonly Address[]
  /** In the family's unit (`FEE_UNITS`); null when the event does not say. */
  fee: bigint | null
  tickSpacing: number | null
  /** True for a pool of near-equal assets; null when the family or the event does not tell. */
  stable: boolean | null
  /** Contract that is called around each swap; null for none. */
  hooks: Address | null
  /** First price of pools that get it with their creation. */
  price: { sqrtPriceX96: bigint; tick: number } | null
  /** Only for pools of bins (Maverick). */
  bins?: BinTerms
}

/** What the creation of a pool of bins tells besides; fees in the family's unit, the protocol's share in parts of 1,000. */
export type BinTerms = { activeTick: number; protocolFee: bigint; feeA: bigint; feeB: bigint }

/** A trade; amounts are the pool's change: positive = paid into the pool, negative = paid out. */
export type SwapEvent = Emitted & {
  kind: 'swap'
  /** Caller of the pool; null when the log does not name it. */
  sender: Address | null
  /** Null when the log does not name it. */
  recipient: Address | null
  /** Tokens of `amount0` and `amount1`, by position ascending when both are positions. */
  token0: TokenRef
  token1: TokenRef
  amount0: bigint
  amount1: bigint
  /** Price, tick and liquidity in range after the swap; null for families whose log does not hold them. */
  after: TickPrice | null
  /** Fee of this swap in the family's unit; null when the log does not say. */
  fee: bigint | null
  /** Only for pools of bins (Maverick), and of points (iZiSwap), which tell `tokenIn` and `tickAfter` only. */
  bins?: BinSwap
  /** Price scale after the swap, times 1e18, of all coins but the first in one number (Curve crypto), where the log tells it. */
  priceScale?: bigint
}

/** What was asked of a pool of bins, and the active tick after it; null for what the log does not say. */
export type BinSwap = {
  tokenIn: 0 | 1
  isExactOutput: boolean
  /** Of the token paid in, or of the one paid out, in base units. */
  amount: bigint | null
  tickLimit: number | null
  tickAfter: number | null
}

/** Price of a pool with ticks. */
export type TickPrice = { sqrtPriceX96: bigint; tick: number; liquidity: bigint }

/** A pool states its reserves. */
export type ReservesEvent = Emitted & {
  kind: 'reserves'
  reserve0: bigint
  reserve1: bigint
  /** Reserves of the curve, where they are others than those held. */
  virtual: { reserve0: bigint; reserve1: bigint } | null
}

/** A pool with ticks gets its first price. */
export type InitializeEvent = Emitted & { kind: 'initialize'; sqrtPriceX96: bigint; tick: number }

/** The change of one token of a pool, signed from the pool's side. */
export type TokenChange = { token: TokenRef; amount: bigint }

/** Liquidity is added, removed, or what is owed for it is paid out. */
export type LiquidityEvent = Emitted & {
  kind: 'mint' | 'burn' | 'collect'
  /** Owner of the position (ticks), sender of a V2 mint, recipient of a V2 burn; null when the log does not name it. */
  owner: Address | null
  /** The position's range and signed change of liquidity (0 for collect); null for families without ticks. */
  range: { tickLower: number; tickUpper: number; liquidity: bigint } | null
  /** Signed from the pool's side: positive = added, negative = removed or paid out; null when the log does not say. */
  amount0: bigint | null
  amount1: bigint | null
  /** All changes of a pool that may have more than two tokens; null for the others. */
  changes: readonly TokenChange[] | null
  /** Only for pools of bins (Maverick), in the order of the log. */
  bins?: readonly BinChange[]
  /** Only for pools of coins (StableSwap) and of the Vault (Balancer V2). */
  coins?: CoinsTerms
}

/** What a change of liquidity of a pool of coins tells besides the amounts; null for what the log does not say. */
export type CoinsTerms = {
  /** Fee in each coin, in the order of `changes`: a share of it leaves the pool (StableSwap), or all of it (Balancer V2). */
  fees: readonly bigint[] | null
  /** Liquidity tokens there are after the change. */
  supply: bigint | null
  /** Liquidity tokens burned for one coin, which may not be named. */
  one: { burned: bigint; position: number | null; amount: bigint } | null
  /** As of a swap. */
  priceScale?: bigint
}

/** A bin of a pool of bins is given shares, or they are taken from it; null for what the log does not say. */
export type BinChange = {
  id: number
  /** Where the bin is: its kind, and its lower tick. */
  place: { kind: number; tick: number } | null
  shares: bigint
  /** What the bin gets or gives, with 18 decimals. */
  amounts: readonly [bigint, bigint] | null
  /** False when nothing is left in it. */
  isActive: boolean | null
}

/** A pool's fee becomes another. */
export type FeeEvent = Emitted & {
  kind: 'fee'
  /** When token0 (or any token) is paid in, in the family's unit. */
  fee0: bigint
  /** When token1 is paid in. */
  fee1: bigint
  /** Share of the fee that leaves the pool, in the family's unit, where the log tells it. */
  adminFee?: bigint
}

/** A pool's parameters or inner state change; `name` and the meaning of `values` are the family's own. */
export type ParametersEvent = Emitted & { kind: 'parameters'; name: string; values: readonly bigint[] }

/** A debt is paid back by somebody else, who takes the collateral. */
export type LiquidationEvent = Position & {
  kind: 'liquidation'
  families: readonly LendingFamily[]
  /** Account that repays; null when the log does not name it (it is the sender then, or a keeper). */
  liquidator: Address | null
  borrower: Address
  /** Market inside a singleton (Morpho); null elsewhere. */
  marketId: Hex | null
  /** What was borrowed: the token, or the market whose underlying token it is; null when neither is in the log. */
  debt: { token: Address | null; market: Address | null; amount: bigint | null }
  /** What was pledged, likewise; the amount is in shares of the market when `market` is set. */
  collateral: { token: Address | null; market: Address | null; amount: bigint | null }
}

/** What a decoder can make of a log about a pool. */
export type PoolEvent =
  | PoolCreated
  | SwapEvent
  | ReservesEvent
  | InitializeEvent
  | LiquidityEvent
  | FeeEvent
  | ParametersEvent

/** What a decoder can make of a log. */
export type ChainEvent = PoolEvent | LiquidationEvent

/** Why a log with a known topic0 could not be used. */
export type UndecodedReason =
  | 'malformed'
  | 'unknown-pool'
  | 'unconfirmed-creation'
  | 'false-factory'
  | 'wrong-family'
  | 'wrong-emitter'
  | 'unknown-token'
  | 'unknown-market'
  | 'no-transaction'
