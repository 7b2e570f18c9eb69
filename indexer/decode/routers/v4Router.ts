import type { Address } from '../../types/block.ts'
import {
  addressAt,
  booleanAt,
  boundedUintAt,
  bytesAt,
  bytesListAt,
  CalldataError,
  type Data,
  numberAt,
  structsAt,
  tailAt,
  uintAt,
} from './calldata.ts'
import { CONTRACT_BALANCE, mappedAccount } from './constants.ts'
import { CALLS_MAX, type Leg, type Reading, type Step } from './family.ts'
import { HOPS_MAX, type Route, routeOf } from './path.ts'

const INT24_LIMIT = 1n << 23n
const INT256_LIMIT = 1n << 255n

type Action = (params: Data) => Step

/** The actions of V4Router by code. Source: @uniswap/v4-periphery Actions, IV4Router (without the later per-hop bounds). */
const actions: Readonly<Record<number, Action>> = {
  // SWAP_EXACT_IN_SINGLE ((PoolKey poolKey, bool zeroForOne, uint128 amountIn, uint128 amountOutMinimum, bytes hookData))
  6: (params) => single('EXACT_IN', params),
  // SWAP_EXACT_IN ((address currencyIn, PathKey[] path, uint128 amountIn, uint128 amountOutMinimum))
  7: (params) => multi('EXACT_IN', params),
  // SWAP_EXACT_OUT_SINGLE ((PoolKey poolKey, bool zeroForOne, uint128 amountOut, uint128 amountInMaximum, bytes hookData))
  8: (params) => single('EXACT_OUT', params),
  // SWAP_EXACT_OUT ((address currencyOut, PathKey[] path, uint128 amountOut, uint128 amountInMaximum))
  9: (params) => multi('EXACT_OUT', params),
  // SETTLE (address currency, uint256 amount, bool payerIsUser)
  11: (params) => settle(addressAt(params, 0), uintAt(params, 1), booleanAt(params, 2) ? 'SENDER' : 'ROUTER'),
  // SETTLE_ALL (address currency, uint256 maxAmount): what is owed.
  12: (params) => settle(addressAt(params, 0), 0n, 'SENDER'),
  // TAKE (address currency, address recipient, uint256 amount), 0 for all
  14: (params) => take(addressAt(params, 0), mappedAccount(addressAt(params, 1)), uintAt(params, 2)),
  // TAKE_ALL (address currency, uint256 minAmount)
  15: (params) => ({
    ...{ step: 'send', from: 'POOL_MANAGER', token: addressAt(params, 0), minimum: uintAt(params, 1) },
    recipient: 'SENDER',
  }),
  // TAKE_PORTION (address currency, address recipient, uint256 bips): a fee
  16: (params) => ({
    ...{ step: 'pay', from: 'POOL_MANAGER', token: addressAt(params, 0), amount: 0n },
    recipient: mappedAccount(addressAt(params, 1)),
  }),
}

/**
 * The steps of a V4_SWAP. What is owed to the PoolManager and by it is settled at the end of all actions, so payments
 * in come first here and payments out last, wherever they stand.
 * @throws CalldataError for an action that is not known or an encoding the router refuses
 */
export function v4Steps(input: Data, { budget }: Reading): Step[] {
  // In older routers this command was another one, with an amount in the first word.
  if (numberAt(input, 0) !== 0x40) throw new CalldataError('actions in an encoding the router refuses')
  const codes = bytesAt(input, 0)
  const params = bytesListAt(input, 1, CALLS_MAX)
  if (codes.length !== params.length * 2)
    throw new CalldataError(`${codes.length / 2} actions, ${params.length} parameters`)
  const steps = params.map((param, index) => {
    if (budget.callsLeft-- <= 0) throw new CalldataError(`more than ${CALLS_MAX} actions`)
    const code = Number.parseInt(codes.slice(index * 2, index * 2 + 2), 16)
    const decode = actions[code]
    if (decode === undefined) throw new CalldataError(`unknown action ${code}`)
    return decode(param)
  })
  return [
    ...steps.filter(({ step }) => step === 'settle'),
    ...steps.filter(({ step }) => step === 'swap'),
    ...steps.filter(({ step }) => step === 'send' || step === 'pay'),
  ]
}

function single(kind: Leg['kind'], params: Data): Step {
  const fields = tailAt(params, 0)
  // Routers with a bound per hop have one word more.
  if (numberAt(fields, 8) !== 9 * 32) throw new CalldataError('a V4 swap of another version')
  const [token0, token1] = [addressAt(fields, 0), addressAt(fields, 1)]
  const pool = poolName(fields, 2)
  const route = routeOf(booleanAt(fields, 5) ? [token0, token1] : [token1, token0], [pool])
  return swap(kind, route, boundedUintAt(fields, 6, 128), boundedUintAt(fields, 7, 128))
}

function multi(kind: Leg['kind'], params: Data): Step {
  const fields = tailAt(params, 0)
  if (numberAt(fields, 1) !== 4 * 32) throw new CalldataError('a V4 swap of another version')
  const end = addressAt(fields, 0)
  const keys = structsAt(fields, 1, HOPS_MAX)
  const tokens = keys.map((key) => addressAt(key, 0))
  const pools = keys.map((key) => poolName(key, 1))
  // An exact output names the output first, and then the way to it.
  const route = kind === 'EXACT_IN' ? routeOf([end, ...tokens], pools) : routeOf([...tokens, end], pools)
  return swap(kind, route, boundedUintAt(fields, 2, 128), boundedUintAt(fields, 3, 128))
}

/** An amount of zero stands for what is owed. */
function swap(kind: Leg['kind'], route: Route, exact: bigint, bound: bigint): Step {
  if (kind === 'EXACT_OUT' && exact === 0n) throw new CalldataError('an exact output of what is owed')
  const amounts =
    kind === 'EXACT_IN'
      ? { amountIn: exact === 0n ? null : exact, amountOut: bound }
      : { amountIn: bound, amountOut: exact }
  return { step: 'swap', leg: { kind, ...route, ...amounts, source: 'POOL_MANAGER', recipient: 'POOL_MANAGER' } }
}

function settle(token: Address, amount: bigint, from: 'SENDER' | 'ROUTER'): Step {
  return { step: 'settle', from, token, amount: amount === CONTRACT_BALANCE ? null : amount }
}

function take(token: Address, recipient: ReturnType<typeof mappedAccount>, amount: bigint): Step {
  if (amount === 0n) return { step: 'send', from: 'POOL_MANAGER', token, minimum: 0n, recipient }
  return { step: 'pay', from: 'POOL_MANAGER', token, amount, recipient }
}

/** From word `at` on: fee in pips (or the flag of a dynamic one), tick spacing, hooks. */
function poolName(fields: Data, at: number): string {
  const word = uintAt(fields, at + 1)
  const tickSpacing = word < INT256_LIMIT ? word : word - (1n << 256n)
  if (tickSpacing < -INT24_LIMIT || tickSpacing >= INT24_LIMIT) throw new CalldataError(`${tickSpacing} is no int24`)
  return `v4:${boundedUintAt(fields, at, 24)}:${tickSpacing}:${addressAt(fields, at + 2)}`
}
