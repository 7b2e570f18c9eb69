import { describe, expect, test } from 'vitest'
import {
  ADDRESS_THIS,
  BASE,
  CONTRACT_BALANCE,
  type Coded,
  codesOf,
  command,
  DAI,
  DEADLINE,
  decode,
  encode,
  execute,
  MSG_SENDER,
  OTHER,
  packed,
  ROUTER,
  SENDER,
  USDC,
  WETH,
} from './calls.ts'

const { v2In, v2Out, v3In, v3Out, wrap, unwrap, sweep, transfer, transferFrom, payPortion, permit, subPlan } = command
const usdcDai = packed(USDC, 500, DAI)
const usdcWeth = packed(USDC, 500, WETH)
const wethDai = packed(WETH, 500, DAI)
const plain = v3In(MSG_SENDER, 70n, 30n, usdcDai, true)
const common = { recipient: SENDER, deadline: Number(DEADLINE) }
const usdcToDai = { tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n, ...common }
const path = `${USDC} 500 ${DAI}`
const withBit = ([code, input]: Coded, bit: number): Coded => [code | bit, input]

describe('decodeSwapIntent of UniversalRouter, one swap', () => {
  test.each<[string, Coded, string, string]>([
    ['V3_SWAP_EXACT_IN', plain, 'EXACT_IN', path],
    [
      'V3_SWAP_EXACT_OUT',
      v3Out(MSG_SENDER, 30n, 70n, packed(DAI, 100, WETH, 500, USDC), true),
      'EXACT_OUT',
      `${USDC} 500 ${WETH} 100 ${DAI}`,
    ],
    [
      'V2_SWAP_EXACT_IN',
      v2In(MSG_SENDER, 70n, 30n, [USDC, WETH, DAI], true),
      'EXACT_IN',
      `${USDC} v2 ${WETH} v2 ${DAI}`,
    ],
    ['V2_SWAP_EXACT_OUT', v2Out(MSG_SENDER, 30n, 70n, [USDC, DAI], true), 'EXACT_OUT', `${USDC} v2 ${DAI}`],
  ])('%s', (_, swap, kind, expected) => {
    expect(decode(execute(swap))).toEqual({ kind, ...usdcToDai, path: expected })
  })

  test('execute without a deadline', () => {
    const calldata = encode('universalRouter', 'execute', [codesOf([plain]), [plain[1]]])
    expect(decode(calldata)).toEqual({ kind: 'EXACT_IN', ...usdcToDai, path, deadline: null })
  })

  test('executeSigned', () => {
    const zero = `0x${'00'.repeat(32)}`
    const args = [codesOf([plain]), [plain[1]], zero, zero, true, zero, '0x1234', DEADLINE]
    expect(decode(encode('universalRouter', 'executeSigned', args))).toEqual({ kind: 'EXACT_IN', ...usdcToDai, path })
  })

  test.each([
    ['1, the sender', MSG_SENDER, SENDER],
    ['2, the router', ADDRESS_THIS, ROUTER],
    ['another account', OTHER, OTHER],
  ])('a recipient of %s', (_, recipient, expected) => {
    expect(decode(execute(v3In(recipient, 1n, 1n, usdcDai, true)))?.recipient).toBe(expected)
  })

  test('an amount of all that the router holds', () => {
    expect(decode(execute(v3In(MSG_SENDER, CONTRACT_BALANCE, 1n, usdcDai, false)))?.amountIn).toBeNull()
    expect(decode(execute(v2In(MSG_SENDER, CONTRACT_BALANCE, 1n, [USDC, DAI], false)))?.amountIn).toBeNull()
  })

  test('an amount of zero for a pair that was paid before', () => {
    const calldata = execute(transferFrom(USDC, OTHER, 70n), v2In(MSG_SENDER, 0n, 1n, [USDC, DAI], false))
    expect(decode(calldata)).toMatchObject({ tokenIn: USDC, amountIn: null })
  })

  test('a swap that may fail', () => {
    expect(decode(execute(withBit(plain, 0x80)))).toEqual(decode(execute(plain)))
  })

  test('a permit before', () => {
    expect(decode(execute(permit(), plain))).toEqual(decode(execute(plain)))
  })
})

describe('decodeSwapIntent of UniversalRouter, with base token', () => {
  test('base token wrapped for the swap', () => {
    const calldata = execute(wrap(ADDRESS_THIS, 70n), v3In(MSG_SENDER, 70n, 30n, wethDai, false))
    expect(decode(calldata, 70n)).toEqual({
      ...{ kind: 'EXACT_IN', ...usdcToDai, tokenIn: BASE },
      path: `${WETH} 500 ${DAI}`,
    })
    expect(decode(calldata, 70n, null)).toMatchObject({ tokenIn: BASE })
  })

  test.each([
    ['known', WETH],
    ['not known', null],
  ])('base token wrapped for an exact output, what is left unwrapped, the wrapped token %s', (_, wrapped) => {
    const swap = v3Out(MSG_SENDER, 30n, 70n, packed(DAI, 500, WETH), false)
    const calldata = execute(wrap(ADDRESS_THIS, 70n), swap, unwrap(MSG_SENDER, 0n))
    expect(decode(calldata, 70n, wrapped)).toEqual({
      ...{ kind: 'EXACT_OUT', ...usdcToDai, tokenIn: BASE },
      path: `${WETH} 500 ${DAI}`,
    })
  })

  test('base token wrapped for the pair itself', () => {
    const calldata = execute(wrap(OTHER, 70n), v2In(MSG_SENDER, 0n, 30n, [WETH, DAI], false))
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: BASE, amountIn: null })
  })

  test('base token wrapped for the sender is the sender’s wrapped token', () => {
    const calldata = execute(wrap(MSG_SENDER, 70n), v3In(MSG_SENDER, 70n, 30n, wethDai, true))
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: WETH })
  })

  test('base token wrapped for the sender does not pay what the router was given', () => {
    const swap = v3In(MSG_SENDER, 70n, 30n, wethDai, false)
    const calldata = execute(wrap(MSG_SENDER, 5n), transferFrom(WETH, ADDRESS_THIS, 70n), swap)
    expect(decode(calldata, 5n)).toMatchObject({ tokenIn: WETH })
  })

  test('what is left of wrapped base token is not the output, though the wrapped token is not known', () => {
    const swap = v3In(ADDRESS_THIS, 70n, 30n, wethDai, false)
    const calldata = execute(wrap(ADDRESS_THIS, 80n), swap, unwrap(MSG_SENDER, 0n), sweep(DAI, OTHER, 0n))
    expect(decode(calldata, 80n, null)).toMatchObject({ tokenIn: BASE, tokenOut: DAI, recipient: OTHER })
  })

  test('wrapped token that the router was given', () => {
    const calldata = execute(transferFrom(WETH, ADDRESS_THIS, 70n), v3In(MSG_SENDER, 70n, 30n, wethDai, false))
    expect(decode(calldata)).toMatchObject({ tokenIn: WETH })
  })

  test('an output unwrapped', () => {
    const calldata = execute(v3In(ADDRESS_THIS, 70n, 0n, usdcWeth, true), unwrap(OTHER, 30n))
    expect(decode(calldata)).toEqual({
      ...{ kind: 'EXACT_IN', ...usdcToDai, tokenOut: BASE, recipient: OTHER },
      path: `${USDC} 500 ${WETH}`,
    })
  })

  test('an output unwrapped into the router, a fee, the rest swept', () => {
    const calldata = execute(
      v3In(ADDRESS_THIS, 70n, 0n, usdcWeth, true),
      unwrap(ADDRESS_THIS, 0n),
      payPortion(BASE, OTHER, 25n),
      sweep(BASE, MSG_SENDER, 30n),
    )
    expect(decode(calldata)).toMatchObject({ tokenOut: BASE, recipient: SENDER, amountOut: 30n })
  })
})

describe('decodeSwapIntent of UniversalRouter, several commands', () => {
  test.each([
    ['a portion as fee', payPortion(DAI, OTHER, 25n)],
    ['an amount as fee', transfer(DAI, OTHER, 5n)],
  ])('an output swept after %s', (_, fee) => {
    const calldata = execute(v3In(ADDRESS_THIS, 70n, 20n, usdcDai, true), fee, sweep(DAI, MSG_SENDER, 30n))
    expect(decode(calldata)).toEqual({ kind: 'EXACT_IN', ...usdcToDai, path })
  })

  test('all of an output transferred', () => {
    const calldata = execute(v3In(ADDRESS_THIS, 70n, 30n, usdcDai, true), transfer(DAI, OTHER, CONTRACT_BALANCE))
    expect(decode(calldata)?.recipient).toBe(OTHER)
  })

  test('an exact output paid to somebody', () => {
    const swap = v3Out(ADDRESS_THIS, 30n, 70n, packed(DAI, 500, USDC), true)
    expect(decode(execute(swap, transfer(DAI, OTHER, 30n)))?.recipient).toBe(OTHER)
    expect(decode(execute(swap, transfer(DAI, OTHER, 29n)))?.recipient).toBe(ROUTER)
  })

  test('the router by its address is the router', () => {
    const calldata = execute(v3In(ROUTER, 70n, 30n, usdcDai, true), sweep(DAI, OTHER, 0n))
    expect(decode(calldata)?.recipient).toBe(OTHER)
  })

  test('an output that stays in the router', () => {
    expect(decode(execute(v3In(ROUTER, 70n, 30n, usdcDai, true), sweep(USDC, OTHER, 0n)))?.recipient).toBe(ROUTER)
  })

  test('parts of one split, with the minimum in the sweep', () => {
    const calldata = execute(
      v3In(ADDRESS_THIS, 40n, 0n, usdcDai, true),
      v2In(ADDRESS_THIS, 30n, 0n, [USDC, DAI], true),
      sweep(DAI, MSG_SENDER, 30n),
    )
    expect(decode(calldata)).toEqual({ kind: 'EXACT_IN', ...usdcToDai, path: `${path} + ${USDC} v2 ${DAI}` })
  })

  test.each([
    ['through the router', ADDRESS_THIS, CONTRACT_BALANCE],
    ['through the pair that comes next', OTHER, 0n],
    ['through the router with the least amount', ADDRESS_THIS, 9n],
  ])('a path over V3 and V2 %s', (_, recipient, amountIn) => {
    const calldata = execute(
      v3In(recipient, 70n, 9n, usdcWeth, true),
      v2In(MSG_SENDER, amountIn, 30n, [WETH, DAI], false),
    )
    expect(decode(calldata)).toEqual({ kind: 'EXACT_IN', ...usdcToDai, path: `${USDC} 500 ${WETH} v2 ${DAI}` })
  })

  test('a path that comes back to where it began', () => {
    const calldata = execute(
      v3In(ADDRESS_THIS, 70n, 0n, usdcDai, true),
      v2In(MSG_SENDER, CONTRACT_BALANCE, 71n, [DAI, USDC], false),
    )
    expect(decode(calldata)).toMatchObject({ tokenIn: USDC, tokenOut: USDC, amountIn: 70n, amountOut: 71n })
  })

  test('a plan in a plan, also one that may fail', () => {
    expect(decode(execute(subPlan(subPlan(plain))))).toEqual(decode(execute(plain)))
    expect(decode(execute(withBit(subPlan(plain), 0x80)))).toEqual(decode(execute(plain)))
  })

  test('a part of the first output swapped on', () => {
    const first = v3In(ADDRESS_THIS, 70n, 9n, usdcWeth, true)
    expect(decode(execute(first, v2In(MSG_SENDER, 8n, 1n, [WETH, DAI], false)))).toBeNull()
  })

  test.each<[string, Coded[]]>([
    ['no command', []],
    ['no swap', [wrap(MSG_SENDER, 1n)]],
    ['swaps of different tokens', [plain, v3In(MSG_SENDER, 1n, 1n, usdcWeth, true)]],
    ['a swap back from the sender', [plain, v3In(MSG_SENDER, 1n, 1n, packed(DAI, 500, USDC), true)]],
    [
      'exact outputs in a row',
      [v3Out(ADDRESS_THIS, 9n, 70n, packed(WETH, 500, USDC), true), v2Out(MSG_SENDER, 1n, 9n, [WETH, DAI], false)],
    ],
    [
      'base token and wrapped tokens as one input',
      [wrap(ADDRESS_THIS, 1n), transferFrom(WETH, ADDRESS_THIS, 1n), v3In(MSG_SENDER, 2n, 1n, wethDai, false)],
    ],
    ['an unknown command', [plain, [0x12, '0x']]],
    ['a command that older routers took for another', [withBit(plain, 0x40)]],
    [
      'a payer that is no boolean',
      [
        [
          0x00,
          plain[1].replace(
            `${'0'.repeat(63)}1${'0'.repeat(62)}2b`,
            `${'0'.repeat(63)}2${'0'.repeat(62)}2b`,
          ) as `0x${string}`,
        ],
      ],
    ],
  ])('%s', (_, commands) => {
    expect(decode(execute(...commands), 1n)).toBeNull()
  })

  test('fewer inputs than commands, and more', () => {
    expect(decode(encode('universalRouter', 'execute', ['0x0000', [plain[1]]]))).toBeNull()
    expect(decode(encode('universalRouter', 'execute', ['0x00', [plain[1], plain[1]]]))).toBeNull()
  })
})
