import type { Curve } from '../../derive/curve.ts'
import { addNet, type PoolAction } from '../window.ts'

/** The liquidity in range stands under its own name where there is reinvested liquidity besides (Kyber Elastic). */
type Ticked = { tick: number; ticks: ReadonlyMap<number, { gross: bigint; net: bigint }> } & (
  | { liquidity: bigint }
  | { baseLiquidity: bigint }
)

/**
 * A curve after liquidity was added or removed: by its range for curves with ticks, by its amounts for pairs. Null where
 * this does not tell what the curve is then.
 */
export function afterLiquidity(curve: Curve, action: PoolAction & { kind: 'liquidity' }): Curve | null {
  const { event, amounts } = action
  if (event.kind === 'collect') return curve
  const state = curve.state as Record<string, unknown>
  if (event.range !== null) return 'ticks' in state ? curve.at(withRange(state as Ticked, event.range)) : null
  if (amounts === null || typeof state.reserve0 !== 'bigint' || typeof state.reserve1 !== 'bigint') return null
  return curve.at({ ...state, reserve0: state.reserve0 + amounts[0], reserve1: state.reserve1 + amounts[1] })
}

function withRange<State extends Ticked>(
  state: State,
  { tickLower, tickUpper, liquidity }: { tickLower: number; tickUpper: number; liquidity: bigint },
): State {
  const ticks = new Map(state.ticks)
  addNet(ticks, tickLower, liquidity, liquidity)
  addNet(ticks, tickUpper, liquidity, -liquidity)
  const isInRange = tickLower <= state.tick && state.tick < tickUpper
  const change = isInRange ? liquidity : 0n
  return 'baseLiquidity' in state
    ? { ...state, ticks, baseLiquidity: state.baseLiquidity + change }
    : { ...state, ticks, liquidity: state.liquidity + change }
}
