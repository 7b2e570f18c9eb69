import type { Address } from '../../types/block.ts'
import type { PoolCreated, PoolEvent } from '../../types/event.ts'
import type { Pool, PoolState } from '../../types/pool.ts'
import type { Curve } from '../curve.ts'
import type { Trade } from '../replay.ts'

/** Decimals of a token; null when not known. */
export type Decimals = (token: Address) => number | null

/** What is known around an event besides the pool and its state. */
export type Moment = {
  /** Unix time of the block in whole seconds. */
  timestamp: number
  decimals: Decimals
  /** The state before the reserves that this transaction last stated; null when it stated none, or none was known. */
  before: PoolState | null
  /** The trade of a swap event; null for other events, and for swaps that are no trade of one token for another. */
  trade: Trade | null
}

/** What an event did to a pool. */
export type Applied = {
  /** Null when it is still not known. */
  state: PoolState | null
  /** True when the state at the end of the block has to be stored. */
  isChanged: boolean
  /** Ticks whose liquidity changed. */
  ticks: readonly number[]
  /** What a swap began with, where that is another state than the one before its event: reserves stated before the swap. */
  before?: PoolState | null
  /** See `SwapRow`; null for other events than swaps. */
  replayGap: bigint | null
  feePips: number | null
  /** Amounts of a liquidity change whose log has none; null when it has, and when they are not known. */
  amounts: readonly [bigint, bigint] | null
}

/** How the state of a family's pools comes about and what can be read from it. Pure. */
export type FamilyRules = {
  /** State right after the creation; null when only later events tell it. */
  begin(pool: Pool, creation: PoolCreated | null): PoolState | null
  apply(pool: Pool, state: PoolState | null, event: Exclude<PoolEvent, PoolCreated>, moment: Moment): Applied
  /** The curve at a state; null when the family's pools cannot be quoted from what is known. */
  curve(pool: Pool, state: PoolState, decimals: Decimals, timestamp: number): Curve | null
}

/** An event that leaves the state as it is. */
export function unchanged(state: PoolState | null, feePips: number | null = null): Applied {
  return { state, isChanged: false, ticks: [], replayGap: null, feePips, amounts: null }
}

/** An event after which the state is another. */
export function changed(state: PoolState, replayGap: bigint | null = null, feePips: number | null = null): Applied {
  return { state, isChanged: true, ticks: [], replayGap, feePips, amounts: null }
}
