import type { ClockMemory } from '../types/clock.ts'
import type { ChainState, PoolState } from '../types/pool.ts'

/** The state of a chain of which nothing is known yet, but the clocks of its last blocks. */
export function createChainState(clock: ClockMemory = []): ChainState {
  return { ...{ pools: new Map(), tokens: new Map(), states: new Map() }, refused: new Set(), clock, prices: new Map() }
}

/** A copy that later events do not change, without the tick map. */
export function copyPoolState(state: PoolState): PoolState {
  return state.kind === 'ticks' ? { ...state, ticks: null } : state
}
