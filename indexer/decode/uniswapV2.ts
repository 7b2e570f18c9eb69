import type { Address, Log } from '../types/block.ts'
import type { Family, LiquidityEvent, PoolCreated, ReservesEvent, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, topicAddress, uintAt } from './words.ts'

const UINT112_MAX = (1n << 112n) - 1n

/**
 * Events of Uniswap V2 and its plain forks; each decoder returns null when the log has another shape.
 * On a trade the pair emits Sync before Swap. Source: @uniswap/v2-core UniswapV2Pair, UniswapV2Factory.
 */
export const uniswapV2: FamilyDecoders = {
  family: 'uniswap-v2',
  decoders: {
    // PairCreated(address indexed token0, address indexed token1, address pair, uint256 pairIndex)
    '0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9': decodePairCreated,
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)
    '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822': decodePairSwap,
    // Sync(uint112 reserve0, uint112 reserve1)
    '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1': decodeSync112,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodePairMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)
    '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496': decodePairBurn,
  },
}

/** `PairCreated(address,address,address,uint256)`: the pair of two ordered tokens. */
export function decodePairCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 3, 2)) return null
  return pairCreated(log, families, addressAt(log.data, 0), null, null)
}

/** A new pair of the tokens in topics 1 and 2; null unless these are ordered and all is an address. */
export function pairCreated(
  log: Log,
  families: readonly Family[],
  pool: Address | null,
  stable: boolean | null,
  fee: bigint | null,
): PoolCreated | null {
  const token0 = topicAddress(log.topics[1]!)
  const token1 = topicAddress(log.topics[2]!)
  if (token0 === null || token1 === null || pool === null || token0 >= token1) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    kind: 'pool-created',
    ...{ families, emitter, pool, tokens: [token0, token1], fee, stable },
    ...{ tickSpacing: null, hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

/** `Swap` of a pair with what came in and went out of each token, sender and recipient indexed. */
export function decodePairSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 4)) return null
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  if (sender === null || recipient === null) return null
  return pairSwap(log, families, sender, recipient, null)
}

/**
 * A swap from the words amount0In, amount1In, amount0Out, amount1Out. Both sides of one token can be non-zero (flash swap,
 * fee on transfer): the pool's change is what counts.
 */
export function pairSwap(
  log: Log,
  families: readonly Family[],
  sender: Address,
  recipient: Address,
  fee: bigint | null,
): SwapEvent {
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.address,
    sender,
    recipient,
    token0: 0,
    token1: 1,
    amount0: uintAt(log.data, 0) - uintAt(log.data, 2),
    amount1: uintAt(log.data, 1) - uintAt(log.data, 3),
    after: null,
    fee,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function decodeSync112(log: Log, families: readonly Family[]): ReservesEvent | null {
  const event = decodeSync256(log, families)
  return event === null || event.reserve0 > UINT112_MAX || event.reserve1 > UINT112_MAX ? null : event
}

/** `Sync(uint256,uint256)`: the reserves of a pair. */
export function decodeSync256(log: Log, families: readonly Family[]): ReservesEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    kind: 'reserves',
    families,
    emitter,
    pool: emitter,
    reserve0: uintAt(log.data, 0),
    reserve1: uintAt(log.data, 1),
    virtual: null,
    logIndex,
    transactionIndex,
    transactionHash,
  }
}

/** `Mint(address indexed,uint256,uint256)` of a pair. */
export function decodePairMint(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 2, 2)) return null
  return pairChange('mint', log, families, topicAddress(log.topics[1]!))
}

/** `Burn(address indexed sender,uint256,uint256,address indexed to)` of a pair. */
export function decodePairBurn(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 3, 2) || topicAddress(log.topics[1]!) === null) return null
  return pairChange('burn', log, families, topicAddress(log.topics[2]!))
}

/** Liquidity of a pair from the words amount0, amount1; null without an owner. */
export function pairChange(
  kind: 'mint' | 'burn',
  log: Log,
  families: readonly Family[],
  owner: Address | null,
): LiquidityEvent | null {
  if (owner === null) return null
  const sign = kind === 'mint' ? 1n : -1n
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const amounts = { amount0: sign * uintAt(log.data, 0), amount1: sign * uintAt(log.data, 1), changes: null }
  return {
    ...{ kind, families, emitter, pool: emitter, owner, range: null },
    ...amounts,
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
