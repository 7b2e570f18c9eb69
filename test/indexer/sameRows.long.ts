import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import { testKinds } from '../support/databases.ts'
import { createRandom } from '../support/random.ts'
import { backfill, type Dump, dumpAfter, followLive, followThroughReorgs, indexThroughKills } from './sameRows.ts'

const BLOCKS = Number(process.env.SAME_ROWS_BLOCKS ?? 2_000)
const KILLS = 20
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)

describe.each(testKinds)(`same chain, same rows on %s (seed ${seed})`, (kind) => {
  let devnet: Devnet
  let straight: Dump
  const random = createRandom(seed)

  beforeAll(async () => {
    // Few logs an answer, so that a range takes many requests and a kill meets each stage.
    devnet = await startDevnet({ history: BLOCKS, seed, logLimits: { maxResults: 200 } })
    straight = await dumpAfter(kind, backfill(devnet))
  })

  afterAll(() => devnet?.close())

  test('a straight backfill has rows in every table of the L2', () => {
    const empty = Object.entries(straight).filter(([, rows]) => rows.length === 0)
    // The local chain has no lending market, and no L1 here that anything could be requested on.
    expect(empty.map(([table]) => table)).toEqual(['liquidations', 'priority_requests'])
    expect(straight.blocks).toHaveLength(devnet.tip() + 1)
  })

  test('a live follower', async () => {
    expect(await dumpAfter(kind, followLive(devnet, random))).toEqual(straight)
  })

  test.each([
    ['the first block', () => 0],
    ['the middle', () => Math.floor(devnet.tip() / 2)],
  ])(`killed ${KILLS} times, from %s`, async (_, start) => {
    const unharmed = await dumpAfter(kind, backfill(devnet, start()))
    let alive = 0
    const dump = await dumpAfter(kind, async (url) => {
      alive = await indexThroughKills(devnet, url, KILLS, random, start())
    })
    expect(dump).toEqual(unharmed)
    console.info(`${alive} of ${KILLS} kills on ${kind} found the program alive`)
    expect(alive).toBeGreaterThan(KILLS / 2)
  })

  test('reorganisations of depth 1, 3 and 20', async () => {
    const followed = await dumpAfter(kind, followThroughReorgs(devnet, [1, 3, 20]))
    // The chain is another one now.
    const now = await dumpAfter(kind, backfill(devnet))
    expect(now).not.toEqual(straight)
    expect(followed).toEqual(now)
  })
})
