import { addressAt, addressesAt, boundedUintAt, bytesAt, type Data, numberAt, tailAt, uintAt } from './calldata.ts'
import { mappedAccount } from './constants.ts'
import type { CallDecoder, Calls, RouterDecoder } from './family.ts'
import { withMulticall } from './multicall.ts'
import { HOPS_MAX, type Route, v2Route, v3Hop, v3Route } from './path.ts'
import { extendedPayments } from './payments.ts'

/** An exact input of this is all that the router holds. */
const CONTRACT_BALANCE = 0n

/** The swaps of SwapRouter02 by selector, which routers made from it have as well. */
export const sharedSwaps: Calls = {
  // exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96))
  '0x04e45aaf': single('EXACT_IN'),
  // exactOutputSingle((… uint256 amountOut, uint256 amountInMaximum, uint160 sqrtPriceLimitX96))
  '0x5023b4df': single('EXACT_OUT'),
  // exactInput((bytes path, address recipient, uint256 amountIn, uint256 amountOutMinimum))
  '0xb858183f': multi('EXACT_IN'),
  // exactOutput((bytes path, address recipient, uint256 amountOut, uint256 amountInMaximum))
  '0x09b81346': multi('EXACT_OUT'),
  // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, address[] path, address to)
  '0x472b43f3': pairs('EXACT_IN'),
  // swapTokensForExactTokens(uint256 amountOut, uint256 amountInMax, address[] path, address to)
  '0x42712a67': pairs('EXACT_OUT'),
}

/**
 * The swaps of SwapRouter02 over V3 and V2 pools, without a deadline; the deadline stands in its multicall. A price
 * limit is not part of an intent. Source: @uniswap/swap-router-contracts V3SwapRouter, V2SwapRouter.
 */
export const swapRouter02: RouterDecoder = {
  family: 'uniswap-swap-router02',
  calls: withMulticall(sharedSwaps, extendedPayments, 'extended'),
}

function single(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    boundedUintAt(args, 6, 160)
    return swap(kind, v3Hop(addressAt(args, 0), numberAt(args, 2), addressAt(args, 1)), args, {
      recipient: 3,
      exact: 4,
    })
  }
}

function multi(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    const params = tailAt(args, 0)
    return swap(kind, v3Route(bytesAt(params, 0), kind), params, { recipient: 1, exact: 2 })
  }
}

function pairs(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => swap(kind, v2Route(addressesAt(args, 2, HOPS_MAX + 1)), args, { recipient: 3, exact: 0 })
}

/**
 * The swap of a call, whose exact amount and recipient stand in these words; the bound of the other amount stands behind
 * the exact one.
 */
export function swap(
  kind: 'EXACT_IN' | 'EXACT_OUT',
  route: Route,
  params: Data,
  at: { recipient: number; exact: number },
): ReturnType<CallDecoder> {
  const exact = uintAt(params, at.exact)
  const bound = uintAt(params, at.exact + 1)
  const recipient = mappedAccount(addressAt(params, at.recipient))
  if (kind === 'EXACT_OUT') {
    const leg = { kind, ...route, amountIn: bound, amountOut: exact, source: 'VALUE_OR_SENDER' as const, recipient }
    return [{ step: 'swap', leg }]
  }
  const input =
    exact === CONTRACT_BALANCE
      ? { amountIn: null, source: 'ROUTER' as const }
      : { amountIn: exact, source: 'VALUE_OR_SENDER' as const }
  return [{ step: 'swap', leg: { kind, ...route, ...input, amountOut: bound, recipient } }]
}
