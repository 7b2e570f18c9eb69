import type { Address, Log } from '../types/block.ts'
import type { Family, InitializeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { addressAt, hasShape, int24At, intAt, topicAddress, topicInt24, topicUint24, uintAt } from './words.ts'

const UINT128_MAX = (1n << 128n) - 1n
const UINT160_MAX = (1n << 160n) - 1n

/**
 * Events of Uniswap V3 and its forks with the same events; each decoder returns null when the log has another shape.
 * Source: @uniswap/v3-core IUniswapV3PoolEvents, IUniswapV3Factory.
 */
export const uniswapV3: FamilyDecoders = {
  family: 'uniswap-v3',
  decoders: {
    // PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)
    '0x783cca1c0412dd0d695e784568c96da2e9c22ff989357a2e8b1d9b2b4e6b7118': decodeFeePoolCreated,
    // Initialize(uint160 sqrtPriceX96, int24 tick)
    '0x98636036cb66a9c19a37435efc1e90142190214e8abeb821bdba3f2990dd4c95': decodeInitialize,
    // Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)
    '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67': decodeTickSwap,
    // Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)
    '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde': decodeTickMint,
    // Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)
    '0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c': decodeTickBurn,
    // Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)
    '0x70935338e69775456a85ddef226c395fb668b63fa0115f5f20610b388e6ca9c0': decodeTickCollect,
  },
}

/** `PoolCreated` keyed by fee: pools of Uniswap V3, PancakeSwap V3 and Kyber Elastic, each with its own unit of fee. */
export function decodeFeePoolCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 2)) return null
  const fee = topicUint24(log.topics[3]!)
  if (fee === null) return null
  return tickPoolCreated(log, families, addressAt(log.data, 1), int24At(log.data, 0), BigInt(fee))
}

/** A new pool with ticks for the tokens in topics 1 and 2; null unless these are ordered and the spacing is positive. */
export function tickPoolCreated(
  log: Log,
  families: readonly Family[],
  pool: Address | null,
  tickSpacing: number | null,
  fee: bigint | null,
): PoolCreated | null {
  const token0 = topicAddress(log.topics[1]!)
  const token1 = topicAddress(log.topics[2]!)
  if (token0 === null || token1 === null || pool === null || token0 >= token1) return null
  if (tickSpacing === null || tickSpacing <= 0) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    kind: 'pool-created',
    ...{ families, emitter, pool, tokens: [token0, token1], fee, tickSpacing },
    ...{ stable: null, hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

/** `Initialize(uint160,int24)`: the first price of a pool with ticks. */
export function decodeInitialize(log: Log, families: readonly Family[]): InitializeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const sqrtPriceX96 = uintAt(log.data, 0)
  const tick = int24At(log.data, 1)
  if (tick === null || sqrtPriceX96 === 0n || sqrtPriceX96 > UINT160_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'initialize', families, pool: emitter, sqrtPriceX96, tick, ...position }
}

function decodeTickSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  return hasShape(log, 3, 5) ? tickSwap(log, families) : null
}

/** A swap from the words amount0, amount1, sqrtPriceX96, liquidity, tick; null when one is out of its type's range. */
export function tickSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  const sqrtPriceX96 = uintAt(log.data, 2)
  const liquidity = uintAt(log.data, 3)
  const tick = int24At(log.data, 4)
  if (sender === null || recipient === null || tick === null) return null
  if (sqrtPriceX96 === 0n || sqrtPriceX96 > UINT160_MAX || liquidity > UINT128_MAX) return null
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.address,
    sender,
    recipient,
    token0: 0,
    token1: 1,
    amount0: intAt(log.data, 0),
    amount1: intAt(log.data, 1),
    after: { sqrtPriceX96, tick, liquidity },
    fee: null,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

/** `Mint` of a position; the same log for pools with ticks and, as points, for iZiSwap. */
export function decodeTickMint(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 4, 4) || addressAt(log.data, 0) === null) return null
  return positionChange('mint', log, families, uintAt(log.data, 1), uintAt(log.data, 2), uintAt(log.data, 3))
}

/** `Burn` of a position; the same log for pools with ticks and, as points, for iZiSwap. */
export function decodeTickBurn(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 4, 3)) return null
  return positionChange('burn', log, families, -uintAt(log.data, 0), -uintAt(log.data, 1), -uintAt(log.data, 2))
}

/** `Collect` of what a position is owed. */
export function decodeTickCollect(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 4, 3) || addressAt(log.data, 0) === null) return null
  const amount0 = uintAt(log.data, 1)
  const amount1 = uintAt(log.data, 2)
  if (amount0 > UINT128_MAX || amount1 > UINT128_MAX) return null
  return positionChange('collect', log, families, 0n, -amount0, -amount1)
}

/** A change of the position whose owner and ticks are in topics 1 to 3; null when one is out of its type's range. */
export function positionChange(
  kind: LiquidityEvent['kind'],
  log: Log,
  families: readonly Family[],
  liquidity: bigint,
  amount0: bigint,
  amount1: bigint,
): LiquidityEvent | null {
  const owner = topicAddress(log.topics[1]!)
  const tickLower = topicInt24(log.topics[2]!)
  const tickUpper = topicInt24(log.topics[3]!)
  if (owner === null || tickLower === null || tickUpper === null || tickLower >= tickUpper) return null
  if (liquidity > UINT128_MAX || liquidity < -UINT128_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind, families, emitter, pool: emitter, owner, range: { tickLower, tickUpper, liquidity } },
    ...{ amount0, amount1, changes: null, logIndex, transactionIndex, transactionHash },
  }
}
