import { encodeAbiParameters, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import {
  ADDRESS_THIS,
  BASE,
  CONTRACT_BALANCE,
  type Coded,
  command,
  DAI,
  DEADLINE,
  decode,
  execute,
  MSG_SENDER,
  OTHER,
  packed,
  SENDER,
  USDC,
  WETH,
} from './calls.ts'

const structs = [
  'struct PoolKey { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }',
  'struct PathKey { address intermediateCurrency; uint24 fee; int24 tickSpacing; address hooks; bytes hookData; }',
  'struct Single { PoolKey poolKey; bool zeroForOne; uint128 exact; uint128 bound; bytes hookData; }',
  'struct Multi { address currency; PathKey[] path; uint128 exact; uint128 bound; }',
  'struct LaterSingle { PoolKey poolKey; bool zeroForOne; uint128 exact; uint128 bound; uint256 minHopPriceX36; bytes hookData; }',
  'struct LaterMulti { address currency; PathKey[] path; uint256[] minHopPriceX36; uint128 exact; uint128 bound; }',
] as const
const singleParameters = parseAbiParameters(['Single params', ...structs])
const multiParameters = parseAbiParameters(['Multi params', ...structs])
const key = { fee: 500, tickSpacing: 10, hooks: BASE }
const pool = `v4:500:10:${BASE}`

const single = (
  kind: 'IN' | 'OUT',
  tokens: [Address, Address],
  zeroForOne: boolean,
  exact = 70n,
  bound = 30n,
): Coded => [
  kind === 'IN' ? 6 : 8,
  encodeAbiParameters(singleParameters, [
    { poolKey: { currency0: tokens[0], currency1: tokens[1], ...key }, zeroForOne, exact, bound, hookData: '0x1234' },
  ]),
]
const multi = (kind: 'IN' | 'OUT', currency: Address, tokens: Address[], exact = 70n, bound = 30n): Coded => [
  kind === 'IN' ? 7 : 9,
  encodeAbiParameters(multiParameters, [
    {
      currency,
      path: tokens.map((intermediateCurrency) => ({ intermediateCurrency, ...key, hookData: '0x' as Hex })),
      exact,
      bound,
    },
  ]),
]
const settle = (token: Address, amount: bigint, payerIsUser: boolean): Coded => [
  11,
  encodeAbiParameters(parseAbiParameters('address, uint256, bool'), [token, amount, payerIsUser]),
]
const settleAll = (token: Address): Coded => [
  12,
  encodeAbiParameters(parseAbiParameters('address, uint256'), [token, 99n]),
]
const take = (token: Address, recipient: Address, amount = 0n): Coded => [
  14,
  encodeAbiParameters(parseAbiParameters('address, address, uint256'), [token, recipient, amount]),
]
const takeAll = (token: Address, minimum: bigint): Coded => [
  15,
  encodeAbiParameters(parseAbiParameters('address, uint256'), [token, minimum]),
]
const takePortion = (token: Address, recipient: Address): Coded => [
  16,
  encodeAbiParameters(parseAbiParameters('address, address, uint256'), [token, recipient, 25n]),
]
const swap = (...actions: Coded[]) => execute(command.v4(...actions))
const usdcToDai = { tokenIn: USDC, tokenOut: DAI, recipient: SENDER, deadline: Number(DEADLINE) }
const exactIn = { kind: 'EXACT_IN', amountIn: 70n, amountOut: 30n }
const exactOut = { kind: 'EXACT_OUT', amountIn: 30n, amountOut: 70n }
const ends = [settleAll(USDC), takeAll(DAI, 0n)]

describe('decodeSwapIntent of UniversalRouter with V4_SWAP', () => {
  test.each<[string, Coded, object]>([
    ['SWAP_EXACT_IN_SINGLE', single('IN', [USDC, DAI], true), { ...exactIn, path: `${USDC} ${pool} ${DAI}` }],
    [
      'SWAP_EXACT_IN_SINGLE the other way',
      single('IN', [DAI, USDC], false),
      { ...exactIn, path: `${USDC} ${pool} ${DAI}` },
    ],
    ['SWAP_EXACT_IN', multi('IN', USDC, [WETH, DAI]), { ...exactIn, path: `${USDC} ${pool} ${WETH} ${pool} ${DAI}` }],
    ['SWAP_EXACT_OUT_SINGLE', single('OUT', [USDC, DAI], true), { ...exactOut, path: `${USDC} ${pool} ${DAI}` }],
    [
      'SWAP_EXACT_OUT',
      multi('OUT', DAI, [USDC, WETH]),
      { ...exactOut, path: `${USDC} ${pool} ${WETH} ${pool} ${DAI}` },
    ],
  ])('%s', (_, action, expected) => {
    expect(decode(swap(action, ...ends))).toEqual({ ...usdcToDai, ...expected })
  })

  test('a minimum of TAKE_ALL', () => {
    expect(decode(swap(single('IN', [USDC, DAI], true), settleAll(USDC), takeAll(DAI, 31n)))?.amountOut).toBe(31n)
  })

  test('base token, which needs no wrapping', () => {
    const calldata = swap(single('IN', [BASE, DAI], true), settleAll(BASE), takeAll(DAI, 0n))
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: BASE, tokenOut: DAI, path: `${BASE} ${pool} ${DAI}` })
  })

  test('a dynamic fee, a hook and a negative tick spacing are named', () => {
    const params = encodeAbiParameters(singleParameters, [
      {
        poolKey: { currency0: USDC, currency1: DAI, fee: 0x800000, tickSpacing: -60, hooks: OTHER },
        ...{ zeroForOne: true, exact: 1n, bound: 1n, hookData: '0x' },
      },
    ])
    expect(decode(swap([6, params], ...ends))?.path).toBe(`${USDC} v4:8388608:-60:${OTHER} ${DAI}`)
  })

  test('an amount that was settled before', () => {
    const calldata = swap(settle(USDC, 70n, true), single('IN', [USDC, DAI], true, 0n), take(DAI, MSG_SENDER))
    expect(decode(calldata)).toEqual({ ...usdcToDai, ...exactIn, path: `${USDC} ${pool} ${DAI}` })
  })

  test('an amount of which two payments were settled', () => {
    const payments = [settle(USDC, 30n, true), settle(USDC, 40n, true)]
    expect(decode(swap(...payments, single('IN', [USDC, DAI], true, 0n), take(DAI, MSG_SENDER)))?.amountIn).toBeNull()
  })

  test('an amount that was settled once and is swapped twice', () => {
    const twice = [single('IN', [USDC, DAI], true, 0n), multi('IN', USDC, [WETH, DAI], 0n)]
    expect(decode(swap(settle(USDC, 70n, true), ...twice, take(DAI, MSG_SENDER)))?.amountIn).toBeNull()
  })

  test('an amount of all that the router holds', () => {
    const calldata = swap(settle(USDC, CONTRACT_BALANCE, false), single('IN', [USDC, DAI], true, 0n), take(DAI, OTHER))
    expect(decode(calldata)).toMatchObject({ amountIn: null, recipient: OTHER })
  })

  test('base token wrapped for a pool of the wrapped one', () => {
    const calldata = execute(
      command.wrap(ADDRESS_THIS, 70n),
      command.v4(settle(WETH, 70n, false), single('IN', [WETH, DAI], true, 0n), take(DAI, MSG_SENDER)),
    )
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: BASE, amountIn: 70n, path: `${WETH} ${pool} ${DAI}` })
  })

  test('a fee taken out before the rest', () => {
    const first = single('IN', [USDC, DAI], true)
    expect(decode(swap(first, settleAll(USDC), takePortion(DAI, OTHER), takeAll(DAI, 0n)))?.recipient).toBe(SENDER)
    expect(decode(swap(first, settleAll(USDC), take(DAI, OTHER, 5n), takeAll(DAI, 0n)))?.recipient).toBe(SENDER)
  })

  test('an exact output taken by its amount', () => {
    expect(decode(swap(single('OUT', [USDC, DAI], true), settleAll(USDC), take(DAI, OTHER, 70n)))?.recipient).toBe(
      OTHER,
    )
  })

  test('parts of one split', () => {
    const calldata = swap(single('IN', [USDC, DAI], true), multi('IN', USDC, [WETH, DAI], 10n, 5n), ...ends)
    expect(decode(calldata)).toMatchObject({
      ...{ amountIn: 80n, amountOut: 35n },
      path: `${USDC} ${pool} ${DAI} + ${USDC} ${pool} ${WETH} ${pool} ${DAI}`,
    })
  })

  test('a path of two swaps of which the second takes what the first gave', () => {
    const calldata = swap(single('IN', [USDC, WETH], true, 70n, 0n), single('IN', [WETH, DAI], true, 0n), ...ends)
    expect(decode(calldata)).toEqual({ ...usdcToDai, ...exactIn, path: `${USDC} ${pool} ${WETH} ${pool} ${DAI}` })
  })

  test('a path over V3, then unwrapped, then V4', () => {
    const calldata = execute(
      command.v3In(ADDRESS_THIS, 70n, 0n, packed(USDC, 500, WETH), true),
      command.unwrap(ADDRESS_THIS, 0n),
      command.v4(settle(BASE, CONTRACT_BALANCE, false), single('IN', [BASE, DAI], true, 0n), take(DAI, MSG_SENDER)),
    )
    expect(decode(calldata)).toEqual({
      ...{ ...usdcToDai, ...exactIn },
      path: `${USDC} 500 ${WETH} unwrap ${BASE} ${pool} ${DAI}`,
    })
  })

  test.each([
    ['the least amount', 9n, 70n],
    ['a part', 8n, undefined],
  ])('a path over V3 of which %s goes on to V4', (_, amount, amountIn) => {
    const calldata = execute(
      command.v3In(ADDRESS_THIS, 70n, 9n, packed(USDC, 500, WETH), true),
      command.v4(settle(WETH, amount, false), single('IN', [WETH, DAI], true, 0n), take(DAI, MSG_SENDER)),
    )
    expect(decode(calldata)?.amountIn).toBe(amountIn)
  })

  test('a path over V4, then wrapped, then V2', () => {
    const calldata = execute(
      command.v4(single('IN', [BASE, USDC], false, 70n, 0n), settleAll(USDC), take(BASE, ADDRESS_THIS)),
      command.wrap(ADDRESS_THIS, CONTRACT_BALANCE),
      command.v2In(MSG_SENDER, CONTRACT_BALANCE, 30n, [WETH, DAI], false),
    )
    expect(decode(calldata)).toEqual({
      ...{ ...usdcToDai, ...exactIn },
      path: `${USDC} ${pool} ${BASE} wrap ${WETH} v2 ${DAI}`,
    })
    expect(decode(calldata, 0n, null)).toBeNull()
  })

  test.each<[string, Coded[]]>([
    ['no swap', ends],
    ['a swap that nobody pays', [single('IN', [USDC, DAI], true), takeAll(DAI, 0n)]],
    ['a swap whose output nobody takes', [single('IN', [USDC, DAI], true), settleAll(USDC)]],
    ['an exact output of what is owed', [single('OUT', [USDC, DAI], true, 0n), ...ends]],
    ['an input from two sides', [single('IN', [USDC, DAI], true), settle(USDC, 1n, false), ...ends]],
    ['a path of no pool', [multi('IN', USDC, []), ...ends]],
    ['a pool of one token', [single('IN', [USDC, USDC], true), ...ends]],
    ['an unknown action', [single('IN', [USDC, DAI], true), [2, '0x'], ...ends]],
    ['a single swap of a later version', [[6, laterSingle()], ...ends]],
    ['a swap of a later version', [[7, laterMulti()], ...ends]],
  ])('%s', (_, actions) => {
    expect(decode(swap(...actions))).toBeNull()
  })

  test.each<[string, bigint, boolean]>([
    ['the largest', 2n ** 23n - 1n, true],
    ['one larger', 2n ** 23n, false],
    ['the smallest', 2n ** 256n - 2n ** 23n, true],
    ['one smaller', 2n ** 256n - 2n ** 23n - 1n, false],
  ])('a tick spacing of %s', (_, spacing, isRead) => {
    const [code, params] = single('IN', [USDC, DAI], true)
    const spoilt: Hex = `0x${params.slice(2, 2 + 4 * 64)}${spacing.toString(16).padStart(64, '0')}${params.slice(2 + 5 * 64)}`
    expect(decode(swap([code, spoilt], ...ends)) !== null).toBe(isRead)
  })

  test('actions in an encoding with a gap, which the router refuses', () => {
    const [code, input] = command.v4(single('IN', [USDC, DAI], true), ...ends)
    const shifted = (index: number) =>
      (BigInt(`0x${input.slice(2 + index * 64, 66 + index * 64)}`) + 32n).toString(16).padStart(64, '0')
    const gap: Hex = `0x${shifted(0)}${shifted(1)}${'0'.repeat(64)}${input.slice(2 + 2 * 64)}`
    expect(decode(execute([code, input]))).not.toBeNull()
    expect(decode(execute([code, gap]))).toBeNull()
  })

  test('the command of an older router, with an amount and bytes', () => {
    const order = encodeAbiParameters(parseAbiParameters('uint256, bytes'), [10n ** 18n, '0x1234'])
    expect(decode(execute([0x10, order], command.v3In(MSG_SENDER, 1n, 1n, packed(USDC, 500, DAI), true)))).toBeNull()
  })
})

function laterSingle(): Hex {
  return encodeAbiParameters(parseAbiParameters(['LaterSingle params', ...structs]), [
    {
      poolKey: { currency0: USDC, currency1: DAI, ...key },
      ...{ zeroForOne: true, exact: 1n, bound: 1n, minHopPriceX36: 0n, hookData: '0x' },
    },
  ])
}

function laterMulti(): Hex {
  return encodeAbiParameters(parseAbiParameters(['LaterMulti params', ...structs]), [
    {
      currency: USDC,
      path: [{ intermediateCurrency: DAI, ...key, hookData: '0x' }],
      ...{ minHopPriceX36: [], exact: 1n, bound: 1n },
    },
  ])
}
