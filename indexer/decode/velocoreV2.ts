import type { Address, Hex, Log } from '../types/block.ts'
import type { Family, FeeEvent, LiquidityEvent, ParametersEvent, PoolCreated, SwapEvent } from '../types/event.ts'
import { tokenSwap } from './balancerV2.ts'
import type { FamilyDecoders } from './family.ts'
import { parametersEvent, parametersOf } from './parameters.ts'
import { hasShape, intAt, isIntAt, topicAddress, uintAt } from './words.ts'

const FEE_WHOLE = 10n ** 17n
const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`
/** The first byte of a token reference: an ERC-20 contract, or the base token, whose other bytes say nothing. */
const ERC20 = '00'
const NATIVE = 'ee'
const TOKENS_MAX = 16

/**
 * Velocore V2: the Vault speaks for all pools, and every operation is a Swap: of two tokens it is a trade, with the pool's
 * own token among them it is a change of liquidity. Deltas are the Vault's: positive = paid in; those of 0 say nothing.
 * Source: velocore-contracts Vault, ConstantProductPoolFactory.
 */
export const velocoreV2: FamilyDecoders = {
  family: 'velocore-v2',
  decoders: {
    // Swap(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)
    '0xbaec78ca3218aba6fc32d82b79acdd1a47663d7b8da46e0c00947206d08f2071': decodeOperation,
    // Gauge(address indexed pool, address indexed user, bytes32[] tokenRef, int128[] delta)
    '0xded5415ee05ea676deae44e3fdba7daa1ec0c86fed40cc0d0fa9908a98baa168': decodeGauge,
    // PoolCreated(address indexed pool, bytes32 t1, bytes32 t2)
    '0x5f28326c23d3e7607ba7f55dcee451cc4dbb16e3f016b27f013c99fb1d7d4168': decodeCreated,
    // FeeChanged(uint256 fee1e18)
    '0x6bbc57480a46553fa4d156ce702beef5f3ad66303b0ed1a5d4cb44966c6584c3': decodeFee,
    // DecayChanged(uint256 decay)
    '0x78e0b45656b8fb6065c79a36aeaf92fbf473dc06966bb96e5fe995247e887503': parametersOf('decay', 1, 1),
  },
}

type Delta = { token: Address; amount: bigint }

/** The token of a reference; null for those that are no fungible token. */
function tokenOf(reference: Hex): Address | null {
  const kind = reference.slice(2, 4)
  if (kind === NATIVE) return ZERO_ADDRESS
  return kind === ERC20 && /^0{22}/.test(reference.slice(4)) ? `0x${reference.slice(26)}` : null
}

/** The deltas of an operation; null when the data are not two lists of one length, `other` with another kind of token. */
function readDeltas(log: Log): Delta[] | 'other' | null {
  const words = (log.data.length - 2) / 64
  if (log.topics.length !== 3 || !Number.isInteger(words) || words < 4) return null
  const count = uintAt(log.data, 2)
  if (count > TOKENS_MAX || uintAt(log.data, 0) !== 64n || uintAt(log.data, 1) !== (3n + count) * 32n) return null
  const length = Number(count)
  if (words !== 4 + 2 * length || uintAt(log.data, 3 + length) !== count) return null
  const deltas: Delta[] = []
  let hasOther = false
  for (let index = 0; index < length; index++) {
    if (!isIntAt(log.data, 4 + length + index, 128)) return null
    const start = 2 + (3 + index) * 64
    const token = tokenOf(`0x${log.data.slice(start, start + 64)}`)
    if (token === null) hasOther = true
    else deltas.push({ token, amount: intAt(log.data, 4 + length + index) })
  }
  return hasOther ? 'other' : deltas
}

function decodeOperation(log: Log, families: readonly Family[]): SwapEvent | LiquidityEvent | ParametersEvent | null {
  const pool = log.topics.length === 3 ? topicAddress(log.topics[1]!) : null
  const user = log.topics.length === 3 ? topicAddress(log.topics[2]!) : null
  const deltas = pool === null || user === null ? null : readDeltas(log)
  if (pool === null || user === null || deltas === null) return null
  if (deltas === 'other') return operation(log, families, pool)
  const moved = deltas.filter(({ amount }) => amount !== 0n)
  const own = moved.find(({ token }) => token === pool)
  const others = moved.filter(({ token }) => token !== pool)
  if (own !== undefined && others.length > 0) {
    return liquidity(log, families, pool, user, own.amount < 0n ? 'mint' : 'burn', others)
  }
  const paid = others.find(({ amount }) => amount > 0n)
  const got = others.find(({ amount }) => amount < 0n)
  if (others.length !== 2 || paid === undefined || got === undefined) return operation(log, families, pool)
  return tokenSwap(log, families, {
    ...{ pool, tokenIn: paid.token, tokenOut: got.token, amountIn: paid.amount, amountOut: -got.amount },
    ...{ sender: user, recipient: user },
  })
}

function liquidity(
  log: Log,
  families: readonly Family[],
  pool: Address,
  owner: Address,
  kind: 'mint' | 'burn',
  changes: readonly Delta[],
): LiquidityEvent {
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const nothing = { range: null, amount0: null, amount1: null }
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind, families, pool, owner, ...nothing, changes, ...position }
}

/** An operation that is no trade: tokens that are not fungible, more than two that move, or one alone. */
function operation(log: Log, families: readonly Family[], pool: Address): ParametersEvent {
  return { ...parametersEvent(log, families, 'operation', []), pool }
}

function decodeGauge(log: Log, families: readonly Family[]): ParametersEvent | null {
  if (log.topics.length !== 3 || readDeltas(log) === null) return null
  const pool = topicAddress(log.topics[1]!)
  if (pool === null || topicAddress(log.topics[2]!) === null) return null
  return { ...parametersEvent(log, families, 'gauge', []), pool }
}

function decodeCreated(log: Log, families: readonly Family[]): PoolCreated | null {
  if (!hasShape(log, 2, 2)) return null
  const pool = topicAddress(log.topics[1]!)
  const tokenA = tokenOf(`0x${log.data.slice(2, 66)}`)
  const tokenB = tokenOf(`0x${log.data.slice(66)}`)
  if (pool === null || tokenA === null || tokenB === null || tokenA === tokenB) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  return {
    ...{ kind: 'pool-created', families, emitter, pool, tokens: [tokenA, tokenB], fee: null, tickSpacing: null },
    ...{ stable: null, hooks: null, price: null, logIndex, transactionIndex, transactionHash },
  }
}

function decodeFee(log: Log, families: readonly Family[]): FeeEvent | null {
  if (!hasShape(log, 1, 1)) return null
  const fee = uintAt(log.data, 0)
  if (fee > FEE_WHOLE) return null
  const { logIndex, transactionIndex, transactionHash, address: emitter } = log
  const position = { logIndex, transactionIndex, transactionHash, emitter }
  return { kind: 'fee', families, pool: emitter, fee0: fee, fee1: fee, ...position }
}
