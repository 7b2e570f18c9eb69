import type { CopyLines } from '../../db/database.ts'
import { encodeInner } from '../derive/stored.ts'
import type { Hex } from '../types/block.ts'
import type { Pool, Token } from '../types/pool.ts'
import type {
  LiquidationRow,
  LiquidityRow,
  PoolStateRow,
  PoolTickRow,
  PoolTokenRow,
  StepRows,
  SwapRow,
  TokenPriceRow,
  TransactionRow,
  UndecodedRow,
} from '../types/rows.ts'
import { bytes, escaped, NULL, nullable, text } from './copy.ts'
import { encodeFlow } from './flow.ts'
import { toInstant } from './instant.ts'
import { INTENT_COLUMNS, intentValues } from './intent.ts'
import { encodeMev } from './mev.ts'

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
    table('token_prices', PRICE_COLUMNS, rows.tokenPrices, encodePrice),
    table('pools', POOL_COLUMNS, rows.pools, encodePool),
    table('pool_tokens', POOL_TOKEN_COLUMNS, rows.poolTokens, encodePoolToken),
    table('swaps', SWAP_COLUMNS, rows.swaps, encodeSwap),
    table('liquidity_changes', LIQUIDITY_COLUMNS, rows.liquidityChanges, encodeLiquidity),
    table('liquidations', LIQUIDATION_COLUMNS, rows.liquidations, encodeLiquidation),
    table('pool_states', STATE_COLUMNS, rows.poolStates, encodeState),
    table('pool_ticks', TICK_COLUMNS, rows.poolTicks, encodeTick),
    ...encodeMev(rows).map(({ name, columns, lines }) => table(name, columns, lines, (line) => line)),
    ...encodeFlow(rows.flow).map(({ name, columns, lines }) => table(name, columns, lines, (line) => line)),
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
  ...INTENT_COLUMNS,
]

function encodeTransaction({ blockNumber, transaction: t, receivedAt, intent }: TransactionRow): string {
  const fields = `${blockNumber}\t${t.transactionIndex}\t${bytes(t.hash)}\t${bytes(t.from)}\t${nullable(t.to)}\t${t.nonce}\t${t.valueWei}\t${t.gasLimit}\t${t.gasPriceWei ?? NULL}\t${t.type}\t${nullable(t.selector)}\t${receivedAt === null ? NULL : toInstant(receivedAt)}`
  return intent === null ? fields + NO_INTENT : `${fields}\t${intentValues(intent).map(nullableText).join('\t')}`
}

const NO_INTENT = `\t${NULL}`.repeat(INTENT_COLUMNS.length)

function nullableText(value: string | number | null): string {
  return value === null ? NULL : escaped(String(value))
}

const TOKEN_COLUMNS = ['address', 'symbol', 'name', 'decimals', 'first_seen_block']

function encodeToken({ address, symbol, name, decimals, firstSeenBlock }: Token): string {
  return `${bytes(address)}\t${text(symbol)}\t${text(name)}\t${decimals ?? NULL}\t${firstSeenBlock}`
}

const PRICE_COLUMNS = ['token_address', 'block_number', 'price_usd', 'depth_usd', 'path']

function encodePrice({ token, blockNumber, usd, depthUsd, path }: TokenPriceRow): string {
  return `${bytes(token)}\t${blockNumber}\t${usd ?? NULL}\t${depthUsd ?? NULL}\t${path ?? NULL}`
}

const POOL_TOKEN_COLUMNS = ['pool_address', 'position', 'token_address', 'first_seen_block']

function encodePoolToken({ pool, position, token, firstSeenBlock }: PoolTokenRow): string {
  return `${bytes(pool)}\t${position}\t${bytes(token)}\t${firstSeenBlock}`
}

const POOL_COLUMNS = [
  'address',
  'emitter_address',
  'protocol',
  'family',
  'factory_address',
  'token0_address',
  'token1_address',
  'fee',
  'tick_spacing',
  'stable',
  'hooks_address',
  'created_block',
  'created_transaction_hash',
  'first_seen_block',
  'state_origin',
]

function encodePool(pool: Pool): string {
  const { address, emitter, protocol, family, factory, tokens, feePips, tickSpacing, created } = pool
  return [
    bytes(address),
    bytes(emitter),
    text(protocol),
    family,
    nullable(factory),
    bytes(tokens[0]!),
    bytes(tokens[1]!),
    feePips ?? NULL,
    tickSpacing ?? NULL,
    pool.stable ?? NULL,
    nullable(pool.hooks),
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
  'token0_address',
  'token1_address',
  'amount0',
  'amount1',
  'reserve0',
  'reserve1',
  'sqrt_price_x96',
  'tick',
  'liquidity',
  'fee',
  'replay_gap',
  'price_usd',
  'value_usd',
]

function encodeSwap(row: SwapRow): string {
  const { block, transaction, pool } = row.context
  const { event, reserves, usd } = row
  const { logIndex, transactionIndex, transactionHash, sender, recipient, amount0, amount1, after } = event
  const [position0, position1] = row.positions
  const position = `${block.number}\t${logIndex}\t${transactionIndex}\t${bytes(transactionHash)}\t${block.timestamp}`
  const parties = `${bytes(event.pool)}\t${pool.protocol}\t${bytes(transaction.from)}\t${nullable(sender)}\t${nullable(recipient)}`
  const tokens = `${bytes(pool.tokens[position0]!)}\t${bytes(pool.tokens[position1]!)}`
  const reservesAfter = reserves === null ? `${NULL}\t${NULL}` : `${reserves.reserve0}\t${reserves.reserve1}`
  const priceAfter =
    after === null ? `${NULL}\t${NULL}\t${NULL}` : `${after.sqrtPriceX96}\t${after.tick}\t${after.liquidity}`
  const derived = `${row.feePips ?? NULL}\t${row.replayGap ?? NULL}\t${usd.price ?? NULL}\t${usd.value ?? NULL}`
  return `${position}\t${parties}\t${tokens}\t${amount0}\t${amount1}\t${reservesAfter}\t${priceAfter}\t${derived}`
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
  'amounts',
]

function encodeLiquidity({ context: { block, transaction, pool }, event, amount0, amount1 }: LiquidityRow): string {
  const { logIndex, transactionIndex, transactionHash, kind, owner, range, changes } = event
  const position = `${block.number}\t${logIndex}\t${transactionIndex}\t${bytes(transactionHash)}\t${block.timestamp}`
  const parties = `${bytes(event.pool)}\t${pool.protocol}\t${kind.toUpperCase()}\t${bytes(transaction.from)}\t${nullable(owner)}`
  const ticks =
    range === null ? `${NULL}\t${NULL}\t${NULL}` : `${range.tickLower}\t${range.tickUpper}\t${range.liquidity}`
  const amounts =
    changes === null ? NULL : JSON.stringify(changes.map(({ token, amount }) => [token, amount.toString()]))
  return `${position}\t${parties}\t${ticks}\t${amount0 ?? NULL}\t${amount1 ?? NULL}\t${amounts}`
}

const LIQUIDATION_COLUMNS = [
  'block_number',
  'log_index',
  'transaction_index',
  'transaction_hash',
  'timestamp',
  'protocol',
  'market_address',
  'market_id',
  'sender_address',
  'liquidator_address',
  'borrower_address',
  'debt_token_address',
  'debt_amount',
  'collateral_token_address',
  'collateral_amount',
  'debt_usd',
  'collateral_usd',
  'bonus_usd',
]

function encodeLiquidation({ block, transaction, event, facts, debtUsd, collateralUsd }: LiquidationRow): string {
  const bonusUsd = debtUsd === null || collateralUsd === null ? null : collateralUsd - debtUsd
  return [
    ...[block.number, event.logIndex, event.transactionIndex, bytes(event.transactionHash), block.timestamp],
    ...[facts.protocol, bytes(event.emitter), nullable(event.marketId), bytes(transaction.from)],
    ...[nullable(event.liquidator), bytes(event.borrower)],
    ...[nullable(facts.debtToken), event.debt.amount ?? NULL],
    ...[nullable(facts.collateralToken), facts.collateralAmount ?? NULL],
    ...[debtUsd ?? NULL, collateralUsd ?? NULL, bonusUsd ?? NULL],
  ].join('\t')
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
  'virtual_reserve0',
  'virtual_reserve1',
  'fee0',
  'fee1',
  'inner_state',
  'quality',
  'doubts',
]

function encodeState({ pool, blockNumber, logIndex, state, quality }: PoolStateRow): string {
  const position = `${bytes(pool)}\t${blockNumber}\t${logIndex}`
  return `${position}\t${encodeAmounts(state)}\t${quality}\t${state.doubts}`
}

function encodeAmounts(state: PoolStateRow['state']): string {
  if (state.kind === 'reserves') {
    const { reserve0, reserve1, virtual, fee0Pips, fee1Pips } = state
    const curve = `${virtual?.reserve0 ?? NULL}\t${virtual?.reserve1 ?? NULL}\t${fee0Pips ?? NULL}\t${fee1Pips ?? NULL}`
    return `${reserve0}\t${reserve1}\t${NULL}\t${NULL}\t${NULL}\t${curve}\t${NULL}`
  }
  if (state.kind === 'ticks') {
    const fee = state.feePips ?? NULL
    const price = `${state.sqrtPriceX96}\t${state.tick}\t${state.liquidity}`
    return `${NULL}\t${NULL}\t${price}\t${NULL}\t${NULL}\t${fee}\t${fee}\t${state.extra === null ? NULL : escaped(encodeInner(state.extra))}`
  }
  return `${Array(9).fill(NULL).join('\t')}\t${escaped(encodeInner(state.inner))}`
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
