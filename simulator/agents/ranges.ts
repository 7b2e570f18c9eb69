import type { TickRange } from '../pools/range.ts'
import type { RangePool } from '../pools/types.ts'

const LOG_OF_TICK = Math.log(1.0001)

/** The range of usable ticks about the pool's price, `width` of it to either side: 0.1 for 10 %. It holds the price. */
export function rangeAround({ tick, tickSpacing }: RangePool, width: number): TickRange {
  const distance = Math.max(1, Math.ceil(Math.log(1 + width) / LOG_OF_TICK / tickSpacing))
  const center = Math.floor(tick / tickSpacing)
  return { tickLower: (center - distance) * tickSpacing, tickUpper: (center + 1 + distance) * tickSpacing }
}

/** The narrowest range of usable ticks that holds two ticks. */
export function rangeOver({ tickSpacing }: RangePool, a: number, b: number): TickRange {
  const [low, high] = a < b ? [a, b] : [b, a]
  const tickLower = Math.floor(low / tickSpacing) * tickSpacing
  return { tickLower, tickUpper: (Math.floor(high / tickSpacing) + 1) * tickSpacing }
}
