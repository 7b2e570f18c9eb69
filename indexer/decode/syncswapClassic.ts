import type { Address, Log } from '../types/block.ts'
import type { Family, LiquidityEvent, PoolCreated } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { decodePairSwap, decodeSync256, pairChange, pairCreated } from './uniswapV2.ts'
import { addressAt, hasShape, topicAddress, uintAt } from './words.ts'

/**
 * SyncSwap classic pools. Sync comes after Swap; the fee of a swap depends on who swaps and is in no event.
 * Source: SyncSwap core-contracts: SyncSwapClassicPool, SyncSwapPoolMaster.
 */
export const syncswapClassic: FamilyDecoders = {
  family: 'syncswap-classic',
  decoders: {
    // PoolCreated(address indexed token0, address indexed token1, address pool)
    '0x9c5d829b9b23efc461f9aeef91979ec04bb903feb3bee4f26d22114abfc7335b': decodeSyncPoolCreated,
    // RegisterPool(address indexed factory, address indexed pool, uint16 indexed poolType, bytes data)
    '0x4318beca5ca4f759b99c1f5f581fa8255b077a82e4c07f17213c471af5a0f56a': registeredPool(1n),
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)
    '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822': decodePairSwap,
    // Sync(uint256 reserve0, uint256 reserve1)
    '0xcf2aa50876cdfbb541206f89af0ee78d44a2abf8d328e37fa4917f982149848a': decodeSync256,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)
    '0xa8137fff86647d8a402117b9c5dbda627f721d3773338fb9678c83e54ed39080': decodeSyncMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, uint256 liquidity, address indexed to)
    '0xd175a80c109434bb89948928ab2475a6647c94244cb70002197896423c883363': decodeSyncBurn,
  },
}

/** `PoolCreated(address,address,address)` of any SyncSwap factory. */
export function decodeSyncPoolCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  return hasShape(log, 3, 1) ? pairCreated(log, families, addressAt(log.data, 0), null, null) : null
}

/** The pool master registers a pool of one type; its data are the two tokens, ABI-encoded, for every pool of a factory. */
export function registeredPool(type: bigint): Decoder {
  return (log, families) => {
    // bytes of two words: offset, length, token0, token1.
    if (!hasShape(log, 4, 4) || BigInt(log.topics[3]!) !== type) return null
    if (uintAt(log.data, 0) !== 32n || uintAt(log.data, 1) !== 64n) return null
    const pool = topicAddress(log.topics[2]!)
    const [tokenA, tokenB] = [addressAt(log.data, 2), addressAt(log.data, 3)]
    if (topicAddress(log.topics[1]!) === null || pool === null || tokenA === null || tokenB === null) return null
    if (tokenA === tokenB) return null
    const tokens: Address[] = tokenA < tokenB ? [tokenA, tokenB] : [tokenB, tokenA]
    const { logIndex, transactionIndex, transactionHash, address: emitter } = log
    const nothing = { fee: null, tickSpacing: null, stable: null, hooks: null, price: null }
    const position = { logIndex, transactionIndex, transactionHash, emitter }
    return { kind: 'pool-created', families, pool, tokens, ...nothing, ...position }
  }
}

/** `Mint` with the liquidity and the owner behind the amounts. */
export function decodeSyncMint(log: Log, families: readonly Family[]): LiquidityEvent | null {
  return decodeSyncChange('mint', log, families)
}

/** `Burn` with the liquidity and the recipient behind the amounts. */
export function decodeSyncBurn(log: Log, families: readonly Family[]): LiquidityEvent | null {
  return decodeSyncChange('burn', log, families)
}

function decodeSyncChange(kind: 'mint' | 'burn', log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 3, 3) || topicAddress(log.topics[1]!) === null) return null
  return pairChange(kind, log, families, topicAddress(log.topics[2]!))
}
