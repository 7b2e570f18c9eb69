import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import { testKinds } from '../support/databases.ts'
import { createRandom } from '../support/random.ts'
import { backfill, type Dump, dumpAfter, followLive, followThroughReorgs } from './sameRows.ts'

// Longer histories, kills and deeper reorganisations are in sameRows.long.ts.
describe.each(testKinds)('same chain, same rows on %s', { timeout: 90_000 }, (kind) => {
  let devnet: Devnet
  let straight: Dump

  beforeAll(async () => {
    devnet = await startDevnet({ history: 60, seed: 11, logLimits: { maxResults: 100 } })
    straight = await dumpAfter(kind, backfill(devnet))
  })

  afterAll(() => devnet?.close())

  test('a live follower', async () => {
    expect(straight.swaps!.length).toBeGreaterThan(100)
    expect(await dumpAfter(kind, followLive(devnet, createRandom(1)))).toEqual(straight)
  })

  test('a live follower from the middle, where pools are found by calls', async () => {
    const start = Math.floor(devnet.tip() / 2)
    const fromMiddle = await dumpAfter(kind, backfill(devnet, start))
    expect(fromMiddle.pools!.length).toBeGreaterThan(5)
    expect(await dumpAfter(kind, followLive(devnet, createRandom(2), start))).toEqual(fromMiddle)
  })

  test('reorganisations of depth 1 and 5', async () => {
    const followed = await dumpAfter(kind, followThroughReorgs(devnet, [1, 5]))
    const now = await dumpAfter(kind, backfill(devnet))
    expect(now).not.toEqual(straight)
    expect(followed).toEqual(now)
  })
})
