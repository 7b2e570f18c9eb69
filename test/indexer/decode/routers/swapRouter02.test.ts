import { describe, expect, test } from 'vitest'
import {
  ADDRESS_THIS,
  BASE,
  DAI,
  DEADLINE,
  decode,
  encode,
  MSG_SENDER,
  OTHER,
  packed,
  ROUTER,
  SENDER,
  USDC,
  WETH,
} from './calls.ts'

const call = (name: string, ...args: unknown[]) => encode('swapRouter02', name, args)
const multicall = (...calls: unknown[]) => call('multicall', DEADLINE, calls)
const input = { tokenIn: USDC, tokenOut: DAI, fee: 500, recipient: MSG_SENDER, amountIn: 70n }
const single = (changes: object = {}) =>
  call('exactInputSingle', { ...input, amountOutMinimum: 30n, sqrtPriceLimitX96: 0n, ...changes })
const outputSingle = (changes: object = {}) =>
  call('exactOutputSingle', { ...input, amountOut: 30n, amountInMaximum: 70n, sqrtPriceLimitX96: 0n, ...changes })
const pairs = (amountIn: bigint, amountOut: bigint, path: string[], to: string) =>
  call('swapExactTokensForTokens', amountIn, amountOut, path, to)
const usdcToDai = { tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n, recipient: SENDER, deadline: null }
const PERMIT = call('selfPermit', USDC, 1n, 2n, 27, `0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`)

describe('decodeSwapIntent of SwapRouter02', () => {
  test.each([
    ['exactInputSingle', 'EXACT_IN', single(), `${USDC} 500 ${DAI}`],
    ['exactOutputSingle', 'EXACT_OUT', outputSingle(), `${USDC} 500 ${DAI}`],
    [
      'exactInput',
      'EXACT_IN',
      call('exactInput', {
        ...{ path: packed(USDC, 500, WETH, 100, DAI), recipient: MSG_SENDER },
        amountIn: 70n,
        amountOutMinimum: 30n,
      }),
      `${USDC} 500 ${WETH} 100 ${DAI}`,
    ],
    [
      'exactOutput',
      'EXACT_OUT',
      call('exactOutput', {
        ...{ path: packed(DAI, 100, WETH, 500, USDC), recipient: MSG_SENDER },
        amountOut: 30n,
        amountInMaximum: 70n,
      }),
      `${USDC} 500 ${WETH} 100 ${DAI}`,
    ],
    ['swapExactTokensForTokens', 'EXACT_IN', pairs(70n, 30n, [USDC, DAI], MSG_SENDER), `${USDC} v2 ${DAI}`],
    [
      'swapTokensForExactTokens',
      'EXACT_OUT',
      call('swapTokensForExactTokens', 30n, 70n, [USDC, DAI], MSG_SENDER),
      `${USDC} v2 ${DAI}`,
    ],
  ])('%s', (_, kind, calldata, path) => {
    expect(decode(calldata)).toEqual({ kind, path, ...usdcToDai })
  })

  test.each([
    ['1, the sender', MSG_SENDER, SENDER],
    ['2, the router', ADDRESS_THIS, ROUTER],
    ['another account', OTHER, OTHER],
  ])('a recipient of %s', (_, recipient, expected) => {
    expect(decode(single({ recipient }))?.recipient).toBe(expected)
    expect(decode(pairs(1n, 1n, [USDC, DAI], recipient))?.recipient).toBe(expected)
  })

  test('value that covers the swap of the wrapped base token, over V3 and over V2', () => {
    expect(decode(single({ tokenIn: WETH }), 70n)).toMatchObject({ tokenIn: BASE, amountIn: 70n })
    expect(decode(pairs(70n, 1n, [WETH, DAI], MSG_SENDER), 70n)).toMatchObject({ tokenIn: BASE, amountIn: 70n })
  })

  test('an amount of zero is what the router holds', () => {
    expect(decode(single({ amountIn: 0n }))).toMatchObject({ tokenIn: USDC, amountIn: null })
  })
})

describe('decodeSwapIntent of a multicall of SwapRouter02', () => {
  test('with a deadline', () => {
    expect(decode(multicall(single()))).toEqual({ ...decode(single()), deadline: Number(DEADLINE) })
  })

  test('with the hash of the block before', () => {
    expect(decode(call('multicall', `0x${'ab'.repeat(32)}`, [single()]))).toEqual(decode(single()))
  })

  test('with neither, behind a permit that SwapRouter has as well', () => {
    expect(decode(call('multicall', [PERMIT, single()]))).toEqual(decode(single()))
  })

  test.each([
    ['for an account', call('unwrapWETH9', 31n, OTHER), OTHER],
    ['for the sender', call('unwrapWETH9', 31n), SENDER],
    ['for the sender with a fee', call('unwrapWETH9WithFee', 31n, 25n, OTHER), SENDER],
  ])('an output unwrapped %s', (_, unwrap, recipient) => {
    const intent = decode(multicall(single({ tokenOut: WETH, recipient: ADDRESS_THIS }), unwrap))
    expect(intent).toMatchObject({ tokenOut: BASE, recipient, amountOut: 31n, path: `${USDC} 500 ${WETH}` })
  })

  test.each([
    ['for an account', call('sweepToken', DAI, 31n, OTHER), OTHER],
    ['for the sender', call('sweepToken', DAI, 31n), SENDER],
    ['for the sender with a fee', call('sweepTokenWithFee', DAI, 31n, 25n, OTHER), SENDER],
  ])('an output swept %s', (_, sweep, recipient) => {
    const intent = decode(multicall(single({ recipient: ADDRESS_THIS }), sweep))
    expect(intent).toMatchObject({ tokenOut: DAI, recipient, amountOut: 31n })
  })

  test('an exact output with value and a refund', () => {
    const calldata = multicall(outputSingle({ tokenIn: WETH }), call('refundETH'))
    expect(decode(calldata, 70n)).toMatchObject({ kind: 'EXACT_OUT', tokenIn: BASE, amountIn: 70n, amountOut: 30n })
  })

  test('a path over V3 and then V2 pools, the second swap of what the router holds', () => {
    const first = single({ tokenOut: WETH, recipient: ADDRESS_THIS, amountOutMinimum: 0n })
    const second = pairs(0n, 30n, [WETH, DAI], MSG_SENDER)
    expect(decode(multicall(first, second))).toEqual({
      ...{ ...usdcToDai, kind: 'EXACT_IN', deadline: Number(DEADLINE) },
      path: `${USDC} 500 ${WETH} v2 ${DAI}`,
    })
  })

  test('two such paths and a plain one are one split', () => {
    const toRouter = { tokenOut: WETH, recipient: ADDRESS_THIS, amountOutMinimum: 0n }
    const last = (amountOut: bigint) => pairs(0n, amountOut, [WETH, DAI], MSG_SENDER)
    const intent = decode(
      multicall(
        single({ ...toRouter, amountIn: 10n }),
        last(1n),
        single({ ...toRouter, amountIn: 20n, fee: 100 }),
        last(2n),
        single(),
      ),
    )
    expect(intent).toMatchObject({
      ...{ amountIn: 100n, amountOut: 33n },
      path: `${USDC} 500 ${WETH} v2 ${DAI} + ${USDC} 100 ${WETH} v2 ${DAI} + ${USDC} 500 ${DAI}`,
    })
  })

  test('base token wrapped for a swap of what the router holds', () => {
    const calldata = multicall(call('wrapETH', 70n), single({ tokenIn: WETH, amountIn: 0n }))
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: BASE, amountIn: null, path: `${WETH} 500 ${DAI}` })
  })

  test('tokens brought for a swap of what the router holds', () => {
    const calldata = multicall(call('pull', WETH, 70n), single({ tokenIn: WETH, amountIn: 0n }))
    expect(decode(calldata)).toMatchObject({ tokenIn: WETH, amountIn: null })
  })

  test('the value that was wrapped does not pay a second time', () => {
    const calldata = multicall(call('wrapETH', 70n), single({ tokenIn: WETH }))
    expect(decode(calldata, 70n)).toMatchObject({ tokenIn: WETH })
  })

  test.each([
    [
      'base token and wrapped tokens as one input',
      [call('wrapETH', 1n), call('pull', WETH, 1n), single({ tokenIn: WETH, amountIn: 0n })],
    ],
    [
      'what two swaps gave swapped as one',
      [
        single({ tokenOut: WETH, recipient: ADDRESS_THIS }),
        single({ tokenOut: WETH, fee: 100, recipient: ADDRESS_THIS }),
        pairs(0n, 1n, [WETH, DAI], MSG_SENDER),
      ],
    ],
    [
      'what two swaps gave swapped by two',
      [
        single({ tokenOut: WETH, recipient: ADDRESS_THIS }),
        single({ tokenOut: WETH, fee: 100, recipient: ADDRESS_THIS }),
        pairs(0n, 1n, [WETH, DAI], MSG_SENDER),
        pairs(0n, 1n, [WETH, DAI], MSG_SENDER),
      ],
    ],
    [
      'an exact output swapped on',
      [outputSingle({ tokenOut: WETH, recipient: ADDRESS_THIS }), pairs(0n, 1n, [WETH, DAI], MSG_SENDER)],
    ],
    ['a call for liquidity', [single(), call('approveMax', DAI)]],
    [
      'a call of SwapRouter',
      [
        encode('swapRouter', 'exactInputSingle', [
          { ...input, deadline: 1n, amountOutMinimum: 1n, sqrtPriceLimitX96: 0n },
        ]),
      ],
    ],
  ])('%s', (_, calls) => {
    expect(decode(multicall(...calls), 1n)).toBeNull()
  })
})
