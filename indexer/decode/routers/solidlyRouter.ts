import type { Address } from '../../types/block.ts'
import { addressAt, booleanAt, CalldataError, type Data, staticStructsAt, uintAt } from './calldata.ts'
import type { CallDecoder, RouterDecoder } from './family.ts'
import { etherSwap, type RouteReader, tokenSwap } from './pairSwaps.ts'
import { BASE_TOKEN, ercRoute, HOPS_MAX, type Route } from './path.ts'

/** One hop as the routers take it. */
type Hop = { from: Address; to: Address; pool: string }

/**
 * The swaps of Solidly's router and its forks, whose routes name each pair by its tokens and its curve:
 * `(address from, address to, bool stable)[]`. Source: Solidly BaseV1Router01, Velodrome V1 Router.
 */
export const solidlyRouter: RouterDecoder = {
  family: 'solidly-router',
  calls: {
    // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, (address,address,bool)[] routes, address to, uint256 deadline)
    '0xf41766d8': tokenSwap('EXACT_IN', 'token', routesOf(3)),
    // swapExactTokensForTokensSupportingFeeOnTransferTokens(…)
    '0x6cc1ae13': tokenSwap('EXACT_IN', 'token', routesOf(3)),
    // swapExactTokensForETH(…)
    '0x18a13086': tokenSwap('EXACT_IN', 'base', routesOf(3)),
    // swapExactTokensForETHSupportingFeeOnTransferTokens(…)
    '0x7af728c8': tokenSwap('EXACT_IN', 'base', routesOf(3)),
    // swapExactETHForTokens(uint256 amountOutMin, (address,address,bool)[] routes, address to, uint256 deadline)
    '0x67ffb66a': etherSwap('EXACT_IN', routesOf(3)),
    // swapExactETHForTokensSupportingFeeOnTransferTokens(…)
    '0x76c72751': etherSwap('EXACT_IN', routesOf(3)),
    // swapExactTokensForTokensSimple(uint256 amountIn, uint256 amountOutMin, address tokenFrom, address tokenTo, bool stable, address to, uint256 deadline)
    '0x13dcfc59': simple(),
  },
}

/**
 * The same for Velodrome V2 and its forks, whose hops name the factory as well; the zero address stands for the
 * router's own. Source: Velodrome V2 Router.
 */
export const velodromeV2Router: RouterDecoder = {
  family: 'velodrome-v2-router',
  calls: {
    // swapExactTokensForTokens(uint256 amountIn, uint256 amountOutMin, (address,address,bool,address)[] routes, address to, uint256 deadline)
    '0xcac88ea9': tokenSwap('EXACT_IN', 'token', routesOf(4)),
    // swapExactTokensForTokensSupportingFeeOnTransferTokens(…)
    '0x88cd821e': tokenSwap('EXACT_IN', 'token', routesOf(4)),
    // swapExactTokensForETH(…)
    '0xc6b7f1b6': tokenSwap('EXACT_IN', 'base', routesOf(4)),
    // swapExactTokensForETHSupportingFeeOnTransferTokens(…)
    '0x12bc3aca': tokenSwap('EXACT_IN', 'base', routesOf(4)),
    // swapExactETHForTokens(uint256 amountOutMin, (address,address,bool,address)[] routes, address to, uint256 deadline)
    '0x903638a4': etherSwap('EXACT_IN', routesOf(4)),
    // swapExactETHForTokensSupportingFeeOnTransferTokens(…)
    '0x3da5acba': etherSwap('EXACT_IN', routesOf(4)),
  },
}

function routesOf(words: 3 | 4): RouteReader {
  return (args, at) => routeOfHops(staticStructsAt(args, at, words, HOPS_MAX).map((hop) => hopOf(hop, words)))
}

function hopOf(fields: Data, words: 3 | 4): Hop {
  const curve = booleanAt(fields, 2) ? 'stable' : 'volatile'
  const factory = words === 4 ? addressAt(fields, 3) : BASE_TOKEN
  return {
    from: addressAt(fields, 0),
    to: addressAt(fields, 1),
    pool: factory === BASE_TOKEN ? curve : `${curve}:${factory}`,
  }
}

/** The routers do not check that a hop begins where the one before ended; such a call is no path. */
function routeOfHops(hops: readonly Hop[]): Route {
  if (hops.some(({ to }, index) => index + 1 < hops.length && to !== hops[index + 1]!.from))
    throw new CalldataError('a path with a gap')
  return ercRoute(
    [...hops.slice(0, 1).map(({ from }) => from), ...hops.map(({ to }) => to)],
    hops.map(({ pool }) => pool),
  )
}

function simple(): CallDecoder {
  return (args) => {
    const [tokenIn, tokenOut] = [addressAt(args, 2), addressAt(args, 3)]
    const leg = {
      kind: 'EXACT_IN' as const,
      ...ercRoute([tokenIn, tokenOut], [booleanAt(args, 4) ? 'stable' : 'volatile']),
      amountIn: uintAt(args, 0),
      amountOut: uintAt(args, 1),
      source: 'SENDER' as const,
      recipient: addressAt(args, 5),
    }
    return [
      { step: 'deadline', deadline: uintAt(args, 6) },
      { step: 'swap', leg },
    ]
  }
}
