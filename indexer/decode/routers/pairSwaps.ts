import { addressAt, type Data, uintAt } from './calldata.ts'
import type { CallDecoder } from './family.ts'
import { BASE_TOKEN, type Route } from './path.ts'

/** Reads a route whose list stands in word `at` of the arguments; throws CalldataError when it cannot be read. */
export type RouteReader = (args: Data, at: number) => Route

/**
 * Calls of routers over pairs that begin with tokens: `(exact, bound, route, address to, uint256 deadline)`, in amounts
 * of tokens, of which the output is unwrapped where it is `base`. Source: @uniswap/v2-periphery UniswapV2Router02.
 */
export function tokenSwap(
  kind: 'EXACT_IN' | 'EXACT_OUT',
  output: 'token' | 'base',
  readRoute: RouteReader,
): CallDecoder {
  const [amountIn, amountOut] = kind === 'EXACT_IN' ? [0, 1] : [1, 0]
  return (args) => {
    const route = readRoute(args, 2)
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

/**
 * Calls of routers over pairs that begin with the value sent along: `(output, route, address to, uint256 deadline)`. The
 * value is filled in where the steps are put together.
 */
export function etherSwap(kind: 'EXACT_IN' | 'EXACT_OUT', readRoute: RouteReader): CallDecoder {
  return (args) => {
    const leg = {
      kind,
      ...readRoute(args, 1),
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
