import type { Address, Block, Hex, Transaction } from './block.ts'
import type { BlockClock } from './clock.ts'
import type { LiquidityEvent, SwapEvent, UndecodedReason } from './event.ts'
import type { Pool, PoolState, ReservesState, TickLiquidity, Token } from './pool.ts'

/** Where a derived row belongs. */
export type Context = { block: Block; transaction: Transaction; pool: Pool }

/** A swap with its block, transaction and pool, and the reserves right after it (null for pools without reserves). */
export type SwapRow = { context: Context; event: SwapEvent; reserves: ReservesState | null }

/** A liquidity change with its block, transaction and pool. */
export type LiquidityRow = { context: Context; event: LiquidityEvent }

/** State of a pool at the end of a block; a copy, later blocks do not change it. */
export type PoolStateRow = { pool: Address; blockNumber: number; logIndex: number; state: PoolState }

/** Liquidity at a tick at the end of a block. */
export type PoolTickRow = { pool: Address; tick: number; blockNumber: number } & TickLiquidity

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

/** Everything that one step writes, each list in chain order. */
export type StepRows = {
  blocks: (Block & BlockClock)[]
  /** `receivedAt` in Unix microseconds; null where the node does not tell. */
  transactions: { blockNumber: number; transaction: Transaction; receivedAt: number | null }[]
  tokens: Token[]
  pools: Pool[]
  swaps: SwapRow[]
  liquidityChanges: LiquidityRow[]
  poolStates: PoolStateRow[]
  poolTicks: PoolTickRow[]
  undecodedLogs: UndecodedRow[]
}
