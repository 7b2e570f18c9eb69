import type { Address, Block, IdleCall, Transaction } from './block.ts'
import type { LiquidationEvent, LiquidityEvent, SwapEvent } from './event.ts'
import type { SwapIntent } from './intent.ts'
import type { Pool, PoolState } from './pool.ts'
import type { LiquidationFacts } from './rows.ts'

/** A swap as the pool saw it, by the positions of its tokens; both amounts positive. */
export type Trade = { tokenIn: number; tokenOut: number; amountIn: bigint; amountOut: bigint }

/** Where an action of a pool stands. */
export type Placed = {
  block: Block
  /** Ascending along the chain, of every action another; see `orderOf`. */
  order: number
}

/** A swap with the state of its pool before it. */
export type SwapAction = Placed & {
  kind: 'swap'
  pool: Pool
  event: SwapEvent
  /** One object for all actions of a transaction. */
  transaction: Transaction
  /** Null when not exactly one token comes in and one goes out. */
  trade: Trade | null
  /**
   * Null when not known. Its tick map is that of the pool itself: it goes on changing with later liquidity, which has to be
   * undone to come back to the moment of the swap.
   */
  before: PoolState | null
  /** Fee it paid, in pips; null when not known. */
  feePips: number | null
  /** See `SwapRow`. */
  replayGap: bigint | null
}

/** Liquidity added, removed or paid out. */
export type LiquidityAction = Placed & {
  kind: 'liquidity'
  pool: Pool
  event: LiquidityEvent
  transaction: Transaction
  /** Signed from the pool's side; null when not known. */
  amounts: readonly [bigint, bigint] | null
  /** As of a swap. */
  before: PoolState | null
}

/** A debt paid back by somebody else. */
export type LiquidationAction = {
  kind: 'liquidation'
  event: LiquidationEvent
  transaction: Transaction
  facts: LiquidationFacts
  debtUsd: number | null
  collateralUsd: number | null
}

/** What happened to a pool or a market. */
export type Action = SwapAction | LiquidityAction | LiquidationAction

/** Everything that happened in one block, as the detectors read it. */
export type BlockActions = {
  block: Block
  /** By logIndex ascending. */
  actions: readonly Action[]
  /** What the transactions with actions asked a known router for, by transaction index; those that asked for nothing are missing. */
  intents: ReadonlyMap<number, SwapIntent>
  /** The transactions without a log that we know, in order; empty for a block without any such log. */
  idle: readonly IdleCall[]
}

/** An account and what it is known to be: nobody's own (a router, a pool), or possibly an actor's. */
export type IsPublic = (account: Address) => boolean
