import { maxUint256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { BASE, DAI, DEADLINE, decode, encode, OTHER, USDC, WETH } from './calls.ts'

const call = (name: string, ...args: unknown[]) => encode('uniswapV2Router02', name, args)
const common = { recipient: OTHER, deadline: Number(DEADLINE) }

describe('decodeSwapIntent of UniswapV2Router02', () => {
  test.each([
    ['swapExactTokensForTokens', 'EXACT_IN'],
    ['swapExactTokensForTokensSupportingFeeOnTransferTokens', 'EXACT_IN'],
    ['swapTokensForExactTokens', 'EXACT_OUT'],
  ])('%s', (name, kind) => {
    const [first, second] = [70n, 30n]
    expect(decode(call(name, first, second, [USDC, WETH, DAI], OTHER, DEADLINE))).toEqual({
      kind,
      tokenIn: USDC,
      tokenOut: DAI,
      amountIn: kind === 'EXACT_IN' ? first : second,
      amountOut: kind === 'EXACT_IN' ? second : first,
      path: `${USDC} v2 ${WETH} v2 ${DAI}`,
      ...common,
    })
  })

  test.each([
    ['swapExactTokensForETH', 'EXACT_IN'],
    ['swapExactTokensForETHSupportingFeeOnTransferTokens', 'EXACT_IN'],
    ['swapTokensForExactETH', 'EXACT_OUT'],
  ])('%s gives the base token', (name, kind) => {
    const [first, second] = [70n, 30n]
    expect(decode(call(name, first, second, [USDC, WETH], OTHER, DEADLINE))).toEqual({
      kind,
      tokenIn: USDC,
      tokenOut: BASE,
      amountIn: kind === 'EXACT_IN' ? first : second,
      amountOut: kind === 'EXACT_IN' ? second : first,
      path: `${USDC} v2 ${WETH}`,
      ...common,
    })
  })

  test.each([
    ['swapExactETHForTokens', 'EXACT_IN'],
    ['swapExactETHForTokensSupportingFeeOnTransferTokens', 'EXACT_IN'],
    ['swapETHForExactTokens', 'EXACT_OUT'],
  ])('%s takes the value that is sent', (name, kind) => {
    expect(decode(call(name, 30n, [WETH, USDC], OTHER, DEADLINE), 99n)).toEqual({
      kind,
      tokenIn: BASE,
      tokenOut: USDC,
      amountIn: 99n,
      amountOut: 30n,
      path: `${WETH} v2 ${USDC}`,
      ...common,
    })
  })

  test('the wrapped base token as a token stays what it is', () => {
    const intent = decode(call('swapExactTokensForTokens', 1n, 2n, [WETH, USDC], OTHER, DEADLINE))
    expect(intent).toMatchObject({ tokenIn: WETH, tokenOut: USDC })
  })

  test.each([
    ['the last safe integer', 2n ** 53n - 1n, 2 ** 53 - 1],
    ['one above', 2n ** 53n, null],
    ['forever', maxUint256, null],
    ['the beginning of time', 0n, 0],
  ])('a deadline of %s', (_, deadline, expected) => {
    const intent = decode(call('swapExactTokensForTokens', 1n, 2n, [WETH, USDC], OTHER, deadline))
    expect(intent?.deadline).toBe(expected)
  })

  test.each([
    ['no token', []],
    ['one token', [USDC]],
    ['a token with itself', [USDC, USDC]],
    ['the zero address', [USDC, BASE, DAI]],
    ['more hops than are read', Array.from({ length: 66 }, (_, index) => (index % 2 ? USDC : DAI))],
  ])('a path of %s', (_, path) => {
    expect(decode(call('swapExactTokensForTokens', 1n, 2n, path, OTHER, DEADLINE))).toBeNull()
  })

  test('a path of as many hops as are read', () => {
    const path = Array.from({ length: 65 }, (_, index) => (index % 2 ? USDC : DAI))
    expect(decode(call('swapExactTokensForTokens', 1n, 2n, path, OTHER, DEADLINE))).not.toBeNull()
  })

  test('a call that asks for no swap', () => {
    expect(decode(call('removeLiquidity', WETH, USDC, 1n, 2n, 3n, OTHER, DEADLINE))).toBeNull()
  })
})
