import type { Log } from '../types/block.ts'
import type { Family, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { tickSwap, uniswapV3 } from './uniswapV3.ts'
import { hasShape, isUintAt } from './words.ts'

/** The topic0 of Uniswap V3's Swap, which PancakeSwap V3 does not emit. */
const UNISWAP_SWAP = '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67'
const { [UNISWAP_SWAP]: _, ...shared } = uniswapV3.decoders as Record<string, FamilyDecoders['decoders']['0x']>

/**
 * PancakeSwap V3 and its forks (ZKSwap Finance V3): Uniswap V3 with the protocol's part of the fee behind each swap.
 * Source: PancakeV3Pool, PancakeV3Factory.
 */
export const pancakeV3: FamilyDecoders = {
  family: 'pancake-v3',
  decoders: {
    ...shared,
    // Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint128 protocolFeesToken0, uint128 protocolFeesToken1)
    '0x19b47279256b2a23a1665c810c8d55a1758940ee09377d4f8d26497a3577dc83': decodeSwap,
  },
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 7) || !isUintAt(log.data, 5, 128) || !isUintAt(log.data, 6, 128)) return null
  return tickSwap(log, families)
}
