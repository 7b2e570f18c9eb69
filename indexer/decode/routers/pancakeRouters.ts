import { addressAt, addressesAt, booleanAt, CalldataError, type Data, numbersAt, uintAt } from './calldata.ts'
import { mappedAccount } from './constants.ts'
import type { CallDecoder, Leg, RouterDecoder, Source, Step } from './family.ts'
import { withMulticall } from './multicall.ts'
import { ercRoute, HOPS_MAX, type Route } from './path.ts'
import { extendedPayments } from './payments.ts'
import { sharedSwaps, swap } from './swapRouter02.ts'
import { commonCommands, executeCalls } from './universalRouter.ts'

/** An amount of this was paid to the router before. Source: Constants of pancake's universal-router. */
const ALREADY_PAID = 0n

/**
 * PancakeSwap's SmartRouter: SwapRouter02 with swaps over stable pools, which it names by how many tokens they hold.
 * Source: pancake-v3-contracts router, SmartRouter and StableSwapRouter.
 */
export const pancakeSmartRouter: RouterDecoder = {
  family: 'pancake-smart-router',
  calls: withMulticall(
    {
      ...sharedSwaps,
      // exactInputStableSwap(address[] path, uint256[] flag, uint256 amountIn, uint256 amountOutMin, address to)
      '0xb4554231': stableCall('EXACT_IN'),
      // exactOutputStableSwap(address[] path, uint256[] flag, uint256 amountOut, uint256 amountInMax, address to)
      '0xb4c4e555': stableCall('EXACT_OUT'),
    },
    extendedPayments,
    'extended',
  ),
}

/**
 * PancakeSwap's UniversalRouter: the first UniversalRouter with two commands for stable pools; it knows nothing of V4.
 * Source: pancakeswap universal-router Dispatcher, Commands, StableSwapRouter.
 */
export const pancakeUniversalRouter: RouterDecoder = {
  family: 'pancake-universal-router',
  calls: executeCalls({
    ...commonCommands,
    // STABLE_SWAP_EXACT_IN (address recipient, uint256 amountIn, uint256 amountOutMin, address[] path, uint256[] flag, bool payerIsUser)
    '0x22': stableExactIn,
    // STABLE_SWAP_EXACT_OUT (address recipient, uint256 amountOut, uint256 amountInMax, address[] path, uint256[] flag, bool payerIsUser)
    '0x23': stableExactOut,
  }),
}

function stableCall(kind: Leg['kind']): CallDecoder {
  return (args) => swap(kind, stableRoute(args, 0), args, { recipient: 4, exact: 2 })
}

/** What the router swaps is all that it holds, also where the input says another amount. */
function stableExactIn(input: Data): Step[] {
  const amountIn = uintAt(input, 1)
  const isPaidBySender = booleanAt(input, 5) && amountIn !== ALREADY_PAID
  const paid = isPaidBySender ? { amountIn, source: 'SENDER' as const } : { amountIn: null, source: 'ROUTER' as const }
  const leg = { kind: 'EXACT_IN' as const, ...stableRoute(input, 3), ...paid, amountOut: uintAt(input, 2) }
  return [{ step: 'swap', leg: { ...leg, recipient: mappedAccount(addressAt(input, 0)) } }]
}

function stableExactOut(input: Data): Step[] {
  const source: Source = booleanAt(input, 5) ? 'SENDER' : 'ROUTER'
  const amounts = { amountIn: uintAt(input, 2), amountOut: uintAt(input, 1) }
  const leg = { kind: 'EXACT_OUT' as const, ...stableRoute(input, 3), ...amounts, source }
  return [{ step: 'swap', leg: { ...leg, recipient: mappedAccount(addressAt(input, 0)) } }]
}

/** The path in word `at`; behind it stands for each hop whether its pool has two or three tokens. */
function stableRoute(data: Data, at: number): Route {
  const tokens = addressesAt(data, at, HOPS_MAX + 1)
  const flags = numbersAt(data, at + 1, HOPS_MAX)
  if (flags.length !== tokens.length - 1) throw new CalldataError(`${flags.length} pools of ${tokens.length} tokens`)
  const unknown = flags.find((flag) => flag !== 2 && flag !== 3)
  if (unknown !== undefined) throw new CalldataError(`a stable pool of ${unknown} tokens`)
  return ercRoute(
    tokens,
    flags.map((flag) => `stable:${flag}`),
  )
}
