import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { runSql } from './sql.ts'

/** What one searcher gained over a range of blocks; sums in US dollars leave out what has no price. */
export type SearcherSum = {
  searcherAddress: string
  bundles: number
  sandwiches: number
  arbitrages: number
  others: number
  grossProfitUsd: number
  gasCostUsd: number
  netProfitUsd: number
  victimLossUsd: number
}

/** By what searchers are ordered, the largest first. */
export type SearcherOrder = 'bundles' | 'grossProfitUsd' | 'gasCostUsd' | 'netProfitUsd' | 'victimLossUsd'

const ORDERS: Readonly<Record<SearcherOrder, string>> = {
  bundles: 'bundles',
  grossProfitUsd: 'gross',
  gasCostUsd: 'gas',
  netProfitUsd: 'net',
  victimLossUsd: 'loss',
}

/** The searchers of bundles that are at least probable and were decided from one block to another, both included. */
export async function listSearchers(
  database: Database,
  chainId: number,
  [from, to]: readonly [number, number],
  order: SearcherOrder,
  limit: number,
): Promise<SearcherSum[]> {
  const rows = await runSql(
    database,
    sql`
    select searcher_address, count(*) as bundles,
      count(*) filter (where kind = 'SANDWICH') as sandwiches,
      count(*) filter (where kind in ('ATOMIC_ARBITRAGE', 'BACKRUN')) as arbitrages,
      coalesce(sum(gross_profit_usd), 0) as gross, coalesce(sum(gas_cost_usd), 0) as gas,
      coalesce(sum(net_profit_usd), 0) as net, coalesce(sum(victim_loss_usd), 0) as loss
    from mev_bundles
    where chain_id = ${chainId} and decided_block between ${from} and ${to} and band <> 'candidate'
    group by searcher_address order by ${sql.raw(ORDERS[order])} desc, searcher_address limit ${limit}`,
  )
  return rows.map((row) => ({
    searcherAddress: `0x${Buffer.from(row.searcher_address as Uint8Array).toString('hex')}`,
    bundles: Number(row.bundles),
    sandwiches: Number(row.sandwiches),
    arbitrages: Number(row.arbitrages),
    others: Number(row.bundles) - Number(row.sandwiches) - Number(row.arbitrages),
    grossProfitUsd: Number(row.gross),
    gasCostUsd: Number(row.gas),
    netProfitUsd: Number(row.net),
    victimLossUsd: Number(row.loss),
  }))
}

/** The bundles of one kind on one UTC day, beside what chance gives. */
export type MevDay = {
  /** First moment of the day, RFC 3339. */
  day: string
  kind: string
  confirmed: number
  probable: number
  victims: number
  victimLossUsd: number
  grossProfitUsd: number
  netProfitUsd: number
  /** Of `mev_controls`. */
  observed: number
  placebo: number
}

/** The days of a chain from one Unix time to another (seconds, the second excluded), by day and kind. */
export async function listMevDays(database: Database, chainId: number, from: number, to: number): Promise<MevDay[]> {
  const rows = await runSql(
    database,
    sql`
    with found as (
      select (timestamp / 86400) * 86400 as day, kind,
        count(*) filter (where band = 'confirmed') as confirmed, count(*) filter (where band = 'probable') as probable,
        sum(victim_count) as victims, sum(victim_loss_usd) as loss,
        sum(gross_profit_usd) as gross, sum(net_profit_usd) as net
      from mev_bundles
      where chain_id = ${chainId} and timestamp >= ${from} and timestamp < ${to} and band <> 'candidate'
      group by 1, 2
    ), chance as (
      select (b.timestamp / 86400) * 86400 as day, c.kind, sum(c.observed) as observed, sum(c.placebo) as placebo
      from mev_controls c join blocks b on b.chain_id = c.chain_id and b.number = c.block_number
      where c.chain_id = ${chainId} and b.timestamp >= ${from} and b.timestamp < ${to}
      group by 1, 2
    )
    select day, kind, confirmed, probable, victims, loss, gross, net, observed, placebo
    from found full join chance using (day, kind) order by day, kind`,
  )
  return rows.map((row) => ({
    day: new Date(Number(row.day) * 1000).toISOString().replace('.000Z', '.000000Z'),
    kind: String(row.kind),
    confirmed: Number(row.confirmed ?? 0),
    probable: Number(row.probable ?? 0),
    victims: Number(row.victims ?? 0),
    victimLossUsd: Number(row.loss ?? 0),
    grossProfitUsd: Number(row.gross ?? 0),
    netProfitUsd: Number(row.net ?? 0),
    observed: Number(row.observed ?? 0),
    placebo: Number(row.placebo ?? 0),
  }))
}
