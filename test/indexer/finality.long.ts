import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { findProfile } from '../../contracts/chains/index.ts'
import { type Devnet, type DevnetOptions, startDevnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { FinalityError } from '../../indexer/chain/errors.ts'
import { openSource } from '../../indexer/chain/source.ts'
import { knownTopics } from '../../indexer/decode/index.ts'
import { type IndexEvent, indexChain } from '../../indexer/main.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { dumpTables } from '../support/dump.ts'
import { type HostileRpc, startHostileRpc } from '../support/hostileRpc/index.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'

/** Batches of five blocks that L1 has executed a few blocks later: finality follows close behind the head. */
const QUICK: DevnetOptions = { history: 40, batchBlocks: 5, settlementBlocks: { commit: 1, prove: 2, execute: 3 } }

/** A chain that grows from test to test, and one of the same id with other blocks above the setup. */
let devnet: Devnet
let other: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ ...QUICK, seed: 1 })
  other = await startDevnet({ ...QUICK, seed: 2, history: 100 })
})
afterAll(async () => {
  await devnet?.close()
  await other?.close()
})

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
  devnet.revealTo(null)
  other.revealTo(null)
})

async function devnetOf(options: DevnetOptions = {}): Promise<Devnet> {
  const devnet = await startDevnet({ ...QUICK, ...options })
  ends.push(devnet.close)
  return devnet
}
async function hostileOf(upstream: string): Promise<HostileRpc> {
  const hostile = await startHostileRpc({ upstream, seed: 1 })
  ends.push(hostile.close)
  return hostile
}
async function databaseOf(): Promise<Database> {
  const home = await createTestDatabase('pglite')
  const database = await openMigrated(home.url)
  ends.push(home.remove, database.close)
  return database
}

async function finalOf(database: Database): Promise<number | null> {
  const [row] = await database.query('select block_number from finality')
  return row === undefined ? null : Number(row.block_number)
}
/** Everything that is stored of blocks, finality with it. */
async function dumpAll(database: Database): Promise<Record<string, string[]>> {
  const finality = await database.query('select t::text as line from finality t')
  const { batches, priority_requests, ...tables } = await dumpTables(database)
  return { ...tables, finality: finality.map(({ line }) => String(line)) }
}
async function askNumber(url: string, tag: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: [tag, false] })
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  return Number(((await response.json()) as { result: { number: string } }).result.number)
}

/** Follows the chain beside the test; `until` waits for what its events come to. */
function follow(rpcUrl: string | readonly string[], database: Database, end: number | null = null) {
  const events: IndexEvent[] = []
  const stop = new AbortController()
  const ended = runIndexer({
    ...{ rpcUrl, database, end, pollMs: 20, signal: stop.signal },
    onEvent: (event) => void events.push(event),
  })
  const outcome = ended.then(
    () => null,
    (error: Error) => error,
  )
  ends.push(async () => {
    stop.abort()
    await outcome
  })
  const ofKind = <K extends IndexEvent['kind']>(kind: K) =>
    events.filter((event): event is IndexEvent & { kind: K } => event.kind === kind)
  return {
    outcome,
    ofKind,
    stop: () => stop.abort(),
    untilCaughtUp: (block: number, timeout = 15_000) =>
      vi.waitFor(() => expect(ofKind('caught-up').at(-1)?.block).toBe(block), { timeout }),
    failures: () => ofKind('failure').map(({ error }) => error.message),
  }
}

describe('what is final', () => {
  test.each(['era', 'zksync-os', 'evm'] as const)('on %s is noted as the chain says it, and moves on', async (mode) => {
    const devnet = await devnetOf({ mode, history: mode === 'evm' ? 70 : 20 })
    const database = await databaseOf()
    const indexer = follow(devnet.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    const first = await askNumber(devnet.url, 'finalized')
    expect(first).toBeGreaterThan(5)
    await vi.waitFor(async () => expect(await finalOf(database)).toBe(first))
    const [row] = await database.query(
      'select f.block_hash = b.hash as same from finality f join blocks b on b.number = f.block_number',
    )
    expect(row!.same).toBe(true)
    await devnet.write(15)
    await indexer.untilCaughtUp(devnet.tip())
    const second = await askNumber(devnet.url, 'finalized')
    expect(second).toBeGreaterThan(first)
    await vi.waitFor(async () => expect(await finalOf(database)).toBe(second), { timeout: 6_000 })
    const numbers = indexer.ofKind('final').map(({ block }) => block)
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
    expect(indexer.failures()).toEqual([])
  })

  test('is noted, too, where every head is announced and none is asked for', async () => {
    const database = await databaseOf()
    const indexer = follow([devnet.url, devnet.webSocketUrl], database)
    await indexer.untilCaughtUp(devnet.tip())
    const before = await finalOf(database)
    // Announcements come quicker than silence would be noticed.
    for (let block = 0; block < 30; block++) {
      await devnet.write(1)
      await new Promise((resolve) => setTimeout(resolve, 130))
    }
    await indexer.untilCaughtUp(devnet.tip())
    expect(await finalOf(database)).toBeGreaterThan(before!)
  })

  test('never moves back, be it that the endpoint does', async () => {
    const database = await databaseOf()
    await runIndexer({ rpcUrl: devnet.url, database, end: devnet.tip() })
    const before = await dumpAll(database)
    devnet.revealTo(devnet.tip() - 20)
    expect(await askNumber(devnet.url, 'finalized')).toBeLessThan((await finalOf(database))!)
    const indexer = follow(devnet.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(await dumpAll(database)).toEqual(before)
    expect(indexer.ofKind('reorg')).toEqual([])
    devnet.revealTo(null)
    await devnet.write(10)
    await indexer.untilCaughtUp(devnet.tip())
    expect(indexer.failures()).toEqual([])
  })
})

describe('a chain that contradicts what is final', () => {
  let database: Database
  let home: TestDatabase
  beforeAll(async () => {
    home = await createTestDatabase('pglite')
    database = await openMigrated(home.url)
    await runIndexer({ rpcUrl: devnet.url, database, end: devnet.tip() })
  })
  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  test.each<[string, number]>([
    ['as long', 0],
    ['longer', 12],
    ['shorter, but not below what is final', -6],
    ['shorter than what is final', -25],
  ])('%s: stops with both hashes, and nothing is changed', async (_, more) => {
    other.revealTo(devnet.tip() + more)
    const before = await dumpAll(database)
    const final = (await finalOf(database))!
    expect(final).toBeGreaterThan(10)
    const indexer = follow(other.url, database)
    const error = await Promise.race([indexer.outcome, new Promise((resolve) => setTimeout(resolve, 20_000))])
    expect(error).toBeInstanceOf(FinalityError)
    const named = /^block (\d+) is final and stored with hash (0x\w{64}), but the endpoint now serves (0x\w{64});/.exec(
      (error as Error).message,
    )
    const [number, ours, theirs] = named!.slice(1)
    expect(Number(number)).toBeLessThanOrEqual(final)
    const [row] = await database.query('select hash from blocks where number = $1', [Number(number)])
    expect(`0x${Buffer.from(row!.hash as Uint8Array).toString('hex')}`).toBe(ours)
    expect(theirs).not.toBe(ours)
    expect(await dumpAll(database)).toEqual(before)
    expect(indexer.ofKind('reorg')).toEqual([])
  })

  test('while it is followed: stops, too', async () => {
    const hostile = await hostileOf(devnet.url)
    const indexer = follow(hostile.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    const before = await dumpAll(database)
    hostile.serve(other.url)
    const error = await Promise.race([indexer.outcome, new Promise((resolve) => setTimeout(resolve, 20_000))])
    expect(error).toBeInstanceOf(FinalityError)
    expect(await dumpAll(database)).toEqual(before)
  })

  test('longer: the batches are not changed either', async () => {
    const own = await databaseOf()
    await runIndexer({ rpcUrl: devnet.url, database: own, end: devnet.tip() })
    const before = (await dumpTables(own)).batches
    other.revealTo(devnet.tip() + 12)
    expect(await follow(other.url, own).outcome).toBeInstanceOf(FinalityError)
    expect((await dumpTables(own)).batches).toEqual(before)
  })

  test('only for a moment is waited out', async () => {
    const hostile = await hostileOf(devnet.url)
    const database = await databaseOf()
    const indexer = follow(hostile.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    const before = await dumpAll(database)
    hostile.serve(other.url)
    await new Promise((resolve) => setTimeout(resolve, 400))
    hostile.serve(devnet.url)
    await devnet.write(5)
    await indexer.untilCaughtUp(devnet.tip())
    expect(indexer.ofKind('reorg')).toEqual([])
    const after = await dumpAll(database)
    expect(after.swaps!.length).toBeGreaterThanOrEqual(before.swaps!.length)
  })
})

describe('a reorganisation', () => {
  test('above what is final is followed', async () => {
    const database = await databaseOf()
    const indexer = follow(devnet.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    await vi.waitFor(async () => expect(await finalOf(database)).toBe(await askNumber(devnet.url, 'finalized')))
    const final = (await finalOf(database))!
    const depth = devnet.tip() - final
    expect(depth).toBeGreaterThan(0)
    await devnet.reorg(depth)
    await vi.waitFor(() => expect(indexer.ofKind('reorg')).toHaveLength(1), { timeout: 10_000 })
    await indexer.untilCaughtUp(devnet.tip())
    expect(indexer.ofKind('reorg')[0]!.keep).toBe(final)
    const clean = await databaseOf()
    await runIndexer({ rpcUrl: devnet.url, database: clean, end: devnet.tip() })
    expect({ ...(await dumpAll(database)), finality: [] }).toEqual({ ...(await dumpAll(clean)), finality: [] })
  })

  test('is none when an endpoint lags', async () => {
    const hostile = await hostileOf(devnet.url)
    const database = await databaseOf()
    const indexer = follow(hostile.url, database)
    await indexer.untilCaughtUp(devnet.tip())
    hostile.settings.rewindBlocks = 7
    hostile.set({ headBackwards: 1 })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(hostile.counts.headBackwards).toBeGreaterThan(3)
    hostile.off()
    await devnet.write(3)
    await indexer.untilCaughtUp(devnet.tip())
    expect(indexer.ofKind('reorg')).toEqual([])
    expect(indexer.failures()).toEqual([])
  })
})

describe('two endpoints', () => {
  const expectClean = async (database: Database) => {
    const [row] = await database.query('select block_number from cursors')
    const clean = await databaseOf()
    await runIndexer({ rpcUrl: devnet.url, database: clean, end: Number(row!.block_number) })
    expect({ ...(await dumpAll(database)), finality: [] }).toEqual({ ...(await dumpAll(clean)), finality: [] })
  }

  test('of which one lags: no reorganisation, and every block is read', async () => {
    const lagging = await hostileOf(devnet.url)
    const good = await hostileOf(devnet.url)
    lagging.settings.rewindBlocks = 6
    lagging.set({ headBackwards: 0.5 })
    const database = await databaseOf()
    const indexer = follow([lagging.url, good.url], database, devnet.tip() + 10)
    await vi.waitFor(() => expect(indexer.ofKind('committed')).not.toEqual([]), { timeout: 15_000 })
    for (let block = 0; block < 10; block++) await devnet.write(1)
    expect(await indexer.outcome).toBeNull()
    expect(lagging.counts.headBackwards).toBeGreaterThan(0)
    expect(indexer.ofKind('reorg')).toEqual([])
    await expectClean(database)
  })

  /** One of two endpoints becomes another chain of the same id; the other is followed. */
  const followBesideStranger = async (quicker: 'stranger' | 'good') => {
    const [stranger, good] = [await hostileOf(devnet.url), await hostileOf(devnet.url)]
    const slower = quicker === 'stranger' ? good : stranger
    slower.settings.dripMs = 60
    slower.set({ slowDrip: 1 })
    const database = await databaseOf()
    const indexer = follow([stranger.url, good.url], database)
    await indexer.untilCaughtUp(devnet.tip())
    stranger.serve(other.url)
    await devnet.write(4)
    await indexer.untilCaughtUp(devnet.tip(), 15_000)
    await expectClean(database)
  }

  test('of which the slower becomes another chain of the same id: the other is followed', () =>
    followBesideStranger('good'))

  test('of which the quicker becomes another chain of the same id: the other is followed', () =>
    followBesideStranger('stranger'))
})

// The loop of the blocks is not told, and goes on behind the back of whoever has been told of the failure.
test('a watcher that fails for good ends the reading of the blocks, too', async () => {
  const database = await databaseOf()
  const source = await openSource([devnet.url], knownTopics)
  const stop = new AbortController()
  ends.push(
    source.close,
    () => new Promise((resolve) => setTimeout(resolve, 100)),
    () => stop.abort(),
  )
  let isCaughtUp = false
  const run = indexChain({
    ...{ source, database, profile: findProfile(source.chainId), start: null, end: null, pollMs: 20 },
    signal: stop.signal,
    onEvent: ({ kind }) => {
      isCaughtUp ||= kind === 'caught-up'
    },
    watchers: [
      {
        name: 'broken',
        round: async () => {
          if (isCaughtUp) throw new TypeError('undefined is not a function')
          return 20
        },
        close: async () => {},
      },
    ],
  })
  await expect(run).rejects.toThrow('undefined is not a function')
  const cursorOf = async () => (await database.query('select block_number from cursors'))[0]!.block_number
  const before = await cursorOf()
  await devnet.write(2)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(await cursorOf()).toBe(before)
})
