import { getContractAddress } from 'viem'
import type { Address } from '../address.ts'
import { devAccounts, firstAccount } from './accounts.ts'

/**
 * Every contract the deployer creates, in the order of its nonces: the place in this list
 * fixes the address, so new names go to the end.
 */
export const contractNames = [
  'weth',
  'multicall3',
  'v2Factory',
  'v2Router',
  'v2ForkFactory',
  'v2ForkRouter',
  'v3Factory',
  'swapRouter',
  'positionManager',
  'v3ForkFactory',
  'aggregator',
  'searcher',
  'searcherRival',
  'sandwicher',
  'jitMaker',
  'flashBorrower',
  'junkEmitter',
  'usdc',
  'wbtc',
  'zap',
  'mkr',
  'fot',
  'nul',
] as const

/** Name of a contract of the devnet. */
export type ContractName = (typeof contractNames)[number]

/** Addresses of the devnet's contracts, all lower case. */
export type DevnetContracts = Record<ContractName, Address>

let cached: DevnetContracts | undefined

/** Returns the addresses of all contracts; they follow from the deployer's address and its nonces. */
export function devnetContracts(): DevnetContracts {
  if (cached) return cached
  const { address: from } = firstAccount(devAccounts().deployer)
  const entries = contractNames.map((name, nonce) => [
    name,
    getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase(),
  ])
  cached = Object.fromEntries(entries) as DevnetContracts
  return cached
}
