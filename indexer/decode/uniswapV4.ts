import * as Hash from 'ox/Hash'
import type { Address, Log } from '../types/block.ts'
import type { Family, LiquidityEvent, ParametersEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersEvent } from './parameters.ts'
import { addressAt, hasShape, int24At, intAt, topicAddress, uintAt } from './words.ts'

const UINT24_MAX = (1n << 24n) - 1n
const UINT128_MAX = (1n << 128n) - 1n
const UINT160_MAX = (1n << 160n) - 1n
const INT128_MAX = (1n << 127n) - 1n
/** A fee that hooks set per swap (LPFeeLibrary.DYNAMIC_FEE_FLAG). */
const DYNAMIC_FEE = 0x800000n
const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`

/**
 * Uniswap V4: every log comes from the PoolManager and names its pool by id. The amounts of a swap are the swapper's,
 * so their signs are turned. Liquidity changes tell no amounts. Source: v4-core IPoolManager.
 */
export const uniswapV4: FamilyDecoders = {
  family: 'uniswap-v4',
  decoders: {
    // Initialize(bytes32 indexed id, address indexed currency0, address indexed currency1, uint24 fee, int24 tickSpacing, address hooks, uint160 sqrtPriceX96, int24 tick)
    '0xdd466e674ea557f56295e2d0218a125ea4b4f0f6f3307b95f85e6110838d6438': decodeInitialize,
    // Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)
    '0x40e9cecb9f5f1f1c5b9c97dec2917b7ee92e57ba5563708daca94dd84ad7112f': decodeSwap,
    // ModifyLiquidity(bytes32 indexed id, address indexed sender, int24 tickLower, int24 tickUpper, int256 liquidityDelta, bytes32 salt)
    '0xf208f4912782fd25c7f114ca3723a2d5dd6f3bcc3ac8db5af63baa85f711d5ec': decodeModifyLiquidity,
    // Donate(bytes32 indexed id, address indexed sender, uint256 amount0, uint256 amount1)
    '0x29ef05caaff9404b7cb6d1c0e9bbae9eaa7ab2541feba1a9c4248594c08156cb': decodeDonate,
    // ProtocolFeeUpdated(bytes32 indexed id, uint24 protocolFee)
    '0xe9c42593e71f84403b84352cd168d693e2c9fcd1fdbcc3feb21d92b43e6696f9': decodeProtocolFee,
  },
}

function decodeInitialize(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 4, 5)) return null
  const token0 = topicAddress(log.topics[2]!)
  const token1 = topicAddress(log.topics[3]!)
  const fee = uintAt(log.data, 0)
  const tickSpacing = int24At(log.data, 1)
  const hooks = addressAt(log.data, 2)
  const sqrtPriceX96 = uintAt(log.data, 3)
  const tick = int24At(log.data, 4)
  if (token0 === null || token1 === null || token0 >= token1 || fee > UINT24_MAX || hooks === null) return null
  if (tickSpacing === null || tickSpacing <= 0 || tick === null || !isPrice(sqrtPriceX96)) return null
  // The id is the hash of the key (PoolIdLibrary.toId): currencies, fee, spacing, hooks.
  const key = `0x${log.topics[2]!.slice(2)}${log.topics[3]!.slice(2)}${log.data.slice(2, 2 + 3 * 64)}` as const
  if (Hash.keccak256(key) !== log.topics[1]) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    kind: 'pool-created',
    ...{ families, emitter, pool: log.topics[1]!, tokens: [token0, token1], fee: fee === DYNAMIC_FEE ? null : fee },
    ...{ tickSpacing, stable: null, hooks: hooks === ZERO_ADDRESS ? null : hooks, price: { sqrtPriceX96, tick } },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}

function isPrice(sqrtPriceX96: bigint): boolean {
  return sqrtPriceX96 > 0n && sqrtPriceX96 <= UINT160_MAX
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 3, 6)) return null
  const sender = topicAddress(log.topics[2]!)
  const [amount0, amount1] = [intAt(log.data, 0), intAt(log.data, 1)]
  const sqrtPriceX96 = uintAt(log.data, 2)
  const liquidity = uintAt(log.data, 3)
  const tick = int24At(log.data, 4)
  const fee = uintAt(log.data, 5)
  if (sender === null || tick === null || fee > UINT24_MAX || !isPrice(sqrtPriceX96) || liquidity > UINT128_MAX)
    return null
  if (!isInt128(amount0) || !isInt128(amount1)) return null
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool: log.topics[1]!,
    sender,
    recipient: null,
    token0: 0,
    token1: 1,
    amount0: -amount0,
    amount1: -amount1,
    after: { sqrtPriceX96, tick, liquidity },
    fee,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function isInt128(value: bigint): boolean {
  return value <= INT128_MAX && value >= -INT128_MAX - 1n
}

function decodeModifyLiquidity(log: Log, families: readonly Family[]): LiquidityEvent | null {
  if (!hasShape(log, 3, 4)) return null
  const owner = topicAddress(log.topics[2]!)
  const tickLower = int24At(log.data, 0)
  const tickUpper = int24At(log.data, 1)
  const liquidity = intAt(log.data, 2)
  if (owner === null || tickLower === null || tickUpper === null || tickLower >= tickUpper) return null
  if (!isInt128(liquidity)) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: liquidity < 0n ? 'burn' : 'mint', families, emitter, pool: log.topics[1]!, owner },
    ...{ range: { tickLower, tickUpper, liquidity }, amount0: null, amount1: null, changes: null },
    ...{ logIndex, transactionIndex, transactionHash },
  }
}

function decodeDonate(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (!hasShape(log, 3, 2) || topicAddress(log.topics[2]!) === null) return null
  return ofPool(log, parametersEvent(log, families, 'donate', [uintAt(log.data, 0), uintAt(log.data, 1)]))
}

function decodeProtocolFee(log: Log, families: readonly Family[]): ParametersEvent | null {
  const fee = hasShape(log, 2, 1) ? uintAt(log.data, 0) : null
  if (fee === null || fee > UINT24_MAX) return null
  return ofPool(log, parametersEvent(log, families, 'protocol-fee', [fee]))
}

function ofPool(log: Log, event: ParametersEvent): ParametersEvent {
  return { ...event, pool: log.topics[1]! }
}
