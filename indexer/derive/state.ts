import type { ChainState, PoolState } from '../types/pool.ts'

/** The state of a chain of which nothing is known yet. */
export function createChainState(): ChainState {
  return { pools: new Map(), tokens: new Set(), states: new Map(), refused: new Set() }
}

/** A copy that later events do not change, without the tick map. */
export function copyPoolState(state: PoolState): PoolState {
  return state.kind === 'reserves' ? state : { ...state, ticks: null }
}
