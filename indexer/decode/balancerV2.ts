import * as AbiParameters from 'ox/AbiParameters'
import type { Address, Hex, Log } from '../types/block.ts'
import type { Family, FeeEvent, LiquidityEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import { decodeExactly } from './abi.ts'
import type { FamilyDecoders } from './family.ts'
import { hasShape, topicAddress, uintAt } from './words.ts'

const WAD = 10n ** 18n
/** Most tokens of a pool. */
const TOKENS_MAX = 50
const TOKENS = AbiParameters.from('address[] tokens, address[] assetManagers')
const CHANGES = AbiParameters.from('address[] tokens, int256[] deltas, uint256[] protocolFeeAmounts')

/**
 * Balancer V2: the Vault speaks for all pools; the first 20 bytes of a pool's id are its address. Its tokens come with
 * TokensRegistered, which stands for its creation. Source: balancer-v2-monorepo IVault.
 */
export const balancerV2: FamilyDecoders = {
  family: 'balancer-v2',
  decoders: {
    // TokensRegistered(bytes32 indexed poolId, address[] tokens, address[] assetManagers)
    '0xf5847d3f2197b16cdcd2098ec95d0905cd1abdaf415f07bb7cef2bba8ac5dec4': decodeTokens,
    // Swap(bytes32 indexed poolId, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut)
    '0x2170c741c41531aec20e7c107c24eecfdd15e69c9bb0a8dd37b1840b9e0b207b': decodeSwap,
    // PoolBalanceChanged(bytes32 indexed poolId, address indexed liquidityProvider, address[] tokens, int256[] deltas, uint256[] protocolFeeAmounts)
    '0xe5ce249087ce04f05a957192435400fd97868dba0e6a4b4c049abf8af80dae78': decodeBalances,
    // SwapFeePercentageChanged(uint256 swapFeePercentage)
    '0xa9ba3ffe0b6c366b81232caab38605a0699ad5398d6cce76f91ee809e322dafc': decodeFee,
  },
}

function poolOf(id: Hex): Address {
  return id.slice(0, 42) as Address
}

function decodeTokens(log: Log, families: readonly Family[]): PoolCreated | null {
  const values = log.topics.length === 2 ? decodeExactly(TOKENS, log.data) : null
  if (values === null) return null
  const tokens = values[0].map((token) => token.toLowerCase() as Address)
  if (!isTokenList(tokens) || values[1].length !== tokens.length) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool: poolOf(log.topics[1]!), tokens, fee: null, tickSpacing: null },
    poolId: log.topics[1]!,
    ...{ stable: null, hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

function isTokenList(tokens: readonly Address[]): boolean {
  return tokens.length >= 2 && tokens.length <= TOKENS_MAX && new Set(tokens).size === tokens.length
}

function decodeSwap(log: Log, families: readonly Family[]): SwapEvent | null {
  if (!hasShape(log, 4, 2)) return null
  const tokenIn = topicAddress(log.topics[2]!)
  const tokenOut = topicAddress(log.topics[3]!)
  if (tokenIn === null || tokenOut === null) return null
  const [amountIn, amountOut] = [uintAt(log.data, 0), uintAt(log.data, 1)]
  const swap = tokenSwap(log, families, { tokenIn, tokenOut, amountIn, amountOut, pool: poolOf(log.topics[1]!) })
  return swap === null ? null : { ...swap, poolId: log.topics[1]! }
}

/** A swap between two tokens named by their contracts. */
export type NamedSwap = {
  pool: Address
  tokenIn: Address
  tokenOut: Address
  amountIn: bigint
  amountOut: bigint
  sender?: Address | null
  recipient?: Address | null
  fee?: bigint | null
}

/** A swap of tokens named by their contracts, the smaller one as token0; null when both are one. */
export function tokenSwap(log: Log, families: readonly Family[], swap: NamedSwap): SwapEvent | null {
  const { tokenIn, tokenOut, amountIn, amountOut, pool, sender = null, recipient = null, fee = null } = swap
  if (tokenIn === tokenOut) return null
  const isFirstIn = tokenIn < tokenOut
  return {
    kind: 'swap',
    families,
    emitter: log.address,
    pool,
    sender,
    recipient,
    token0: isFirstIn ? tokenIn : tokenOut,
    token1: isFirstIn ? tokenOut : tokenIn,
    amount0: isFirstIn ? amountIn : -amountOut,
    amount1: isFirstIn ? -amountOut : amountIn,
    after: null,
    fee,
    logIndex: log.logIndex,
    transactionIndex: log.transactionIndex,
    transactionHash: log.transactionHash,
  }
}

function decodeBalances(log: Log, families: readonly Family[]): LiquidityEvent | null {
  const owner = log.topics.length === 3 ? topicAddress(log.topics[2]!) : null
  const values = owner === null ? null : decodeExactly(CHANGES, log.data)
  if (values === null) return null
  const [named, deltas, fees] = values
  const tokens = named.map((token) => token.toLowerCase() as Address)
  if (!isTokenList(tokens) || deltas.length !== tokens.length || fees.length !== tokens.length) return null
  const changes = tokens.map((token, index) => ({ token, amount: deltas[index]! }))
  // One call may add some tokens and take out others; only one that adds none and takes some is a burn.
  const kind = deltas.some((delta) => delta < 0n) && deltas.every((delta) => delta <= 0n) ? 'burn' : 'mint'
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind, families, emitter, pool: poolOf(log.topics[1]!), owner, range: null },
    ...{ amount0: deltas[0]!, amount1: deltas[1]!, changes, coins: { fees: [...fees], supply: null, one: null } },
    ...{ poolId: log.topics[1]!, logIndex, transactionIndex, transactionHash },
  }
}

function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 1)) return null
  const fee = uintAt(log.data, 0)
  if (fee > WAD) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'fee', families, pool: emitter, fee0: fee, fee1: fee, ...position }
}
