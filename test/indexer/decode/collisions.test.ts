import { existsSync, readFileSync } from 'node:fs'
import { type AbiEvent, decodeEventLog, parseAbiItem, toEventSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { ChainEvent } from '../../../indexer/types/event.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

/**
 * Every side of every topic0 that several families share: the family, what is read of the event, and its text.
 * Null: the event is not read (nothing of it is stored), and must not be taken for another side's.
 */
const sides: readonly [string, ChainEvent['kind'] | null, string][] = [
  [
    'uniswap-v2',
    'pool-created',
    'PairCreated(address indexed token0, address indexed token1, address pair, uint256 pairIndex)',
  ],
  [
    'ezkalibur',
    'pool-created',
    'PairCreated(address indexed token0, address indexed token1, address pair, uint256 length)',
  ],
  [
    'uniswap-v2',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  [
    'solidly',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  [
    'mute',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  [
    'ezkalibur',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  [
    'syncswap-classic',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  [
    'syncswap-aqua',
    'swap',
    'Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)',
  ],
  ['uniswap-v2', 'reserves', 'Sync(uint112 reserve0, uint112 reserve1)'],
  ['ezkalibur', 'reserves', 'Sync(uint112 reserve0, uint112 reserve1)'],
  ['uniswap-v2', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['solidly', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['mute', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['velodrome-v2', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['ezkalibur', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['kyber-classic', 'mint', 'Mint(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['compound-v2', null, 'Mint(address minter, uint256 mintAmount, uint256 mintTokens)'],
  ['uniswap-v2', 'burn', 'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)'],
  ['solidly', 'burn', 'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)'],
  ['mute', 'burn', 'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)'],
  ['ezkalibur', 'burn', 'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)'],
  ['kyber-classic', 'burn', 'Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)'],
  ['solidly', 'reserves', 'Sync(uint256 reserve0, uint256 reserve1)'],
  ['mute', 'reserves', 'Sync(uint256 reserve0, uint256 reserve1)'],
  ['velodrome-v2', 'reserves', 'Sync(uint256 reserve0, uint256 reserve1)'],
  ['syncswap-classic', 'reserves', 'Sync(uint256 reserve0, uint256 reserve1)'],
  ['syncswap-aqua', 'reserves', 'Sync(uint256 reserve0, uint256 reserve1)'],
  ['solidly', null, 'Fees(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['velodrome-v2', null, 'Fees(address indexed sender, uint256 amount0, uint256 amount1)'],
  ['solidly', null, 'Claim(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1)'],
  ['mute', null, 'Claim(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1)'],
  ['velodrome-v2', null, 'Claim(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1)'],
  [
    'uniswap-v3',
    'pool-created',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
  ],
  [
    'pancake-v3',
    'pool-created',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)',
  ],
  [
    'kyber-elastic',
    'pool-created',
    'PoolCreated(address indexed token0, address indexed token1, uint24 indexed swapFeeUnits, int24 tickDistance, address pool)',
  ],
  ['uniswap-v3', null, 'FeeAmountEnabled(uint24 indexed fee, int24 indexed tickSpacing)'],
  ['pancake-v3', null, 'FeeAmountEnabled(uint24 indexed fee, int24 indexed tickSpacing)'],
  [
    'uniswap-v3',
    'swap',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ],
  [
    'slipstream',
    'swap',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ],
  [
    'kyber-elastic',
    'swap',
    'Swap(address indexed sender, address indexed recipient, int256 deltaQty0, int256 deltaQty1, uint160 sqrtP, uint128 liquidity, int24 currentTick)',
  ],
  [
    'algebra',
    'swap',
    'Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)',
  ],
  ['uniswap-v3', 'initialize', 'Initialize(uint160 sqrtPriceX96, int24 tick)'],
  ['pancake-v3', 'initialize', 'Initialize(uint160 sqrtPriceX96, int24 tick)'],
  ['slipstream', 'initialize', 'Initialize(uint160 sqrtPriceX96, int24 tick)'],
  ['kyber-elastic', 'initialize', 'Initialize(uint160 sqrtP, int24 tick)'],
  [
    'uniswap-v3',
    'mint',
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'pancake-v3',
    'mint',
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'slipstream',
    'mint',
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'iziswap',
    'mint',
    'Mint(address sender, address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)',
  ],
  [
    'kyber-elastic',
    'mint',
    'Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 qty, uint256 qty0, uint256 qty1)',
  ],
  [
    'uniswap-v3',
    'burn',
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'pancake-v3',
    'burn',
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'slipstream',
    'burn',
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)',
  ],
  [
    'iziswap',
    'burn',
    'Burn(address indexed owner, int24 indexed leftPoint, int24 indexed rightPoint, uint128 liquidity, uint256 amountX, uint256 amountY)',
  ],
  [
    'kyber-elastic',
    'burn',
    'Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 qty, uint256 qty0, uint256 qty1)',
  ],
  [
    'uniswap-v3',
    'collect',
    'Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
  ],
  [
    'pancake-v3',
    'collect',
    'Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
  ],
  [
    'slipstream',
    'collect',
    'Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)',
  ],
  [
    'uniswap-v3',
    null,
    'Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)',
  ],
  [
    'pancake-v3',
    null,
    'Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)',
  ],
  [
    'slipstream',
    null,
    'Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, uint256 paid1)',
  ],
  [
    'iziswap',
    null,
    'Flash(address indexed sender, address indexed recipient, uint256 amountX, uint256 amountY, uint256 paidX, uint256 paidY)',
  ],
  [
    'uniswap-v3',
    null,
    'IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)',
  ],
  [
    'pancake-v3',
    null,
    'IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)',
  ],
  [
    'slipstream',
    null,
    'IncreaseObservationCardinalityNext(uint16 observationCardinalityNextOld, uint16 observationCardinalityNextNew)',
  ],
  [
    'uniswap-v3',
    null,
    'CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)',
  ],
  [
    'pancake-v3',
    null,
    'CollectProtocol(address indexed sender, address indexed recipient, uint128 amount0, uint128 amount1)',
  ],
  [
    'uniswap-v3',
    null,
    'SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)',
  ],
  [
    'slipstream',
    null,
    'SetFeeProtocol(uint8 feeProtocol0Old, uint8 feeProtocol1Old, uint8 feeProtocol0New, uint8 feeProtocol1New)',
  ],
  ['syncswap-classic', 'pool-created', 'PoolCreated(address indexed token0, address indexed token1, address pool)'],
  ['syncswap-aqua', 'pool-created', 'PoolCreated(address indexed token0, address indexed token1, address pool)'],
  [
    'syncswap-classic',
    'burn',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)',
  ],
  [
    'syncswap-aqua',
    'burn',
    'Burn(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)',
  ],
  [
    'syncswap-classic',
    null,
    'FlashLoan(address indexed recipient, address indexed token, uint256 amount, uint256 feeAmount)',
  ],
  [
    'balancer-v2',
    null,
    'FlashLoan(address indexed recipient, address indexed token, uint256 amount, uint256 feeAmount)',
  ],
  ['curve-stable', 'parameters', 'RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)'],
  ['pancake-stable', 'parameters', 'RampA(uint256 old_A, uint256 new_A, uint256 initial_time, uint256 future_time)'],
  [
    'pancake-stable',
    'swap',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)',
  ],
  [
    'curve-crypto',
    'swap',
    'TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)',
  ],
  [
    'balancer-v3',
    null,
    'Swap(address indexed pool, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut, uint256 swapFeePercentage, uint256 swapFeeAmount)',
  ],
  [
    'gmx-v1',
    'swap',
    'Swap(address account, address tokenIn, address tokenOut, uint256 amountIn, uint256 amountOut, uint256 amountOutAfterFees, uint256 feeBasisPoints)',
  ],
  [
    'compound-v2',
    'liquidation',
    'LiquidateBorrow(address liquidator, address borrower, uint256 repayAmount, address cTokenCollateral, uint256 seizeTokens)',
  ],
  [
    'venus',
    'liquidation',
    'LiquidateBorrow(address indexed liquidator, address indexed borrower, uint256 repayAmount, address indexed vTokenCollateral, uint256 seizeTokens)',
  ],
  ['compound-v2', null, 'Borrow(address borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)'],
  [
    'venus',
    null,
    'Borrow(address indexed borrower, uint256 borrowAmount, uint256 accountBorrows, uint256 totalBorrows)',
  ],
  [
    'compound-v2',
    null,
    'RepayBorrow(address payer, address borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)',
  ],
  [
    'venus',
    null,
    'RepayBorrow(address indexed payer, address indexed borrower, uint256 repayAmount, uint256 accountBorrows, uint256 totalBorrows)',
  ],
]

/** Values that fit any of these events: ordered addresses, rising numbers. */
function valuesOf(text: string): unknown[] {
  const { inputs } = parseAbiItem(`event ${text}`) as AbiEvent
  return inputs.map(({ type }, index) => {
    if (type === 'address') return address(index + 1)
    if (type === 'bool') return true
    const small = /^u?int(8|16|24)$/.test(type)
    return small ? index + 1 : BigInt(index + 1)
  })
}

/** Counters, positions of coins, shares of SyncSwap, and what a GMX vault gave before its fees. */
const NOT_KEPT =
  /\/ (pairIndex|length|sold_id|bought_id)$|indexed to\) \/ liquidity$|amountOutAfterFees.* \/ amountOut$/

/** The numbers of an event as viem reads them, by position in the text. */
function numbersByViem(text: string): bigint[] {
  const item = parseAbiItem(`event ${text}`) as AbiEvent
  const { topics, data } = encodeEvent(text, address(0xee), valuesOf(text))
  const { args } = decodeEventLog({ abi: [item], topics: topics as never, data }) as { args: Record<string, unknown> }
  return item.inputs.flatMap(({ name }) => {
    const value = args[name!]
    return typeof value === 'bigint' && !NOT_KEPT.test(`${text} / ${name}`) ? [value] : []
  })
}

/** Every amount in an event, without its sign. */
function amountsIn(event: ChainEvent): Set<bigint> {
  const amounts = new Set<bigint>()
  const visit = (value: unknown): void => {
    if (typeof value === 'bigint') amounts.add(value < 0n ? -value : value)
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) visit(part)
  }
  visit(event)
  return amounts
}

describe('both sides of each shared topic0', () => {
  test.each(sides)('%s: %s of %s', (family, kind, text) => {
    const event = decodeLog(encodeEvent(text, address(0xee), valuesOf(text)))
    if (kind === null) {
      expect(event).toBeNull()
      return
    }
    expect(event).toMatchObject({ kind, emitter: address(0xee) })
    expect(event!.families).toContain(family)
    // What is read is what viem reads; of swaps in and out of one token the difference counts.
    const amounts = amountsIn(event!)
    const isNetted = text.includes('amount0In')
    for (const number of isNetted ? [2n] : numbersByViem(text)) {
      expect([...amounts], `${number}`).toContain(number)
    }
  })

  test('no side takes the log of another: families of different shapes stay apart', () => {
    const shapes = new Map<string, Set<string>>()
    for (const [family, kind, text] of sides) {
      if (kind === null) continue
      const event = decodeLog(encodeEvent(text, address(0xee), valuesOf(text)))!
      const indexed = text.split(' indexed ').length
      const key = `${toEventSelector(`event ${text}`)} ${indexed}`
      shapes.set(key, new Set([...(shapes.get(key) ?? []), ...event.families]))
      expect(shapes.get(key)).toContain(family)
    }
    const venus = shapes.get(`${toEventSelector('event LiquidateBorrow(address,address,uint256,address,uint256)')} 4`)
    expect(venus).toEqual(new Set(['venus']))
  })

  test.runIf(existsSync(new URL('../../../../shared/reference/protocols.json', import.meta.url)))(
    'none of the reference is missing (skipped without ../shared)',
    () => {
      const file = new URL('../../../../shared/reference/protocols.json', import.meta.url)
      const { topic0_collisions } = JSON.parse(readFileSync(file, 'utf8')) as {
        topic0_collisions: { topic0: string; uses: unknown[] }[]
      }
      const counts = new Map<string, number>()
      for (const [, , text] of sides) {
        const topic0 = toEventSelector(`event ${text}`)
        counts.set(topic0, (counts.get(topic0) ?? 0) + 1)
      }
      expect(Object.fromEntries(counts)).toEqual(
        Object.fromEntries(topic0_collisions.map(({ topic0, uses }) => [topic0, uses.length])),
      )
    },
  )
})
