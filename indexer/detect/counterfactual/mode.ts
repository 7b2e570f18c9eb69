import type { Curve } from '../../derive/curve.ts'
import type { Trade } from '../../types/action.ts'
import type { Hex } from '../../types/block.ts'
import type { SwapIntent } from '../../types/intent.ts'

/** Which amount of a swap its sender fixed. */
export type SwapMode = 'EXACT_IN' | 'EXACT_OUT'

/** Selectors of calls that fix what comes out, whoever is called. Sources: UniswapV2Router02, SwapRouter, SwapRouter02. */
const EXACT_OUT_SELECTORS: ReadonlySet<Hex> = new Set([
  // swapETHForExactTokens, swapTokensForExactTokens, swapTokensForExactETH
  '0xfb3bdb41',
  '0x8803dbee',
  '0x4a25d94a',
  // exactOutputSingle and exactOutput of SwapRouter, and of SwapRouter02
  '0xdb3e2198',
  '0xf28c0498',
  '0x5023b4df',
  '0x09b81346',
])

/**
 * Which amount was fixed: what the maths leave possible, and where they leave both, what the calldata says; an exact input
 * where nobody says. `isReplayed` tells whether the maths agree with what happened.
 */
export function modeOf(
  curve: Curve,
  { tokenIn, tokenOut, amountIn, amountOut }: Trade,
  intent: SwapIntent | null,
  selector: Hex | null,
): { mode: SwapMode; isReplayed: boolean } {
  const isIn = curve.quoteIn(tokenIn, tokenOut, amountIn)?.amountOut === amountOut
  const backward = curve.quoteOut(tokenIn, tokenOut, amountOut)
  const isOut = backward?.amountIn === amountIn && backward.amountOut === amountOut
  const said = intent?.kind ?? (selector !== null && EXACT_OUT_SELECTORS.has(selector) ? 'EXACT_OUT' : 'EXACT_IN')
  if (isIn === isOut) return { mode: said, isReplayed: isIn }
  return { mode: isIn ? 'EXACT_IN' : 'EXACT_OUT', isReplayed: true }
}
