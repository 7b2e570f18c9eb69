import type { Address } from '../address.ts'
import { devnetContracts } from './contracts.ts'

/**
 * The devnet's tokens. `usd` is the price at the start; later prices are whatever the pools say.
 * `mkr` has bytes32 metadata, `fot` burns 1 % of each transfer, `nul` has a NUL byte in its symbol.
 */
export const tokens = {
  weth: { symbol: 'WETH', name: 'Wrapped Ether', decimals: 18, usd: 2500 },
  usdc: { symbol: 'USDC', name: 'Devnet Dollar', decimals: 6, usd: 1 },
  wbtc: { symbol: 'WBTC', name: 'Devnet Bitcoin', decimals: 8, usd: 100_000 },
  zap: { symbol: 'ZAP', name: 'Zap', decimals: 18, usd: 2 },
  mkr: { symbol: 'MKR', name: 'Maker-like', decimals: 18, usd: 1500 },
  fot: { symbol: 'FOT', name: 'Fee on Transfer', decimals: 18, usd: 5 },
  nul: { symbol: 'NU\0L', name: 'Nul Byte', decimals: 18, usd: 0.5 },
} as const

/** Name of a token, the same as its contract's. */
export type TokenName = keyof typeof tokens

/** Names of all tokens. */
export const tokenNames = Object.keys(tokens) as TokenName[]

/** Returns the address of a token. */
export function tokenAddress(name: TokenName): Address {
  return devnetContracts()[name]
}

/** Returns the amount in base units that is worth `usd` dollars at the starting price. */
export function amountOfUsd(name: TokenName, usd: number): bigint {
  const { decimals, usd: price } = tokens[name]
  // Micro-tokens in floating point, the remaining decimals as an integer factor.
  return (BigInt(Math.round((usd / price) * 1e6)) * 10n ** BigInt(decimals)) / 1_000_000n
}
