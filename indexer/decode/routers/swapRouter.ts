import type { Address } from '../../types/block.ts'
import { addressAt, boundedUintAt, bytesAt, type Data, numberAt, tailAt, uintAt } from './calldata.ts'
import type { Account, CallDecoder, Calls, RouterDecoder } from './family.ts'
import { withMulticall } from './multicall.ts'
import { BASE_TOKEN, type Route, v3Hop, v3Route } from './path.ts'
import { payments } from './payments.ts'

const swaps: Calls = {
  // exactInputSingle((address tokenIn, address tokenOut, uint24 fee, address recipient, uint256 deadline, uint256 amountIn, uint256 amountOutMinimum, uint160 sqrtPriceLimitX96))
  '0x414bf389': single('EXACT_IN'),
  // exactOutputSingle((… uint256 amountOut, uint256 amountInMaximum, uint160 sqrtPriceLimitX96))
  '0xdb3e2198': single('EXACT_OUT'),
  // exactInput((bytes path, address recipient, uint256 deadline, uint256 amountIn, uint256 amountOutMinimum))
  '0xc04b8d59': multi('EXACT_IN'),
  // exactOutput((bytes path, address recipient, uint256 deadline, uint256 amountOut, uint256 amountInMaximum))
  '0xf28c0498': multi('EXACT_OUT'),
}

/**
 * The four swaps of the V3 periphery's SwapRouter and its forks, whose structs hold a deadline, alone and in a
 * multicall. A price limit is not part of an intent: with one, the router may take less than the exact input.
 * Source: @uniswap/v3-periphery SwapRouter.
 */
export const swapRouter: RouterDecoder = { family: 'uniswap-v3-swap-router', calls: withMulticall(swaps, payments) }

function single(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    boundedUintAt(args, 7, 160)
    return swap(kind, v3Hop(addressAt(args, 0), numberAt(args, 2), addressAt(args, 1)), args, 3)
  }
}

function multi(kind: 'EXACT_IN' | 'EXACT_OUT'): CallDecoder {
  return (args) => {
    const params = tailAt(args, 0)
    return swap(kind, v3Route(bytesAt(params, 0), kind), params, 1)
  }
}

/** From word `at` on: recipient, deadline, the exact amount, the bound of the other. */
function swap(kind: 'EXACT_IN' | 'EXACT_OUT', route: Route, params: Data, at: number): ReturnType<CallDecoder> {
  const exact = uintAt(params, at + 2)
  const bound = uintAt(params, at + 3)
  const amounts = kind === 'EXACT_IN' ? { amountIn: exact, amountOut: bound } : { amountIn: bound, amountOut: exact }
  const recipient = recipientOf(addressAt(params, at))
  return [
    { step: 'deadline', deadline: uintAt(params, at + 1) },
    { step: 'swap', leg: { kind, ...route, ...amounts, source: 'VALUE_OR_SENDER', recipient } },
  ]
}

/** The zero address stands for the router. */
function recipientOf(recipient: Address): Account {
  return recipient === BASE_TOKEN ? 'ROUTER' : recipient
}
