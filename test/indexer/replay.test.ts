import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'

describe.each([
  ['the first block', 0],
  ['the middle, where pools are found by calls', 0.5],
])('swaps of real contracts, replayed from %s', (_, share) => {
  let devnet: Devnet
  let home: TestDatabase
  let database: Database

  beforeAll(async () => {
    devnet = await startDevnet({ history: 80, seed: 5 })
    home = await createTestDatabase('pglite')
    database = await openMigrated(home.url)
    await runIndexer({ rpcUrl: devnet.url, database, start: Math.floor(devnet.tip() * share), end: devnet.tip() })
  })

  afterAll(async () => {
    await database?.close()
    await home?.remove()
    await devnet?.close()
  })

  test('pools with ticks: each is equal to the wei', async () => {
    const [row] = await database.query(
      `select count(*)::int as swaps, count(*) filter (where replay_gap = 0)::int as equal
       from swaps where sqrt_price_x96 is not null`,
    )
    expect(row!.swaps).toBeGreaterThan(50)
    expect(row!.equal).toBe(row!.swaps)
  })

  test('pairs: each is equal, or the trader took less than the pool would have given', async () => {
    const rows = await database.query(
      `select replay_gap, fee, amount0, amount1 from swaps
       where reserve0 is not null and (replay_gap is null or replay_gap < 0)`,
    )
    // Flash swaps pay and get the same token; the fee of a fork is known after its first swaps.
    const unexplained = rows.filter(
      ({ amount0, amount1 }) => BigInt(String(amount0)) > 0n !== BigInt(String(amount1)) > 0n,
    )
    const [{ pairs }] = (await database.query(
      `select count(*)::int as pairs from pools where family = 'uniswap-v2' and fee is null`,
    )) as [{ pairs: number }]
    expect(unexplained.filter(({ replay_gap }) => replay_gap !== null)).toEqual([])
    expect(unexplained.length).toBeLessThanOrEqual(3 * pairs)
  })

  test('most swaps have a value in US dollars, with the price of their token', async () => {
    const [row] = await database.query(
      `select count(*)::int as swaps, count(value_usd)::int as valued, count(*) filter (where value_usd < 0)::int as negative from swaps`,
    )
    expect(Number(row!.valued)).toBeGreaterThan(Number(row!.swaps) / 2)
    expect(row!.negative).toBe(0)
  })
})
