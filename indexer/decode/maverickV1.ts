import type { Log } from '../types/block.ts'
import type { Family, PoolCreated, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersOf } from './parameters.ts'
import { addressAt, booleanAt, hasShape, uintAt } from './words.ts'

const WAD = 10n ** 18n
const INT24_MAX = (1n << 23n) - 1n

/** Maverick V1: bins of liquidity; nothing of a swap is indexed. Source: maverick-v1-interfaces IPool, IFactory. */
export const maverickV1: FamilyDecoders = {
  family: 'maverick-v1',
  decoders: {
    // PoolCreated(address poolAddress, uint256 fee, uint256 tickSpacing, int32 activeTick, int256 lookback, uint64 protocolFeeRatio, address tokenA, address tokenB)
    '0x9b3fb3a17b4e94eb4d1217257372dcc712218fcd4bc1c28482bd8a6804a7c775': decodeCreated,
    // Swap(address sender, address recipient, bool tokenAIn, bool exactOutput, uint256 amountIn, uint256 amountOut, int32 activeTick)
    '0x3b841dc9ab51e3104bda4f61b41e4271192d22cd19da5ee6e292dc8e2744f713': decodeSwap,
    // BinMerged(uint128 indexed binId, uint128 reserveA, uint128 reserveB, uint128 mergeId)
    '0x8ecf1f9da718dc4c174482cdb4e334113856b46a85e5694deeec06d512e8f772': parametersOf('bin-merged', 2, 3),
    // BinMoved(uint128 indexed binId, int128 previousTick, int128 newTick)
    '0x42e51620e75096344ac889cc1d899ab619aedbe89a4f6b230ee3cecb849c7e2f': parametersOf('bin-moved', 2, 2),
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 1, 8)) return null
  return binPoolCreated(log, families, uintAt(log.data, 1), uintAt(log.data, 2), 6)
}

/** A pool of bins whose address is the first word, and whose tokens stand from word `tokensAt` on. */
export function binPoolCreated(
  log: Log,
  families: readonly Family[],
  fee: bigint,
  spacing: bigint,
  tokensAt: number,
): PoolCreated | null {
  const pool = addressAt(log.data, 0)
  const token0 = addressAt(log.data, tokensAt)
  const token1 = addressAt(log.data, tokensAt + 1)
  if (pool === null || token0 === null || token1 === null || token0 >= token1) return null
  if (fee >= WAD || spacing === 0n || spacing > INT24_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool, tokens: [token0, token1], fee, tickSpacing: Number(spacing) },
    ...{ stable: null, hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 1, 7) || booleanAt(log.data, 3) === null) return null
  return binSwap(log, families, booleanAt(log.data, 2), uintAt(log.data, 4), uintAt(log.data, 5))
}

/** A swap of a pool of bins whose sender and recipient are the first words. */
export function binSwap(
  log: Log,
  families: readonly Family[],
  tokenAIn: boolean | null,
  amountIn: bigint,
  amountOut: bigint,
): SwapEvent | null {
  const sender = addressAt(log.data, 0)
  const recipient = addressAt(log.data, 1)
  if (sender === null || recipient === null || tokenAIn === null) return null
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.address,
    sender,
    recipient,
    token0: 0,
    token1: 1,
    amount0: tokenAIn ? amountIn : -amountOut,
    amount1: tokenAIn ? -amountOut : amountIn,
    after: null,
    fee: null,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}
