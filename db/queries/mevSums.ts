import { type SQL, sql } from 'drizzle-orm'
import type { Database, Row } from '../database.ts'
import { runSql } from './sql.ts'

/** Sums over bundles; each leaves out the bundles of which the figure is not known, and is null when it is of none. */
export type MevSums = {
  /** Bundles whose net profit is known. */
  pricedBundles: number
  grossProfitUsd: number | null
  gasCostUsd: number | null
  netProfitUsd: number | null
  victims: number
  victimLossUsd: number | null
}

const SUMS = sql`
  count(net_profit_usd) as priced, sum(gross_profit_usd) as gross, sum(gas_cost_usd) as gas, sum(net_profit_usd) as net,
  sum(victim_count) as victims, sum(victim_loss_usd) as loss`

function toSums({ priced, gross, gas, net, victims, loss }: Row): MevSums {
  return {
    pricedBundles: Number(priced ?? 0),
    grossProfitUsd: toNumber(gross),
    gasCostUsd: toNumber(gas),
    netProfitUsd: toNumber(net),
    victims: Number(victims ?? 0),
    victimLossUsd: toNumber(loss),
  }
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value)
}

/** What one searcher did over a range of blocks: bundles in all and of each kind, and their sums. */
export type SearcherSum = MevSums & {
  searcherAddress: string
  bundles: number
  sandwiches: number
  frontruns: number
  backruns: number
  atomicArbitrages: number
  jitLiquidity: number
  liquidations: number
  probes: number
}

/** By what searchers are ordered, the largest first. */
export type SearcherOrder = 'bundles' | 'grossProfitUsd' | 'gasCostUsd' | 'netProfitUsd' | 'victimLossUsd'

const ORDERS: Readonly<Record<SearcherOrder, SQL>> = {
  bundles: sql`bundles`,
  grossProfitUsd: sql`gross`,
  gasCostUsd: sql`gas`,
  netProfitUsd: sql`net`,
  victimLossUsd: sql`loss`,
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
      count(*) filter (where kind = 'FRONTRUN') as frontruns,
      count(*) filter (where kind = 'BACKRUN') as backruns,
      count(*) filter (where kind = 'ATOMIC_ARBITRAGE') as atomic_arbitrages,
      count(*) filter (where kind = 'JIT_LIQUIDITY') as jit_liquidity,
      count(*) filter (where kind = 'LIQUIDATION') as liquidations,
      count(*) filter (where kind = 'PROBE') as probes, ${SUMS}
    from mev_bundles
    where chain_id = ${chainId} and decided_block between ${from} and ${to} and band <> 'candidate'
    group by searcher_address order by ${ORDERS[order]} desc nulls last, searcher_address limit ${limit}`,
  )
  return rows.map((row) => ({
    searcherAddress: `0x${Buffer.from(row.searcher_address as Uint8Array).toString('hex')}`,
    bundles: Number(row.bundles),
    sandwiches: Number(row.sandwiches),
    frontruns: Number(row.frontruns),
    backruns: Number(row.backruns),
    atomicArbitrages: Number(row.atomic_arbitrages),
    jitLiquidity: Number(row.jit_liquidity),
    liquidations: Number(row.liquidations),
    probes: Number(row.probes),
    ...toSums(row),
  }))
}

/** The bundles of one kind on one UTC day, beside what chance gives. */
export type MevDay = MevSums & {
  /** First moment of the day, RFC 3339. */
  day: string
  kind: string
  confirmed: number
  probable: number
  /** Of `mev_controls`. */
  observed: number
  placebo: number
}

/** The days of a chain from one Unix time to another (seconds, the second excluded), by day and kind. */
export async function listMevDays(database: Database, chainId: number, from: number, to: number): Promise<MevDay[]> {
  // By block, which both tables have an index on; the times of blocks never run backwards.
  const inDays = sql`
    (select min(number) from blocks where chain_id = ${chainId} and timestamp =
      (select min(timestamp) from blocks where chain_id = ${chainId} and timestamp >= ${from})) and
    (select max(number) from blocks where chain_id = ${chainId} and timestamp =
      (select max(timestamp) from blocks where chain_id = ${chainId} and timestamp < ${to}))`
  const rows = await runSql(
    database,
    sql`
    with found as (
      select timestamp / 86400 as day, kind,
        count(*) filter (where band = 'confirmed') as confirmed, count(*) filter (where band = 'probable') as probable,
        ${SUMS}
      from mev_bundles
      where chain_id = ${chainId} and decided_block between ${inDays} and band <> 'candidate'
      group by 1, 2
    ), chance as (
      select b.timestamp / 86400 as day, c.kind, sum(c.observed) as observed, sum(c.placebo) as placebo
      from mev_controls c join blocks b on b.chain_id = c.chain_id and b.number = c.block_number
      where c.chain_id = ${chainId} and c.block_number between ${inDays}
      group by 1, 2
    )
    select * from found full join chance using (day, kind) order by day, kind`,
  )
  return rows.map((row) => ({
    day: new Date(Number(row.day) * 86_400_000).toISOString().replace('.000Z', '.000000Z'),
    kind: String(row.kind),
    confirmed: Number(row.confirmed ?? 0),
    probable: Number(row.probable ?? 0),
    ...toSums(row),
    observed: Number(row.observed ?? 0),
    placebo: Number(row.placebo ?? 0),
  }))
}
