import type { Address, Block, Hex, Transaction } from './block.ts'
import type { BlockClock } from './clock.ts'
import type { LiquidationEvent, LiquidityEvent, SwapEvent, UndecodedReason } from './event.ts'
import type { FlowRows } from './flow.ts'
import type { SwapIntent } from './intent.ts'
import type { MevBundle, MevControlRow } from './mev.ts'
import type { Pool, PoolState, Quality, ReservesState, TickLiquidity, Token } from './pool.ts'

/** Where a derived row belongs. */
export type Context = { block: Block; transaction: Transaction; pool: Pool }

/** A swap with its block, transaction and pool. */
export type SwapRow = {
  context: Context
  event: SwapEvent
  /** Positions of the tokens of amount0 and amount1 in the pool. */
  positions: readonly [number, number]
  /** Reserves right after it; null for pools without. */
  reserves: ReservesState | null
  /** Fee it paid, in pips of the amount paid in; null when not known. */
  feePips: number | null
  /**
   * Output that the replay on the state before gives minus the output logged, in base units of the token that goes out:
   * 0 = equal. Null when the state or the curve is not known, or nothing goes out.
   */
  replayGap: bigint | null
  /** US dollars; null when there is no path of deep pools to a stablecoin. */
  usd: SwapUsd
}

/** Price of token0 of a swap and the swap's value, both in US dollars at prices from before the block; null = no price. */
export type SwapUsd = { price: number | null; value: number | null }

/** A liquidity change with its block, transaction and pool. */
export type LiquidityRow = { context: Context; event: LiquidityEvent; amount0: bigint | null; amount1: bigint | null }

/** State of a pool at the end of a block; a copy, later blocks do not change it. */
export type PoolStateRow = {
  pool: Address
  blockNumber: number
  logIndex: number
  state: PoolState
  quality: Quality
}

/** Liquidity at a tick at the end of a block. */
export type PoolTickRow = { pool: Address; tick: number; blockNumber: number } & TickLiquidity

/** A token of a pool with its position. */
export type PoolTokenRow = { pool: Address; position: number; token: Address; firstSeenBlock: number }

/** What a liquidated market and its tokens are; null where the chain does not say. */
export type LiquidationFacts = {
  protocol: string
  /** Tokens of debt and collateral; the zero address is the base token. */
  debtToken: Address | null
  collateralToken: Address | null
  /** Collateral in base units of its token. */
  collateralAmount: bigint | null
}

/** A liquidation with what was asked about it. */
export type LiquidationRow = {
  block: Block
  transaction: Transaction
  event: LiquidationEvent
  facts: LiquidationFacts
  debtUsd: number | null
  collateralUsd: number | null
}

/** Price of a token in US dollars from the end of one block on, and how it was found; all null when it has none any more. */
export type TokenPriceRow = {
  token: Address
  blockNumber: number
  usd: number | null
  depthUsd: number | null
  path: string | null
}

/** A log that could not be used, with the reason. */
export type UndecodedRow = {
  blockNumber: number
  logIndex: number
  transactionHash: Hex
  address: Address
  topics: readonly Hex[]
  data: Hex
  reason: UndecodedReason
}

/** A transaction with what is known of it besides its fields. */
export type TransactionRow = {
  blockNumber: number
  transaction: Transaction
  /** Unix microseconds; null where the node does not tell. */
  receivedAt: number | null
  /** The swap that its calldata asks a known router for; null when it asks for none. */
  intent: SwapIntent | null
}

/** Everything that one step writes, each list in chain order. */
export type StepRows = {
  blocks: (Block & BlockClock)[]
  transactions: TransactionRow[]
  tokens: Token[]
  pools: Pool[]
  poolTokens: PoolTokenRow[]
  swaps: SwapRow[]
  liquidityChanges: LiquidityRow[]
  liquidations: LiquidationRow[]
  poolStates: PoolStateRow[]
  poolTicks: PoolTickRow[]
  tokenPrices: TokenPriceRow[]
  mevBundles: MevBundle[]
  mevControls: MevControlRow[]
  flow: FlowRows
  undecodedLogs: UndecodedRow[]
}
