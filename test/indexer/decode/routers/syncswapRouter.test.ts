import { concatHex, encodeAbiParameters, maxUint256, numberToHex, parseAbiParameters } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Leg } from '../../../../indexer/decode/routers/family.ts'
import { planIntent } from '../../../../indexer/decode/routers/plan.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import { address } from '../../../support/logs.ts'
import { BASE, DAI, DEADLINE, decode, decodeAs, encode, OTHER, ROUTER, SENDER, USDC, WETH } from './calls.ts'

type Form = 'syncswapRouter' | 'syncswapRouterV2'
type Step = { pool: Address; data: Hex; callback: Address; callbackData: Hex; useVault: boolean }
type Path = { steps: Step[]; tokenIn: Address; amountIn: bigint }

const FORMS: Form[] = ['syncswapRouter', 'syncswapRouterV2']
const [POOL, POOL2, POOL3] = [address(0xc1), address(0xc2), address(0xc3)]
const PERMIT = {
  ...{ token: USDC, approveAmount: 1n, deadline: 2n, v: 27, r: `0x${'00'.repeat(32)}`, s: `0x${'00'.repeat(32)}` },
}
const poolParameters = parseAbiParameters('address tokenIn, address to, uint8 withdrawMode')
const step = (pool: Address, tokenIn: Address, to: Address, mode = 0, changes: Partial<Step> = {}): Step => ({
  ...{ pool, data: encodeAbiParameters(poolParameters, [tokenIn, to, mode]), callback: BASE, callbackData: '0x' },
  ...{ useVault: true, ...changes },
})
const path = (steps: Step[], tokenIn: Address = USDC, amountIn = 70n): Path => ({ steps, tokenIn, amountIn })
const single = path([step(POOL, USDC, SENDER, 1)])
const swap = (paths: Path[], form: Form = 'syncswapRouter', amountOutMin = 30n) =>
  encode(form, 'swap', [paths, amountOutMin, DEADLINE])
const permitted = (form: Form) => encode(form, 'swapWithPermit', [[single], 30n, DEADLINE, PERMIT])
const read = (calldata: Hex, valueWei = 0n, wrappedNative: Address | null = WETH) => {
  const intent = decodeAs('syncswap-router', calldata, valueWei, wrappedNative)
  expect(decode(calldata, valueWei, wrappedNative)).toEqual(intent)
  return intent
}
const common = {
  ...{ kind: 'EXACT_IN', tokenIn: USDC, tokenOut: null, amountIn: 70n, amountOut: 30n, recipient: SENDER },
  deadline: Number(DEADLINE),
}

describe.each(FORMS)('decodeSwapIntent of %s', (form) => {
  test('swap over one pool, whose output is not named', () => {
    expect(read(swap([single], form))).toEqual({ ...common, path: `${USDC} pool:${POOL} ?` })
  })

  test('swapWithPermit', () => {
    expect(read(permitted(form))).toEqual(read(swap([single], form)))
  })

  test('swap over three pools', () => {
    const steps = [step(POOL, USDC, POOL2), step(POOL2, WETH, POOL3, 2), step(POOL3, DAI, OTHER, 1)]
    expect(read(swap([path(steps)], form))).toEqual({
      ...{ ...common, recipient: OTHER },
      path: `${USDC} pool:${POOL} ${WETH} pool:${POOL2} ${DAI} pool:${POOL3} ?`,
    })
  })

  test('base token, which the first pool knows as the wrapped one', () => {
    const calldata = swap([path([step(POOL, WETH, SENDER, 1)], BASE)], form)
    const expected = { ...common, tokenIn: BASE, path: `${WETH} pool:${POOL} ?` }
    expect(read(calldata, 70n)).toEqual(expected)
    expect(read(calldata, 70n, null)).toEqual(expected)
  })

  test('parts of one split, with one minimum', () => {
    const other = path([step(POOL2, USDC, POOL3), step(POOL3, WETH, SENDER, 1)], USDC, 10n)
    expect(read(swap([single, other], form))).toEqual({
      ...{ ...common, amountIn: 80n },
      path: `${USDC} pool:${POOL} ? + ${USDC} pool:${POOL2} ${WETH} pool:${POOL3} ?`,
    })
  })

  test.each([0, 1, 2])('an output withdrawn in mode %i', (mode) => {
    expect(read(swap([path([step(POOL, USDC, SENDER, mode)])], form))).not.toBeNull()
  })

  test('an output that stays with the router', () => {
    expect(read(swap([path([step(POOL, USDC, ROUTER)])], form))?.recipient).toBe(ROUTER)
  })

  test('a callback with data', () => {
    const called = path([step(POOL, USDC, SENDER, 1, { callback: OTHER, callbackData: '0x1234' })])
    expect(read(swap([called], form))).toEqual(read(swap([single], form)))
  })

  test('a callback to what is no address, and one whose data is cut off', () => {
    const calldata = swap([path([step(POOL, USDC, SENDER, 1, { callback: OTHER })])], form)
    const dirty = calldata.replace(OTHER.slice(2).padStart(64, '0'), OTHER.slice(2).padStart(64, '1'))
    expect(read(dirty as Hex)).toBeNull()
    expect(read(`${calldata.slice(0, -1)}1` as Hex)).toBeNull()
  })

  test.each<[string, Path[]]>([
    ['no path', []],
    ['a path of no pool', [path([])]],
    ['paths that begin with different tokens', [single, path([step(POOL2, DAI, SENDER, 1)], DAI)]],
    ['paths that end with different accounts', [single, path([step(POOL2, USDC, OTHER, 1)])]],
    ['a first pool that is told of another token', [path([step(POOL, DAI, SENDER)])]],
    ['a pool that pays another than the next', [path([step(POOL, USDC, POOL3), step(POOL2, WETH, SENDER)])]],
    ['a pool that pays the account in the middle', [path([step(POOL, USDC, SENDER, 1), step(POOL2, WETH, SENDER)])]],
    ['a pool that gives what it takes', [path([step(POOL, USDC, POOL2), step(POOL2, USDC, SENDER)])]],
    ['a pool that is the zero address', [path([step(BASE, USDC, SENDER)])]],
    ['a pool that is told of the zero address', [path([step(POOL, BASE, SENDER)], BASE)]],
    ['a mode that is not known', [path([step(POOL, USDC, SENDER, 3)])]],
    ['a pool that is told less', [path([step(POOL, USDC, SENDER, 1, { data: '0x' })])]],
    [
      'a pool that is told more',
      [path([step(POOL, USDC, SENDER, 1, { data: concatHex([single.steps[0]!.data, numberToHex(0, { size: 32 })]) })])],
    ],
    ['amounts that overflow together', [single, path(single.steps, USDC, maxUint256)]],
    ['more steps than a path has', [path(circle(65))]],
    ['more paths than are read', Array.from({ length: 257 }, () => single)],
    ['more steps in all than are read', Array.from({ length: 5 }, () => path(circle(60)))],
  ])('%s', (_, paths) => {
    expect(read(swap(paths, form))).toBeNull()
  })

  test('as many steps as are read', () => {
    expect(read(swap([path(circle(64))], form))).not.toBeNull()
    expect(
      read(
        swap(
          [...Array(4)].map(() => path(circle(64))),
          form,
        ),
      ),
    ).not.toBeNull()
  })

  test('the largest amounts', () => {
    expect(read(swap([path(single.steps, USDC, maxUint256)], form, maxUint256))).toMatchObject({
      ...{ amountIn: maxUint256, amountOut: maxUint256 },
    })
  })

  test.each([
    ['a token that is no address', 3, 2n ** 160n],
    ['a sign that is no uint8', 6, 256n],
  ])('a permit with %s', (_, index, value) => {
    const at = 10 + index * 64
    const calldata = permitted(form)
    const spoilt = `${calldata.slice(0, at)}${value.toString(16).padStart(64, '0')}${calldata.slice(at + 64)}`
    expect(read(spoilt as Hex)).toBeNull()
  })
})

describe('decodeSwapIntent of a multicall of SyncSwap', () => {
  const call = (name: string, ...args: unknown[]) => encode('syncswapRouter', name, args)
  const permit = call('selfPermit2', USDC, 1n, 2n, '0x1234')

  test('a permit and a swap', () => {
    expect(read(call('multicall', [permit, swap([single])]))).toEqual(read(swap([single])))
  })

  test.each<[string, Hex[]]>([
    ['two swaps, whose outputs may differ', [swap([single]), swap([single])]],
    ['a permit alone', [permit]],
    ['a swap and a call for liquidity', [swap([single]), call('burnLiquidity', POOL, 1n, '0x', [1n, 1n], BASE, '0x')]],
  ])('%s', (_, calls) => {
    expect(read(call('multicall', calls))).toBeNull()
  })
})

test('a step of a later router that uses the vault or not, and one that says neither', () => {
  const [yes, no] = [true, false].map((useVault) =>
    swap([path([step(POOL, USDC, SENDER, 1, { useVault })])], 'syncswapRouterV2'),
  )
  expect(read(no!)).toEqual(read(yes!))
  const at = [...yes!].findIndex((digit, index) => digit !== no![index])
  expect(read(`${yes!.slice(0, at)}2${yes!.slice(at + 1)}` as Hex)).toBeNull()
})

test('an output that is not known stays so where the router unwraps all that it holds', () => {
  const leg: Leg = {
    ...{ kind: 'EXACT_IN', tokenIn: USDC, tokenOut: null, amountIn: 70n, amountOut: 30n, source: 'SENDER' },
    ...{ recipient: 'ROUTER', path: `${USDC} pool:${POOL} ?` },
  }
  const unwrap = { step: 'unwrap' as const, minimum: 99n, recipient: OTHER }
  const call = { to: ROUTER, valueWei: 0n, sender: SENDER, wrappedNative: null }
  expect(planIntent([{ step: 'swap', leg }, unwrap], call)).toMatchObject({
    ...{ tokenOut: null, amountOut: 30n, recipient: ROUTER },
  })
})

/** Steps over pools of two tokens in turn, the last of which pays the sender. */
function circle(count: number): Step[] {
  const pools = Array.from({ length: count }, (_, index) => numberToHex(0x1000 + index, { size: 20 }))
  return pools.map((pool, index) => step(pool, index % 2 ? WETH : USDC, pools[index + 1] ?? SENDER))
}
