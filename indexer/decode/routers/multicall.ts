import type { Hex } from '../../types/block.ts'
import { bytesListAt, CalldataError, type Data, splitCall, uintAt } from './calldata.ts'
import { CALLS_MAX, type CallDecoder, type Calls, DEPTH_MAX, type Reading, type Step } from './family.ts'

/** multicall(bytes[] data), multicall(uint256 deadline, bytes[] data), multicall(bytes32 previousBlockhash, bytes[] data) */
export const multicallSelectors = {
  plain: '0xac9650d8',
  deadline: '0x5ae401dc',
  previousBlockhash: '0x1f0464d1',
} as const satisfies Record<string, Hex>

/**
 * What a router with a multicall takes: each of its swaps, and several of them in one call together with what stands
 * `beside` swaps there, also nested. Each call inside must be known. The extended form has two multicalls more.
 * Source: @uniswap/v3-periphery Multicall, @uniswap/swap-router-contracts MulticallExtended.
 */
export function withMulticall(swaps: Calls, beside: Calls, form: 'plain' | 'extended' = 'plain'): Calls {
  const list =
    (index: number): CallDecoder =>
    (args, reading) =>
      allOf(inside, args, index, reading)
  const multicalls: Calls = {
    [multicallSelectors.plain]: list(0),
    ...(form === 'extended' && {
      [multicallSelectors.deadline]: (args: Data, reading: Reading): Step[] => [
        { step: 'deadline', deadline: uintAt(args, 0) },
        ...list(1)(args, reading),
      ],
      [multicallSelectors.previousBlockhash]: list(1),
    }),
  }
  const inside: Calls = { ...beside, ...swaps, ...multicalls }
  return { ...swaps, ...multicalls }
}

function allOf(calls: Calls, args: Data, index: number, { budget, depth }: Reading): Step[] {
  if (depth >= DEPTH_MAX) throw new CalldataError(`calls in calls, more than ${DEPTH_MAX} deep`)
  return bytesListAt(args, index, CALLS_MAX).flatMap((data) => {
    if (budget.callsLeft-- <= 0) throw new CalldataError(`more than ${CALLS_MAX} calls`)
    const { selector, args: inner } = splitCall(data)
    const decode = calls[selector]
    if (decode === undefined) throw new CalldataError(`unknown call ${selector}`)
    return decode(inner, { budget, depth: depth + 1 })
  })
}
