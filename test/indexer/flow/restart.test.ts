import { describe, expect, test } from 'vitest'
import { createFlow } from '../../../indexer/flow/index.ts'
import { openStore } from '../../../indexer/store/index.ts'
import { profileFor, type SimulatedBlock, type SimulateOptions, simulate } from '../../../simulator/simulate.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { dumpTables } from '../../support/dump.ts'
import { openMigrated } from '../../support/indexing.ts'
import { createRandom } from '../../support/random.ts'
import { beginHistory, indexSimulated } from './history.ts'

/** Four hours around midnight, so that parent orders end, markouts come due, and all buckets close. */
const options: SimulateOptions = {
  ...{ seed: 31, blocks: 1_200, ordering: 'fifo', blockTimeMs: 12_000, startMs: Date.UTC(2025, 0, 6, 21, 50) },
  agents: {
    ...{ retail: { swapsPerBlock: 1, people: 12 }, aggregator: { tradesPerBlock: 0.3, people: 15 } },
    ...{ arbitrageur: {}, marketMaker: { tripsPerBlock: 0.1 }, passiveLp: {}, sandwich: { attacksPerBlock: 0.05 } },
  },
}
const FLOW_TABLES = ['intents', 'swap_tags', 'settled_tags', 'metaorders', 'traders', 'flow_buckets'] as const

/** Writes a history in steps of some length; after each for which `isStop` holds, the flow begins anew from what is stored. */
async function write(
  kind: TestDatabase['kind'],
  history: readonly SimulatedBlock[],
  stepOf: () => number,
  isStop: () => boolean,
) {
  const home = await createTestDatabase(kind)
  const database = await openMigrated(home.url)
  try {
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
    return await dumpTables(database)
  } finally {
    await database.close()
    await home.remove()
  }
}

describe.each(testKinds)('flow on %s', { timeout: 120_000 }, (kind) => {
  test('is the same in other steps, and when it begins anew from the tables', async () => {
    const history = [...simulate(options)]
    const straight = await write(kind, history, () => 100, () => false)
    for (const table of FLOW_TABLES) expect(straight[table]!.length, table).toBeGreaterThan(10)
    const random = createRandom(5)
    const again = await write(
      kind,
      history,
      () => 1 + Math.floor(random() * 40),
      () => random() < 0.4,
    )
    for (const table of FLOW_TABLES) expect(again[table], table).toEqual(straight[table])
  })
})
