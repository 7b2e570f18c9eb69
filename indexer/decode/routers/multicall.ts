import { bytesListAt, CalldataError, type Data, splitCall, uintAt } from './calldata.ts'
import { CALLS_MAX, type CallDecoder, DEPTH_MAX, type Reading, type RouterFamily, type Step } from './family.ts'
import { extendedPayments, payments } from './payments.ts'
import { swapRouter } from './swapRouter.ts'
import { swapRouter02 } from './swapRouter02.ts'

type Calls = RouterFamily['calls']

/**
 * Several calls of one V3 router in one, also nested; each must be known. `multicall(bytes[])` is in SwapRouter and in
 * SwapRouter02, so the calls inside tell which of the two is meant: they never belong to both.
 * Source: @uniswap/v3-periphery Multicall, @uniswap/swap-router-contracts MulticallExtended.
 */
export const multicall: RouterFamily = {
  family: 'uniswap-multicall',
  calls: {
    // multicall(bytes[] data)
    '0xac9650d8': (args, reading) => ofFirst([swapRouterCalls(), swapRouter02Calls()], args, reading),
    // multicall(uint256 deadline, bytes[] data)
    '0x5ae401dc': (args, reading) => swapRouter02Calls()['0x5ae401dc']!(args, reading),
    // multicall(bytes32 previousBlockhash, bytes[] data)
    '0x1f0464d1': (args, reading) => swapRouter02Calls()['0x1f0464d1']!(args, reading),
  },
}

function swapRouterCalls(): Calls {
  const calls: Calls = {
    ...payments,
    ...swapRouter.calls,
    '0xac9650d8': (args, reading) => all(calls, args, 0, reading),
  }
  return calls
}

function swapRouter02Calls(): Calls {
  const calls: Calls = {
    ...extendedPayments,
    ...swapRouter02.calls,
    '0xac9650d8': (args, reading) => all(calls, args, 0, reading),
    '0x5ae401dc': (args, reading) => [{ step: 'deadline', deadline: uintAt(args, 0) }, ...all(calls, args, 1, reading)],
    '0x1f0464d1': (args, reading) => all(calls, args, 1, reading),
  }
  return calls
}

function all(calls: Calls, list: Data, index: number, { budget, depth }: Reading): Step[] {
  if (depth >= DEPTH_MAX) throw new CalldataError(`calls in calls, more than ${DEPTH_MAX} deep`)
  return bytesListAt(list, index, CALLS_MAX).flatMap((data) => {
    if (budget.callsLeft-- <= 0) throw new CalldataError(`more than ${CALLS_MAX} calls`)
    const { selector, args } = splitCall(data)
    const decode = calls[selector]
    if (decode === undefined) throw new CalldataError(`unknown call ${selector}`)
    return decode(args, { budget, depth: depth + 1 })
  })
}

function ofFirst(candidates: readonly Calls[], args: Data, reading: Reading): ReturnType<CallDecoder> {
  for (const calls of candidates) {
    try {
      return all(calls, args, 0, reading)
    } catch (error) {
      if (!(error instanceof CalldataError)) throw error
    }
  }
  throw new CalldataError('calls that no router has')
}
