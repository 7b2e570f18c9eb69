import { describe, expect, test } from 'vitest'
import type { RouterFamily } from '../../../../contracts/chains/routers.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import { BASE, DAI, DEADLINE, decode, decodeAs, encode, OTHER, USDC, WETH } from './calls.ts'

type Router = 'solidlyRouter' | 'velodromeV2Router' | 'muteRouter'
type Hop = { from: Address; to: Address; stable: boolean; factory?: Address }

const common = { kind: 'EXACT_IN', recipient: OTHER, deadline: Number(DEADLINE) }
const families: Record<Router, RouterFamily> = {
  solidlyRouter: 'solidly-router',
  velodromeV2Router: 'velodrome-v2-router',
  muteRouter: 'mute-router',
}
const routers = Object.keys(families) as Router[]

/** Arguments behind the amounts: the hops as the router names them. */
function tail(router: Router, hops: readonly Hop[]): unknown[] {
  if (router !== 'muteRouter') return [hops.map((hop) => ({ factory: BASE, ...hop })), OTHER, DEADLINE]
  return [[hops[0]!.from, ...hops.map(({ to }) => to)], OTHER, DEADLINE, hops.map(({ stable }) => stable)]
}

const hop = (from: Address, to: Address, stable: boolean): Hop => ({ from, to, stable })
const call = (router: Router, name: string, amounts: readonly bigint[], hops: readonly Hop[]): Hex =>
  encode(router, name, [...amounts, ...tail(router, hops)])

describe.each(routers)('decodeSwapIntent of %s', (router) => {
  const read = (calldata: Hex, valueWei = 0n) => {
    const intent = decodeAs(families[router], calldata, valueWei)
    expect(decode(calldata, valueWei)).toEqual(intent)
    return intent
  }

  test.each(['swapExactTokensForTokens', 'swapExactTokensForTokensSupportingFeeOnTransferTokens'])('%s', (name) => {
    expect(read(call(router, name, [70n, 30n], [hop(USDC, WETH, false), hop(WETH, DAI, true)]))).toEqual({
      ...{ ...common, tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n },
      path: `${USDC} volatile ${WETH} stable ${DAI}`,
    })
  })

  test.each(['swapExactTokensForETH', 'swapExactTokensForETHSupportingFeeOnTransferTokens'])(
    '%s gives the base token',
    (name) => {
      expect(read(call(router, name, [70n, 30n], [hop(USDC, WETH, true)]))).toEqual({
        ...{ ...common, tokenIn: USDC, tokenOut: BASE, amountIn: 70n, amountOut: 30n },
        path: `${USDC} stable ${WETH}`,
      })
    },
  )

  test.each(['swapExactETHForTokens', 'swapExactETHForTokensSupportingFeeOnTransferTokens'])(
    '%s takes the value that is sent',
    (name) => {
      expect(read(call(router, name, [30n], [hop(WETH, USDC, false), hop(USDC, DAI, true)]), 99n)).toEqual({
        ...{ ...common, tokenIn: BASE, tokenOut: DAI, amountIn: 99n, amountOut: 30n },
        path: `${WETH} volatile ${USDC} stable ${DAI}`,
      })
    },
  )

  test.each<[string, Hop[]]>([
    ['a token with itself', [hop(USDC, USDC, false)]],
    ['the zero address', [hop(USDC, BASE, false), hop(BASE, DAI, false)]],
    [
      'more hops than are read',
      Array.from({ length: 65 }, (_, i) => (i % 2 ? hop(DAI, USDC, false) : hop(USDC, DAI, false))),
    ],
  ])('a path of %s', (_, hops) => {
    expect(read(call(router, 'swapExactTokensForTokens', [1n, 1n], hops))).toBeNull()
  })
})

describe('decodeSwapIntent of routes that name each pair', () => {
  const routers = ['solidlyRouter', 'velodromeV2Router'] as const

  test.each(routers)('no hop, in %s', (router) => {
    expect(decode(call(router, 'swapExactTokensForTokens', [1n, 1n], []))).toBeNull()
  })

  test.each(routers)('hops that do not meet, in %s', (router) => {
    const hops = [hop(USDC, WETH, false), hop(DAI, OTHER, false)]
    expect(decode(call(router, 'swapExactTokensForTokens', [1n, 1n], hops))).toBeNull()
  })

  test('a factory that is named, and one that is the router’s own', () => {
    const hops = [{ ...hop(USDC, WETH, false), factory: OTHER }, hop(WETH, DAI, true)]
    const intent = decode(call('velodromeV2Router', 'swapExactTokensForTokens', [1n, 1n], hops))
    expect(intent?.path).toBe(`${USDC} volatile:${OTHER} ${WETH} stable ${DAI}`)
  })

  test.each([
    [true, 'stable'],
    [false, 'volatile'],
  ])('swapExactTokensForTokensSimple with stable %s', (stable, pool) => {
    const calldata = encode('solidlyRouter', 'swapExactTokensForTokensSimple', [
      ...[70n, 30n, USDC, DAI, stable, OTHER, DEADLINE],
    ])
    expect(decode(calldata)).toEqual({
      ...{ ...common, tokenIn: USDC, tokenOut: DAI, amountIn: 70n, amountOut: 30n },
      path: `${USDC} ${pool} ${DAI}`,
    })
  })

  test('a curve that is no boolean', () => {
    const calldata = call('solidlyRouter', 'swapExactTokensForTokens', [70n, 30n], [hop(USDC, DAI, true)])
    expect(decode(`${calldata.slice(0, -1)}2` as Hex)).toBeNull()
  })
})

describe('decodeSwapIntent of the Mute router', () => {
  const paths = (tokens: readonly Address[], stable: readonly boolean[]) =>
    decode(encode('muteRouter', 'swapExactTokensForTokens', [70n, 30n, tokens, OTHER, DEADLINE, stable]))

  test('a list with an entry for each token', () => {
    expect(paths([USDC, WETH, DAI], [true, false, true])?.path).toBe(`${USDC} stable ${WETH} volatile ${DAI}`)
  })

  test('a list with fewer entries than hops', () => {
    expect(paths([USDC, WETH, DAI], [true])).toBeNull()
  })

  test.each<[string, Address[]]>([
    ['no token', []],
    ['one token', [USDC]],
  ])('a path of %s', (_, tokens) => {
    expect(paths(tokens, [false, false])).toBeNull()
  })
})
