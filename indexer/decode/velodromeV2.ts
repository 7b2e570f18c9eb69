import type { Log } from '../types/block.ts'
import type { Family, FeeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { decodePairMint, decodeSync256, pairChange, pairCreated, pairSwap } from './uniswapV2.ts'
import { addressAt, hasShape, topicAddress, topicBoolean, uintAt } from './words.ts'

const BPS = 10_000n

/**
 * Velodrome V2 and its forks (Aborean): Solidly with Swap and Burn of their own. The factory sets a fee for single pools.
 * Source: Velodrome V2 Pool, PoolFactory.
 */
export const velodromeV2: FamilyDecoders = {
  family: 'velodrome-v2',
  decoders: {
    // PoolCreated(address indexed token0, address indexed token1, bool indexed stable, address pool, uint256 poolIndex)
    '0x2128d88d14c80cb081c1252a5acff7a264671bf199ce226b53788fb26065005e': decodeCreated,
    // Swap(address indexed sender, address indexed to, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out)
    '0xb3e2773606abfd36b5bd91394b3a54d1398336c65005baf7bf7a05efeffaf75b': decodeSwap,
    // Sync(uint256 reserve0, uint256 reserve1)
    '0xcf2aa50876cdfbb541206f89af0ee78d44a2abf8d328e37fa4917f982149848a': decodeSync256,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodePairMint,
    // Burn(address indexed sender, address indexed to, uint256 amount0, uint256 amount1)
    '0x5d624aa9c148153ab3446c1b154f660ee7701e549fe9b62dab7171b1c80e6fa2': decodeBurn,
    // SetCustomFee(address indexed pool, uint256 fee)
    '0xae468ce586f9a87660fdffc1448cee942042c16ae2f02046b134b5224f31936b': decodeFee,
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 2)) return null
  const stable = topicBoolean(log.topics[3]!)
  return stable === null ? null : pairCreated(log, families, addressAt(log.data, 0), stable, null)
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 4)) return null
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  return sender === null || recipient === null ? null : pairSwap(log, families, sender, recipient, null)
}

function decodeBurn(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 3, 2) || topicAddress(log.topics[1]!) === null) return null
  return pairChange('burn', log, families, topicAddress(log.topics[2]!))
}

/** The factory speaks of a pool; a fee of 420 means none (Velodrome's ZERO_FEE_INDICATOR). */
function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 2, 1)) return null
  const pool = topicAddress(log.topics[1]!)
  const stated = uintAt(log.data, 0)
  if (pool === null || stated > BPS) return null
  const fee = stated === ZERO_FEE_INDICATOR ? 0n : stated
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return { kind: 'fee', families, emitter, pool, fee0: fee, fee1: fee, logIndex, transactionIndex, transactionHash }
}

const ZERO_FEE_INDICATOR = 420n
