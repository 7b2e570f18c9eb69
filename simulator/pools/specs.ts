import { tickAtSqrtPrice } from '../../indexer/derive/amm/tickMath.ts'
import type { Address } from '../../indexer/types/block.ts'
import { addressOf } from '../hex.ts'
import type { SimulatedToken } from '../tokens.ts'
import type { PairPool, RangePool } from './types.ts'

/** A pool that the simulated chain begins with. */
export type PoolSpec = {
  family: 'uniswap-v2' | 'uniswap-v3'
  /** Symbols of its two tokens, in any order; the second is what the first is counted in. */
  tokens: readonly [string, string]
  /** 3000 for `uniswap-v2`; 100, 500, 3000 or 10000 for `uniswap-v3`. */
  feePips: number
  /** What it holds of both tokens together when it begins, in US dollars; over the full range for `uniswap-v3`. */
  depthUsd: number
}

/** The pools that a history has unless others are given. */
export const defaultPools: readonly PoolSpec[] = [
  { family: 'uniswap-v2', tokens: ['WETH', 'USDC'], feePips: 3_000, depthUsd: 4_000_000 },
  { family: 'uniswap-v2', tokens: ['WBTC', 'WETH'], feePips: 3_000, depthUsd: 2_000_000 },
  { family: 'uniswap-v2', tokens: ['ZAP', 'WETH'], feePips: 3_000, depthUsd: 800_000 },
  { family: 'uniswap-v2', tokens: ['ZAP', 'USDC'], feePips: 3_000, depthUsd: 600_000 },
  { family: 'uniswap-v2', tokens: ['KELP', 'USDC'], feePips: 3_000, depthUsd: 500_000 },
  { family: 'uniswap-v3', tokens: ['WETH', 'USDC'], feePips: 500, depthUsd: 3_000_000 },
  { family: 'uniswap-v3', tokens: ['WETH', 'USDT'], feePips: 3_000, depthUsd: 2_000_000 },
  { family: 'uniswap-v3', tokens: ['WBTC', 'WETH'], feePips: 3_000, depthUsd: 1_500_000 },
  { family: 'uniswap-v3', tokens: ['KELP', 'WETH'], feePips: 10_000, depthUsd: 500_000 },
  { family: 'uniswap-v3', tokens: ['USDC', 'USDT'], feePips: 100, depthUsd: 2_000_000 },
]

const SPACINGS: Readonly<Record<number, number>> = { 100: 1, 500: 10, 3000: 60, 10000: 200 }
const Q96 = 2 ** 96
const SCALE = 1e9

/** An amount of whole tokens in base units, to nine digits after the point. */
export function toUnits(whole: number, { decimals }: SimulatedToken): bigint {
  return (BigInt(Math.round(whole * SCALE)) * 10n ** BigInt(decimals)) / BigInt(SCALE)
}

/** The pool of a specification before anybody has added liquidity. @throws for unknown tokens and fees. */
export function emptyPool(spec: PoolSpec, index: number, tokens: readonly SimulatedToken[]): PairPool | RangePool {
  const [first, second] = spec.tokens.map((symbol) => tokenOf(symbol, tokens))
  const [token0, token1] = [first!, second!].sort((a, b) => (a.address < b.address ? -1 : 1)) as [
    SimulatedToken,
    SimulatedToken,
  ]
  const address: Address = addressOf(`pool ${index} ${spec.family} ${spec.tokens.join()} ${spec.feePips}`)
  const same = { address, token0: token0.address, token1: token1.address, feePips: spec.feePips }
  if (spec.family === 'uniswap-v2') {
    if (spec.feePips !== 3_000) throw new Error(`a Uniswap V2 pair takes 3000 pips, not ${spec.feePips}`)
    return { ...same, kind: 'pair', reserve0: 0n, reserve1: 0n, supply: 0n }
  }
  const tickSpacing = SPACINGS[spec.feePips]
  if (tickSpacing === undefined) throw new Error(`no Uniswap V3 pool takes ${spec.feePips} pips`)
  const price = (token0.usd / token1.usd) * 10 ** (token1.decimals - token0.decimals)
  const sqrtPriceX96 = BigInt(Math.round(Math.sqrt(price) * Q96))
  const tick = tickAtSqrtPrice(sqrtPriceX96)!
  return { ...same, kind: 'range', tickSpacing, sqrtPriceX96, tick, liquidity: 0n, ticks: new Map(), positions: [] }
}

/** A token by its symbol. @throws when there is none. */
export function tokenOf(symbol: string, tokens: readonly SimulatedToken[]): SimulatedToken {
  const found = tokens.find((each) => each.symbol === symbol)
  if (found === undefined) throw new Error(`no token ${symbol}`)
  return found
}
