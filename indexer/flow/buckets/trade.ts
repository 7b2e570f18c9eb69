import type { Address } from '../../types/block.ts'
import type { BucketTrade } from '../../types/bucket.ts'
import type { Clock } from '../../types/clock.ts'
import type { FlowClass } from '../../types/flow.ts'
import type { Pool } from '../../types/pool.ts'
import { toMicroUsd } from '../dollars.ts'
import type { PairOf } from '../pairs.ts'

/** What is told, or stored, of a swap. */
export type SwapFigures = {
  pool: Pick<Pool, 'address' | 'family' | 'stable'>
  token0: Address
  token1: Address
  amount0: bigint
  amount1: bigint
  sqrtPriceX96: bigint | null
  reserves: readonly [bigint, bigint] | null
  valueUsd: number | null
  trader: Address
  flowClass: FlowClass
  timestamp: number
  /** Unix microseconds; null where the clock is not the sequencer's. */
  receivedUs: number | null
  clock: Clock
}

/** What is known of the chain's tokens. */
export type TradeContext = {
  asset(token: Address): Address
  pairOf: PairOf
  decimalsOf(token: Address): number | null
}

/** Families whose reserves alone tell the price, unless the pool is of near-equal assets. */
const BY_RESERVES: ReadonlySet<string> = new Set([
  'uniswap-v2',
  'ezkalibur',
  'solidly',
  'mute',
  'velodrome-v2',
  'syncswap-classic',
])
const Q96 = 2 ** 96
const MICROSECONDS = 1_000_000

/** A swap as buckets take it in; null when not exactly one token went in and the other out, or both are one asset. */
export function toBucketTrade(figures: SwapFigures, { asset, pairOf, decimalsOf }: TradeContext): BucketTrade | null {
  const { pool, token0, token1, amount0, amount1, valueUsd, timestamp, receivedUs, clock } = figures
  if (amount0 === 0n || amount1 === 0n || amount0 > 0n === amount1 > 0n) return null
  const asset0 = asset(token0)
  const asset1 = asset(token1)
  if (asset0 === asset1) return null
  const pair = pairOf(asset0, asset1)
  const isFirstBase = pair.base === asset0
  const base = isFirstBase ? amount0 : amount1
  const quote = isFirstBase ? amount1 : amount0
  const baseAmount = base < 0n ? -base : base
  const quoteAmount = quote < 0n ? -quote : quote
  const baseDecimals = decimalsOf(isFirstBase ? token0 : token1)
  const quoteDecimals = decimalsOf(isFirstBase ? token1 : token0)
  const wholeBase = baseDecimals === null ? null : Number(baseAmount) / 10 ** baseDecimals
  const raw = rawPrice(figures, isFirstBase) ?? Number(quoteAmount) / Number(baseAmount)
  return {
    pool: pool.address,
    pair: pair.key,
    timestamp,
    timeUs: receivedUs ?? timestamp * MICROSECONDS,
    clock: receivedUs === null && clock === 'sequencer' ? 'block' : clock,
    sign: base < 0n ? 1 : -1,
    baseAmount,
    quoteAmount,
    microUsd: toMicroUsd(valueUsd),
    price: baseDecimals === null || quoteDecimals === null ? null : toPrice(raw, baseDecimals - quoteDecimals),
    baseUsd: valueUsd === null || wholeBase === null ? null : toPrice(valueUsd / wholeBase, 0),
    trader: figures.trader,
    flowClass: figures.flowClass,
  }
}

/** Beyond, neither a price nor its inverse can be reckoned with. */
const LEAST_PRICE = 1e-100

/** Null for what is no price: zero, or beyond any measure. */
function toPrice(raw: number, decimals: number): number | null {
  const price = raw * 10 ** decimals
  return price > LEAST_PRICE && price < 1 / LEAST_PRICE ? price : null
}

/** Base units of quote per one of base after the swap, where the state of the pool tells it. */
function rawPrice({ pool, sqrtPriceX96, reserves }: SwapFigures, isFirstBase: boolean): number | null {
  const price = secondPerFirst(pool, sqrtPriceX96, reserves)
  if (price === null || price === 0 || !Number.isFinite(price)) return null
  return isFirstBase ? price : 1 / price
}

function secondPerFirst(
  { family, stable }: SwapFigures['pool'],
  sqrtPriceX96: bigint | null,
  reserves: SwapFigures['reserves'],
): number | null {
  if (sqrtPriceX96 !== null && sqrtPriceX96 > 0n) return (Number(sqrtPriceX96) / Q96) ** 2
  if (reserves === null || stable === true || !BY_RESERVES.has(family) || reserves[0] === 0n) return null
  return Number(reserves[1]) / Number(reserves[0])
}
