import { describe, expect, test } from 'vitest'
import { BASE, DAI, DEADLINE, decode, encode, MSG_SENDER, OTHER, packed, ROUTER, SENDER, USDC, WETH } from './calls.ts'

const call = (name: string, ...args: unknown[]) => encode('swapRouter', name, args)
const multicall = (...calls: unknown[]) => call('multicall', calls)
const input = { tokenIn: USDC, tokenOut: DAI, fee: 500, recipient: OTHER, deadline: DEADLINE, amountIn: 70n }
const single = (changes: object = {}) =>
  call('exactInputSingle', { ...input, amountOutMinimum: 30n, sqrtPriceLimitX96: 0n, ...changes })
const outputSingle = (changes: object = {}) =>
  call('exactOutputSingle', { ...input, amountOut: 30n, amountInMaximum: 70n, sqrtPriceLimitX96: 0n, ...changes })
const common = { recipient: OTHER, deadline: Number(DEADLINE) }
const amounts = { amountIn: 70n, amountOut: 30n }

describe('decodeSwapIntent of SwapRouter', () => {
  test('exactInputSingle', () => {
    const expected = {
      kind: 'EXACT_IN',
      tokenIn: USDC,
      tokenOut: DAI,
      path: `${USDC} 500 ${DAI}`,
      ...amounts,
      ...common,
    }
    expect(decode(single())).toEqual(expected)
  })

  test('exactOutputSingle', () => {
    const expected = {
      kind: 'EXACT_OUT',
      tokenIn: USDC,
      tokenOut: DAI,
      path: `${USDC} 500 ${DAI}`,
      ...amounts,
      ...common,
    }
    expect(decode(outputSingle())).toEqual(expected)
  })

  test('exactInput', () => {
    const path = packed(USDC, 500, WETH, 3000, DAI)
    const intent = decode(
      call('exactInput', { path, recipient: OTHER, deadline: DEADLINE, amountIn: 70n, amountOutMinimum: 30n }),
    )
    expect(intent).toEqual({
      ...{ kind: 'EXACT_IN', tokenIn: USDC, tokenOut: DAI },
      ...{ path: `${USDC} 500 ${WETH} 3000 ${DAI}`, ...amounts, ...common },
    })
  })

  test('exactOutput, whose path begins with the output', () => {
    const path = packed(DAI, 3000, WETH, 500, USDC)
    const intent = decode(
      call('exactOutput', { path, recipient: OTHER, deadline: DEADLINE, amountOut: 30n, amountInMaximum: 70n }),
    )
    expect(intent).toEqual({
      ...{ kind: 'EXACT_OUT', tokenIn: USDC, tokenOut: DAI },
      ...{ path: `${USDC} 500 ${WETH} 3000 ${DAI}`, ...amounts, ...common },
    })
  })

  test.each([
    ['no value', 0n, WETH],
    ['the exact value', 70n, BASE],
    ['more than the exact value', 71n, BASE],
    ['less than the router needs, so that it takes the wrapped token', 69n, WETH],
  ])('an exact input of the wrapped base token with %s', (_, value, tokenIn) => {
    expect(decode(single({ tokenIn: WETH }), value)).toMatchObject({ tokenIn, path: `${WETH} 500 ${DAI}` })
  })

  test('value beside another token does not matter', () => {
    expect(decode(single(), 70n)).toMatchObject({ tokenIn: USDC })
  })

  test('value with a wrapped base token that is not known', () => {
    expect(decode(single({ tokenIn: WETH }), 70n, null)).toMatchObject({ tokenIn: BASE })
  })

  test.each([
    ['no value', 0n, WETH],
    ['the value of the most it may cost', 70n, BASE],
  ])('an exact output for the wrapped base token with %s', (_, value, tokenIn) => {
    expect(decode(outputSingle({ tokenIn: WETH }), value)).toMatchObject({ tokenIn })
  })

  test('an exact output whose value covers it perhaps', () => {
    expect(decode(outputSingle({ tokenIn: WETH }), 69n)).toBeNull()
  })

  test('a recipient of zero is the router, 1 is the account 1', () => {
    expect(decode(single({ recipient: BASE }))?.recipient).toBe(ROUTER)
    expect(decode(single({ recipient: MSG_SENDER }))?.recipient).toBe(MSG_SENDER)
  })

  test.each([
    ['the zero address', { tokenIn: BASE }],
    ['one token', { tokenIn: DAI }],
  ])('a pool of %s', (_, changes) => {
    expect(decode(single(changes))).toBeNull()
  })

  test.each([
    ['a token', 0],
    ['the fee', 2],
    ['the recipient', 3],
    ['the price limit', 7],
  ])('a word of %s that is too large', (_, word) => {
    const calldata = single()
    const start = 10 + word * 64
    expect(decode(`${calldata.slice(0, start)}01${calldata.slice(start + 2)}` as `0x${string}`)).toBeNull()
  })

  test.each([
    ['no hop', packed(USDC)],
    ['a byte too few', packed(USDC, 500, DAI).slice(0, -2)],
    ['a byte too many', `${packed(USDC, 500, DAI)}00`],
    ['nothing', '0x'],
    [
      'more hops than are read',
      packed(USDC, ...Array.from({ length: 65 }, (_, hop) => [1, hop % 2 ? USDC : DAI]).flat()),
    ],
  ])('a packed path of %s', (_, path) => {
    const params = { path, recipient: OTHER, deadline: DEADLINE, amountIn: 70n, amountOutMinimum: 30n }
    expect(decode(call('exactInput', params))).toBeNull()
  })
})

describe('decodeSwapIntent of a multicall of SwapRouter', () => {
  const toRouter = { tokenOut: WETH, recipient: BASE }

  test('an output unwrapped for its recipient', () => {
    const intent = decode(multicall(single(toRouter), call('unwrapWETH9', 30n, SENDER)))
    expect(intent).toEqual({
      ...{ kind: 'EXACT_IN', tokenIn: USDC, tokenOut: BASE, ...amounts },
      ...{ recipient: SENDER, deadline: Number(DEADLINE), path: `${USDC} 500 ${WETH}` },
    })
  })

  test('an output unwrapped with a wrapped base token that is not known', () => {
    const calldata = multicall(single(toRouter), call('unwrapWETH9', 30n, SENDER))
    expect(decode(calldata, 0n, null)).toMatchObject({ tokenOut: BASE, recipient: SENDER })
  })

  test.each([
    ['that is higher is the one accepted', 31n, 31n],
    ['that is lower adds nothing', 29n, 30n],
  ])('a minimum of the payment out %s', (_, minimum, amountOut) => {
    expect(decode(multicall(single(toRouter), call('unwrapWETH9', minimum, SENDER)))?.amountOut).toBe(amountOut)
    expect(decode(multicall(single({ recipient: BASE }), call('sweepToken', DAI, minimum, SENDER)))?.amountOut).toBe(
      amountOut,
    )
  })

  test('an exact output unwrapped is exact', () => {
    const calldata = multicall(outputSingle(toRouter), call('unwrapWETH9', 31n, SENDER))
    expect(decode(calldata)).toMatchObject({ tokenOut: BASE, amountOut: 30n })
  })

  test('an output swept with a fee', () => {
    const calldata = multicall(single({ recipient: BASE }), call('sweepTokenWithFee', DAI, 30n, SENDER, 25n, OTHER))
    expect(decode(calldata)).toMatchObject({ tokenOut: DAI, recipient: SENDER, amountOut: 30n })
  })

  test('an output unwrapped with a fee', () => {
    const calldata = multicall(single(toRouter), call('unwrapWETH9WithFee', 30n, SENDER, 25n, OTHER))
    expect(decode(calldata)).toMatchObject({ tokenOut: BASE, recipient: SENDER })
  })

  test('two outputs unwrapped, of which one at most can be the wrapped token', () => {
    const calldata = multicall(single(toRouter), single({ recipient: BASE }), call('unwrapWETH9', 0n, SENDER))
    expect(decode(calldata, 0n, null)).toBeNull()
  })

  test('another token swept leaves the output where it is', () => {
    const calldata = multicall(single({ recipient: BASE }), call('sweepToken', USDC, 0n, SENDER))
    expect(decode(calldata)?.recipient).toBe(ROUTER)
  })

  test('an output of the sender is not what is unwrapped', () => {
    const calldata = multicall(single({ tokenOut: WETH, recipient: SENDER }), call('unwrapWETH9', 0n, OTHER))
    expect(decode(calldata)).toMatchObject({ tokenOut: WETH, recipient: SENDER })
  })

  test('a permit before and a refund behind', () => {
    const permit = call('selfPermit', USDC, 1n, 2n, 27, `0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`)
    expect(decode(multicall(permit, single(), call('refundETH')))).toEqual(decode(single()))
  })

  test('parts of one split, paid with value, the earliest deadline', () => {
    const first = single({ tokenIn: WETH, amountIn: 40n, amountOutMinimum: 10n })
    const second = single({ tokenIn: WETH, amountIn: 60n, amountOutMinimum: 15n, fee: 3000, deadline: DEADLINE - 9n })
    expect(decode(multicall(first, second), 100n)).toEqual({
      ...{ kind: 'EXACT_IN', tokenIn: BASE, tokenOut: DAI, amountIn: 100n, amountOut: 25n, recipient: OTHER },
      ...{ deadline: Number(DEADLINE - 9n), path: `${WETH} 500 ${DAI} + ${WETH} 3000 ${DAI}` },
    })
  })

  test.each([
    ['value for one part only', [single({ tokenIn: WETH }), single({ tokenIn: WETH, fee: 100 })], 70n],
    ['other outputs', [single(), single({ tokenOut: WETH })], 0n],
    ['other inputs', [single(), single({ tokenIn: WETH })], 0n],
    ['other recipients', [single(), single({ recipient: SENDER })], 0n],
    ['other kinds', [single(), outputSingle()], 0n],
    ['an output that the sender swaps on', [single(), single({ tokenIn: DAI, tokenOut: WETH })], 0n],
    ['amounts above uint256', [single({ amountIn: 2n ** 255n }), single({ amountIn: 2n ** 255n })], 0n],
  ])('swaps with %s are no one swap', (_, calls, value) => {
    expect(decode(multicall(...calls), value)).toBeNull()
  })

  test('calls in calls', () => {
    expect(decode(multicall(multicall(single())))).toEqual(decode(single()))
  })

  test.each([
    ['no call', []],
    ['no swap', [call('refundETH')]],
    ['a call that no router has', [single(), '0x12345678']],
    ['a call without a selector', [single(), '0x123456']],
    [
      'a call of another router',
      [single(), encode('uniswapV2Router02', 'swapExactTokensForTokens', [1n, 1n, [USDC, DAI], OTHER, 1n])],
    ],
  ])('%s', (_, calls) => {
    expect(decode(multicall(...calls))).toBeNull()
  })
})
