import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import {
  type FaultName,
  faultNames,
  type HostileOptions,
  type HostileRpc,
  type Settings,
  spread,
  startHostileRpc,
} from '../support/hostileRpc/index.ts'
import { type Outcome, runTrial } from '../support/hostileRpc/survive.ts'
import { openMigrated } from '../support/indexing.ts'

const BLOCKS = Number(process.env.HOSTILE_BLOCKS ?? 150)
const RATE = 0.3
const TIMEOUT_MS = 120_000
const seed = Number(process.env.SEED ?? 1)

/** More requests than this, as a multiple of a clean run's, or more failures waited out, are no survival. */
const REQUESTS_FACTOR = 3
const FAILURES_MAX = 15

/** Faults of what the indexer rarely asks for, or of what is spared here. */
const notMet: readonly FaultName[] = ['missingLogsByHash', 'otherChainId']

/** What JSON-RPC allows, and what is merely slow. */
const harmless: readonly FaultName[] = ['shuffledBatch', 'slowDrip']

/** Limits are always there; the other faults strike now and then. */
const limits: readonly FaultName[] = ['rangeCap', 'responseTooBig', 'batchTooLong', 'batchTooBig']

describe(`a hostile endpoint (seed ${seed})`, () => {
  let devnet: Devnet
  let home: TestDatabase
  let database: Database
  let straight: Outcome
  let hostile: HostileRpc | undefined

  beforeAll(async () => {
    devnet = await startDevnet({ history: BLOCKS, seed: 7, logLimits: { maxResults: 200 } })
    home = await createTestDatabase('pglite')
    database = await openMigrated(home.url)
    straight = await tryOut({})
    expect(straight.end).toBe('done')
    expect(straight.failures).toEqual([])
  })

  afterEach(() => hostile?.close())

  afterAll(async () => {
    await database?.close()
    await home?.remove()
    await devnet?.close()
  })

  async function tryOut(
    options: Partial<HostileOptions>,
    prepare = (_: HostileRpc) => {},
    timeoutMs = TIMEOUT_MS,
  ): Promise<Outcome> {
    await hostile?.close()
    hostile = await startHostileRpc({ upstream: devnet.url, seed, ...options })
    // The first question may fail as soon as the program starts.
    hostile.spare('eth_chainId')
    prepare(hostile)
    const requestsMax = 20 * (straight?.requests ?? 100)
    return runTrial({ devnet, database, hostile, requestsMax, timeoutMs })
  }

  function expectSurvival({ end, tables, requests, failures }: Outcome): void {
    expect(end).toBe('done')
    expect(requests).toBeLessThanOrEqual(REQUESTS_FACTOR * straight.requests)
    expect(failures.length).toBeLessThanOrEqual(FAILURES_MAX)
    expect(tables).toEqual(straight.tables)
  }

  describe.each(faultNames.filter((name) => !notMet.includes(name)))('%s', (name) => {
    let outcome: Outcome

    beforeAll(async () => {
      // Sizes that a single block fits into.
      const settings: Partial<Settings> = { resultBytes: 100_000, batchBytes: 150_000, batchCalls: 25 }
      const rate = limits.includes(name) ? 1 : RATE
      const prepare = (proxy: HostileRpc) => {
        // Each real stall takes the client's 30 s.
        if (name === 'stall') proxy.limit('stall', 2)
        if (name === 'responseTooBig') proxy.only('eth_getLogs')
      }
      outcome = await tryOut({ faults: { [name]: rate }, settings }, prepare)
      const { end, requests, failures, reorgs, faults } = outcome
      console.info(
        `${name}: ${end}; struck ${hostile!.counts[name]} times in ${requests} requests (${straight.requests} without), ` +
          `${failures.length} failures waited out, ${reorgs.length} reorganisations; counted ${JSON.stringify(faults)}`,
      )
      expect(hostile!.counts[name]).toBeGreaterThan(0)
    })

    test('leaves the tables of a clean run', () => expectSurvival(outcome))
    if (!harmless.includes(name)) {
      test('is counted', () => expect(Object.keys(outcome.faults)).not.toEqual([]))
    }
  })

  // One run has too few requests for all of them to strike.
  describe('all faults together', () => {
    const names = faultNames.filter((name) => !notMet.includes(name) && !limits.includes(name))
    const struck = new Map<FaultName, number>()

    test.each(Array.from({ length: 10 }, (_, index) => seed * 100 + index))('seed %i', async (trialSeed) => {
      const outcome = await tryOut({
        seed: trialSeed,
        faults: { ...spread(names, RATE), rangeCap: 1, responseTooBig: 1 },
        settings: { rangeBlocks: 40, resultBytes: 200_000, stallMs: 500 },
      })
      for (const name of names) struck.set(name, (struck.get(name) ?? 0) + hostile!.counts[name])
      expectSurvival(outcome)
    })

    test('have all struck', () => {
      const missing = names.filter((name) => !struck.get(name))
      console.info(
        `${names.length - missing.length} of ${names.length} faults struck; not: ${missing.join(', ') || 'none'}`,
      )
      // What is left out by chance in one set of seeds strikes in another.
      expect(missing.length).toBeLessThanOrEqual(3)
    })
  })
})
