import type { Log } from '../types/block.ts'
import type { Family, PoolCreated } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { decodePairBurn, decodePairMint, decodePairSwap, decodeSync256, pairCreated } from './uniswapV2.ts'
import { addressAt, booleanAt, hasShape } from './words.ts'

/**
 * Solidly V1 and its forks (Velocore V0 and V1, VeSync, Dracula): volatile and stable pairs. The fee of a swap leaves the
 * pair before Sync, which comes before Swap. Source: Solidly BaseV1Pair, BaseV1Factory.
 */
export const solidly: FamilyDecoders = {
  family: 'solidly',
  decoders: {
    // PairCreated(address indexed token0, address indexed token1, bool stable, address pair, uint256 pairIndex)
    '0xc4805696c66d7cf352fc1d6bb633ad5ee82f6cb577c453024b6e0eb8306c6fc9': decodeStablePairCreated,
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)
    '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822': decodePairSwap,
    // Sync(uint256 reserve0, uint256 reserve1)
    '0xcf2aa50876cdfbb541206f89af0ee78d44a2abf8d328e37fa4917f982149848a': decodeSync256,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodePairMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)
    '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496': decodePairBurn,
  },
}

function decodeStablePairCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 3, 3)) return null
  const stable = booleanAt(log.data, 0)
  return stable === null ? null : pairCreated(log, families, addressAt(log.data, 1), stable, null)
}
