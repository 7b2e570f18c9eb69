import type { CopyLines } from '../../db/database.ts'
import type { Address, Hex } from '../types/block.ts'
import type { Pool, Token } from '../types/pool.ts'
import type { LiquidityRow, PoolStateRow, PoolTickRow, StepRows, SwapRow, UndecodedRow } from '../types/rows.ts'
import { toInstant } from './instant.ts'

const NULL = '\\N'

/** All rows of a step as COPY text, parents before children; tables without rows are left out. */
export function encodeRows(chainId: number, rows: StepRows): CopyLines[] {
  const table = <T>(name: string, columns: readonly string[], list: readonly T[], encode: (row: T) => string) => {
    let lines = ''
    for (const row of list) lines += `${chainId}\t${encode(row)}\n`
    return { table: name, columns: ['chain_id', ...columns], lines }
  }
  return [
    table('blocks', BLOCK_COLUMNS, rows.blocks, encodeBlock),
    table('transactions', TRANSACTION_COLUMNS, rows.transactions, encodeTransaction),
    table('tokens', TOKEN_COLUMNS, rows.tokens, encodeToken),
    table('pools', POOL_COLUMNS, rows.pools, encodePool),
    table('swaps', SWAP_COLUMNS, rows.swaps, encodeSwap),
    table('liquidity_changes', LIQUIDITY_COLUMNS, rows.liquidityChanges, encodeLiquidity),
    table('pool_states', STATE_COLUMNS, rows.poolStates, encodeState),
    table('pool_ticks', TICK_COLUMNS, rows.poolTicks, encodeTick),
    table('undecoded_logs', UNDECODED_COLUMNS, rows.undecodedLogs, encodeUndecoded),
  ].filter(({ lines }) => lines !== '')
}

const BLOCK_COLUMNS = [
  'number',
  'hash',
  'parent_hash',
  'timestamp',
  'gas_used',
  'gas_limit',
  'base_fee_per_gas',
  'transaction_count',
  'clock',
  'clock_tested',
]

function encodeBlock(block: StepRows['blocks'][number]): string {
  const { number, hash, parentHash, timestamp, gasUsed, gasLimit, baseFeePerGas, transactionCount, clock, tested } =
    block
  return `${number}\t${bytes(hash)}\t${bytes(parentHash)}\t${timestamp}\t${gasUsed}\t${gasLimit}\t${baseFeePerGas ?? NULL}\t${transactionCount}\t${clock}\t${tested}`
}

const TRANSACTION_COLUMNS = [
  'block_number',
  'transaction_index',
  'hash',
  'from_address',
  'to_address',
  'nonce',
  'value',
  'gas_limit',
  'gas_price',
  'type',
  'selector',
  'received_at',
]

function encodeTransaction({ blockNumber, transaction: t, receivedAt }: StepRows['transactions'][number]): string {
  return `${blockNumber}\t${t.transactionIndex}\t${bytes(t.hash)}\t${bytes(t.from)}\t${nullable(t.to)}\t${t.nonce}\t${t.valueWei}\t${t.gasLimit}\t${t.gasPriceWei ?? NULL}\t${t.type}\t${nullable(t.selector)}\t${receivedAt === null ? NULL : toInstant(receivedAt)}`
}

const TOKEN_COLUMNS = ['address', 'symbol', 'name', 'decimals', 'first_seen_block']

function encodeToken({ address, symbol, name, decimals, firstSeenBlock }: Token): string {
  return `${bytes(address)}\t${text(symbol)}\t${text(name)}\t${decimals ?? NULL}\t${firstSeenBlock}`
}

const POOL_COLUMNS = [
  'address',
  'protocol',
  'family',
  'factory_address',
  'token0_address',
  'token1_address',
  'fee',
  'tick_spacing',
  'created_block',
  'created_transaction_hash',
  'first_seen_block',
  'state_origin',
]

function encodePool(pool: Pool): string {
  const { address, protocol, family, factory, token0, token1, feePips, tickSpacing, created } = pool
  return [
    bytes(address),
    text(protocol),
    family,
    nullable(factory),
    bytes(token0),
    bytes(token1),
    feePips ?? NULL,
    tickSpacing ?? NULL,
    created?.blockNumber ?? NULL,
    nullable(created?.transactionHash ?? null),
    pool.firstSeenBlock,
    pool.stateOrigin,
  ].join('\t')
}

const SWAP_COLUMNS = [
  'block_number',
  'log_index',
  'transaction_index',
  'transaction_hash',
  'timestamp',
  'pool_address',
  'protocol',
  'trader_address',
  'sender_address',
  'recipient_address',
  'amount0',
  'amount1',
  'reserve0',
  'reserve1',
  'sqrt_price_x96',
  'tick',
  'liquidity',
]

function encodeSwap({ context: { block, transaction, pool }, event, reserves }: SwapRow): string {
  const { logIndex, transactionIndex, transactionHash, sender, recipient, amount0, amount1, after } = event
  const position = `${block.number}\t${logIndex}\t${transactionIndex}\t${bytes(transactionHash)}\t${block.timestamp}`
  const parties = `${bytes(event.pool)}\t${pool.protocol}\t${bytes(transaction.from)}\t${bytes(sender)}\t${bytes(recipient)}`
  const reservesAfter = reserves === null ? `${NULL}\t${NULL}` : `${reserves.reserve0}\t${reserves.reserve1}`
  const priceAfter =
    after === null ? `${NULL}\t${NULL}\t${NULL}` : `${after.sqrtPriceX96}\t${after.tick}\t${after.liquidity}`
  return `${position}\t${parties}\t${amount0}\t${amount1}\t${reservesAfter}\t${priceAfter}`
}

const LIQUIDITY_COLUMNS = [
  'block_number',
  'log_index',
  'transaction_index',
  'transaction_hash',
  'timestamp',
  'pool_address',
  'protocol',
  'kind',
  'provider_address',
  'owner_address',
  'tick_lower',
  'tick_upper',
  'liquidity',
  'amount0',
  'amount1',
]

function encodeLiquidity({ context: { block, transaction, pool }, event }: LiquidityRow): string {
  const { logIndex, transactionIndex, transactionHash, kind, owner, range, amount0, amount1 } = event
  const position = `${block.number}\t${logIndex}\t${transactionIndex}\t${bytes(transactionHash)}\t${block.timestamp}`
  const parties = `${bytes(event.pool)}\t${pool.protocol}\t${kind.toUpperCase()}\t${bytes(transaction.from)}\t${bytes(owner)}`
  const ticks =
    range === null ? `${NULL}\t${NULL}\t${NULL}` : `${range.tickLower}\t${range.tickUpper}\t${range.liquidity}`
  return `${position}\t${parties}\t${ticks}\t${amount0}\t${amount1}`
}

const STATE_COLUMNS = [
  'pool_address',
  'block_number',
  'log_index',
  'reserve0',
  'reserve1',
  'sqrt_price_x96',
  'tick',
  'liquidity',
]

function encodeState({ pool, blockNumber, logIndex, state }: PoolStateRow): string {
  const position = `${bytes(pool)}\t${blockNumber}\t${logIndex}`
  return state.kind === 'reserves'
    ? `${position}\t${state.reserve0}\t${state.reserve1}\t${NULL}\t${NULL}\t${NULL}`
    : `${position}\t${NULL}\t${NULL}\t${state.sqrtPriceX96}\t${state.tick}\t${state.liquidity}`
}

const TICK_COLUMNS = ['pool_address', 'tick', 'block_number', 'liquidity_gross', 'liquidity_net']

function encodeTick({ pool, tick, blockNumber, gross, net }: PoolTickRow): string {
  return `${bytes(pool)}\t${tick}\t${blockNumber}\t${gross}\t${net}`
}

const UNDECODED_COLUMNS = [
  'block_number',
  'log_index',
  'transaction_hash',
  'emitter_address',
  'topics',
  'data',
  'reason',
]

function encodeUndecoded(row: UndecodedRow): string {
  const topics: Hex = `0x${row.topics.map((topic) => topic.slice(2)).join('')}`
  return `${row.blockNumber}\t${row.logIndex}\t${bytes(row.transactionHash)}\t${bytes(row.address)}\t${bytes(topics)}\t${bytes(row.data)}\t${row.reason}`
}

/** bytea in hex format; the backslash is doubled because COPY reads it as an escape. */
function bytes(value: Address | Hex): string {
  return `\\\\x${value.slice(2)}`
}

function nullable(value: Hex | null): string {
  return value === null ? NULL : bytes(value)
}

function text(value: string | null): string {
  if (value === null) return NULL
  return value.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n' })[character] ?? '\\r')
}
