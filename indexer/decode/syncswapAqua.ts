import type { FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { registeredPool, syncswapClassic } from './syncswapClassic.ts'

/**
 * SyncSwap Aqua pools: the events of classic pools, and those of the curve. Each trade emits `Swapped` as well, which is
 * not read, so that it counts once. Source: SyncSwapCryptoPool as deployed on Linea.
 */
export const syncswapAqua: FamilyDecoders = {
  family: 'syncswap-aqua',
  decoders: {
    ...syncswapClassic.decoders,
    // RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)
    '0x4318beca5ca4f759b99c1f5f581fa8255b077a82e4c07f17213c471af5a0f56a': registeredPool(3n),
    // Fee(uint256 amount0, uint256 amount1)
    '0xa6205f24a082c01e6c705e20c1a026c246eedf9800b87b84440f05e8271aaf27': parametersOf('fee-amounts', 1, 2),
    // UpdatePriceScale(uint256 newPriceScale)
    '0xcb12ab4101e9e15b90a22516ca404e94b85586dbdcf7d0792ab8da11206e61b6': parametersOf('price-scale', 1, 1),
    // UpdateInvariant(uint256 newInvariant)
    '0x9e4e1b03f35e9c0cd24e1dfac3528faaaf88b254e1530b0090ce33f9d7597033': parametersOf('invariant', 1, 1),
    // UpdatePoolProfit(uint256 xcpProfit, uint256 virtualPrice)
    '0x4d2cbcbcdaca7676a354e7297481cf51e67a13c8c07ad1c42928605c8ea522d0': parametersOf('pool-profit', 1, 2),
  },
}
