import * as AbiParameters from 'ox/AbiParameters'
import type { Log } from '../types/block.ts'
import type { BinChange, BinSwap, BinTerms, Family, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import { decodeExactly } from './abi.ts'
import type { Decoder, FamilyDecoders } from './family.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { addressAt, booleanAt, hasShape, intAt, isIntAt, isUintAt, topicAddress, uintAt } from './words.ts'

const WAD = 10n ** 18n
const INT24_MAX = (1n << 23n) - 1n
const DELTAS = AbiParameters.from(
  '(uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas',
)

/**
 * Maverick V1: bins of liquidity; nothing of a swap is indexed. Source: maverick-v1-interfaces IPool, IFactory; the share of
 * the protocol as in the ABI of @paraswap/dex-lib.
 */
export const maverickV1: FamilyDecoders = {
  family: 'maverick-v1',
  decoders: {
    // PoolCreated(address poolAddress, uint256 fee, uint256 tickSpacing, int32 activeTick, int256 lookback, uint64 protocolFeeRatio, address tokenA, address tokenB)
    '0x9b3fb3a17b4e94eb4d1217257372dcc712218fcd4bc1c28482bd8a6804a7c775': decodeCreated,
    // Swap(address sender, address recipient, bool tokenAIn, bool exactOutput, uint256 amountIn, uint256 amountOut, int32 activeTick)
    '0x3b841dc9ab51e3104bda4f61b41e4271192d22cd19da5ee6e292dc8e2744f713': decodeSwap,
    // AddLiquidity(address indexed sender, uint256 indexed tokenId, (uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas)
    '0x133a027327582be2089f6ca47137e3d337be4ca2cd921e5f0b178c9c2d5b8364': decodeChange('mint', 3, 1),
    // RemoveLiquidity(address indexed sender, address indexed recipient, uint256 indexed tokenId, (uint128 deltaA, uint128 deltaB, uint256 deltaLpBalance, uint128 binId, uint8 kind, int32 lowerTick, bool isActive)[] binDeltas)
    '0x65da280c1e973a1c5884c38d63e2c2b3c2a3158a0761e76545b64035e2489dfe': decodeChange('burn', 4, 2),
    // BinMerged(uint128 indexed binId, uint128 reserveA, uint128 reserveB, uint128 mergeId)
    '0x8ecf1f9da718dc4c174482cdb4e334113856b46a85e5694deeec06d512e8f772': decodeMerged,
    // BinMoved(uint128 indexed binId, int128 previousTick, int128 newTick)
    '0x42e51620e75096344ac889cc1d899ab619aedbe89a4f6b230ee3cecb849c7e2f': decodeMoved,
    // SetProtocolFeeRatio(uint256 protocolFee)
    '0x06e6ba2b10970ecae3ab2c29feb60ab2503358820756ef14a9827b0fa5add30f': parametersOf('protocol-fee', 1, 1),
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 1, 8) || !isIntAt(log.data, 3, 32) || !isUintAt(log.data, 5, 64)) return null
  const fee = uintAt(log.data, 1)
  const activeTick = Number(intAt(log.data, 3))
  const terms = { activeTick, protocolFee: uintAt(log.data, 5), feeA: fee, feeB: fee }
  return binPoolCreated(log, families, terms, uintAt(log.data, 2), 6)
}

/**
 * A pool of bins whose address is the first word, and whose tokens stand from word `tokensAt` on. Its fee is that of the
 * first direction.
 */
export function binPoolCreated(
  log: Log,
  families: readonly Family[],
  bins: BinTerms,
  spacing: bigint,
  tokensAt: number,
): PoolCreated | null {
  const pool = addressAt(log.data, 0)
  const token0 = addressAt(log.data, tokensAt)
  const token1 = addressAt(log.data, tokensAt + 1)
  const { feeA: fee, feeB } = bins
  if (pool === null || token0 === null || token1 === null || token0 >= token1) return null
  if (fee >= WAD || feeB >= WAD || spacing === 0n || spacing > INT24_MAX) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool, tokens: [token0, token1], fee, tickSpacing: Number(spacing) },
    ...{ stable: null, hooks: null, price: null, bins, logIndex, transactionIndex, transactionHash },
  }
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 1, 7) || !isIntAt(log.data, 6, 32)) return null
  const isExactOutput = booleanAt(log.data, 3)
  if (isExactOutput === null) return null
  const bins = { isExactOutput, amount: null, tickLimit: null, tickAfter: Number(intAt(log.data, 6)) }
  return binSwap(log, families, booleanAt(log.data, 2), [uintAt(log.data, 4), uintAt(log.data, 5)], bins)
}

/** A swap of a pool of bins whose sender and recipient are the first words; amounts in and out. */
export function binSwap(
  log: Log,
  families: readonly Family[],
  tokenAIn: boolean | null,
  [amountIn, amountOut]: readonly [bigint, bigint],
  bins: Omit<BinSwap, 'tokenIn'>,
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
    bins: { tokenIn: tokenAIn ? 0 : 1, ...bins },
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

/** The amounts of the tokens stand in no word: those of the bins have 18 decimals. */
function decodeChange(kind: 'mint' | 'burn', topics: number, ownerTopic: number): Decoder {
  return (log, families): LiquidityEvent | null => {
    const values = log.topics.length === topics ? decodeExactly(DELTAS, log.data) : null
    const accounts = log.topics.slice(1, topics - 1).map(topicAddress)
    if (values === null || accounts.includes(null)) return null
    const [deltas] = values
    const bins = deltas.map(
      ({ deltaA, deltaB, deltaLpBalance: shares, binId, kind: binKind, lowerTick, isActive }): BinChange => ({
        ...{ id: Number(binId), place: { kind: binKind, tick: lowerTick } },
        ...{ shares, amounts: [deltaA, deltaB], isActive },
      }),
    )
    // Bins are counted from one.
    if (!bins.every(({ id }) => Number.isSafeInteger(id))) return null
    const { logIndex, transactionIndex, transactionHash, address: emitter } = log
    return {
      ...{ kind, families, emitter, pool: emitter, owner: accounts[ownerTopic - 1]!, range: null },
      ...{ amount0: null, amount1: null, changes: null, bins, logIndex, transactionIndex, transactionHash },
    }
  }
}

/** Values: the bin, what it held of A and B with 18 decimals, and the bin that it now belongs to. */
function decodeMerged(log: Log, families: readonly Family[]) {
  if (!hasShape(log, 2, 3) || !isUintAt(log.topics[1]!, 0, 128)) return null
  if (![0, 1, 2].every((index) => isUintAt(log.data, index, 128))) return null
  const words = [0, 1, 2].map((index) => uintAt(log.data, index))
  return parametersEvent(log, families, 'bin-merged', [BigInt(log.topics[1]!), ...words])
}

/** Values: the bin, its tick before and its tick after. */
function decodeMoved(log: Log, families: readonly Family[]) {
  if (!hasShape(log, 2, 2) || !isUintAt(log.topics[1]!, 0, 128)) return null
  if (!isIntAt(log.data, 0, 128) || !isIntAt(log.data, 1, 128)) return null
  const ticks = [intAt(log.data, 0), intAt(log.data, 1)]
  return parametersEvent(log, families, 'bin-moved', [BigInt(log.topics[1]!), ...ticks])
}
