import type { Log } from '../types/block.ts'
import type { Family, PoolEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { uniswapV3 } from './uniswapV3.ts'
import { topicAddress } from './words.ts'

/**
 * KyberSwap Elastic forks: the events of Uniswap V3 byte for byte, with other meaning: the fee of PoolCreated is in parts
 * of 1e5, and the liquidity of Swap leaves out what was reinvested. Source: ks-elastic-sc Pool, Factory.
 */
export const kyberElastic: FamilyDecoders = {
  family: 'kyber-elastic',
  decoders: {
    ...uniswapV3.decoders,
    // BurnRTokens(address indexed owner, uint256 qty, uint256 qty0, uint256 qty1)
    '0x324487c99a1f7f0e3127499a548452d3a198e78ccd07add913cb93d59f0f039b': decodeBurnRTokens,
  },
}

const readBurnRTokens = parametersOf('burn-rtokens', 2, 3)

function decodeBurnRTokens(log: Log, families: readonly Family[]): PoolEvent | null {
  const event = readBurnRTokens(log, families)
  return event === null || topicAddress(log.topics[1]!) === null ? null : event
}
