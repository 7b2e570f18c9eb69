import { eq, sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { batches } from '../schema/batches.ts'
import { blocks } from '../schema/blocks.ts'
import { chains, cursors, finality } from '../schema/chains.ts'
import { pools } from '../schema/pools.ts'
import { undecodedLogs } from '../schema/undecodedLogs.ts'
import { parameter, runSql } from './sql.ts'

/** How far one chain is stored. */
export type StoredChain = {
  chainId: number
  name: string
  /** First block that is indexed; null when no cursor has been written. */
  startBlock: number | null
  /** Last block whose rows are committed; null when there is none yet. */
  indexedBlock: number | null
  /** Unix time of that block in seconds; null when there is none yet. */
  indexedTimestamp: number | null
}

/** The chains of the database with their progress, by chain id ascending. */
export async function listStoredChains(database: Database): Promise<StoredChain[]> {
  const rows = await runSql(
    database,
    sql`select ${chains.chainId} as id, ${chains.name} as name, ${cursors.startBlock} as start,
        ${blocks.number} as indexed, ${blocks.timestamp} as timestamp
      from ${chains} left join ${cursors} on ${eq(cursors.chainId, chains.chainId)}
      left join ${blocks} on ${eq(blocks.chainId, cursors.chainId)} and ${eq(blocks.number, cursors.blockNumber)}
      order by ${chains.chainId}`,
  )
  return rows.map((row) => ({
    chainId: Number(row.id),
    name: String(row.name),
    startBlock: orNull(row.start),
    indexedBlock: orNull(row.indexed),
    indexedTimestamp: orNull(row.timestamp),
  }))
}

/** How far one chain is settled, as far as it is stored. */
export type StoredSettlement = {
  /** The L1 batch with the highest number; null when there is none. */
  batch: { number: number; status: string } | null
  /** Last block that was seen to be final; null when none was. */
  finalizedBlock: number | null
}

/** How far each chain is settled, by chain id. */
export async function listStoredSettlements(database: Database): Promise<Map<number, StoredSettlement>> {
  const rows = await runSql(
    database,
    sql`select ${chains.chainId} as id, newest.number as batch, newest.status as status, ${finality.blockNumber} as finalized
      from ${chains} left join ${finality} on ${eq(finality.chainId, chains.chainId)} left join lateral (
        select ${batches.number}, ${batches.status} from ${batches} where ${eq(batches.chainId, chains.chainId)}
        order by ${batches.number} desc limit 1
      ) as newest on true`,
  )
  return new Map(
    rows.map(({ id, batch, status, finalized }) => [
      Number(id),
      {
        batch: batch === null ? null : { number: Number(batch), status: String(status) },
        finalizedBlock: orNull(finalized),
      },
    ]),
  )
}

/** Whether a log of a known pool could not be used, so that an event of that pool is missing. */
export async function hasLostPoolLog(database: Database, chainId: number): Promise<boolean> {
  const rows = await runSql(
    database,
    sql`select 1 from ${undecodedLogs} join ${pools}
        on ${eq(pools.chainId, undecodedLogs.chainId)} and ${eq(pools.address, undecodedLogs.emitterAddress)}
      where ${undecodedLogs.chainId} = ${parameter(undecodedLogs.chainId, chainId)} limit 1`,
  )
  return rows.length > 0
}

/** Number of undecoded logs of each chain that has any, by chain id. */
export async function listUndecodedCounts(database: Database): Promise<Map<number, number>> {
  const rows = await runSql(
    database,
    sql`select ${undecodedLogs.chainId} as id, count(*) as logs from ${undecodedLogs} group by ${undecodedLogs.chainId}`,
  )
  return new Map(rows.map((row) => [Number(row.id), Number(row.logs)]))
}

function orNull(value: unknown): number | null {
  return value === null ? null : Number(value)
}
