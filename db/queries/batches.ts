import { sql } from 'drizzle-orm'
import type { Database, Row } from '../database.ts'
import { batches } from '../schema/batches.ts'
import { parentsSql } from './page.ts'
import { decodeRow, runSql, selectList } from './sql.ts'

const ofBlock = { table: batches, link: [{ firstBlock: 'number' }] }

/**
 * The L1 batch that holds each block, in one query.
 * @param blocks rows with `chainId` and the block's `number`.
 * @returns one batch a block, in their order; null where no stored batch holds it.
 */
export async function listBatchesOfBlocks(database: Database, blocks: readonly Row[]): Promise<(Row | null)[]> {
  // The range is checked outside: within, the batches of all earlier blocks would be tried for a block that has none.
  const rows = await runSql(
    database,
    sql`select parent.position as parent_position, ${selectList(batches)} from ${parentsSql(ofBlock, blocks)} cross join lateral (
      select ${selectList(batches)} from ${batches}
      where ${batches.chainId} = parent."chainId" and ${batches.firstBlock} <= parent."number"
      order by ${batches.firstBlock} desc limit 1
    ) as ${batches} where ${batches.lastBlock} >= parent."number"`,
  )
  const found: (Row | null)[] = blocks.map(() => null)
  for (const row of rows) found[Number(row.parent_position)] = decodeRow(batches, row)
  return found
}
