import type { Log } from '../types/block.ts'
import type { Family, PoolCreated } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { tickPoolCreated, uniswapV3 } from './uniswapV3.ts'
import { addressAt, hasShape, topicInt24 } from './words.ts'

/** The topic0 of Uniswap V3's PoolCreated, which is keyed by the fee. */
const UNISWAP_CREATED = '0x783cca1c0412dd0d695e784568c96da2e9c22ff989357a2e8b1d9b2b4e6b7118'
const { [UNISWAP_CREATED]: _, ...shared } = uniswapV3.decoders as Record<string, FamilyDecoders['decoders']['0x']>

/**
 * Velodrome Slipstream and what was made of it (Aborean CL, SyncSwap range pools): Uniswap V3 with pools keyed by tick
 * spacing; the fee is in no event and may change at any time. Source: Velodrome Slipstream CLPool, CLFactory.
 */
export const slipstream: FamilyDecoders = {
  family: 'slipstream',
  decoders: {
    ...shared,
    // PoolCreated(address indexed token0, address indexed token1, int24 indexed tickSpacing, address pool)
    '0xab0d57f0df537bb25e80245ef7748fa62353808c54d6e528a9dd20887aed9ac2': decodeCreated,
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 1)) return null
  return tickPoolCreated(log, families, addressAt(log.data, 0), topicInt24(log.topics[3]!), null)
}
