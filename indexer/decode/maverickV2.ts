import * as AbiParameters from 'ox/AbiParameters'
import type { Log } from '../types/block.ts'
import type { Family, FeeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import { decodeExactly } from './abi.ts'
import type { FamilyDecoders } from './family.ts'
import { binPoolCreated, binSwap } from './maverickV1.ts'
import { parametersOf } from './parameters.ts'
import { booleanAt, hasShape, uintAt } from './words.ts'

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
    '0xb9e7c5717a96d75cf9579180589569b4b4ebd97dcd89d240c3126b85b0b550ba': parametersOf('bins-migrated', 1, 3),
    // PoolSetVariableFee(uint256 newFeeAIn, uint256 newFeeBIn)
    '0x8ce70d54a53997801d36099160d0e5784bb9c06b7a3d6848dcc3433160062f88': decodeFee,
  },
}

/** The fee is that of the first direction; where the second has another one, only a later change tells it. */
function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 1, 11) || uintAt(log.data, 3) >= WAD) return null
  return binPoolCreated(log, families, uintAt(log.data, 2), uintAt(log.data, 4), 7)
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 1, 8) || booleanAt(log.data, 4) === null) return null
  return binSwap(log, families, booleanAt(log.data, 3), uintAt(log.data, 6), uintAt(log.data, 7))
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
  const [, recipient, , , amountA, amountB] = values
  return change('mint', log, families, recipient, amountA, amountB)
}

function decodeRemoved(log: Log, families: readonly Family[]): LiquidityEvent | null {
  const values = log.topics.length === 1 ? decodeExactly(REMOVED, log.data) : null
  if (values === null) return null
  const [, recipient, , , amountA, amountB] = values
  return change('burn', log, families, recipient, -amountA, -amountB)
}

function change(
  kind: 'mint' | 'burn',
  log: Log,
  families: readonly Family[],
  recipient: string,
  amount0: bigint,
  amount1: bigint,
): LiquidityEvent {
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const owner = recipient.toLowerCase() as LiquidityEvent['pool']
  return {
    ...{ kind, families, emitter, pool: emitter, owner, range: null, amount0, amount1, changes: null },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}
