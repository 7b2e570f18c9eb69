import type { Database, Row } from '../../db/database.ts'
import { LOOKBACK_SECONDS } from '../flow/buckets/index.ts'
import { countsAsMev, type Flow, hasPair, OWN_ROLES, PROFILE_SECONDS, type StoredIntent } from '../flow/index.ts'
import { flowModel, flowModelHash } from '../flow/model/index.ts'
import { VOLUME_SECONDS } from '../flow/volumes.ts'
import type { Address } from '../types/block.ts'
import type { Clock } from '../types/clock.ts'
import type { FlowClass, Route, Side } from '../types/flow.ts'
import type { LegRole, MevBand, MevKind } from '../types/mev.ts'
import type { ChainState } from '../types/pool.ts'
import { toHex } from './load.ts'

/** Rows read at once, so that a busy day does not fill the memory. */
const PAGE_ROWS = 20_000
const PAGE_BLOCKS = 500
const DAY = 86_400

/** Keeps the model beside the tags that it gives. */
export async function writeModel(database: Database, chainId: number): Promise<void> {
  await database.query('insert into flow_models (chain_id, hash, model) values ($1, $2, $3) on conflict do nothing', [
    chainId,
    Buffer.from(flowModelHash.slice(2), 'hex'),
    JSON.stringify(flowModel),
  ])
}

/** Lets the flow stage take in what it remembers at the end of a stored block: the trades of the last day, and the swaps of the day so far. */
export async function recallFlow(
  database: Database,
  chainId: number,
  flow: Flow,
  state: ChainState,
  blockNumber: number,
): Promise<void> {
  const [block] = await database.query('select timestamp from blocks where chain_id = $1 and number = $2', [
    chainId,
    blockNumber,
  ])
  if (block === undefined) return
  const timestamp = Number(block.timestamp)
  const firstAfter = async (moment: number) => {
    const [first] = await database.query(
      `select number from blocks where chain_id = $1 and timestamp >= $2 order by timestamp, number limit 1`,
      [chainId, moment],
    )
    return Number(first?.number ?? blockNumber)
  }
  const yesterday = await firstAfter(timestamp - VOLUME_SECONDS)
  const today = await firstAfter(Math.floor(timestamp / DAY) * DAY - LOOKBACK_SECONDS)
  const mev = await readMev(database, chainId, yesterday, blockNumber)
  for await (const { rows, first, last } of readPages(database, INTENTS, [chainId, blockNumber], yesterday)) {
    const settled = keysOf(await database.query(SETTLED, [chainId, first, last]))
    for (const row of rows) {
      const key = keyOf(row)
      flow.restoreIntent(
        toStoredIntent(row, { isSettled: settled.has(key), isMev: row.is_mev === true || mev.has(key) }),
      )
    }
  }
  for await (const { rows } of readPages(database, PROVISIONS, [chainId, blockNumber], yesterday)) {
    for (const row of rows) restoreProvision(flow, state, row)
  }
  const lately = timestamp - PROFILE_SECONDS
  const profiles = await database.query(PROFILES, [chainId, blockNumber, lately, await firstAfter(lately)])
  for (const row of profiles) flow.restoreProfile(toHex(row.trader_address), Number(row.timestamp))
  for await (const { rows, first, last } of readPages(database, SWAPS, [chainId, blockNumber], today)) {
    const classes = await database.query(TAGS, [chainId, first, last])
    const times = await database.query(TIMES, [chainId, first, last])
    const classOf = new Map(classes.map((row) => [`${row.block_number} ${row.log_index}`, row.flow_class as FlowClass]))
    const timeOf = new Map(times.map((row) => [keyOf(row), row]))
    for (const row of rows) {
      const time = timeOf.get(keyOf(row))
      // Without one no swap of the transaction has a direction.
      if (time !== undefined) restoreSwap(flow, state, row, classOf.get(`${row.block_number} ${row.log_index}`)!, time)
    }
  }
  flow.restored(timestamp)
}

/** Rows of whole blocks, and the first and the last of these. */
type Page = { rows: Row[]; first: number; last: number }

/**
 * The rows of a query by block, some blocks at a time. What belongs to them is read beside, not joined: a table that was never analysed
 * makes the planner join by looking at every row for each row.
 */
async function* readPages(
  database: Database,
  text: string,
  [chainId, end]: readonly [number, number],
  from: number,
): AsyncGenerator<Page> {
  let length = PAGE_BLOCKS
  for (let first = from; first <= end; ) {
    const last = Math.min(end, first + length - 1)
    const rows = await database.query(text, [chainId, first, last])
    if (rows.length > 0) yield { rows, first, last }
    first = last + 1
    // Quiet blocks are read many at once.
    length =
      rows.length > PAGE_ROWS ? Math.max(1, Math.floor(length / 2)) : rows.length < PAGE_ROWS / 4 ? length * 2 : length
  }
}

function keyOf({ block_number, transaction_index }: Row): string {
  return `${block_number} ${transaction_index}`
}

function keysOf(rows: readonly Row[]): Set<string> {
  return new Set(rows.map(keyOf))
}

/** The transactions by which somebody gained by order, as `countsAsMev` says. */
async function readMev(database: Database, chainId: number, from: number, last: number): Promise<ReadonlySet<string>> {
  const bundles = await database.query(
    'select id, kind, band from mev_bundles where chain_id = $1 and decided_block between $2 and $3',
    [chainId, from, last],
  )
  const counted = new Set(
    bundles.flatMap(({ id, kind, band }) =>
      countsAsMev({ kind: kind as MevKind, band: band as MevBand }) ? [toHex(id)] : [],
    ),
  )
  const legs = await database.query(
    `select bundle_id, role, block_number, transaction_index from mev_legs
     where chain_id = $1 and block_number between $2 and $3`,
    [chainId, from, last],
  )
  return keysOf(legs.filter(({ bundle_id, role }) => OWN_ROLES.has(role as LegRole) && counted.has(toHex(bundle_id))))
}

const MICROSECONDS_OF = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`

const OF_BLOCKS = 'chain_id = $1 and block_number between $2 and $3'

const INTENTS = `
  select *, ${MICROSECONDS_OF('received_at')} as received_us from intents
  where ${OF_BLOCKS} order by block_number, transaction_index`

const SETTLED = `select block_number, transaction_index from settled_tags where ${OF_BLOCKS}`

function toStoredIntent(row: Row, known: Pick<StoredIntent, 'isSettled' | 'isMev'>): StoredIntent {
  const address = (value: unknown): Address | null => (value === null ? null : toHex(value))
  const number = (value: unknown): number | null => (value === null ? null : Number(value))
  const amount = (value: unknown): bigint | null => (value === null ? null : BigInt(value as string))
  const timestamp = Number(row.timestamp)
  return {
    intent: {
      ...{ blockNumber: Number(row.block_number), transactionIndex: Number(row.transaction_index) },
      ...{
        transactionHash: toHex(row.transaction_hash),
        timestamp,
        timeUs: number(row.received_us) ?? timestamp * 1e6,
      },
      ...{ clock: row.clock as Clock, trader: toHex(row.trader_address), contract: address(row.contract_address) },
      ...{
        route: row.route as Route,
        tokenIn: address(row.token_in_address),
        tokenOut: address(row.token_out_address),
      },
      ...{ amountIn: amount(row.amount_in), amountOut: amount(row.amount_out), otherTokens: Number(row.other_tokens) },
      ...{ side: row.side as Side | null, valueUsd: number(row.value_usd), relativeSize: number(row.relative_size) },
      ...{ slippageBps: number(row.slippage_bps), pools: Number(row.pool_count) },
    },
    parent:
      row.parent_block === null
        ? null
        : { blockNumber: Number(row.parent_block), transactionIndex: Number(row.parent_index) },
    ...known,
    inBlock: number(row.in_block),
  }
}

const PROVISIONS = `
  select provider_address, pool_address, timestamp from liquidity_changes
  where ${OF_BLOCKS} order by block_number, log_index`

function restoreProvision(flow: Flow, state: ChainState, row: Row): void {
  const pool = state.pools.get(toHex(row.pool_address))!
  const [token0, token1] = pool.tokens
  if (hasPair(pool)) flow.restoreProvision(toHex(row.provider_address), [token0!, token1!], Number(row.timestamp))
}

const PROFILES = `
  select trader_address, timestamp from traders
  where chain_id = $1 and decided_block <= $2 and decided_block >= $4 and timestamp > $3 order by timestamp, decided_block, trader_address`

const SWAPS = `select * from swaps where ${OF_BLOCKS} order by block_number, log_index`

const TAGS = `select block_number, log_index, flow_class from swap_tags where ${OF_BLOCKS}`

const TIMES = `
  select block_number, transaction_index, clock, ${MICROSECONDS_OF('received_at')} as received_us from intents
  where ${OF_BLOCKS}`

function restoreSwap(flow: Flow, state: ChainState, row: Row, flowClass: FlowClass, time: Row): void {
  flow.restoreSwap({
    pool: state.pools.get(toHex(row.pool_address))!,
    ...{ token0: toHex(row.token0_address), token1: toHex(row.token1_address) },
    ...{ amount0: BigInt(row.amount0 as string), amount1: BigInt(row.amount1 as string) },
    sqrtPriceX96: row.sqrt_price_x96 === null ? null : BigInt(row.sqrt_price_x96 as string),
    reserves: row.reserve0 === null ? null : [BigInt(row.reserve0 as string), BigInt(row.reserve1 as string)],
    ...{ valueUsd: row.value_usd === null ? null : Number(row.value_usd), trader: toHex(row.trader_address) },
    ...{ flowClass, timestamp: Number(row.timestamp), clock: time.clock as Clock },
    receivedUs: time.received_us === null ? null : Number(time.received_us),
  })
}
