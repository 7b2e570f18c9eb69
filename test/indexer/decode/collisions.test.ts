import { existsSync, readFileSync } from 'node:fs'
import { type AbiEvent, type AbiParameter, decodeEventLog, parseAbiItem, toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { FAMILIES, LENDING_FAMILIES } from '../../../contracts/families.ts'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { readEventTexts } from '../../support/eventProbes.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const EMITTER = address(0xee)

/** What is read of an event with these arguments, in the order of its text; numbers are bigint, addresses lower case. */
type Read = (...values: never[]) => Record<string, unknown>

const pair = (token0: Hex, token1: Hex, pool: Hex) => ({ kind: 'pool-created', tokens: [token0, token1], pool })
const pairSwap = (sender: Hex, in0: bigint, in1: bigint, out0: bigint, out1: bigint, recipient: Hex) => {
  return { kind: 'swap', sender, recipient, amount0: in0 - out0, amount1: in1 - out1, after: null }
}
const reserves = (reserve0: bigint, reserve1: bigint) => ({ kind: 'reserves', reserve0, reserve1, virtual: null })
const pairMint = (owner: Hex, amount0: bigint, amount1: bigint) => ({ kind: 'mint', owner, amount0, amount1 })
/** The recipient comes last, behind the shares where the event tells them. */
const pairBurn = (_: Hex, amount0: bigint, amount1: bigint, ...rest: (bigint | Hex)[]) => {
  return { kind: 'burn', owner: rest.at(-1), amount0: -amount0, amount1: -amount1 }
}
const tickPool = (token0: Hex, token1: Hex, fee: bigint, spacing: bigint, pool: Hex) => {
  return { kind: 'pool-created', tokens: [token0, token1], fee, tickSpacing: Number(spacing), pool }
}
const tickSwap = (sender: Hex, recipient: Hex, ...numbers: bigint[]) => {
  const [amount0, amount1, sqrtPriceX96, liquidity, tick] = numbers
  return { kind: 'swap', sender, recipient, amount0, amount1, after: { sqrtPriceX96, liquidity, tick: Number(tick) } }
}
const initialize = (sqrtPriceX96: bigint, tick: bigint) => ({ kind: 'initialize', sqrtPriceX96, tick: Number(tick) })
const range = (lower: bigint, upper: bigint, liquidity: bigint) => {
  return { tickLower: Number(lower), tickUpper: Number(upper), liquidity }
}
type Amounts = [amount0: bigint, amount1: bigint]
const tickMint = (
  _: Hex,
  owner: Hex,
  lower: bigint,
  upper: bigint,
  liquidity: bigint,
  ...[amount0, amount1]: Amounts
) => {
  return { kind: 'mint', owner, range: range(lower, upper, liquidity), amount0, amount1 }
}
const tickBurn = (owner: Hex, lower: bigint, upper: bigint, liquidity: bigint, ...[amount0, amount1]: Amounts) => {
  return { kind: 'burn', owner, range: range(lower, upper, -liquidity), amount0: -amount0, amount1: -amount1 }
}
const tickCollect = (owner: Hex, _: Hex, lower: bigint, upper: bigint, ...[amount0, amount1]: Amounts) => {
  return { kind: 'collect', owner, range: range(lower, upper, 0n), amount0: -amount0, amount1: -amount1 }
}
const exchange = (sender: Hex, sold: bigint, soldAmount: bigint, bought: bigint, boughtAmount: bigint) => ({
  ...{ kind: 'swap', sender, token0: Number(sold), token1: Number(bought) },
  ...{ amount0: soldAmount, amount1: -boughtAmount },
})
const ramp = (...values: bigint[]) => ({ kind: 'parameters', name: 'ramp', values })
const vaultSwap = (sender: Hex, token0: Hex, token1: Hex, ...numbers: bigint[]) => {
  const [amountIn, , amountOutAfterFees, fee] = numbers as [bigint, bigint, bigint, bigint]
  return { kind: 'swap', sender, token0, token1, amount0: amountIn, amount1: -amountOutAfterFees, fee }
}
const liquidation = (liquidator: Hex, borrower: Hex, repaid: bigint, market: Hex, seized: bigint) => ({
  ...{ kind: 'liquidation', liquidator, borrower, debt: { token: null, market: EMITTER, amount: repaid } },
  collateral: { token: null, market, amount: seized },
})

const V2_SWAP =
  'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)'
const V3_SWAP =
  'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)'
const V3_MINT =
  'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)'
const V3_BURN =
  'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)'
const V3_FLASH =
  'Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)'

/**
 * Every side of every topic0 that several families share: the families whose declaration it is, its text, and what is read
 * of it. Null: the event is not read (nothing of it is stored), and must not be taken for another side's.
 */
const sides: readonly [string, string, Read | null][] = [
  ['uniswap-v2', 'PairCreated(address indexed token0, address indexed token1, address pair, uint256 pairIndex)', pair],
  ['ezkalibur', 'PairCreated(address indexed token0, address indexed token1, address pair, uint256 length)', pair],
  ['uniswap-v2 solidly mute ezkalibur syncswap-classic syncswap-aqua', V2_SWAP, pairSwap],
  ['uniswap-v2 ezkalibur', 'Sync(uint112 reserve0, uint112 reserve1)', reserves],
  [
    'uniswap-v2 solidly mute velodrome-v2 ezkalibur kyber-classic',
    'Mint(address indexed sender, uint256 amount0, uint256 amount1)',
    pairMint,
  ],
  ['compound-v2', 'Mint(address minter, uint256 mintAmount, uint256 mintTokens)', null],
  [
    'uniswap-v2 solidly mute ezkalibur kyber-classic',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)',
    pairBurn,
  ],
  ['solidly mute velodrome-v2 syncswap-classic syncswap-aqua', 'Sync(uint256 reserve0, uint256 reserve1)', reserves],
  ['solidly velodrome-v2', 'Fees(address indexed sender, uint256 amount0, uint256 amount1)', null],
  [
    'solidly mute velodrome-v2',
    'Claim(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1)',
    null,
  ],
  [
    'uniswap-v3 pancake-v3',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
    tickPool,
  ],
  [
    'kyber-elastic',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed swapFeeUnits, int24 tickDistance, address pool)',
    tickPool,
  ],
  ['uniswap-v3 pancake-v3', 'FeeAmountEnabled(uint24 indexed fee, int24 indexed tickSpacing)', null],
  ['uniswap-v3 slipstream algebra', V3_SWAP, tickSwap],
  [
    'kyber-elastic',
    'Swap(address indexed sender, address indexed recipient, int256 deltaQty0, int256 deltaQty1, uint160 sqrtP, uint128 liquidity, int24 currentTick)',
    tickSwap,
  ],
  ['uniswap-v3 pancake-v3 slipstream', 'Initialize(uint160 sqrtPriceX96, int24 tick)', initialize],
  ['kyber-elastic', 'Initialize(uint160 sqrtP, int24 tick)', initialize],
  ['uniswap-v3 pancake-v3 slipstream', V3_MINT, tickMint],
  [
    'iziswap',
    'Mint(address sender, address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)',
    tickMint,
  ],
  [
    'kyber-elastic',
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 qty, uint256 qty0, uint256 qty1)',
    tickMint,
  ],
  ['uniswap-v3 pancake-v3 slipstream', V3_BURN, tickBurn],
  [
    'iziswap',
    'Burn(address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)',
    tickBurn,
  ],
  [
    'kyber-elastic',
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 qty, uint256 qty0, uint256 qty1)',
    tickBurn,
  ],
  [
    'uniswap-v3 pancake-v3 slipstream',
    'Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
    tickCollect,
  ],
  ['uniswap-v3 pancake-v3 slipstream', V3_FLASH, null],
  [
    'iziswap',
    'Flash(address indexed sender, address indexed recipient, uint256 amountX, uint256 amountY, uint256 paidX, uint256 paidY)',
    null,
  ],
  [
    'uniswap-v3 pancake-v3 slipstream',
    'IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)',
    null,
  ],
  [
    'uniswap-v3 pancake-v3',
    'CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)',
    null,
  ],
  [
    'uniswap-v3 slipstream',
    'SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)',
    null,
  ],
  ['syncswap-classic syncswap-aqua', 'PoolCreated(address indexed token0, address indexed token1, address pool)', pair],
  [
    'syncswap-classic syncswap-aqua',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)',
    pairBurn,
  ],
  [
    'syncswap-classic balancer-v2',
    'FlashLoan(address indexed recipient, address indexed token, uint256 amount, uint256 feeAmount)',
    null,
  ],
  [
    'curve-stable pancake-stable',
    'RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)',
    ramp,
  ],
  [
    'pancake-stable curve-crypto',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)',
    exchange,
  ],
  [
    'balancer-v3',
    'Swap(address indexed pool, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut, uint256 swapFeePercentage, uint256 swapFeeAmount)',
    null,
  ],
  [
    'gmx-v1',
    'Swap(address account, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 amountOutAfterFees, uint256 feeBasisPoints)',
    vaultSwap,
  ],
  [
    'compound-v2',
    'LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)',
    liquidation,
  ],
  [
    'venus',
    'LiquidateBorrow(address indexed liquidator, address indexed borrower, uint256 repayAmount, address indexed vTokenCollateral, uint256 seizeTokens)',
    liquidation,
  ],
  ['compound-v2', 'Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)', null],
  [
    'venus',
    'Borrow(address indexed borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)',
    null,
  ],
  [
    'compound-v2',
    'RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)',
    null,
  ],
  [
    'venus',
    'RepayBorrow(address indexed payer, address indexed borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)',
    null,
  ],
]

const inputsOf = (text: string) => (parseAbiItem(`event ${text}`) as AbiEvent).inputs

/** A value of a type, another for each number; lists get two items. */
function makeValue(input: AbiParameter, number: number): unknown {
  const [, item, length] = /^(.*)\[(\d*)\]$/.exec(input.type) ?? []
  if (item !== undefined) {
    const count = length === '' ? 2 : Number(length)
    return Array.from({ length: count }, (_, index) => makeValue({ ...input, type: item }, number + index))
  }
  if ('components' in input) {
    return Object.fromEntries(input.components.map((part, index) => [part.name, makeValue(part, number + index)]))
  }
  if (input.type === 'address') return address(number)
  if (input.type === 'bool') return true
  if (input.type === 'bytes') return '0x'
  if (input.type === 'bytes32') return `0x${number.toString(16).padStart(64, '0')}`
  return /^u?int(8|16|24|32)$/.test(input.type) ? number : BigInt(number)
}

/** A log of the event with a different number or address in each argument, from `first` up. */
function makeLog(text: string, first: number): Log {
  const values = inputsOf(text).map((input, index) => makeValue(input, first + index))
  return encodeEvent(text, EMITTER, values)
}

/** The arguments of a log in the order of the text, as viem reads them. */
function readByViem(text: string, { topics, data }: Log): unknown[] {
  const item = parseAbiItem(`event ${text}`) as AbiEvent
  const { args } = decodeEventLog({ abi: [item], topics: topics as never, data }) as { args: Record<string, unknown> }
  return item.inputs.map(({ name }) => {
    const value = args[name!]
    return typeof value === 'number' ? BigInt(value) : typeof value === 'string' ? value.toLowerCase() : value
  })
}

describe('both sides of each shared topic0', () => {
  test.each(sides)('%s: %s', (families, text, read) => {
    const log = makeLog(text, 1)
    const event = decodeLog(log)
    if (read === null) {
      expect(event).toBeNull()
      return
    }
    expect(event).toMatchObject({ ...read(...(readByViem(text, log) as never[])), emitter: EMITTER })
    expect(event!.families).toEqual(expect.arrayContaining(families.split(' ')))
  })

  test('families of one topic0 whose logs have different shapes stay apart', () => {
    const liquidations = sides.filter(([, text]) => text.startsWith('LiquidateBorrow'))
    expect(liquidations.map(([, text]) => decodeLog(makeLog(text, 1))!.families)).toEqual([['compound-v2'], ['venus']])
  })

  const reference = new URL('../../../../shared/reference/protocols.json', import.meta.url)
  test.runIf(existsSync(reference))('none of the reference is missing (skipped without ../shared)', () => {
    type Use = { family: string; topics: number }
    const { topic0_collisions: all } = JSON.parse(readFileSync(reference, 'utf8')) as {
      topic0_collisions: { topic0: string; uses: Use[] }[]
    }
    const here: Record<string, string[]> = {}
    for (const [families, text] of sides) {
      const topics = 1 + inputsOf(text).filter(({ indexed }) => indexed).length
      const uses = families.split(' ').map((family) => `${family} ${topics}`)
      here[toEventSelector(`event ${text}`)] = [...(here[toEventSelector(`event ${text}`)] ?? []), ...uses].sort()
    }
    const there = all.map(({ topic0, uses }) => [
      topic0,
      uses.map((use) => `${ourName(use.family)} ${use.topics}`).sort(),
    ])
    expect(here).toEqual(Object.fromEntries(there))
  })
})

function ourName(family: string): string {
  const others: Record<string, string> = {
    ...{ solidly_v1: 'solidly', mute_koi_v2: 'mute', algebra_v1: 'algebra' },
    syncswap_classic_stable: 'syncswap-classic',
  }
  return others[family] ?? family.replaceAll('_', '-')
}

/** Families whose decoders look at every word, also at those they do not keep. */
const strict = new Set<string>([...FAMILIES, ...LENDING_FAMILIES])
/** The values of a made-up log begin with this; where the first are impossible for the event, the next are tried. */
const BEGINNINGS = [1, 0, 2, 100]

type Spoilt = { what: string; log: Log }

/** Copies of the log, each with one word just outside its type. */
function spoilWords(text: string, log: Log): Spoilt[] {
  const inputs = inputsOf(text)
  const topics = inputs.filter(({ indexed }) => indexed)
  const words = inputs.filter(({ indexed }) => !indexed).flatMap(listWords)
  return [
    ...topics.flatMap(({ name, type }, index) =>
      valuesOutside(type).map((value) => ({
        what: `${name} ${value}`,
        log: { ...log, topics: log.topics.with(index + 1, `0x${toWord(value)}`) },
      })),
    ),
    ...words.flatMap(({ name, type }, index) =>
      valuesOutside(type).map((value) => {
        const start = 2 + index * 64
        const data = `${log.data.slice(0, start)}${toWord(value)}${log.data.slice(start + 64)}` as Hex
        return { what: `${name} ${value}`, log: { ...log, data } }
      }),
    ),
  ]
}

/** What stands in the words of an argument; a list of any length is its offset alone, which has no type of its own. */
function listWords(input: AbiParameter): { name: string; type: string }[] {
  const name = input.name ?? ''
  const [, item, length] = /^(.*)\[(\d*)\]$/.exec(input.type) ?? []
  if (length === '') return [{ name, type: 'offset' }]
  if (item !== undefined) return Array.from({ length: Number(length) }, () => ({ name, type: item }))
  return 'components' in input ? input.components.flatMap(listWords) : [{ name, type: input.type }]
}

function valuesOutside(type: string): bigint[] {
  if (type === 'bool') return [2n]
  const bits = type === 'address' ? 160 : Number(/\d+$/.exec(type)?.[0] ?? 256)
  if (bits === 256 || type.startsWith('bytes')) return []
  if (!type.startsWith('int')) return [1n << BigInt(bits)]
  return [1n << BigInt(bits - 1), -(1n << BigInt(bits - 1)) - 1n]
}

function toWord(value: bigint): string {
  return BigInt.asUintN(256, value).toString(16).padStart(64, '0')
}

describe('a word outside the type of its argument is no event', () => {
  const texts = readEventTexts()
  const made = texts.flatMap((text) => {
    const log = BEGINNINGS.map((first) => makeLog(text, first)).find((each) => decodeLog(each) !== null)
    return log === undefined ? [] : [{ text, log, families: decodeLog(log)!.families as readonly string[] }]
  })
  const readable = made.filter(({ families }) => families.every((family) => strict.has(family)))

  test('of every family that looks at all of them', () => {
    const seen = new Set(readable.flatMap(({ families }) => families))
    expect([...strict].filter((family) => !seen.has(family))).toEqual([])
  })

  test('of all events but three whose arguments depend on each other: a kind with its data, an id with what it is the hash of, a position told from amounts by its size', () => {
    const all = new Set(made.map(({ text }) => text))
    const others = texts.filter((text) => !all.has(text)).map((text) => text.slice(0, text.indexOf('(')))
    expect(others.sort()).toEqual(['Initialize', 'RegisterPool', 'RemoveLiquidityOne'])
  })

  test.each(readable)('$text', ({ text, log }) => {
    const taken = spoilWords(text, log).filter((spoilt) => decodeLog(spoilt.log) !== null)
    expect(taken.map(({ what }) => what)).toEqual([])
  })
})
