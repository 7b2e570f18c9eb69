import { describe, expect, test } from 'vitest'
import type { Hex } from '../../../../indexer/types/block.ts'
import {
  ADDRESS_THIS,
  BASE,
  type Coded,
  command,
  DAI,
  DEADLINE,
  decode,
  decodeAs,
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

const usdcToDai = { tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n, recipient: SENDER, deadline: null }
const stableIn = (path = [USDC, DAI], flag = [2n], amountIn = 70n, to = MSG_SENDER) =>
  encode('pancakeStableSwap', 'exactInputStableSwap', [path, flag, amountIn, 30n, to])
const stableOut = (path = [USDC, DAI], flag = [2n]) =>
  encode('pancakeStableSwap', 'exactOutputStableSwap', [path, flag, 30n, 70n, MSG_SENDER])
const smart = (calldata: Hex, valueWei = 0n) => decodeAs('pancake-smart-router', calldata, valueWei)
const multicall = (...calls: Hex[]) => encode('swapRouter02', 'multicall', [DEADLINE, calls])
const single = (changes: object = {}) =>
  encode('swapRouter02', 'exactInputSingle', [
    {
      ...{ tokenIn: USDC, tokenOut: DAI, fee: 500, recipient: MSG_SENDER, amountIn: 70n, amountOutMinimum: 30n },
      ...{ sqrtPriceLimitX96: 0n, ...changes },
    },
  ])

describe('decodeSwapIntent of the SmartRouter', () => {
  test.each<[string, Hex, object]>([
    ['exactInputStableSwap', stableIn(), { kind: 'EXACT_IN', path: `${USDC} stable:2 ${DAI}` }],
    ['exactOutputStableSwap', stableOut(), { kind: 'EXACT_OUT', path: `${USDC} stable:2 ${DAI}` }],
    [
      'exactInputStableSwap over two pools',
      stableIn([USDC, WETH, DAI], [3n, 2n]),
      { kind: 'EXACT_IN', path: `${USDC} stable:3 ${WETH} stable:2 ${DAI}` },
    ],
    ['exactInputSingle', single(), { kind: 'EXACT_IN', path: `${USDC} 500 ${DAI}` }],
    [
      'swapExactTokensForTokens',
      encode('swapRouter02', 'swapExactTokensForTokens', [70n, 30n, [USDC, DAI], MSG_SENDER]),
      { kind: 'EXACT_IN', path: `${USDC} v2 ${DAI}` },
    ],
  ])('%s', (_, calldata, expected) => {
    expect(smart(calldata)).toEqual({ ...usdcToDai, ...expected })
    expect(decode(calldata)).toEqual(smart(calldata))
  })

  test.each([
    ['1, the sender', MSG_SENDER, SENDER],
    ['2, the router', ADDRESS_THIS, ROUTER],
    ['another account', OTHER, OTHER],
  ])('a recipient of %s', (_, to, expected) => {
    expect(smart(stableIn([USDC, DAI], [2n], 70n, to))?.recipient).toBe(expected)
  })

  test('value that covers the swap of the wrapped base token', () => {
    expect(smart(stableIn([WETH, DAI]), 70n)).toMatchObject({ tokenIn: BASE, amountIn: 70n })
  })

  test('an amount of zero is what the router holds', () => {
    expect(smart(stableIn([USDC, DAI], [2n], 0n))).toMatchObject({ tokenIn: USDC, amountIn: null })
  })

  test('a path over V3 and then a stable pool, in a multicall', () => {
    const first = single({ tokenOut: WETH, recipient: ADDRESS_THIS, amountOutMinimum: 0n })
    const calldata = multicall(first, stableIn([WETH, DAI], [2n], 0n))
    expect(smart(calldata)).toEqual({
      ...{ ...usdcToDai, kind: 'EXACT_IN', deadline: Number(DEADLINE) },
      path: `${USDC} 500 ${WETH} stable:2 ${DAI}`,
    })
    expect(decode(calldata)).toEqual(smart(calldata))
  })

  test('a stable pool in a multicall of SwapRouter02, which has none', () => {
    expect(decodeAs('uniswap-swap-router02', multicall(stableIn()))).toBeNull()
    expect(decodeAs('uniswap-swap-router02', stableIn())).toBeNull()
  })

  test.each<[string, Hex]>([
    ['fewer pools than hops', stableIn([USDC, WETH, DAI], [2n])],
    ['more pools than hops', stableIn([USDC, DAI], [2n, 2n])],
    ['a pool of one token', stableIn([USDC, DAI], [1n])],
    ['a pool of four tokens', stableOut([USDC, DAI], [4n])],
    ['a pool of too many tokens to count', stableIn([USDC, DAI], [2n ** 32n + 2n])],
    ['a token with itself', stableIn([USDC, USDC])],
    ['the zero address', stableIn([USDC, BASE])],
    ['no token', stableIn([], [])],
  ])('%s', (_, calldata) => {
    expect(smart(calldata)).toBeNull()
  })
})

describe('decodeSwapIntent of PancakeSwap’s UniversalRouter', () => {
  const universal = (...commands: Coded[]) => withValue(0n, ...commands)
  const withValue = (valueWei: bigint, ...commands: Coded[]) =>
    decodeAs('pancake-universal-router', execute(...commands), valueWei)
  const swapIn = (changes: { amountIn?: bigint; isSender?: boolean; recipient?: typeof OTHER } = {}) => {
    const { amountIn = 70n, isSender = true, recipient = MSG_SENDER } = changes
    return command.stableIn(recipient, amountIn, 30n, [USDC, DAI], [2n], isSender)
  }
  const withDeadline = { ...usdcToDai, deadline: Number(DEADLINE) }

  test('STABLE_SWAP_EXACT_IN', () => {
    expect(universal(swapIn())).toEqual({ ...withDeadline, kind: 'EXACT_IN', path: `${USDC} stable:2 ${DAI}` })
  })

  test('STABLE_SWAP_EXACT_OUT', () => {
    const calldata = command.stableOut(MSG_SENDER, 30n, 70n, [USDC, WETH, DAI], [2n, 3n], true)
    expect(universal(calldata)).toEqual({
      ...{ ...withDeadline, kind: 'EXACT_OUT' },
      path: `${USDC} stable:2 ${WETH} stable:3 ${DAI}`,
    })
  })

  test('an amount of zero was paid before', () => {
    expect(universal(swapIn({ amountIn: 0n }))).toMatchObject({ tokenIn: USDC, amountIn: null })
  })

  test('all that the router holds is swapped, whatever the amount says', () => {
    expect(universal(swapIn({ isSender: false }))).toMatchObject({ tokenIn: USDC, amountIn: null })
  })

  test.each([
    ['the router, with base token', false, BASE],
    ['the sender, with the wrapped one', true, WETH],
  ])('an exact output that is paid by %s', (_, isSender, tokenIn) => {
    const swap = command.stableOut(MSG_SENDER, 30n, 70n, [WETH, DAI], [2n], isSender)
    expect(withValue(70n, command.wrap(ADDRESS_THIS, 70n), swap)).toMatchObject({ tokenIn, amountIn: 70n })
  })

  test('a path over V3 and then a stable pool', () => {
    const first = command.v3In(ADDRESS_THIS, 70n, 9n, packed(WETH, 500, USDC), true)
    expect(universal(first, swapIn({ amountIn: 5n, isSender: false, recipient: OTHER }))).toEqual({
      ...{ ...withDeadline, kind: 'EXACT_IN', tokenIn: WETH, recipient: OTHER },
      path: `${WETH} 500 ${USDC} stable:2 ${DAI}`,
    })
  })

  test('a swap in a plan of the plan', () => {
    expect(universal(command.subPlan(swapIn()))).toEqual(universal(swapIn()))
  })

  test('the commands that it shares with Uniswap’s', () => {
    const swap = command.v2In(MSG_SENDER, 70n, 30n, [USDC, DAI], true)
    expect(universal(swap)).toEqual({ ...withDeadline, kind: 'EXACT_IN', path: `${USDC} v2 ${DAI}` })
    expect(decode(execute(swap))).toEqual(universal(swap))
  })

  test('its stable swaps are no commands of Uniswap’s or of an unknown account', () => {
    expect(decodeAs('uniswap-universal-router', execute(swapIn()))).toBeNull()
    expect(decode(execute(swapIn()))).toBeNull()
  })

  test.each<[string, Coded]>([
    ['a swap of V4', command.v4()],
    ['a payer that is no boolean', [0x22, swapIn()[1].replace(`1${'0'.repeat(63)}2`, `2${'0'.repeat(63)}2`) as Hex]],
    ['an input that is cut off', [0x23, swapIn()[1].slice(0, -64) as Hex]],
    ['a pool of four tokens', command.stableIn(MSG_SENDER, 1n, 1n, [USDC, DAI], [4n], true)],
    ['an exact output with no pool', command.stableOut(MSG_SENDER, 1n, 1n, [USDC], [], true)],
  ])('%s', (_, last) => {
    expect(universal(swapIn())).not.toBeNull()
    expect(universal(last)).toBeNull()
  })

  test('a signed plan, which it does not take', () => {
    const hash = `0x${'ab'.repeat(32)}`
    const plain = swapIn()
    const v2 = command.v2In(MSG_SENDER, 70n, 30n, [USDC, DAI], true)
    const signed = (swap: Coded) =>
      encode('universalRouter', 'executeSigned', [
        `0x${swap[0].toString(16).padStart(2, '0')}`,
        ...[[swap[1]], hash, hash, false, hash, '0x', DEADLINE],
      ])
    expect(decodeAs('uniswap-universal-router', signed(v2))).not.toBeNull()
    expect(decodeAs('pancake-universal-router', signed(v2))).toBeNull()
    expect(decodeAs('pancake-universal-router', signed(plain))).toBeNull()
  })
})
