import * as AbiParameters from 'ox/AbiParameters'
import type { Log } from '../types/block.ts'
import type { BinChange, Family, FeeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import { decodeExactly } from './abi.ts'
import type { FamilyDecoders } from './family.ts'
import { binPoolCreated, binSwap } from './maverickV1.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { addressAt, booleanAt, hasShape, intAt, isIntAt, isUintAt, uintAt } from './words.ts'

const WAD = 10n ** 18n
const ADDED = AbiParameters.from(
  'address sender, address recipient, uint256 subaccount, (uint8 kind, int32[] ticks, uint128[] amounts) params, uint256 tokenAAmount, uint256 tokenBAmount, uint32[] binIds',
)
const REMOVED = AbiParameters.from(
  'address sender, address recipient, uint256 subaccount, (uint32[] binIds, uint128[] amounts) params, uint256 tokenAOut, uint256 tokenBOut',
)

/** Maverick V2: bins of liquidity, a fee for each direction. Source: maverick v2-common IMaverickV2Pool, IMaverickV2Factory. */
export const maverickV2: FamilyDecoders = {
  family: 'maverick-v2',
  decoders: {
    // PoolCreated(address poolAddress, uint8 protocolFeeRatio, uint256 feeAIn, uint256 feeBIn, uint256 tickSpacing, uint256 lookback, int32 activeTick, address tokenA, address tokenB, uint8 kinds, address accessor)
    '0x848331e408557f4b7eb6561ca1c18a3ac43004fbe64b8b5bce613855cfdf22d2': decodeCreated,
    // PoolSwap(address sender, address recipient, (uint256 amount, bool tokenAIn, bool exactOutput, int32 tickLimit) params, uint256 amountIn, uint256 amountOut)
    '0x103ed084e94a44c8f5f6ba8e3011507c41063177e29949083c439777d8d63f60': decodeSwap,
    // PoolAddLiquidity(address sender, address recipient, uint256 subaccount, (uint8 kind, int32[] ticks, uint128[] amounts) params, uint256 tokenAAmount, uint256 tokenBAmount, uint32[] binIds)
    '0x16768f4ecc93786618270641524e6209d40480302598062adee1bf55a3e7da29': decodeAdded,
    // PoolRemoveLiquidity(address sender, address recipient, uint256 subaccount, (uint32[] binIds, uint128[] amounts) params, uint256 tokenAOut, uint256 tokenBOut)
    '0x022484d9ab07e2ea8d2f868574c16404cf7fc639be80032dc1e9a1641bdd2eb1': decodeRemoved,
    // PoolMigrateBinsUpStack(address sender, uint32 binId, uint32 maxRecursion)
    '0xb9e7c5717a96d75cf9579180589569b4b4ebd97dcd89d240c3126b85b0b550ba': decodeMigrated,
    // PoolSetVariableFee(uint256 newFeeAIn, uint256 newFeeBIn)
    '0x8ce70d54a53997801d36099160d0e5784bb9c06b7a3d6848dcc3433160062f88': decodeFee,
    // PoolSetProtocolFeeRatio(uint256 protocolFeeRatioD3)
    '0x8c315eec9a54adc4a7ff999f8b5230281cd9cf25054c184cc427e60bd02368f6': parametersOf('protocol-fee', 1, 1),
  },
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 1, 11) || !isUintAt(log.data, 1, 8) || !isIntAt(log.data, 6, 32)) return null
  if (!isUintAt(log.data, 9, 8) || addressAt(log.data, 10) === null) return null
  const [protocolFee, feeA, feeB] = [uintAt(log.data, 1), uintAt(log.data, 2), uintAt(log.data, 3)]
  const terms = { activeTick: Number(intAt(log.data, 6)), protocolFee, feeA, feeB }
  return binPoolCreated(log, families, terms, uintAt(log.data, 4), 7)
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 1, 8) || !isIntAt(log.data, 5, 32)) return null
  const isExactOutput = booleanAt(log.data, 4)
  if (isExactOutput === null) return null
  const tickLimit = Number(intAt(log.data, 5))
  const bins = { isExactOutput, amount: uintAt(log.data, 2), tickLimit, tickAfter: null }
  return binSwap(log, families, booleanAt(log.data, 3), [uintAt(log.data, 6), uintAt(log.data, 7)], bins)
}

/** Values: the account that asked for it, the bin, and how many merges it may follow. */
function decodeMigrated(log: Log, families: readonly Family[]) {
  if (!hasShape(log, 1, 3) || addressAt(log.data, 0) === null) return null
  if (!isUintAt(log.data, 1, 32) || !isUintAt(log.data, 2, 32)) return null
  const words = [0, 1, 2].map((index) => uintAt(log.data, index))
  return parametersEvent(log, families, 'bins-migrated', words)
}

function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 2)) return null
  const [fee0, fee1] = [uintAt(log.data, 0), uintAt(log.data, 1)]
  if (fee0 >= WAD || fee1 >= WAD) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return { kind: 'fee', families, emitter, pool: emitter, fee0, fee1, logIndex, transactionIndex, transactionHash }
}

function decodeAdded(log: Log, families: readonly Family[]): LiquidityEvent | null {
  const values = log.topics.length === 1 ? decodeExactly(ADDED, log.data) : null
  if (values === null) return null
  const [, recipient, , { kind, ticks, amounts }, amountA, amountB, binIds] = values
  if (ticks.length !== amounts.length || ticks.length !== binIds.length) return null
  const bins = binIds.map((id, index) => ({
    ...{ id, place: { kind, tick: ticks[index]! }, shares: amounts[index]! },
    ...{ amounts: null, isActive: null },
  }))
  return change('mint', log, families, recipient, [amountA, amountB], bins)
}

function decodeRemoved(log: Log, families: readonly Family[]): LiquidityEvent | null {
  const values = log.topics.length === 1 ? decodeExactly(REMOVED, log.data) : null
  if (values === null) return null
  const [, recipient, , { binIds, amounts }, amountA, amountB] = values
  if (binIds.length !== amounts.length) return null
  const bins = binIds.map((id, index) => ({
    ...{ id, place: null, shares: amounts[index]!, amounts: null, isActive: null },
  }))
  return change('burn', log, families, recipient, [-amountA, -amountB], bins)
}

function change(
  kind: 'mint' | 'burn',
  log: Log,
  families: readonly Family[],
  recipient: string,
  [amount0, amount1]: readonly [bigint, bigint],
  bins: readonly BinChange[],
): LiquidityEvent {
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const owner = recipient.toLowerCase() as LiquidityEvent['pool']
  return {
    ...{ kind, families, emitter, pool: emitter, owner, range: null, amount0, amount1, changes: null, bins },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
