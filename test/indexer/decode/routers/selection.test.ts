import { describe, expect, test } from 'vitest'
import { ROUTER_FAMILIES, type RouterFamily } from '../../../../contracts/chains/routers.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import { command, DAI, DEADLINE, decode, decodeAs, encode, execute, MSG_SENDER, OTHER, packed, USDC } from './calls.ts'

const v3 = { tokenIn: USDC, tokenOut: DAI, fee: 500, recipient: OTHER, sqrtPriceLimitX96: 0n }
const route = { from: USDC, to: DAI, stable: false, factory: OTHER }
const swapRouterCall = encode('swapRouter', 'exactInputSingle', [
  { ...v3, deadline: 1n, amountIn: 70n, amountOutMinimum: 30n },
])
const swapRouter02Call = encode('swapRouter02', 'exactInputSingle', [{ ...v3, amountIn: 70n, amountOutMinimum: 30n }])
const word = (value: string) => value.slice(2).padStart(64, '0')

/** A call of each family; those of routers with a multicall stand in one. */
const calls: Record<RouterFamily, Hex> = {
  'uniswap-v2-router02': encode('uniswapV2Router02', 'swapExactTokensForTokens', [70n, 30n, [USDC, DAI], OTHER, 1n]),
  'uniswap-v3-swap-router': encode('swapRouter', 'multicall', [[swapRouterCall]]),
  'uniswap-swap-router02': encode('swapRouter02', 'multicall', [[swapRouter02Call]]),
  'uniswap-universal-router': execute(command.v3In(MSG_SENDER, 70n, 30n, packed(USDC, 500, DAI), true)),
  'pancake-smart-router': encode('swapRouter02', 'multicall', [
    [encode('pancakeStableSwap', 'exactInputStableSwap', [[USDC, DAI], [2n], 70n, 30n, OTHER])],
  ]),
  'pancake-universal-router': execute(command.stableIn(MSG_SENDER, 70n, 30n, [USDC, DAI], [2n], true)),
  'solidly-router': encode('solidlyRouter', 'swapExactTokensForTokens', [70n, 30n, [route], OTHER, DEADLINE]),
  'velodrome-v2-router': encode('velodromeV2Router', 'swapExactTokensForTokens', [70n, 30n, [route], OTHER, DEADLINE]),
  'mute-router': encode('muteRouter', 'swapExactTokensForTokens', [
    ...[70n, 30n, [USDC, DAI], OTHER, DEADLINE, [false]],
  ]),
  'syncswap-router': encode('syncswapRouter', 'multicall', [
    [
      encode('syncswapRouter', 'swap', [
        [
          {
            steps: [
              {
                ...{ pool: OTHER, callback: OTHER, callbackData: '0x' },
                data: `0x${word(USDC)}${word(OTHER)}${word('0x1')}`,
              },
            ],
            ...{ tokenIn: USDC, amountIn: 70n },
          },
        ],
        ...[30n, DEADLINE],
      ]),
    ],
  ]),
  'iziswap-swap': encode('iziswapSwap', 'multicall', [
    [
      encode('iziswapSwap', 'swapAmount', [
        { path: packed(USDC, 400, DAI), recipient: OTHER, amount: 70n, minAcquired: 30n, deadline: DEADLINE },
      ]),
    ],
  ]),
}
/** Families that read all calls of another. */
const readsToo: Partial<Record<RouterFamily, RouterFamily[]>> = {
  'pancake-smart-router': ['uniswap-swap-router02'],
  'pancake-universal-router': ['uniswap-universal-router'],
}

describe('decodeSwapIntent of a router that the profile names', () => {
  test.each(ROUTER_FAMILIES)('%s reads its own calls and no others', (family) => {
    for (const [other, calldata] of Object.entries(calls)) {
      const isRead = other === family || readsToo[family]?.includes(other as RouterFamily)
      const intent = decodeAs(family, calldata)
      expect(intent !== null, other).toBe(isRead === true)
      if (isRead) expect(intent).toMatchObject({ kind: 'EXACT_IN', tokenIn: USDC, amountIn: 70n, amountOut: 30n })
    }
  })

  test.each(ROUTER_FAMILIES)('of no family asks for nothing that is known, also in words of %s', (family) => {
    expect(decodeAs(null, calls[family])).toBeNull()
  })

  test('with a selector that its family does not have', () => {
    expect(decodeAs('uniswap-v2-router02', '0x12345678')).toBeNull()
  })
})

describe('decodeSwapIntent of an account that the profile does not name', () => {
  test.each(ROUTER_FAMILIES.filter((family) => family !== 'pancake-universal-router'))(
    '%s is told by its calls',
    (family) => {
      expect(decode(calls[family])).toEqual(decodeAs(family, calls[family]))
    },
  )

  test('commands that routers take for different things are not read', () => {
    expect(decode(calls['pancake-universal-router'])).toBeNull()
  })
})
