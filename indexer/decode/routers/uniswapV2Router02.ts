import { addressAt, addressesAt, uintAt } from './calldata.ts'
import type { CallDecoder, RouterFamily } from './family.ts'
import { BASE_TOKEN, HOPS_MAX, v2Route } from './path.ts'

/**
 * The nine swaps of Uniswap V2's Router02 and its forks. Tokens that take a fee on transfer are asked for in the same
 * words: the minimum then counts what arrives. The value sent with the two calls that begin with ether is filled in
 * where the steps are put together. Source: @uniswap/v2-periphery UniswapV2Router02.
 */
export const uniswapV2Router02: RouterFamily = {
  family: 'uniswap-v2-router02',
  calls: {
    // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to, uint256 deadline)
    '0x38ed1739': tokens('EXACT_IN', 'token'),
    // swapExactTokensForTokensSupportingFeeOnTransferTokens(…)
    '0x5c11d795': tokens('EXACT_IN', 'token'),
    // swapExactTokensForETH(…)
    '0x18cbafe5': tokens('EXACT_IN', 'base'),
    // swapExactTokensForETHSupportingFeeOnTransferTokens(…)
    '0x791ac947': tokens('EXACT_IN', 'base'),
    // swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to, uint256 deadline)
    '0x8803dbee': tokens('EXACT_OUT', 'token'),
    // swapTokensForExactETH(…)
    '0x4a25d94a': tokens('EXACT_OUT', 'base'),
    // swapExactETHForTokens(uint256 amountOutMin, address[] path, address to, uint256 deadline)
    '0x7ff36ab5': ether('EXACT_IN'),
    // swapExactETHForTokensSupportingFeeOnTransferTokens(…)
    '0xb6f9de95': ether('EXACT_IN'),
    // swapETHForExactTokens(uint256 amountOut, address[] path, address to, uint256 deadline)
    '0xfb3bdb41': ether('EXACT_OUT'),
  },
}

function tokens(kind: 'EXACT_IN' | 'EXACT_OUT', output: 'token' | 'base'): CallDecoder {
  const [amountIn, amountOut] = kind === 'EXACT_IN' ? [0, 1] : [1, 0]
  return (args) => {
    const route = v2Route(addressesAt(args, 2, HOPS_MAX + 1))
    const leg = {
      kind,
      ...route,
      tokenOut: output === 'base' ? BASE_TOKEN : route.tokenOut,
      amountIn: uintAt(args, amountIn),
      amountOut: uintAt(args, amountOut),
      source: 'SENDER' as const,
      recipient: addressAt(args, 3),
    }
    return [
      { step: 'deadline', deadline: uintAt(args, 4) },
      { step: 'swap', leg },
    ]
  }
}

function ether(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    const leg = {
      kind,
      ...v2Route(addressesAt(args, 1, HOPS_MAX + 1)),
      tokenIn: BASE_TOKEN,
      amountIn: null,
      amountOut: uintAt(args, 0),
      source: 'VALUE' as const,
      recipient: addressAt(args, 2),
    }
    return [
      { step: 'deadline', deadline: uintAt(args, 3) },
      { step: 'swap', leg },
    ]
  }
}
