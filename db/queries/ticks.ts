import { sql } from 'drizzle-orm'
import type { Database, Row } from '../database.ts'
import { poolTicks } from '../schema/poolStates.ts'
import { parentsSql } from './page.ts'
import { decodeRow, parameter, runSql, selectList } from './sql.ts'

const ofPool = { table: poolTicks, link: [{ poolAddress: 'address' }] }

/**
 * The ticks in use in each pool at the end of a block, in one query.
 * @param parents rows with `chainId` and the pool's `address`.
 * @param block block number; null = the newest.
 * @returns one list a parent, in their order: for each tick the newest row at or before the block, those without
 * liquidity left out, by tick ascending.
 */
export async function listTicks(database: Database, parents: readonly Row[], block: number | null): Promise<Row[][]> {
  const upToBlock =
    block === null ? sql`true` : sql`${poolTicks.blockNumber} <= ${parameter(poolTicks.blockNumber, block)}`
  const rows = await runSql(
    database,
    sql`select parent.position as parent_position, ${selectList(poolTicks)} from ${parentsSql(ofPool, parents)} cross join lateral (
      select distinct on (${poolTicks.tick}) ${selectList(poolTicks)} from ${poolTicks}
      where ${poolTicks.chainId} = parent."chainId" and ${poolTicks.poolAddress} = parent."address" and ${upToBlock}
      order by ${poolTicks.tick} desc, ${poolTicks.blockNumber} desc
    ) as ${poolTicks} where ${poolTicks.liquidityGross} > 0 order by parent.position, ${poolTicks.tick}`,
  )
  const lists: Row[][] = parents.map(() => [])
  for (const row of rows) lists[Number(row.parent_position)]?.push(decodeRow(poolTicks, row))
  return lists
}
