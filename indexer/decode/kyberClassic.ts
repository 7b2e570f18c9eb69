import type { Log } from '../types/block.ts'
import type { Family, PoolCreated, ReservesEvent, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { decodePairBurn, decodePairMint, pairCreated, pairSwap } from './uniswapV2.ts'
import { addressAt, hasShape, isUintAt, topicAddress, uintAt } from './words.ts'

const UINT112_MAX = (1n << 112n) - 1n
const PRECISION = 10n ** 18n
/** The factory counts fees in parts of 1e5, the pool in parts of 1e18. */
const FEE_UNITS = 100_000n

/**
 * KyberSwap Classic (DMM): Sync tells the reserves of the curve and those held; the fee is told with each swap.
 * Source: ks-classic-sc KSPool, KSFactory; DMMFactory.
 */
export const kyberClassic: FamilyDecoders = {
  family: 'kyber-classic',
  decoders: {
    // PoolCreated(address indexed token0, address indexed token1, address pool, uint32 ampBps, uint24 feeUnits, uint256 totalPool)
    '0xb6bce363b712c921bead4bcc977289440eb6172eb89e258e3a25bd49ca806de6': decodeCreated,
    // PoolCreated(address indexed token0, address indexed token1, address pool, uint32 ampBps, uint256 totalPool)
    '0xfc574402c445e75f2b79b67884ff9c662244dce454c5ae68935fcd0bebb7c8ff': decodeDynamicCreated,
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to, uint256 feeInPrecision)
    '0x606ecd02b3e3b4778f8e97b2e03351de14224efaa5fa64e62200afc9395c2499': decodeSwap,
    // Sync(uint256 vReserve0, uint256 vReserve1, uint256 reserve0, uint256 reserve1)
    '0x2f9d55abfefdfd4c3a83e00a1b419b3c2fe4b83100c559f0e2213e57f6e0bba9': decodeSync,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodePairMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)
    '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496': decodePairBurn,
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 3, 4) || !isUintAt(log.data, 1, 32)) return null
  const feeUnits = uintAt(log.data, 2)
  if (feeUnits > FEE_UNITS) return null
  return pairCreated(log, families, addressAt(log.data, 0), null, (feeUnits * PRECISION) / FEE_UNITS)
}

function decodeDynamicCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 3, 3) || !isUintAt(log.data, 1, 32)) return null
  return pairCreated(log, families, addressAt(log.data, 0), null, null)
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 5)) return null
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  const fee = uintAt(log.data, 4)
  return sender === null || recipient === null || fee >= PRECISION
    ? null
    : pairSwap(log, families, sender, recipient, fee)
}

function decodeSync(log: Log, families: readonly Family[]): ReservesEvent | null {
  if (!hasShape(log, 1, 4)) return null
  const [reserve0, reserve1] = [uintAt(log.data, 2), uintAt(log.data, 3)]
  if (reserve0 > UINT112_MAX || reserve1 > UINT112_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const virtual = { reserve0: uintAt(log.data, 0), reserve1: uintAt(log.data, 1) }
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'reserves', families, pool: emitter, reserve0, reserve1, virtual, ...position }
}
