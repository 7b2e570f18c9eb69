import { concatHex, encodeAbiParameters, maxUint256, numberToHex, parseAbiParameters, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeSwapIntent, knownSelectors } from '../../../../indexer/decode/routers/index.ts'
import type { Address, Hex } from '../../../../indexer/types/block.ts'
import { createRandom } from '../../../support/random.ts'
import {
  ADDRESS_THIS,
  type Coded,
  command,
  DAI,
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

const path = packed(USDC, 500, WETH, 3000, DAI)
const v3In = {
  tokenIn: USDC,
  tokenOut: DAI,
  fee: 500,
  recipient: MSG_SENDER,
  amountIn: 70n,
  amountOutMinimum: 30n,
  sqrtPriceLimitX96: 0n,
}
const exactInput = encode('swapRouter', 'exactInput', [
  { path, recipient: OTHER, deadline: 1n, amountIn: 70n, amountOutMinimum: 30n },
])
const twoWords = parseAbiParameters('address, uint256')
const v4Params = encodeAbiParameters(
  parseAbiParameters([
    'Multi params',
    'struct PathKey { address currency; uint24 fee; int24 tickSpacing; address hooks; bytes hookData; }',
    'struct Multi { address currency; PathKey[] path; uint128 exact; uint128 bound; }',
  ]),
  [
    {
      currency: USDC,
      path: [{ currency: DAI, fee: 500, tickSpacing: 10, hooks: OTHER, hookData: '0x' }],
      ...{ exact: 70n, bound: 30n },
    },
  ],
)
const routes = [
  { from: USDC, to: WETH, stable: true, factory: OTHER },
  { from: WETH, to: DAI, stable: false, factory: OTHER },
]
const poolData = (token: Address, to: Address) =>
  encodeAbiParameters(parseAbiParameters('address, address, uint8'), [token, to, 1])
const pool = (at: Address, token: Address, to: Address) => {
  return { pool: at, data: poolData(token, to), callback: OTHER, callbackData: '0x', useVault: true }
}
const syncswapPaths = [
  { steps: [pool(OTHER, USDC, ROUTER), pool(ROUTER, WETH, SENDER)], tokenIn: USDC, amountIn: 70n },
  { steps: [pool(OTHER, USDC, SENDER)], tokenIn: USDC, amountIn: 1n },
]
const permit = { token: USDC, approveAmount: 1n, deadline: 1n, v: 27, r: padEnd('0x12'), s: padEnd('0x12') }
const iziswap = encode('iziswapSwap', 'swapAmount', [
  { path, recipient: OTHER, amount: 70n, minAcquired: 30n, deadline: 1n },
])
/** Read by what the profile says of the account, as its commands are also those of others. */
const PANCAKE = 'pancakeUniversal'
const valid: Record<string, Hex> = {
  pairs: encode('uniswapV2Router02', 'swapExactTokensForTokens', [70n, 30n, [USDC, WETH, DAI], OTHER, 1n]),
  exactInput,
  single: encode('swapRouter02', 'exactInputSingle', [v3In]),
  multicall: encode('swapRouter', 'multicall', [[exactInput, exactInput]]),
  multicall02: encode('swapRouter02', 'multicall', [1n, [encode('swapRouter02', 'exactInputSingle', [v3In])]]),
  stable: encode('pancakeStableSwap', 'exactInputStableSwap', [[USDC, WETH, DAI], [2n, 3n], 70n, 30n, OTHER]),
  solidly: encode('solidlyRouter', 'swapExactTokensForTokens', [70n, 30n, routes, OTHER, 1n]),
  velodrome: encode('velodromeV2Router', 'swapExactTokensForTokens', [70n, 30n, routes, OTHER, 1n]),
  mute: encode('muteRouter', 'swapExactTokensForTokens', [70n, 30n, [USDC, WETH, DAI], OTHER, 1n, [true, false]]),
  syncswap: encode('syncswapRouter', 'swap', [syncswapPaths, 30n, 1n]),
  syncswapV2: encode('syncswapRouter', 'multicall', [
    [encode('syncswapRouterV2', 'swapWithPermit', [syncswapPaths, 30n, 1n, permit])],
  ]),
  iziswap: encode('iziswapSwap', 'multicall', [[iziswap]]),
  [PANCAKE]: execute(
    command.stableIn(ADDRESS_THIS, 70n, 0n, [USDC, DAI], [2n], true),
    command.sweep(DAI, MSG_SENDER, 30n),
  ),
  universal: execute(
    command.permit(),
    command.v3In(ADDRESS_THIS, 70n, 0n, path, true),
    command.subPlan(command.v2In(ADDRESS_THIS, 30n, 0n, [USDC, DAI], true)),
    command.sweep(DAI, MSG_SENDER, 30n),
  ),
  v4: execute(
    command.v4(
      [7, v4Params],
      [12, encodeAbiParameters(twoWords, [USDC, 70n])],
      [15, encodeAbiParameters(twoWords, [DAI, 30n])],
    ),
  ),
}
const read = (name: string, calldata: Hex, valueWei = 0n, wrappedNative: Address | null = WETH) =>
  name === PANCAKE
    ? decodeAs('pancake-universal-router', calldata, valueWei, wrappedNative)
    : decode(calldata, valueWei, wrappedNative)
const names = Object.keys(valid)
const LARGE_BYTES = 128 * 1024
/** Far above what any of these needs, for a machine that is busy. */
const SLOW_MS = 2_000

/** Runs the decoder, and fails when it takes long. */
function quickly(calldata: Hex) {
  const start = performance.now()
  const intent = decode(calldata)
  expect(performance.now() - start).toBeLessThan(SLOW_MS)
  return intent
}

const selectorOf = (calldata: Hex) => calldata.slice(0, 10) as Hex
const word = (value: number | bigint) => numberToHex(value, { size: 32 })
const setWord = (calldata: Hex, index: number, value: bigint): Hex =>
  `0x${calldata.slice(2, 10 + index * 64)}${word(value).slice(2)}${calldata.slice(10 + (index + 1) * 64)}`
const wordsOf = (calldata: Hex) => Math.floor((calldata.length - 10) / 64)

/** A list of `count` entries that all are `entry`, which is there once. */
function shared(count: number, entry: Hex): Hex {
  const offsets = Array.from({ length: count }, () => word(32 * count))
  return concatHex([word(count), ...offsets, word((entry.length - 2) / 2), padEnd(entry)])
}

/** A plan that runs the commands of a call of the UniversalRouter `count` times. */
function planOf(count: number, call: Hex): Hex {
  const codes: Hex = `0x${'21'.repeat(count)}`
  const inputs = shared(count, `0x${call.slice(10)}`)
  return concatHex([
    '0x24856bc3',
    word(64),
    word(96 + (padEnd(codes).length - 2) / 2),
    word(count),
    padEnd(codes),
    inputs,
  ])
}

function padEnd(bytes: Hex): Hex {
  return `${bytes}${'0'.repeat((64 - ((bytes.length - 2) % 64)) % 64)}`
}

describe('decodeSwapIntent of calldata that is no router call', () => {
  test.each<[string, Hex]>([
    ['nothing', '0x'],
    ['three bytes', '0x38ed17'],
    ['half a byte too many', '0x38ed17390'],
    ['no hex', '0x38ed1739zz'],
    ['an unknown selector', '0x12345678'],
  ])('%s', (_, calldata) => {
    expect(decode(calldata)).toBeNull()
  })

  test('the creation of a contract', () => {
    expect(decodeSwapIntent(null, valid.pairs!, 0n, SENDER, WETH)).toBeNull()
  })

  test('upper-case digits are the same calldata', () => {
    expect(decode(`0x${valid.universal!.slice(2).toUpperCase()}`)).toEqual(decode(valid.universal!))
  })
})

const MUTE = 'address[],address,uint256,bool[]'
/** The six swaps with an exact input over pairs, by what stands behind the amounts. */
const pairSwaps = (tail: string) =>
  ['', 'SupportingFeeOnTransferTokens'].flatMap((suffix) => [
    `swapExactTokensForTokens${suffix}(uint256,uint256,${tail})`,
    `swapExactTokensForETH${suffix}(uint256,uint256,${tail})`,
    `swapExactETHForTokens${suffix}(uint256,${tail})`,
  ])

describe('knownSelectors', () => {
  test('are those of the routers’ calls', () => {
    const single = '(address,address,uint24,address,uint256,uint256,uint256,uint160)'
    const single02 = '(address,address,uint24,address,uint256,uint256,uint160)'
    const signatures = [
      ...[
        'swapExactTokensForTokens',
        'swapExactTokensForTokensSupportingFeeOnTransferTokens',
        'swapExactTokensForETH',
        'swapExactTokensForETHSupportingFeeOnTransferTokens',
        'swapTokensForExactTokens',
        'swapTokensForExactETH',
      ].map((name) => `${name}(uint256,uint256,address[],address,uint256)`),
      ...['swapExactETHForTokens', 'swapExactETHForTokensSupportingFeeOnTransferTokens', 'swapETHForExactTokens'].map(
        (name) => `${name}(uint256,address[],address,uint256)`,
      ),
      ...['exactInputSingle', 'exactOutputSingle'].flatMap((name) => [`${name}(${single})`, `${name}(${single02})`]),
      ...['exactInput', 'exactOutput'].flatMap((name) => [
        `${name}((bytes,address,uint256,uint256,uint256))`,
        `${name}((bytes,address,uint256,uint256))`,
      ]),
      ...['swapExactTokensForTokens', 'swapTokensForExactTokens'].map(
        (name) => `${name}(uint256,uint256,address[],address)`,
      ),
      ...['multicall(bytes[])', 'multicall(uint256,bytes[])', 'multicall(bytes32,bytes[])'],
      ...[
        'execute(bytes,bytes[])',
        'execute(bytes,bytes[],uint256)',
        'executeSigned(bytes,bytes[],bytes32,bytes32,bool,bytes32,bytes,uint256)',
      ],
      ...['exactInputStableSwap', 'exactOutputStableSwap'].map(
        (name) => `${name}(address[],uint256[],uint256,uint256,address)`,
      ),
      ...['(address,address,bool)[],address,uint256', '(address,address,bool,address)[],address,uint256', MUTE].flatMap(
        pairSwaps,
      ),
      'swapExactTokensForTokensSimple(uint256,uint256,address,address,bool,address,uint256)',
      ...['address,bytes,address,bytes', 'address,bytes,address,bytes,bool'].flatMap((step) => [
        `swap(((${step})[],address,uint256)[],uint256,uint256)`,
        `swapWithPermit(((${step})[],address,uint256)[],uint256,uint256,(address,uint256,uint256,uint8,bytes32,bytes32))`,
      ]),
      ...['swapAmount', 'swapDesire'].map((name) => `${name}((bytes,address,uint128,uint256,uint256))`),
    ]
    expect([...knownSelectors].sort()).toEqual(signatures.map((text) => toFunctionSelector(text)).sort())
  })
})

describe('decodeSwapIntent of calldata that lies', () => {
  test.each(names)('%s is read before it is spoilt', (name) => {
    expect(read(name, valid[name]!)).not.toBeNull()
  })

  test.each(names)('%s with bytes behind it is the same', (name) => {
    expect(read(name, `${valid[name]!}deadbeef`)).toEqual(read(name, valid[name]!))
  })

  test.each(names)('%s cut off anywhere', (name) => {
    const calldata = valid[name]!
    for (let length = 2; length < calldata.length; length += 2) {
      const intent = read(name, calldata.slice(0, length) as Hex)
      // What pads the last word may be missing without loss.
      if (intent !== null) expect([name, length, intent]).toEqual([name, length, read(name, calldata)])
    }
    expect(read(name, calldata.slice(0, calldata.length - 128) as Hex)).toBeNull()
  })

  test.each(knownSelectors)('%s with offsets and lengths of every size', (selector) => {
    const sizes = [1n, 31n, 33n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 255n, maxUint256]
    for (const size of sizes) {
      expect(quickly(concatHex([selector, ...Array.from({ length: 20 }, () => word(size))]))).toBeNull()
    }
  })

  test.each(knownSelectors)('%s with 128 KB of zeros, of ones, and of noise', (selector) => {
    const random = createRandom(7)
    const noise = Array.from({ length: LARGE_BYTES / 4 }, () =>
      Math.floor(random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    for (const body of ['00'.repeat(LARGE_BYTES), 'ff'.repeat(LARGE_BYTES), noise.join('')]) {
      expect(quickly(`${selector}${body}`)).toBeNull()
    }
  })

  test('megabytes', () => {
    expect(quickly(`0x38ed1739${'ab'.repeat(4 * 1024 * 1024)}`)).toBeNull()
  })

  test('calls in calls, as deep as are read, and one deeper', () => {
    const nested = (depth: number): Hex =>
      depth === 0 ? exactInput : encode('swapRouter', 'multicall', [[nested(depth - 1)]])
    expect(decode(nested(4))).not.toBeNull()
    expect(decode(nested(5))).toBeNull()
    expect(quickly(nested(40))).toBeNull()
  })

  test('plans in plans, as deep as are read, and one deeper', () => {
    const swap = command.v3In(MSG_SENDER, 1n, 1n, path, true)
    const nested = (depth: number): Coded => (depth === 0 ? swap : command.subPlan(nested(depth - 1)))
    expect(decode(execute(nested(3)))).not.toBeNull()
    expect(decode(execute(nested(4)))).toBeNull()
    expect(quickly(execute(nested(40)))).toBeNull()
  })

  test('as many calls as are read, and one more', () => {
    const calls = (count: number) =>
      encode('swapRouter', 'multicall', [Array.from({ length: count }, () => exactInput)])
    expect(quickly(calls(256))).toMatchObject({ amountIn: 256n * 70n })
    expect(quickly(calls(257))).toBeNull()
  })

  test('as many calls in calls together as are read', () => {
    const few = encode('swapRouter', 'multicall', [Array.from({ length: 100 }, () => exactInput)])
    expect(decode(encode('swapRouter', 'multicall', [[few, few]]))).not.toBeNull()
    expect(decode(encode('swapRouter', 'multicall', [[few, few, few]]))).toBeNull()
  })

  // Each entry of a list may point to the same bytes, so a small call can ask for a number of swaps without end.
  test.each([
    [
      'calls',
      (count: number, call: Hex) => concatHex([selectorOf(valid.multicall!), word(32), shared(count, call)]),
      exactInput,
    ],
    [
      'plans',
      (count: number, plan: Hex) => planOf(count, plan),
      execute(command.v2In(MSG_SENDER, 70n, 1n, [USDC, DAI], true)),
    ],
  ])('%s in calls that share their bytes', (_, wrapped, innermost) => {
    expect(decode(wrapped(2, wrapped(3, innermost)))).toMatchObject({ amountIn: 6n * 70n })
    expect(quickly(wrapped(200, wrapped(200, wrapped(200, innermost))))).toBeNull()
  })
})

describe('decodeSwapIntent of calldata changed at random', () => {
  test.each(names)('%s never throws and never takes long', (name) => {
    const random = createRandom(names.indexOf(name) + 1)
    const below = (limit: number) => Math.floor(random() * limit)
    const calldata = valid[name]!
    const values = [0n, 1n, 32n, 64n, 96n, 2n ** 32n - 1n, 2n ** 160n, 2n ** 255n, maxUint256]
    const mutations: ((data: Hex) => Hex)[] = [
      (data) => setWord(data, below(wordsOf(data)), values[below(values.length)]!),
      (data) => setWord(data, below(wordsOf(data)), BigInt(below(data.length))),
      (data) => {
        const at = 10 + 2 * below((data.length - 10) / 2)
        return `${data.slice(0, at)}${below(256).toString(16).padStart(2, '0')}${data.slice(at + 2)}` as Hex
      },
      (data) => data.slice(0, 74 + 2 * below((data.length - 74) / 2)) as Hex,
      (data) => `${selectorOf(data)}${data.slice(10 + 64 * below(3))}` as Hex,
      (data) => `${knownSelectors[below(knownSelectors.length)]}${data.slice(10)}` as Hex,
    ]
    const start = performance.now()
    let refused = 0
    for (let round = 0; round < 4_000; round++) {
      let changed = calldata
      for (let times = below(4); times >= 0 && wordsOf(changed) > 3; times--) {
        changed = mutations[below(mutations.length)]!(changed)
      }
      const intent = read(name, changed, BigInt(below(100)), below(2) === 0 ? WETH : null)
      if (intent === null) refused++
      else expect(intent.path.split(' ').length).toBeGreaterThanOrEqual(3)
    }
    // Some changes spoil it and some do not: both ways were gone.
    expect(refused).toBeGreaterThan(400)
    expect(refused).toBeLessThan(4_000)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
