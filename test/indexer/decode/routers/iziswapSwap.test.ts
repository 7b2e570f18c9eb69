import { describe, expect, test } from 'vitest'
import type { Hex } from '../../../../indexer/types/block.ts'
import { BASE, DAI, DEADLINE, decode, decodeAs, encode, OTHER, packed, ROUTER, SENDER, USDC, WETH } from './calls.ts'

const call = (name: string, ...args: unknown[]) => encode('iziswapSwap', name, args)
const swapAmount = (changes: object = {}) =>
  call('swapAmount', {
    ...{ path: packed(USDC, 2000, WETH, 400, DAI), recipient: OTHER, amount: 70n, minAcquired: 30n },
    ...{ deadline: DEADLINE, ...changes },
  })
const swapDesire = (changes: object = {}) =>
  call('swapDesire', {
    ...{ path: packed(DAI, 400, WETH, 2000, USDC), recipient: OTHER, desire: 30n, maxPayed: 70n },
    ...{ deadline: DEADLINE, ...changes },
  })
const multicall = (...calls: unknown[]) => call('multicall', calls)
const read = (calldata: Hex, valueWei = 0n) => {
  const intent = decodeAs('iziswap-swap', calldata, valueWei)
  expect(decode(calldata, valueWei)).toEqual(intent)
  return intent
}
const usdcToDai = {
  ...{ tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n, recipient: OTHER, deadline: Number(DEADLINE) },
  path: `${USDC} izi:2000 ${WETH} izi:400 ${DAI}`,
}

describe('decodeSwapIntent of iZiSwap', () => {
  test.each([
    ['swapAmount', 'EXACT_IN', swapAmount()],
    ['swapDesire, whose path begins with the output', 'EXACT_OUT', swapDesire()],
  ])('%s', (_, kind, calldata) => {
    expect(read(calldata)).toEqual({ kind, ...usdcToDai })
  })

  test('a recipient of zero is the router', () => {
    expect(read(swapAmount({ recipient: BASE }))?.recipient).toBe(ROUTER)
  })

  test.each([
    ['all of it', 70n, BASE],
    ['less than it', 69n, WETH],
  ])('value that covers %s of a swap of the wrapped base token', (_, valueWei, tokenIn) => {
    expect(read(swapAmount({ path: packed(WETH, 400, DAI) }), valueWei)).toMatchObject({ tokenIn, amountIn: 70n })
  })

  test('an output unwrapped behind it', () => {
    const swap = swapAmount({ path: packed(USDC, 400, WETH), recipient: BASE })
    expect(read(multicall(swap, call('unwrapWETH9', 31n, SENDER)))).toMatchObject({
      ...{ tokenOut: BASE, recipient: SENDER, amountOut: 31n, path: `${USDC} izi:400 ${WETH}` },
    })
  })

  test('an output swept behind it', () => {
    const calldata = multicall(swapAmount({ recipient: BASE }), call('sweepToken', DAI, 31n, SENDER))
    expect(read(calldata)).toMatchObject({ tokenOut: DAI, recipient: SENDER, amountOut: 31n })
  })

  test('a desired output with value and a refund', () => {
    const swap = swapDesire({ path: packed(DAI, 400, WETH) })
    expect(read(multicall(swap, call('refundETH')), 70n)).toMatchObject({ kind: 'EXACT_OUT', tokenIn: BASE })
  })

  test('parts of one split', () => {
    const other = swapAmount({ path: packed(USDC, 10000, DAI), amount: 5n })
    expect(read(multicall(swapAmount(), other))).toMatchObject({
      ...{ amountIn: 75n, amountOut: 60n, path: `${usdcToDai.path} + ${USDC} izi:10000 ${DAI}` },
    })
  })

  test.each<[string, Hex]>([
    ['a swap of an amount that is no uint128', setWord(swapAmount(), 3, 2n ** 128n)],
    ['a desired output that is no uint128', setWord(swapDesire(), 3, 2n ** 128n)],
    ['a path of one token', swapAmount({ path: USDC })],
    ['no path', swapAmount({ path: '0x' })],
    ['a path that ends in a fee', swapAmount({ path: packed(USDC, 400) })],
    ['a path over the zero address', swapAmount({ path: packed(USDC, 400, BASE, 400, DAI) })],
    ['swaps to different accounts', multicall(swapAmount(), swapAmount({ recipient: SENDER }))],
    ['an amount and a desired output', multicall(swapAmount(), swapDesire())],
    ['a call that is not known', multicall(swapAmount(), '0x12345678')],
    [
      'a swap of another router in its multicall',
      multicall(swapAmount(), encode('swapRouter02', 'swapExactTokensForTokens', [1n, 1n, [USDC, DAI], OTHER])),
    ],
  ])('%s', (_, calldata) => {
    expect(read(calldata)).toBeNull()
  })

  test('the largest amounts', () => {
    expect(read(setWord(swapAmount(), 3, 2n ** 128n - 1n))?.amountIn).toBe(2n ** 128n - 1n)
    expect(read(swapDesire({ maxPayed: 2n ** 256n - 1n }))?.amountIn).toBe(2n ** 256n - 1n)
  })
})

function setWord(calldata: Hex, index: number, value: bigint): Hex {
  const at = 10 + index * 64
  return `${calldata.slice(0, at)}${value.toString(16).padStart(64, '0')}${calldata.slice(at + 64)}` as Hex
}
