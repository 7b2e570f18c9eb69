import type { InitializeEvent, LiquidityEvent, SwapEvent } from '../../types/event.ts'
import type { TickLiquidity, TicksState } from '../../types/pool.ts'
import { forgetOrder } from '../amm/concentrated.ts'

/** State of a pool with ticks that was created but not initialised. */
export function createTicksState(feePips: number | null): TicksState {
  const price = { sqrtPriceX96: 0n, tick: 0, liquidity: 0n }
  return { kind: 'ticks', ...price, feePips, ticks: new Map(), extra: null, doubts: 0 }
}

/**
 * Advances `state` by one event of its pool, as UniswapV3Pool does; returns the ticks whose liquidity changed.
 * Collect changes neither price nor liquidity. Source: @uniswap/v3-core UniswapV3Pool, Tick.
 */
export function applyTicksEvent(state: TicksState, event: InitializeEvent | SwapEvent | LiquidityEvent): number[] {
  switch (event.kind) {
    case 'initialize':
      state.sqrtPriceX96 = event.sqrtPriceX96
      state.tick = event.tick
      return []
    case 'swap':
      Object.assign(state, event.after)
      return []
    case 'mint':
    case 'burn':
      return applyPosition(state, event)
    case 'collect':
      return []
  }
}

function applyPosition(state: TicksState, event: LiquidityEvent): number[] {
  const { tickLower, tickUpper, liquidity } = event.range!
  // burn(0) only settles the fees of a position; before its first price a pool is known too little to be followed.
  if (liquidity === 0n || state.sqrtPriceX96 === 0n) return []
  if (tickLower <= state.tick && state.tick < tickUpper) state.liquidity += liquidity
  if (state.ticks === null) return []
  addToTick(state.ticks, tickLower, liquidity, liquidity)
  addToTick(state.ticks, tickUpper, liquidity, -liquidity)
  return [tickLower, tickUpper]
}

function addToTick(ticks: Map<number, TickLiquidity>, tick: number, gross: bigint, net: bigint): void {
  const before = ticks.get(tick) ?? { gross: 0n, net: 0n }
  const after = { gross: before.gross + gross, net: before.net + net }
  if (after.gross === 0n || before.gross === 0n) forgetOrder(ticks)
  if (after.gross === 0n) ticks.delete(tick)
  else ticks.set(tick, after)
}
