import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { createFlow } from '../../../indexer/flow/index.ts'
import { openStore } from '../../../indexer/store/index.ts'
import { profileFor, type SimulatedBlock, type SimulateOptions, simulate } from '../../../simulator/simulate.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { dumpTables } from '../../support/dump.ts'
import { openMigrated } from '../../support/indexing.ts'
import { createRandom } from '../../support/random.ts'
import type { Dump } from '../sameRows.ts'
import { beginHistory, indexSimulated } from './history.ts'

/** Four hours around midnight, so that parent orders end, markouts come due, and all buckets close. */
const options: SimulateOptions = {
  ...{ seed: 31, blocks: 480, ordering: 'fifo', blockTimeMs: 30_000, startMs: Date.UTC(2025, 0, 6, 21, 50) },
  agents: {
    ...{ retail: { swapsPerBlock: 1.5, people: 12 }, aggregator: { tradesPerBlock: 0.4, people: 15 } },
    ...{ arbitrageur: {}, marketMaker: { tripsPerBlock: 0.1 }, passiveLp: {}, sandwich: { attacksPerBlock: 0.1 } },
  },
}
const FLOW_TABLES = ['intents', 'swap_tags', 'settled_tags', 'metaorders', 'traders', 'flow_buckets'] as const

/** Writes a history in steps of some length; after each for which `isStop` holds, the flow begins anew from what is stored. */
async function write(
  database: Database,
  history: readonly SimulatedBlock[],
  stepOf: () => number,
  isStop: () => boolean,
): Promise<void> {
  const profile = profileFor(options)
  const store = await openStore(database, profile, 1)
  const memory = beginHistory(await store.readState(), profile)
  let last = 0
  for (let first = 0, length = 0; first < history.length; first += length) {
    length = stepOf()
    const rows = indexSimulated(history.slice(first, first + length), memory, profile)
    await store.writeStep(last, rows)
    last = rows.blocks.at(-1)!.number
    if (!isStop()) continue
    memory.flow = createFlow(profile, (token) => memory.state.tokens.get(token) ?? null)
    await store.recallFlow(memory.flow, memory.state, last)
  }
}

describe.each(testKinds)('flow on %s', { timeout: 120_000 }, (kind) => {
  const history = [...simulate(options)]
  let home: TestDatabase
  let database: Database
  let straight: Dump
  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openMigrated(home.url)
    await write(
      database,
      history,
      () => 60,
      () => false,
    )
    straight = await dumpTables(database)
  }, 120_000)
  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  test('has rows of every kind', () => {
    for (const table of FLOW_TABLES) expect(straight[table]!.length, table).toBeGreaterThan(10)
  })

  test('is the same in other steps, and when it begins anew from the tables', async () => {
    const other = await createTestDatabase(kind)
    const again = await openMigrated(other.url)
    const random = createRandom(5)
    await write(
      again,
      history,
      () => 1 + Math.floor(random() * 40),
      () => random() < 0.5,
    )
    const dump = await dumpTables(again)
    await again.close()
    await other.remove()
    for (const table of FLOW_TABLES) expect(dump[table], table).toEqual(straight[table])
  })

  test('every swap has a tag, every tag its trade, every trade its class', async () => {
    const [row] = await database.query(
      `select (select count(*) from swaps) as swaps, (select count(*) from swap_tags) as tags,
        (select count(*) from swap_tags t left join intents i using (chain_id, block_number, transaction_index)
          where i.chain_id is null and t.flow_class <> 'UNKNOWN') as orphans`,
    )
    expect(Number(row!.tags)).toBe(Number(row!.swaps))
    expect(Number(row!.orphans)).toBe(0)
  })

  test.each([60, 900, 3_600])('what %i seconds hold adds up to the day', async (interval) => {
    const rows = await database.query(
      `select scope, scope_key, start_timestamp / 86400 as day, interval_seconds = 86400 as is_day, sum(trade_count) as trades,
        sum(buy_base - sell_base) as delta, sum(buy_quote) as quote, sum(buy_micro_usd) as bought, sum(sell_micro_usd) as sold
      from flow_buckets where interval_seconds in ($1, 86400) and start_timestamp < $2 group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
      [interval, Date.UTC(2025, 0, 7) / 1_000],
    )
    expect(rows.length).toBeGreaterThan(20)
    for (let index = 0; index < rows.length; index += 2) {
      const [parts, day] = [{ ...rows[index] }, { ...rows[index + 1] }]
      delete parts.is_day
      delete day.is_day
      expect(parts).toEqual(day)
    }
  })

  test('what classes hold adds up to the bucket', async () => {
    const [row] = await database.query(
      `select count(*) as wrong from flow_buckets b where
        b.trade_count <> (select coalesce(sum((value->>'tradeCount')::numeric), 0) from jsonb_each(b.by_class)) or
        b.buy_micro_usd <> (select coalesce(sum((value->>'buyMicroUsd')::numeric), 0) from jsonb_each(b.by_class)) or
        b.sell_base <> (select coalesce(sum((value->>'sellBase')::numeric), 0) from jsonb_each(b.by_class))`,
    )
    expect(Number(row!.wrong)).toBe(0)
  })

  test('batches, blocks and swaps have the same sums', async () => {
    const chain = profileFor(options).id
    const sums =
      'sum(swap_count) as swaps, sum(buy_micro_usd) as bought, sum(sell_micro_usd) as sold, sum(gas_used) as gas'
    const of = async (length: number) =>
      database.query(
        `select ${sums} from generate_series(1::bigint, 480, ${length}) as first
         cross join lateral flow_of_blocks($1, first, first + ${length - 1}) f`,
        [chain],
      )
    const [blocks, batches, all] = [await of(1), await of(16), await of(480)]
    expect(batches).toEqual(blocks)
    expect(all).toEqual(blocks)
    const swaps = await database.query(
      `select count(*) as swaps, sum(value_micro_usd) filter (where side = 'BUY') as bought,
        sum(value_micro_usd) filter (where side = 'SELL') as sold
       from swap_tags where block_number between 1 and 480`,
    )
    expect({ ...blocks[0], gas: undefined }).toEqual({ ...swaps[0], swaps: String(swaps[0]!.swaps), gas: undefined })
  })
})
