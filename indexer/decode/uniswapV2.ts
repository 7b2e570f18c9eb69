import type { Log } from '../types/block.ts'
import type { LiquidityEvent, PoolCreated, ReservesEvent, SwapEvent } from '../types/event.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { addressAt, hasShape, topicAddress, uintAt } from './words.ts'

const FAMILY = 'uniswap-v2'
const UINT112_MAX = (1n << 112n) - 1n

/**
 * Events of Uniswap V2 and its plain forks; each decoder returns null when the log has another shape.
 * On a trade the pair emits Sync before Swap. Source: @uniswap/v2-core UniswapV2Pair, UniswapV2Factory.
 */
export const uniswapV2: FamilyDecoders = {
  family: FAMILY,
  decoders: {
    // PairCreated(address indexed token0, address indexed token1, address pair, uint256 pairIndex)
    '0x0d3648bd0f6ba80134a33ba9275ac585d9d315f0ad8355cddefde31afa28d0e9': decodePairCreated,
    // Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)
    '0xd78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822': decodeSwap,
    // Sync(uint112 reserve0, uint112 reserve1)
    '0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1': decodeSync,
    // Mint(address indexed sender, uint256 amount0, uint256 amount1)
    '0x4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f': decodeMint,
    // Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)
    '0xdccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496': decodeBurn,
  } satisfies Record<string, Decoder>,
}

function decodePairCreated(log: Log): PoolCreated | null {
  if (!hasShape(log, 3, 2)) return null
  const token0 = topicAddress(log.topics[1]!)
  const token1 = topicAddress(log.topics[2]!)
  const pool = addressAt(log.data, 0)
  if (token0 === null || token1 === null || pool === null || token0 >= token1) return null
  const { logIndex, transactionIndex, transactionHash, address: factory } = log
  return {
    kind: 'pool-created',
    family: FAMILY,
    factory,
    pool,
    token0,
    token1,
    feePips: null,
    tickSpacing: null,
    logIndex,
    transactionIndex,
    transactionHash,
  }
}

function decodeSwap(log: Log): SwapEvent | null {
  if (!hasShape(log, 3, 4)) return null
  const sender = topicAddress(log.topics[1]!)
  const recipient = topicAddress(log.topics[2]!)
  if (sender === null || recipient === null) return null
  // Both sides of one token can be non-zero (flash swap, fee on transfer): the pool's change is what counts.
  return {
    kind: 'swap',
    family: FAMILY,
    pool: log.address,
    sender,
    recipient,
    amount0: uintAt(log.data, 0) - uintAt(log.data, 2),
    amount1: uintAt(log.data, 1) - uintAt(log.data, 3),
    after: null,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function decodeSync(log: Log): ReservesEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const reserve0 = uintAt(log.data, 0)
  const reserve1 = uintAt(log.data, 1)
  if (reserve0 > UINT112_MAX || reserve1 > UINT112_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: pool } = log
  return { kind: 'reserves', family: FAMILY, pool, reserve0, reserve1, logIndex, transactionIndex, transactionHash }
}

function decodeMint(log: Log): LiquidityEvent | null {
  if (!hasShape(log, 2, 2)) return null
  return decodeChange('mint', log, topicAddress(log.topics[1]!), 1n)
}

function decodeBurn(log: Log): LiquidityEvent | null {
  if (!hasShape(log, 3, 2) || topicAddress(log.topics[1]!) === null) return null
  return decodeChange('burn', log, topicAddress(log.topics[2]!), -1n)
}

function decodeChange(
  kind: 'mint' | 'burn',
  log: Log,
  owner: LiquidityEvent['owner'] | null,
  sign: bigint,
): LiquidityEvent | null {
  if (owner === null) return null
  const { logIndex, transactionIndex, transactionHash, address: pool } = log
  return {
    kind,
    family: FAMILY,
    pool,
    owner,
    range: null,
    amount0: sign * uintAt(log.data, 0),
    amount1: sign * uintAt(log.data, 1),
    logIndex,
    transactionIndex,
    transactionHash,
  }
}
