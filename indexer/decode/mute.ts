import type { Log } from '../types/block.ts'
import type { Family, FeeEvent, PoolCreated } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { decodePairBurn, decodePairMint, decodePairSwap, decodeSync256, pairCreated } from './uniswapV2.ts'
import { addressAt, booleanAt, hasShape, uintAt } from './words.ts'

const BPS = 10_000n

/**
 * Mute / Koi classic: as Solidly, with a fee of its own for each pair, which its creation tells.
 * Source: MuteSwitchPairDynamic, MuteSwitchFactoryDynamic.
 */
export const mute: FamilyDecoders = {
  family: 'mute',
  decoders: {
    // PairCreated(address indexed token0, address indexed token1, bool stable, address pair, uint256 pairIndex, uint256 fee)
    '0x25bc54a32c894b07fd47ed3cc4296ec7d97a974e5ebd17c9f5163afddaf107fa': decodeCreated,
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)
    '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822': decodePairSwap,
    // Sync(uint256 reserve0, uint256 reserve1)
    '0xcf2aa50876cdfbb541206f89af0ee78d44a2abf8d328e37fa4917f982149848a': decodeSync256,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodePairMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)
    '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496': decodePairBurn,
    // ChangeFee(uint256 pairFee, uint256 liqFee)
    '0x91e72fa36e0202be93e86c97a3d3d3497cf0a06cf859b14b616a304367835a8e': decodeFee,
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 3, 4)) return null
  const stable = booleanAt(log.data, 0)
  const fee = uintAt(log.data, 3)
  return stable === null || fee > BPS ? null : pairCreated(log, families, addressAt(log.data, 1), stable, fee)
}

function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const fee = uintAt(log.data, 0)
  if (fee > BPS) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'fee', families, pool: emitter, fee0: fee, fee1: fee, ...position }
}
