import type { Hex } from '../../types/block.ts'
import {
  addressAt,
  addressesAt,
  booleanAt,
  bytesAt,
  bytesListAt,
  CalldataError,
  type Data,
  uintAt,
} from './calldata.ts'
import { CONTRACT_BALANCE, mappedAccount } from './constants.ts'
import {
  CALLS_MAX,
  type CallDecoder,
  type Calls,
  DEPTH_MAX,
  type Leg,
  type Reading,
  type RouterDecoder,
  type Source,
  type Step,
} from './family.ts'
import { HOPS_MAX, type Route, v2Route, v3Route } from './path.ts'
import { v4Steps } from './v4Router.ts'

// The first UniversalRouter ignored the bit 0x40 as well; the later ones have commands there.
const COMMAND_MASK = 0x7f

/** Decoders of a plan's commands by their code in two digits. */
type Commands = Readonly<Record<Hex, CallDecoder>>

const nothing: CallDecoder = () => []

/** The commands that every UniversalRouter has, but for the plan in a plan. Source: @uniswap/universal-router Commands. */
export const commonCommands: Commands = {
  // V3_SWAP_EXACT_IN (address recipient, uint256 amountIn, uint256 amountOutMin, bytes path, bool payerIsUser)
  '0x00': (input) => swap('EXACT_IN', v3Route(bytesAt(input, 3), 'EXACT_IN'), input),
  // V3_SWAP_EXACT_OUT (address recipient, uint256 amountOut, uint256 amountInMax, bytes path, bool payerIsUser)
  '0x01': (input) => swap('EXACT_OUT', v3Route(bytesAt(input, 3), 'EXACT_OUT'), input),
  // PERMIT2_TRANSFER_FROM (address token, address recipient, uint160 amount)
  '0x02': (input) => [{ step: 'fund', token: addressAt(input, 0) }],
  // PERMIT2_PERMIT_BATCH
  '0x03': nothing,
  // SWEEP (address token, address recipient, uint256 amountMin)
  '0x04': (input) => [
    {
      ...{ step: 'send', from: 'ROUTER', token: addressAt(input, 0), minimum: uintAt(input, 2) },
      recipient: mappedAccount(addressAt(input, 1)),
    },
  ],
  // TRANSFER (address token, address recipient, uint256 value)
  '0x05': transfer,
  // PAY_PORTION (address token, address recipient, uint256 bips): a fee out of what a sweep then bounds.
  '0x06': nothing,
  // V2_SWAP_EXACT_IN (address recipient, uint256 amountIn, uint256 amountOutMin, address[] path, bool payerIsUser)
  '0x08': pairsExactIn,
  // V2_SWAP_EXACT_OUT (address recipient, uint256 amountOut, uint256 amountInMax, address[] path, bool payerIsUser)
  '0x09': (input) => swap('EXACT_OUT', v2Route(addressesAt(input, 3, HOPS_MAX + 1)), input),
  // PERMIT2_PERMIT
  '0x0a': nothing,
  // WRAP_ETH (address recipient, uint256 amount)
  '0x0b': (input) => [{ step: 'wrap', amount: held(uintAt(input, 1)), recipient: mappedAccount(addressAt(input, 0)) }],
  // UNWRAP_WETH (address recipient, uint256 amountMin)
  '0x0c': (input) => [{ step: 'unwrap', minimum: uintAt(input, 1), recipient: mappedAccount(addressAt(input, 0)) }],
  // BALANCE_CHECK_ERC20
  '0x0e': nothing,
}

/** The calls that run a plan of these commands, and of plans of them. */
export function executeCalls(commands: Commands): Calls {
  const execute: CallDecoder = (args, reading) => executePlan(withPlans, args, reading)
  // EXECUTE_SUB_PLAN (bytes commands, bytes[] inputs)
  const withPlans: Commands = { ...commands, '0x21': execute }
  return {
    // execute(bytes commands, bytes[] inputs)
    '0x24856bc3': execute,
    // execute(bytes commands, bytes[] inputs, uint256 deadline)
    '0x3593564c': until(execute, 2),
  }
}

// V4_SWAP (bytes actions, bytes[] params)
const calls = executeCalls({ ...commonCommands, '0x10': v4Steps })

/**
 * The UniversalRouter: a string of one-byte commands, each with its input. One that is not known makes the whole call
 * unknown. The bit that lets a command fail is ignored: the swap is asked for all the same.
 * Source: @uniswap/universal-router Dispatcher, Commands.
 */
export const universalRouter: RouterDecoder = {
  family: 'uniswap-universal-router',
  calls: {
    ...calls,
    // executeSigned(bytes commands, bytes[] inputs, bytes32 intent, bytes32 data, bool verifySender, bytes32 nonce, bytes signature, uint256 deadline)
    '0x44684dc3': until(calls['0x24856bc3']!, 7),
  },
}

/** With a deadline in word `at`. */
function until(execute: CallDecoder, at: number): CallDecoder {
  return (args, reading) => [{ step: 'deadline', deadline: uintAt(args, at) }, ...execute(args, reading)]
}

function executePlan(commands: Commands, args: Data, { budget, depth }: Reading): Step[] {
  if (depth >= DEPTH_MAX) throw new CalldataError(`plans in plans, more than ${DEPTH_MAX} deep`)
  const codes = bytesAt(args, 0)
  const inputs = bytesListAt(args, 1, CALLS_MAX)
  if (codes.length !== inputs.length * 2)
    throw new CalldataError(`${codes.length / 2} commands, ${inputs.length} inputs`)
  return inputs.flatMap((input, index) => {
    if (budget.callsLeft-- <= 0) throw new CalldataError(`more than ${CALLS_MAX} commands`)
    const code = Number.parseInt(codes.slice(index * 2, index * 2 + 2), 16) & COMMAND_MASK
    const decode = commands[`0x${code.toString(16).padStart(2, '0')}`]
    if (decode === undefined) throw new CalldataError(`unknown command ${code}`)
    return decode(input, { budget, depth: depth + 1 })
  })
}

function swap(kind: Leg['kind'], route: Route, input: Data): Step[] {
  const exact = uintAt(input, 1)
  const bound = uintAt(input, 2)
  const amounts =
    kind === 'EXACT_IN' ? { amountIn: held(exact), amountOut: bound } : { amountIn: bound, amountOut: exact }
  const source: Source = booleanAt(input, 4) ? 'SENDER' : 'ROUTER'
  return [{ step: 'swap', leg: { kind, ...route, ...amounts, source, recipient: mappedAccount(addressAt(input, 0)) } }]
}

function pairsExactIn(input: Data): Step[] {
  const steps = swap('EXACT_IN', v2Route(addressesAt(input, 3, HOPS_MAX + 1)), input)
  // An amount of zero says that the pair was paid before.
  if (uintAt(input, 1) !== 0n) return steps
  return steps.map((step) =>
    step.step === 'swap' ? { ...step, leg: { ...step.leg, amountIn: null, source: 'POOL' } } : step,
  )
}

function transfer(input: Data): Step[] {
  const token = addressAt(input, 0)
  const recipient = mappedAccount(addressAt(input, 1))
  const amount = held(uintAt(input, 2))
  if (amount === null) return [{ step: 'send', from: 'ROUTER', token, minimum: 0n, recipient }]
  return [{ step: 'pay', from: 'ROUTER', token, amount, recipient }]
}

function held(amount: bigint): bigint | null {
  return amount === CONTRACT_BALANCE ? null : amount
}
