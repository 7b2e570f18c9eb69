import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { fetchLogs } from '../../indexer/chain/logs.ts'
import { createRpc } from '../../indexer/chain/rpc.ts'
import { openSource } from '../../indexer/chain/source.ts'
import { knownTopics } from '../../indexer/decode/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { dumpTables } from '../support/dump.ts'
import {
  type FaultName,
  type HostileOptions,
  type HostileRpc,
  type ServerName,
  serverWords,
  spread,
  startHostileRpc,
} from '../support/hostileRpc/index.ts'
import { type Outcome, runTrial, type Trial } from '../support/hostileRpc/survive.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'

// Every fault alone, all together, and a real stall (the client's timeout is 30 s) are in hostile.long.ts.
// A case marked `fails` shows what the indexer cannot bear yet; it turns red when it can.

const BLOCKS = 45

let devnet: Devnet
let home: TestDatabase
let database: Database
let straight: Outcome
/** A block without logs, which is stored under whatever hash it is served with, and final once the tip is reached. */
let quietBlock: number
let hostile: HostileRpc

beforeAll(async () => {
  devnet = await startDevnet({ history: BLOCKS, seed: 5, logLimits: { maxResults: 100 } })
  home = await createTestDatabase('pglite')
  database = await openMigrated(home.url)
  straight = await tryOut({})
  const [quiet] = await database.query(
    'select max(number) as number from blocks where transaction_count = 0 and number < $1',
    [devnet.tip() - 35],
  )
  quietBlock = Number(quiet!.number)
})

afterEach(() => hostile?.close())

afterAll(async () => {
  await database?.close()
  await home?.remove()
  await devnet?.close()
})

/** Starts the proxy of one test; the first question, which may fail as soon as the program starts, is spared. */
async function start(options: Partial<HostileOptions>): Promise<HostileRpc> {
  await hostile?.close()
  hostile = await startHostileRpc({ upstream: devnet.url, seed: 1, ...options })
  hostile.spare('eth_chainId')
  return hostile
}

/** Indexes the chain through a new proxy; `prepare` sets what its options cannot. */
async function tryOut(
  options: Partial<HostileOptions>,
  trial: Partial<Trial> = {},
  prepare = () => {},
): Promise<Outcome> {
  await start(options)
  prepare()
  return runTrial({ devnet, database, hostile, requestsMax: 500, timeoutMs: 25_000, ...trial })
}

function expectSurvival({ end, tables }: Outcome): void {
  expect(end).toBe('done')
  expect(tables).toEqual(straight.tables)
}

describe('the proxy', () => {
  test('changes nothing without faults', async () => {
    await start({})
    const bodies = [
      { jsonrpc: '2.0', id: 7, method: 'eth_getBlockByNumber', params: ['0x5', true] },
      [
        { jsonrpc: '2.0', id: 'b', method: 'eth_call', params: [{ to: devnet.url }, 'latest'] },
        { jsonrpc: '2.0', id: 'a', method: 'eth_getBlockReceipts', params: ['0x5'] },
      ],
    ]
    for (const body of bodies) expect(await post(hostile.url, body)).toBe(await post(devnet.url, body))
    expect(straight.end).toBe('done')
    expect(straight.failures).toEqual([])
    expect(straight.tables.swaps!.length).toBeGreaterThan(100)
  })

  test('strikes where it is told to, and the same requests each time', async () => {
    const body = { jsonrpc: '2.0', id: 1, method: 'eth_getBlockReceipts', params: ['0x5'] }
    const struck: string[][] = []
    for (let round = 0; round < 2; round++) {
      await start({ seed: 3, faults: { truncatedReceipts: 0.5, nullBlock: 1 } })
      const answers: string[] = []
      for (let request = 0; request < 20; request++) answers.push(await post(hostile.url, body))
      hostile.limit('truncatedReceipts', 0)
      answers.push(await post(hostile.url, body))
      expect(answers.at(-1)).toBe(await post(devnet.url, body))
      expect(hostile.counts.truncatedReceipts).toBeGreaterThan(4)
      expect(hostile.counts.truncatedReceipts).toBeLessThan(16)
      expect(hostile.counts.nullBlock).toBe(0)
      struck.push(answers)
    }
    expect(struck[0]).toEqual(struck[1])
  })

  test('plays another chain from the start, and from some moment on', async () => {
    const other = await startHostileRpc({ upstream: devnet.url, seed: 1, faults: { otherChainId: 1 } })
    try {
      await start({})
      const readChainId = async (url: string) => {
        const source = await openSource([url], knownTopics)
        return source.close().then(() => source.chainId)
      }
      expect(await readChainId(other.url)).toBe(1)
      expect(await readChainId(hostile.url)).toBe(devnet.chainId)
      hostile.serve(other.url)
      expect(await readChainId(hostile.url)).toBe(1)
    } finally {
      await other.close()
    }
  })
})

describe('the tables are those of a clean run through', () => {
  const groups: Record<string, { names: FaultName[]; total: number }> = {
    'failing HTTP': {
      total: 0.5,
      names: [
        ...(['http429', 'http429RetryAfter0', 'http502', 'emptyBody', 'htmlPage'] as const),
        ...(['reset', 'slowDrip', 'truncatedJson', 'malformedJson'] as const),
      ],
    },
    'answers that contradict themselves or the chain': {
      total: 0.3,
      names: [
        ...(['duplicatedLogs', 'missingLogsOfBlock', 'logOfOtherBlock', 'wrongBlockHash', 'nullLogs'] as const),
        ...(['nullBlock', 'replacedParent', 'shuffledBatch'] as const),
      ],
    },
    // A step whose request fails in one of these ways begins anew after a pause, so that more would last for ever.
    'refusals and torn batches, a few': {
      total: 0.15,
      names: ['error32603', 'error32005', 'wrongIds', 'missingAnswer', 'nullHead', 'foreignJson'],
    },
  }

  test.each(Object.entries(groups))('%s', async (_, { names, total }) => {
    const outcome = await tryOut({ seed: 2, faults: spread(names, total), settings: { dripMs: 40 } })
    expectSurvival(outcome)
    expect(names.filter((name) => hostile.counts[name] > 0).length).toBeGreaterThanOrEqual(names.length / 3)
  })

  test('limits of eth_getLogs on blocks and bytes at once', async () => {
    const settings = { server: 'zksyncOs', rangeBlocks: 12, resultBytes: 50_000 } as const
    const outcome = await tryOut({ faults: { rangeCap: 1, responseTooBig: 1 }, settings }, { requestsMax: 300 }, () =>
      hostile.only('eth_getLogs'),
    )
    expectSurvival(outcome)
    expect(hostile.counts.rangeCap).toBeGreaterThan(0)
    expect(hostile.counts.responseTooBig).toBeGreaterThan(0)
  })
})

describe('the tables are those of a clean run, one fault alone:', () => {
  test('a node that lags answers eth_getLogs, another one the blocks', async () => {
    expectSurvival(await tryOut({ faults: { headBackwards: 0.3 } }, {}, () => hostile.only('eth_getLogs')))
    expect(hostile.counts.headBackwards).toBeGreaterThan(0)
  })

  test('an eth_call is refused for no reason of the contract', async () => {
    const prepare = () => {
      hostile.only('eth_call')
      hostile.limit('error32000', 1)
    }
    expectSurvival(await tryOut({ faults: { error32000: 1 } }, {}, prepare))
    expect(hostile.counts.error32000).toBe(1)
  })

  test.each([
    ['batchTooBig', { batchBytes: 100_000 }],
    ['batchTooLong', { batchCalls: 20 }],
  ] as const)('%s', async (fault, settings) => {
    expectSurvival(await tryOut({ faults: { [fault]: 1 }, settings }))
    expect(hostile.counts[fault]).toBeGreaterThan(0)
  })

  test('the endpoint serves another chain for a while', async () => {
    // Its blocks do not follow ours, which makes the indexer look who answers.
    const switchOver = () => hostile.set({ otherChainId: 1, replacedParent: 1 })
    const outcome = await tryOut({}, { onCommitted: switchOver }, () => {
      hostile.spare()
      hostile.limit('otherChainId', 3)
      hostile.limit('replacedParent', 3)
    })
    expectSurvival(outcome)
    expect(outcome.failures.filter((reason) => reason.includes('serves chain 1')).length).toBeGreaterThan(0)
  })
})

describe('a range that eth_getLogs refuses is split when the server speaks as', () => {
  /** Logs through a server that allows eight blocks, within a second. */
  async function expectSplit(server: ServerName): Promise<void> {
    await start({ faults: { rangeCap: 1 }, settings: { server, rangeBlocks: 8 } })
    const [honest, capped] = [createRpc(devnet.url), createRpc(hostile.url)]
    try {
      const wanted = await fetchLogs(honest, { topics: knownTopics }, 0, BLOCKS)
      const logs = await fetchLogs(capped, { topics: knownTopics }, 0, BLOCKS, AbortSignal.timeout(1_000))
      expect(logs).toEqual(wanted)
      expect(hostile.requests()).toBeLessThan(30)
    } finally {
      await Promise.all([honest.close(), capped.close()])
    }
  }

  test.each(Object.keys(serverWords) as ServerName[])('%s', (server) => expectSplit(server))
})

describe('borne since it was found:', () => {
  borne('a few batches refused as a whole are sent again whole', 'batchError', async () => {
    const outcome = await tryOut({ faults: { batchError: 1 } }, {}, () => hostile.limit('batchError', 8))
    return outcome.requests < straight.requests * 2 ? outcome : { ...outcome, end: `${outcome.requests} requests` }
  })
  borne('the newest block is replaced while the indexer is away, and then final', 'replacedBlock', async () => {
    await tryOut({ faults: { replacedBlock: 1 }, settings: { blockNumber: quietBlock } }, { end: quietBlock })
    hostile.off()
    const end = await runIndexer({ rpcUrl: hostile.url, database, end: devnet.tip() }).then(() => 'done', String)
    return { ...straight, end, tables: await dumpTables(database) }
  })

  test.todo('one log is left out of many: logsBloom shows only that all of a topic are missing')
  test.todo('an answer that drips for ever: bodyTimeout is the time between two pieces, nothing bounds the whole')

  /** The fault has to strike, and must not be seen in the tables. */
  function borne(title: string, fault: FaultName, run: () => Promise<Outcome>): void {
    describe(title, () => {
      let outcome: Outcome
      beforeAll(async () => {
        outcome = await run()
        expect(hostile.counts[fault]).toBeGreaterThan(0)
      })
      test('survives', () => expectSurvival(outcome))
    })
  }
})

async function post(url: string, body: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).text()
}
