import type { Address } from '../indexer/types/block.ts'
import { addressOf } from './hex.ts'

/** A token of the simulated chain. */
export type SimulatedToken = {
  symbol: string
  address: Address
  decimals: number
  /** What it is worth when the history begins, in US dollars for one whole token. */
  usd: number
}

/** A token; its address follows from its symbol. */
export function token(symbol: string, decimals: number, usd: number): SimulatedToken {
  return { symbol, address: addressOf(`token ${symbol}`), decimals, usd }
}

/** The wrapped base token. */
export const weth = token('WETH', 18, 3_000)
/** A stablecoin. */
export const usdc = token('USDC', 6, 1)
/** Another stablecoin. */
export const usdt = token('USDT', 6, 1)

/** The tokens that pools are made of unless others are given. */
export const defaultTokens: readonly SimulatedToken[] = [
  weth,
  usdc,
  usdt,
  token('WBTC', 8, 60_000),
  token('ZAP', 18, 0.25),
  token('KELP', 18, 12),
]
