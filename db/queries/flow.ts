import { type SQL, sql } from 'drizzle-orm'
import type { Database, Row } from '../database.ts'
import { flowBuckets } from '../schema/flow.ts'
import { decodeRow, runSql, selectList } from './sql.ts'

/** What buckets are about: a pool, a pair (base and quote token in any order), or the chain. */
export type FlowScope =
  | { scope: 'pool'; pool: string }
  | { scope: 'pair'; tokens: readonly [string, string] }
  | { scope: 'chain' }

/** Unix seconds, the second excluded. */
export type TimeRange = { from: number; to: number }

const toBytes = (value: string): Uint8Array => new Uint8Array(Buffer.from(value.slice(2), 'hex'))

function keySql(of: FlowScope): SQL {
  if (of.scope === 'chain') return sql`scope = 'chain'`
  if (of.scope === 'pool') return sql`scope = 'pool' and scope_key = ${toBytes(of.pool)}`
  const [a, b] = of.tokens.map((token) => token.slice(2))
  return sql`scope = 'pair' and scope_key in (${toBytes(`0x${a}${b}`)}, ${toBytes(`0x${b}${a}`)})`
}

/** The buckets of one length that begin in a range, as rows of `flow_buckets`, oldest first; at most `limit`. */
export async function listFlowBuckets(
  database: Database,
  chainId: number,
  of: FlowScope,
  intervalSeconds: number,
  { from, to }: TimeRange,
  limit: number,
): Promise<Row[]> {
  const rows = await runSql(
    database,
    sql`select ${selectList(flowBuckets)} from ${flowBuckets}
      where chain_id = ${chainId} and ${keySql(of)} and interval_seconds = ${intervalSeconds}
        and start_timestamp >= ${from} and start_timestamp < ${to}
      order by start_timestamp limit ${limit}`,
  )
  return rows.map((row) => decodeRow(flowBuckets, row))
}

/** Means over the hourly buckets of one hour of the week, or of a session. */
export type Season = {
  /** Hours that were traded in. */
  hours: number
  volumeUsd: number
  trades: number
  absoluteTheta: number | null
  /** Hours with a price, of which it is the mean. */
  pricedHours: number
}

/** By hour of the week in UTC, 0 being Monday from midnight to one. */
export async function listHoursOfWeek(
  database: Database,
  chainId: number,
  of: FlowScope,
  { from, to }: TimeRange,
): Promise<(Season & { hour: number })[]> {
  // The first of January 1970 was a Thursday.
  const rows = await runSql(
    database,
    sql`select mod(start_timestamp / 3600 + 72, 168) as hour, count(*) as hours, avg(trade_count) as trades,
        avg((buy_micro_usd + sell_micro_usd)::double precision) / 1e6 as volume, avg(abs(theta)) as theta, count(theta) as priced
      from flow_buckets
      where chain_id = ${chainId} and ${keySql(of)} and interval_seconds = 3600
        and start_timestamp >= ${from} and start_timestamp < ${to} and trade_count > 0
      group by 1 order by 1`,
  )
  return rows.map((row) => ({
    hour: Number(row.hour),
    hours: Number(row.hours),
    volumeUsd: Number(row.volume),
    trades: Number(row.trades),
    absoluteTheta: row.theta === null ? null : Number(row.theta),
    pricedHours: Number(row.priced),
  }))
}

/** The flow of a range of blocks (SQL function flow_of_blocks), its columns in camelCase. */
export type RangeFlow = {
  firstBlock: number
  lastBlock: number
  blockCount: number
  transactionCount: number
  gasUsed: string
  baseFeesWei: string | null
  swapCount: number
  unpricedCount: number
  tradeCount: number
  traderCount: number
  buyMicroUsd: string
  sellMicroUsd: string
  byClass: Record<string, { swapCount: number; unpricedCount: number; buyMicroUsd: string; sellMicroUsd: string }>
  medianUsd: number | null
  p95Usd: number | null
  maxUsd: number | null
  mevByKind: Record<string, number>
  victimLossUsd: number | null
  inclusionSeconds: number | null
  inclusionCount: number
}

/** The flow of an L1 batch with its way to L1 in seconds from its last block; null before. */
export type BatchFlow = RangeFlow & {
  batchNumber: number
  status: string | null
  commitSeconds: number | null
  proveSeconds: number | null
  executeSeconds: number | null
}

const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value))
const parsed = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)

function toRangeFlow(row: Row): RangeFlow {
  return {
    firstBlock: Number(row.first_block),
    lastBlock: Number(row.last_block),
    blockCount: Number(row.block_count),
    transactionCount: Number(row.transaction_count),
    gasUsed: String(row.gas_used),
    baseFeesWei: row.base_fees_wei === null ? null : String(row.base_fees_wei),
    swapCount: Number(row.swap_count),
    unpricedCount: Number(row.unpriced_count),
    tradeCount: Number(row.trade_count),
    traderCount: Number(row.trader_count),
    buyMicroUsd: String(row.buy_micro_usd),
    sellMicroUsd: String(row.sell_micro_usd),
    byClass: parsed(row.by_class) as RangeFlow['byClass'],
    medianUsd: number(row.median_usd),
    p95Usd: number(row.p95_usd),
    maxUsd: number(row.max_usd),
    mevByKind: parsed(row.mev_by_kind) as RangeFlow['mevByKind'],
    victimLossUsd: number(row.victim_loss_usd),
    inclusionSeconds: number(row.inclusion_seconds),
    inclusionCount: Number(row.inclusion_count),
  }
}

function toBatchFlow(row: Row): BatchFlow {
  return {
    ...toRangeFlow(row),
    batchNumber: Number(row.batch_number),
    status: row.status === undefined ? null : String(row.status),
    commitSeconds: number(row.commit_seconds),
    proveSeconds: number(row.prove_seconds),
    executeSeconds: number(row.execute_seconds),
  }
}

/** The flow of the stored batches of a range, both ends included, in their order; `isPlacebo` for ranges that begin anywhere. */
export async function listBatchFlow(
  database: Database,
  chainId: number,
  from: number,
  to: number,
  isPlacebo: boolean,
): Promise<BatchFlow[]> {
  const view = isPlacebo ? sql`batch_flow_placebo` : sql`batch_flow`
  const rows = await runSql(
    database,
    sql`select * from ${view} where chain_id = ${chainId} and batch_number between ${from} and ${to} order by batch_number`,
  )
  return rows.map(toBatchFlow)
}

/** The flow of some batches, in one query; null for one that is not stored, or has no placebo yet. */
export async function listFlowOfBatches(
  database: Database,
  batches: readonly Row[],
  isPlacebo: boolean,
): Promise<(BatchFlow | null)[]> {
  const view = isPlacebo ? sql`batch_flow_placebo` : sql`batch_flow`
  const [chainId] = batches.map((batch) => Number(batch.chainId))
  const numbers = sql.join(
    batches.map((batch) => sql`${Number(batch.number)}::bigint`),
    sql`, `,
  )
  const rows = await runSql(
    database,
    sql`select * from ${view} where chain_id = ${chainId} and batch_number in (${numbers})`,
  )
  const found = new Map(rows.map((row) => [Number(row.batch_number), toBatchFlow(row)]))
  return batches.map((batch) => found.get(Number(batch.number)) ?? null)
}

/** The flow of a range of blocks, both ends included. */
export async function readBlockFlow(database: Database, chainId: number, from: number, to: number): Promise<RangeFlow> {
  const [row] = await runSql(
    database,
    sql`select ${from}::bigint as first_block, ${to}::bigint as last_block, f.* from flow_of_blocks(${chainId}, ${from}, ${to}) f`,
  )
  return toRangeFlow(row!)
}

/** What an account traded, over all that is indexed. */
export type TraderTotals = {
  address: string
  firstBlock: number
  lastBlock: number
  tradeCount: number
  /** Null when no trade has a price. */
  volumeUsd: number | null
}

/** The totals of some accounts, in one query; null for one that never traded. */
export async function listTraderTotals(database: Database, traders: readonly Row[]): Promise<(TraderTotals | null)[]> {
  const [chainId] = traders.map((trader) => Number(trader.chainId))
  const addresses = sql.join(
    traders.map((trader) => sql`${toBytes(String(trader.address))}::bytea`),
    sql`, `,
  )
  const rows = await runSql(
    database,
    sql`select trader_address, min(block_number) as first, max(block_number) as last, count(*) as trades, sum(value_usd) as volume
      from intents where chain_id = ${chainId} and trader_address in (${addresses}) group by trader_address`,
  )
  const found = new Map(
    rows.map((row) => {
      const address = `0x${Buffer.from(row.trader_address as Uint8Array).toString('hex')}`
      const totals = {
        ...{ address, firstBlock: Number(row.first), lastBlock: Number(row.last), tradeCount: Number(row.trades) },
        volumeUsd: number(row.volume),
      }
      return [address, totals]
    }),
  )
  return traders.map((trader) => found.get(String(trader.address)) ?? null)
}

/** A model as it is stored; null when there is none with the hash. */
export async function readFlowModel(database: Database, hash: string): Promise<unknown> {
  const [row] = await runSql(database, sql`select model from flow_models where hash = ${toBytes(hash)} limit 1`)
  return row === undefined ? null : parsed(row.model)
}
