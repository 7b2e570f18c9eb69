import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { openStore } from '../../indexer/store/index.ts'
import { profileFor, type SimulateOptions, simulate } from '../../simulator/simulate.ts'
import { beginHistory, indexSimulated } from '../indexer/flow/history.ts'
import { type Ask, counting, createAsk, dataOf, errorOf } from './ask.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const options: SimulateOptions = {
  ...{ seed: 8, blocks: 300, ordering: 'fifo', blockTimeMs: 24_000, startMs: Date.UTC(2025, 0, 6, 12) },
  agents: { people: { tradesPerBlock: 2, people: 30 }, algorithms: { parentsPerHour: 10 }, arbitrageur: {} },
}
const DAY = 'from: "2025-01-06T00:00:00Z", to: "2025-01-07T00:00:00Z"'

describe.each(testDatabases)('flow on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  let queries: () => number
  let sql: (text: string) => Promise<Row[]>
  beforeAll(async () => {
    home = await open()
    const profile = profileFor(options)
    const store = await openStore(home.database, profile, 1)
    const rows = indexSimulated([...simulate(options)], beginHistory(await store.readState(), profile), profile)
    await store.writeStep(0, rows)
    await home.database.query(
      `insert into batches (chain_id, number, first_block, last_block, status, timestamp, source)
       select ${profile.id}, n, (n - 1) * 20 + 1, n * 20, 'sealed', 0, 'l2' from generate_series(1, 15) n`,
    )
    const counted = counting(home.database)
    queries = counted.queries
    ask = createAsk(counted.database)
    sql = (text) => home.database.query(text)
  }, 60_000)
  afterAll(() => home.drop())

  const one = async (text: string) => (await sql(text))[0]!

  describe('swaps', () => {
    test('each has a class, and settled ones both probabilities', async () => {
      const data = await dataOf(
        ask(`{ swaps(first: 1000) { nodes { blockNumber flowClass pInstitutionalAtBlock pInstitutional
          tag { flowClass settledFlowClass settledBlock clock eventCount route modelHash logOdds
            features { name bin logOdds } settledFeatures { name } metaorder { id childCount } } } } }`),
      )
      const nodes = data.swaps.nodes as Row[]
      expect(nodes.length).toBeGreaterThan(500)
      expect(nodes.every(({ flowClass, tag }) => flowClass !== null && (tag as Row).flowClass === flowClass)).toBe(true)
      const settled = nodes.filter(({ tag }) => (tag as Row).settledBlock !== null)
      expect(settled.length).toBeGreaterThan(100)
      expect(settled.some(({ tag }) => (tag as Row).metaorder !== null)).toBe(true)
      expect(nodes.some(({ pInstitutional }) => pInstitutional !== null)).toBe(true)
    })

    test('the parts of a score add up to it', async () => {
      const { swaps, model } = {
        ...(await dataOf(ask('{ swaps(first: 50) { nodes { tag { logOdds features { logOdds } } } } }'))),
        model: (await one('select model from flow_models')).model as { intercept: number },
      } as {
        swaps: { nodes: { tag: { logOdds: number | null; features: { logOdds: number }[] } }[] }
        model: { intercept: number }
      }
      const intercept = typeof model === 'string' ? JSON.parse(model).intercept : model.intercept
      const scored = swaps.nodes.filter(({ tag }) => tag.logOdds !== null)
      expect(scored.length).toBeGreaterThan(20)
      for (const { tag } of scored) {
        expect(tag.features.reduce((sum, { logOdds }) => sum + logOdds, intercept)).toBeCloseTo(tag.logOdds!, 9)
      }
    })

    test('tags of a thousand swaps cost some queries, not thousands', async () => {
      const before = queries()
      await dataOf(
        ask('{ swaps(first: 1000) { nodes { flowClass trader { tradeCount } tag { features { name } } } } }'),
      )
      expect(queries() - before).toBeLessThan(12)
    })
  })

  test('a trader with trades, orders and a profile', async () => {
    const { trader_address } = await one(
      "select '0x' || encode(trader_address, 'hex') as trader_address from metaorders order by child_count desc limit 1",
    )
    const data = await dataOf(
      ask(`{ trader(address: "${trader_address}") { address tradeCount volumeUsd flowClass profile { burstiness eventCount clock }
        metaorders { nodes { side childCount participation burstiness intents { totalCount } } } intents { totalCount } swaps { totalCount } } }`),
    )
    const trader = data.trader as Row & { metaorders: { nodes: Row[] }; intents: Row; profile: Row }
    expect(trader).toMatchObject({ address: trader_address, tradeCount: trader.intents.totalCount })
    const [order] = trader.metaorders.nodes.filter(({ childCount }) => Number(childCount) >= 3)
    expect((order!.intents as Row).totalCount).toBe(order!.childCount)
    expect(trader.profile.eventCount).toBeGreaterThanOrEqual(3)
  })

  test('an account that never traded is null', async () => {
    expect(await dataOf(ask(`{ trader(address: "0x${'ab'.repeat(20)}") { tradeCount } }`))).toEqual({ trader: null })
  })

  describe('by time', () => {
    test.each(['MINUTE', 'QUARTER', 'HOUR'])(
      '%s buckets of the chain hold all swaps that are over',
      async (interval) => {
        const data = await dataOf(
          ask(
            `{ flow(interval: ${interval}, ${DAY}) { start tradeCount byClass { tradeCount } cumulativeDeltaUsd deltaUsd } }`,
          ),
        )
        const buckets = data.flow as (Row & { byClass: { tradeCount: number }[] })[]
        const sum = buckets.reduce((all, { tradeCount }) => all + Number(tradeCount), 0)
        const last = String(buckets.at(-1)!.start)
        const seconds = { MINUTE: 60, QUARTER: 900, HOUR: 3_600 }[interval]!
        const end = Date.parse(last) / 1_000 + seconds
        const { count } = await one(
          `select count(*) as count from swap_tags join blocks b on b.number = block_number where side is not null and b.timestamp < ${end}`,
        )
        expect(sum).toBe(Number(count))
        for (const { tradeCount, byClass } of buckets) {
          expect(byClass.reduce((all, each) => all + each.tradeCount, 0)).toBe(tradeCount)
        }
        const delta = buckets.reduce((all, { deltaUsd }) => all + Number(deltaUsd), 0)
        expect(buckets.at(-1)!.cumulativeDeltaUsd).toBeCloseTo(delta, 4)
      },
    )

    test('candles of a pair, in both directions, whichever token comes first', async () => {
      const { base, quote } = await one(
        `select '0x' || substr(encode(scope_key, 'hex'), 1, 40) as base, '0x' || substr(encode(scope_key, 'hex'), 41) as quote
         from flow_buckets where scope = 'pair' and interval_seconds = 3600 order by trade_count desc limit 1`,
      )
      const of = (a: unknown, b: unknown) =>
        dataOf(
          ask(
            `{ candles(base: "${a}", quote: "${b}", interval: HOUR, ${DAY}) { open high low close inverseLow closeUsd trades } }`,
          ),
        )
      const [there, back] = [await of(base, quote), await of(quote, base)]
      expect(there).toEqual(back)
      const candles = there.candles as Record<string, number>[]
      expect(candles.length).toBeGreaterThan(0)
      for (const { open: first, high, low, close, inverseLow } of candles) {
        expect(high).toBeGreaterThanOrEqual(Math.max(first!, close!))
        expect(low).toBeLessThanOrEqual(Math.min(first!, close!))
        expect(inverseLow).toBeCloseTo(1 / high!, 12)
      }
    })

    test('markouts and seasons', async () => {
      const data = await dataOf(
        ask(`{ flow(interval: HOUR, ${DAY}) { markouts { flowClass horizonSeconds trades usd bps } }
          flowSeasons(${DAY}) { hour session hours volumeUsd } }`),
      )
      expect((data.flow as { markouts: unknown[] }[]).some(({ markouts }) => markouts.length > 0)).toBe(true)
      expect(data.flowSeasons).toContainEqual(expect.objectContaining({ session: 'AMERICA' }))
    })

    test.each([
      [`flow(pool: "0x${'11'.repeat(20)}", base: "0x${'22'.repeat(20)}", interval: HOUR, ${DAY}) { start }`],
      [`flow(base: "0x${'22'.repeat(20)}", interval: HOUR, ${DAY}) { start }`],
      [`candles(interval: HOUR, ${DAY}) { start }`],
      ['flow(interval: MINUTE, from: "2020-01-01T00:00:00Z", to: "2021-01-01T00:00:00Z") { start }'],
      ['flow(interval: MINUTE, from: "2022-01-01T00:00:00Z", to: "2021-01-01T00:00:00Z") { start }'],
      ['batchFlow(from: 1, to: 2000) { swapCount }'],
      ['batchFlow(from: 3, to: 2) { swapCount }'],
      ['blockFlow(fromBlock: 5, toBlock: 4) { swapCount }'],
    ])('%s is refused', async (field) => {
      expect(await errorOf(ask(`{ ${field} }`))).toMatchObject({ code: 'BAD_USER_INPUT' })
    })
  })

  describe('by batch', () => {
    const FIELDS = 'batchNumber swapCount buyMicroUsd sellMicroUsd byClass { flowClass tradeCount } inclusionSeconds'

    test('batches, their blocks and the list have the same sums', async () => {
      const data = await dataOf(
        ask(`{ batchFlow(from: 1, to: 15) { ${FIELDS} } blockFlow(fromBlock: 1, toBlock: 300) { swapCount buyMicroUsd sellMicroUsd }
          batches(first: 20, orderBy: number, orderDirection: asc) { nodes { number flow { ${FIELDS} } } } }`),
      )
      const batches = data.batchFlow as Row[]
      expect(batches).toHaveLength(15)
      expect((data.batches as { nodes: Row[] }).nodes.map(({ flow }) => flow)).toEqual(batches)
      const sum = (key: string) => batches.reduce((all, batch) => all + BigInt(String(batch[key])), 0n).toString()
      expect(data.blockFlow).toEqual({
        ...{ swapCount: Number(sum('swapCount')), buyMicroUsd: sum('buyMicroUsd'), sellMicroUsd: sum('sellMicroUsd') },
      })
    })

    test('a placebo has as many blocks, and others', async () => {
      const data = await dataOf(
        ask(
          `{ batchFlow(from: 2, to: 14) { firstBlock lastBlock } placebo: batchFlow(from: 2, to: 14, placebo: true) { firstBlock lastBlock } }`,
        ),
      )
      const [real, placebo] = [data.batchFlow, data.placebo] as [Row[], Row[]]
      expect(placebo).toHaveLength(13)
      for (const [index, { firstBlock, lastBlock }] of placebo.entries()) {
        expect(Number(lastBlock) - Number(firstBlock)).toBe(19)
        expect(Number(firstBlock)).toBeGreaterThan(Number(real[index]!.firstBlock))
        expect(Number(firstBlock)).toBeLessThanOrEqual(Number(real[index]!.lastBlock))
      }
    })
  })
})
