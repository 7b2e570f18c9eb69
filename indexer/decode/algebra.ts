import type { Log } from '../types/block.ts'
import type { Family, FeeEvent, LiquidityEvent, ParametersEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersEvent } from './parameters.ts'
import { pairCreated } from './uniswapV2.ts'
import { positionChange, tickSwap, uniswapV3 } from './uniswapV3.ts'
import { addressAt, hasShape, int24At, isUintAt, topicAddress, uintAt } from './words.ts'

/** The topic0 of Uniswap V3's PoolCreated. */
const UNISWAP_CREATED = '0x783cca1c0412dd0d695e784568c96da2e9c22ff989357a2e8b1d9b2b4e6b7118'
const { [UNISWAP_CREATED]: _, ...shared } = uniswapV3.decoders as Record<string, FamilyDecoders['decoders']['0x']>

/**
 * Algebra V1 and Integral (Camelot V3 and others): Uniswap V3 with a fee that changes, told by an event, and in Integral
 * with each swap. Source: cryptoalgebra AlgebraPool, AlgebraFactory; the events of V1 by their lineage.
 */
export const algebra: FamilyDecoders = {
  family: 'algebra',
  decoders: {
    ...shared,
    // Pool(address indexed token0, address indexed token1, address pool)
    '0x91ccaa7a278130b65168c3a0c8d3bcae84cf5e43704342bd3ec0b59e59c036db': decodePool,
    // CustomPool(address indexed deployer, address indexed token0, address indexed token1, address pool)
    '0x8a5f030f5fc13b04a1e4ef7c47177e3d76b0e80e1d9be9843db37caa5b7b9b8f': decodeCustomPool,
    // Fee(uint16 fee)
    '0x598b9f043c813aa6be3426ca60d1c65d17256312890be5118dab55b0775ebe2a': decodeFee,
    // TickSpacing(int24 newTickSpacing)
    '0x01413b1d5d4c359e9a0daa7909ecda165f6e8c51fe2ff529d74b22a5a7c02645': decodeTickSpacing,
    // Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 price, uint128 liquidity, int24 tick, uint24 overrideFee, uint24 pluginFee)
    '0x121cb44ee54098b1a04743c487e7460d8dd429b27f88b1f4d4767396e1a59f79': decodeIntegralSwap,
    // Burn(address indexed owner, int24 indexed bottomTick, int24 indexed topTick, uint128 liquidityAmount, uint256 amount0, uint256 amount1, uint24 pluginFee)
    '0x932214d4a69c27c086643126ed97c32681da179064c678836c173f99bd13ca01': decodeIntegralBurn,
  },
}

function decodePool(log: Log, families: readonly Family[]): PoolCreated | null {
  return hasShape(log, 3, 1) ? pairCreated(log, families, addressAt(log.data, 0), null, null) : null
}

function decodeCustomPool(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 1) || topicAddress(log.topics[1]!) === null) return null
  const [signature, , token0, token1] = log.topics
  const plain: Log = { ...log, topics: [signature!, token0!, token1!] }
  return pairCreated(plain, families, addressAt(log.data, 0), null, null)
}

function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 1) || !isUintAt(log.data, 0, 16)) return null
  const fee = uintAt(log.data, 0)
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'fee', families, pool: emitter, fee0: fee, fee1: fee, ...position }
}

function decodeTickSpacing(log: Log, families: readonly Family[]): ParametersEvent | null {
  const spacing = hasShape(log, 1, 1) ? int24At(log.data, 0) : null
  if (spacing === null || spacing <= 0) return null
  return parametersEvent(log, families, 'tick-spacing', [BigInt(spacing)])
}

/** A fee of its own replaces the pool's for one swap; the plugin's comes on top of either. */
function decodeIntegralSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 7) || !isUintAt(log.data, 5, 24) || !isUintAt(log.data, 6, 24)) return null
  const swap = tickSwap(log, families)
  if (swap === null) return null
  const [override, plugin] = [uintAt(log.data, 5), uintAt(log.data, 6)]
  return override > 0n ? { ...swap, fee: override + plugin } : swap
}

function decodeIntegralBurn(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 4, 4) || !isUintAt(log.data, 3, 24)) return null
  return positionChange('burn', log, families, -uintAt(log.data, 0), -uintAt(log.data, 1), -uintAt(log.data, 2))
}
