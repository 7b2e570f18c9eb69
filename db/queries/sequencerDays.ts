import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { runSql } from './sql.ts'

/** How the order of one UTC day compares with that of arrival. */
export type SequencerDay = {
  /** First moment of the day, RFC 3339. */
  day: string
  /** Stored transactions next to each other in the order of the chain whose arrival is known by the sequencer's clock. */
  pairs: number
  /** Of these, how many stand in the other order than they arrived, and why; each counts once, under the first that holds. */
  inversions: number
  /** One of the two was asked for on L1, and goes first. */
  priority: number
  /** Both arrived in one millisecond, the unit of the sequencer's queue. */
  sameMillisecond: number
  /** The later one had to wait for a transaction of its sender with the nonce before. */
  nonceGap: number
  unexplained: number
  /** The longest that an unexplained one was passed by, in milliseconds; null without any. */
  largestMs: number | null
}

/** Types of transactions that were asked for on L1: of Era, and of ZKsync OS. */
const PRIORITY_TYPES = sql`(255, 127)`

/**
 * The days of a chain from one Unix time to another (seconds, the second excluded), ascending. Only transactions that are stored count: those with
 * swaps or liquidity, so a nonce that another transaction used is not seen.
 */
export async function listSequencerDays(
  database: Database,
  chainId: number,
  from: number,
  to: number,
): Promise<SequencerDay[]> {
  const rows = await runSql(
    database,
    sql`
    with ordered as (
      select t.*, b.timestamp as block_time,
        lag(t.received_at) over w as before_at, lag(t.type) over w as before_type
      from transactions t
      join blocks b on b.chain_id = t.chain_id and b.number = t.block_number
      where t.chain_id = ${chainId} and b.timestamp >= ${from} and b.timestamp < ${to}
        and b.clock = 'sequencer' and t.received_at is not null
      window w as (order by t.block_number, t.transaction_index)
    ), judged as (
      select (block_time / 86400) * 86400 as day, before_at, received_at,
        case
          when received_at >= before_at then null
          when type in ${PRIORITY_TYPES} or before_type in ${PRIORITY_TYPES} then 'priority'
          when date_trunc('milliseconds', received_at) = date_trunc('milliseconds', before_at) then 'millisecond'
          when exists (
            select 1 from transactions p
            where p.chain_id = ordered.chain_id and p.from_address = ordered.from_address
              and p.nonce = ordered.nonce - 1 and p.received_at > ordered.received_at
              and p.block_number between ordered.block_number - 100 and ordered.block_number
          ) then 'nonce'
          else 'none'
        end as why
      from ordered where before_at is not null
    )
    select day, count(*) as pairs, count(why) as inversions,
      count(*) filter (where why = 'priority') as priority,
      count(*) filter (where why = 'millisecond') as same_millisecond,
      count(*) filter (where why = 'nonce') as nonce_gap,
      count(*) filter (where why = 'none') as unexplained,
      max(extract(epoch from before_at - received_at) * 1000) filter (where why = 'none') as largest_ms
    from judged group by day order by day`,
  )
  return rows.map((row) => ({
    day: new Date(Number(row.day) * 1000).toISOString().replace('.000Z', '.000000Z'),
    pairs: Number(row.pairs),
    inversions: Number(row.inversions),
    priority: Number(row.priority),
    sameMillisecond: Number(row.same_millisecond),
    nonceGap: Number(row.nonce_gap),
    unexplained: Number(row.unexplained),
    largestMs: row.largest_ms === null ? null : Number(row.largest_ms),
  }))
}
