import { addressesAt, booleansAt, CalldataError } from './calldata.ts'
import type { RouterDecoder } from './family.ts'
import { etherSwap, type RouteReader, tokenSwap } from './pairSwaps.ts'
import { ercRoute, HOPS_MAX } from './path.ts'

/** The list that says of each hop whether its pair is for near-equal tokens stands three words behind the path. */
const STABLE_BEHIND = 3

/** The router reads one entry a hop; callers often give one a token, and the last is then not read. */
const route: RouteReader = (args, at) => {
  const tokens = addressesAt(args, at, HOPS_MAX + 1)
  const stable = booleansAt(args, at + STABLE_BEHIND, HOPS_MAX + 1)
  if (stable.length < tokens.length - 1) throw new CalldataError(`${stable.length} pairs of ${tokens.length} tokens`)
  return ercRoute(
    tokens,
    tokens.slice(1).map((_, hop) => (stable[hop] ? 'stable' : 'volatile')),
  )
}

/**
 * The six swaps of the Mute router, now Koi: those of Uniswap V2's router with an exact input, each with a list more at
 * its end. It has no exact outputs. Source: MuteSwitchRouter.
 */
export const muteRouter: RouterDecoder = {
  family: 'mute-router',
  calls: {
    // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)
    '0xc694d55d': tokenSwap('EXACT_IN', 'token', route),
    // swapExactTokensForTokensSupportingFeeOnTransferTokens(…)
    '0x19a13c5c': tokenSwap('EXACT_IN', 'token', route),
    // swapExactTokensForETH(…)
    '0xacc8723d': tokenSwap('EXACT_IN', 'base', route),
    // swapExactTokensForETHSupportingFeeOnTransferTokens(…)
    '0x3f464b16': tokenSwap('EXACT_IN', 'base', route),
    // swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline, bool[] stable)
    '0x0bbaa8d2': etherSwap('EXACT_IN', route),
    // swapExactETHForTokensSupportingFeeOnTransferTokens(…)
    '0x51cbf10f': etherSwap('EXACT_IN', route),
  },
}
