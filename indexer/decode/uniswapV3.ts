import type { Log } from '../types/block.ts'
import type { InitializeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { addressAt, hasShape, int24At, intAt, topicAddress, topicInt24, topicUint24, uintAt } from './words.ts'

const FAMILY = 'uniswap-v3'
const UINT128_MAX = (1n << 128n) - 1n
const UINT160_MAX = (1n << 160n) - 1n

/**
 * Events of Uniswap V3 and its forks with the same events; each decoder returns null when the log has another shape.
 * Source: @uniswap/v3-core IUniswapV3PoolEvents, IUniswapV3Factory.
 */
export const uniswapV3: FamilyDecoders = {
  family: FAMILY,
  decoders: {
    // PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)
    '0x783cca1c0412dd0d695e784568c96da2e9c22ff989357a2e8b1d9b2b4e6b7118': decodePoolCreated,
    // Initialize(uint160 sqrtPriceX96, int24 tick)
    '0x98636036cb66a9c19a37435efc1e90142190214e8abeb821bdba3f2990dd4c95': decodeInitialize,
    // Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)
    '0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67': decodeSwap,
    // Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)
    '0x7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde': decodeMint,
    // Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, uint256 amount1)
    '0x0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c': decodeBurn,
    // Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount0, uint128 amount1)
    '0x70935338e69775456a85ddef226c395fb668b63fa0115f5f20610b388e6ca9c0': decodeCollect,
  } satisfies Record<string, Decoder>,
}

function decodePoolCreated(log: Log): PoolCreated | null {
  if (!hasShape(log, 4, 2)) return null
  const token0 = topicAddress(log.topics[1]!)
  const token1 = topicAddress(log.topics[2]!)
  const feePips = topicUint24(log.topics[3]!)
  const tickSpacing = int24At(log.data, 0)
  const pool = addressAt(log.data, 1)
  if (token0 === null || token1 === null || pool === null || token0 >= token1) return null
  if (feePips === null || tickSpacing === null || tickSpacing <= 0) return null
  const { logIndex, transactionIndex, transactionHash, address: factory } = log
  return {
    kind: 'pool-created',
    family: FAMILY,
    factory,
    pool,
    token0,
    token1,
    feePips,
    tickSpacing,
    logIndex,
    transactionIndex,
    transactionHash,
  }
}

function decodeInitialize(log: Log): InitializeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const sqrtPriceX96 = uintAt(log.data, 0)
  const tick = int24At(log.data, 1)
  if (tick === null || sqrtPriceX96 === 0n || sqrtPriceX96 > UINT160_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: pool } = log
  return { kind: 'initialize', family: FAMILY, pool, sqrtPriceX96, tick, logIndex, transactionIndex, transactionHash }
}

function decodeSwap(log: Log): SwapEvent | null {
  if (!hasShape(log, 3, 5)) return null
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  const sqrtPriceX96 = uintAt(log.data, 2)
  const liquidity = uintAt(log.data, 3)
  const tick = int24At(log.data, 4)
  if (sender === null || recipient === null || tick === null) return null
  if (sqrtPriceX96 === 0n || sqrtPriceX96 > UINT160_MAX || liquidity > UINT128_MAX) return null
  return {
    kind: 'swap',
    family: FAMILY,
    pool: log.address,
    sender,
    recipient,
    amount0: intAt(log.data, 0),
    amount1: intAt(log.data, 1),
    after: { sqrtPriceX96, tick, liquidity },
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function decodeMint(log: Log): LiquidityEvent | null {
  if (!hasShape(log, 4, 4) || addressAt(log.data, 0) === null) return null
  return decodePosition('mint', log, uintAt(log.data, 1), uintAt(log.data, 2), uintAt(log.data, 3))
}

function decodeBurn(log: Log): LiquidityEvent | null {
  if (!hasShape(log, 4, 3)) return null
  return decodePosition('burn', log, -uintAt(log.data, 0), -uintAt(log.data, 1), -uintAt(log.data, 2))
}

function decodeCollect(log: Log): LiquidityEvent | null {
  if (!hasShape(log, 4, 3) || addressAt(log.data, 0) === null) return null
  const amount0 = uintAt(log.data, 1)
  const amount1 = uintAt(log.data, 2)
  if (amount0 > UINT128_MAX || amount1 > UINT128_MAX) return null
  return decodePosition('collect', log, 0n, -amount0, -amount1)
}

function decodePosition(
  kind: LiquidityEvent['kind'],
  log: Log,
  liquidity: bigint,
  amount0: bigint,
  amount1: bigint,
): LiquidityEvent | null {
  const owner = topicAddress(log.topics[1]!)
  const tickLower = topicInt24(log.topics[2]!)
  const tickUpper = topicInt24(log.topics[3]!)
  if (owner === null || tickLower === null || tickUpper === null || tickLower >= tickUpper) return null
  if (liquidity > UINT128_MAX || liquidity < -UINT128_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: pool } = log
  const range = { tickLower, tickUpper, liquidity }
  return { kind, family: FAMILY, pool, owner, range, amount0, amount1, logIndex, transactionIndex, transactionHash }
}
