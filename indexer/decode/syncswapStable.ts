import type { FamilyDecoders } from './family.ts'
import { registeredPool, syncswapClassic } from './syncswapClassic.ts'

/** SyncSwap stable pools: the events of classic pools. Source: SyncSwap core-contracts: SyncSwapStablePool. */
export const syncswapStable: FamilyDecoders = {
  family: 'syncswap-stable',
  decoders: {
    ...syncswapClassic.decoders,
    // RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)
    '0x4318beca5ca4f759b99c1f5f581fa8255b077a82e4c07f17213c471af5a0f56a': registeredPool(2n),
  },
}
