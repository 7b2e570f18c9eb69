import { addressesAt } from './calldata.ts'
import type { RouterDecoder } from './family.ts'
import { etherSwap, type RouteReader, tokenSwap } from './pairSwaps.ts'
import { HOPS_MAX, v2Route } from './path.ts'

const route: RouteReader = (args, at) => v2Route(addressesAt(args, at, HOPS_MAX + 1))

/**
 * The nine swaps of Uniswap V2's Router02 and its forks. Tokens that take a fee on transfer are asked for in the same
 * words: the minimum then counts what arrives. Source: @uniswap/v2-periphery UniswapV2Router02.
 */
export const uniswapV2Router02: RouterDecoder = {
  family: 'uniswap-v2-router02',
  calls: {
    // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline)
    '0x38ed1739': tokenSwap('EXACT_IN', 'token', route),
    // swapExactTokensForTokensSupportingFeeOnTransferTokens(…)
    '0x5c11d795': tokenSwap('EXACT_IN', 'token', route),
    // swapExactTokensForETH(…)
    '0x18cbafe5': tokenSwap('EXACT_IN', 'base', route),
    // swapExactTokensForETHSupportingFeeOnTransferTokens(…)
    '0x791ac947': tokenSwap('EXACT_IN', 'base', route),
    // swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline)
    '0x8803dbee': tokenSwap('EXACT_OUT', 'token', route),
    // swapTokensForExactETH(…)
    '0x4a25d94a': tokenSwap('EXACT_OUT', 'base', route),
    // swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline)
    '0x7ff36ab5': etherSwap('EXACT_IN', route),
    // swapExactETHForTokensSupportingFeeOnTransferTokens(…)
    '0xb6f9de95': etherSwap('EXACT_IN', route),
    // swapETHForExactTokens(uint256 amountOut, address[] path, address to, uint256 deadline)
    '0xfb3bdb41': etherSwap('EXACT_OUT', route),
  },
}
