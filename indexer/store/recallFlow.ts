import type { Database, Row } from '../../db/database.ts'
import { LOOKBACK_SECONDS } from '../flow/buckets/index.ts'
import { type Flow, PROFILE_SECONDS, type StoredIntent } from '../flow/index.ts'
import { flowModel, flowModelHash } from '../flow/model/index.ts'
import { VOLUME_SECONDS } from '../flow/volumes.ts'
import type { Address } from '../types/block.ts'
import type { Clock } from '../types/clock.ts'
import type { FlowClass, Route, Side } from '../types/flow.ts'
import type { ChainState } from '../types/pool.ts'
import { toHex } from './load.ts'

/** Rows read at once, so that a busy day does not fill the memory. */
const PAGE_ROWS = 20_000
const DAY = 86_400

/** Keeps the model beside the tags that it gives. */
export async function writeModel(database: Database): Promise<void> {
  await database.query('insert into flow_models (hash, model) values ($1, $2) on conflict do nothing', [
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
  const read = (text: string, from: number, key: string) => readPages(database, text, [chainId, blockNumber], from, key)
  for await (const row of read(INTENTS, yesterday, 'transaction_index')) flow.restoreIntent(toStoredIntent(row))
  for await (const row of read(PROVISIONS, yesterday, 'log_index')) {
    const { tokens } = state.pools.get(toHex(row.pool_address))!
    if (tokens.length > 1) {
      flow.restoreProvision(toHex(row.provider_address), [tokens[0]!, tokens[1]!], Number(row.timestamp))
    }
  }
  const profiles = await database.query(PROFILES, [chainId, blockNumber, timestamp - PROFILE_SECONDS])
  for (const row of profiles) flow.restoreProfile(toHex(row.trader_address), Number(row.timestamp))
  for await (const row of read(SWAPS, today, 'log_index')) restoreSwap(flow, state, row)
  flow.restored(timestamp)
}

/** The rows of a query in the order of block and key, from a block on, page by page. */
async function* readPages(
  database: Database,
  text: string,
  [chainId, last]: readonly [number, number],
  from: number,
  key: string,
): AsyncGenerator<Row> {
  let place = [from, -1]
  for (;;) {
    const rows = await database.query(text, [chainId, last, ...place, PAGE_ROWS])
    yield* rows
    const end = rows.at(-1)
    if (end === undefined || rows.length < PAGE_ROWS) return
    place = [Number(end.block_number), Number(end[key])]
  }
}

const MICROSECONDS_OF = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint`

const INTENTS = `
  select i.*, ${MICROSECONDS_OF('i.received_at')} as received_us, s.decided_block is not null as is_settled,
    i.is_mev or exists (
      select 1 from mev_legs l join mev_bundles b on b.chain_id = l.chain_id and b.id = l.bundle_id
      where l.chain_id = i.chain_id and l.block_number = i.block_number and l.transaction_index = i.transaction_index
        and l.role in ('FRONT', 'BACK', 'MINT', 'BURN', 'ARBITRAGE', 'LIQUIDATION')
        and b.band <> 'candidate' and b.kind not in ('FRONTRUN', 'PROBE') and b.decided_block <= $2
    ) as was_mev
  from intents i left join settled_tags s using (chain_id, block_number, transaction_index)
  where i.chain_id = $1 and i.block_number <= $2 and (i.block_number, i.transaction_index) > ($3, $4)
  order by i.block_number, i.transaction_index limit $5`

function toStoredIntent(row: Row): StoredIntent {
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
    ...{ isSettled: row.is_settled === true, isMev: row.was_mev === true, inBlock: number(row.in_block) },
  }
}

const PROVISIONS = `
  select block_number, log_index, provider_address, pool_address, timestamp from liquidity_changes
  where chain_id = $1 and block_number <= $2 and (block_number, log_index) > ($3, $4)
  order by block_number, log_index limit $5`

const PROFILES = `
  select trader_address, timestamp from traders
  where chain_id = $1 and decided_block <= $2 and timestamp > $3 order by timestamp, decided_block, trader_address`

const SWAPS = `
  select s.*, g.flow_class, b.clock, ${MICROSECONDS_OF('t.received_at')} as received_us
  from swaps s
  join swap_tags g using (chain_id, block_number, log_index)
  join blocks b on b.chain_id = s.chain_id and b.number = s.block_number
  join transactions t on t.chain_id = s.chain_id and t.block_number = s.block_number
    and t.transaction_index = s.transaction_index
  where s.chain_id = $1 and s.block_number <= $2 and (s.block_number, s.log_index) > ($3, $4)
  order by s.block_number, s.log_index limit $5`

function restoreSwap(flow: Flow, state: ChainState, row: Row): void {
  const clock = row.clock as Clock
  flow.restoreSwap({
    pool: state.pools.get(toHex(row.pool_address))!,
    ...{ token0: toHex(row.token0_address), token1: toHex(row.token1_address) },
    ...{ amount0: BigInt(row.amount0 as string), amount1: BigInt(row.amount1 as string) },
    sqrtPriceX96: row.sqrt_price_x96 === null ? null : BigInt(row.sqrt_price_x96 as string),
    reserves: row.reserve0 === null ? null : [BigInt(row.reserve0 as string), BigInt(row.reserve1 as string)],
    ...{ valueUsd: row.value_usd === null ? null : Number(row.value_usd), trader: toHex(row.trader_address) },
    ...{ flowClass: row.flow_class as FlowClass, timestamp: Number(row.timestamp), clock },
    receivedUs: clock === 'sequencer' && row.received_us !== null ? Number(row.received_us) : null,
  })
}
