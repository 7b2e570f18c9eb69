import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { findProfile } from '../../contracts/chains/index.ts'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import type { Database } from '../../db/database.ts'
import { ContradictionError, EndpointError } from '../../indexer/chain/errors.ts'
import { createEventLog } from '../../indexer/cli/session.ts'
import { createTracker } from '../../indexer/cli/tracker.ts'
import type { IndexEvent } from '../../indexer/main.ts'
import { createTestDatabase } from '../support/databases.ts'
import { dumpTables } from '../support/dump.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const end of ends.splice(0).reverse()) await end()
})

/** A way to another port that can be shut, with everything that is under way, and opened again at the same place. */
async function openGate(target: string) {
  const { port: targetPort } = new URL(target)
  const lines = new Set<Socket>()
  const server: Server = createServer((inside) => {
    const outside = connect(Number(targetPort), '127.0.0.1')
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      lines.add(from)
      from.on('error', () => {})
      from.on('close', () => {
        lines.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as { port: number }
  const shut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const line of lines) line.destroy()
    })
  ends.push(shut)
  return { url: `http://127.0.0.1:${port}`, webSocketUrl: `ws://127.0.0.1:${port}`, shut, open: () => listen(port) }
}

async function databaseOf(): Promise<Database> {
  const home = await createTestDatabase('pglite')
  const database = await openMigrated(home.url)
  ends.push(home.remove, database.close)
  return database
}

/** A log that keeps its lines. */
function keepLog() {
  const lines: { level: string; fields: Record<string, unknown>; text: string }[] = []
  const at = (level: string) => (fields: object, text: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, text })
  const log = { warn: at('warn'), info: at('info'), debug: at('debug') }
  const told = (text: string) => lines.filter((line) => line.text === text)
  return { log: log as unknown as Parameters<typeof createEventLog>[0], told }
}

describe('the only endpoint goes away', () => {
  let devnet: Devnet
  beforeAll(async () => {
    devnet = await startDevnet({ history: 20, seed: 3 })
  })
  afterAll(() => devnet?.close())

  /** Follows through a gate, with all that is told of it. */
  async function follow(withWebSocket: boolean) {
    const gate = await openGate(devnet.url)
    const database = await databaseOf()
    const profile = findProfile(devnet.chainId)
    const tracker = createTracker(profile, { start: 0, committed: -1, end: null, undecoded: 0 }, Date.now)
    const { log, told } = keepLog()
    const logEvent = createEventLog(log)
    const events: IndexEvent[] = []
    const stop = new AbortController()
    const outcome = runIndexer({
      rpcUrl: withWebSocket ? [gate.url, gate.webSocketUrl] : gate.url,
      database,
      pollMs: 20,
      signal: stop.signal,
      onEvent: (event) => {
        events.push(event)
        tracker.onEvent(event)
        logEvent(event)
      },
    }).then(
      () => null,
      (error: Error) => error,
    )
    ends.push(async () => {
      stop.abort()
      await outcome
    })
    const untilCaughtUp = () =>
      vi.waitFor(
        () => expect(tracker.status()).toMatchObject({ state: 'live', indexedBlock: devnet.tip(), lastError: null }),
        { timeout: 25_000 },
      )
    return { gate, database, tracker, told, events, stop, outcome, untilCaughtUp }
  }

  test.each([
    ['asked for heads', false],
    ['asked and listened to', true],
  ])(
    'that is %s: it is tried again, told of, and everything goes on by itself',
    async (_how, withWebSocket) => {
      const { gate, database, tracker, told, events, stop, outcome, untilCaughtUp } = await follow(withWebSocket)
      await untilCaughtUp()
      expect(tracker.status().degradedSince).toBeNull()
      const ofBlocks = () => told('failure, will try again').filter(({ fields }) => fields.watcher === undefined)
      const goneMs = Date.now()
      await gate.shut()
      await devnet.write(7)
      await vi.waitFor(() => expect(tracker.status().state).toBe('error'), { timeout: 20_000 })
      const { degradedSince, lastError } = tracker.status()
      expect(Date.parse(degradedSince!)).toBeGreaterThanOrEqual(goneMs)
      expect(Date.parse(degradedSince!)).toBeLessThanOrEqual(Date.now())
      expect(lastError).toMatch(/^the RPC endpoint http:\/\/127\.0\.0\.1:\d+ failed: /)
      const failures = () => events.filter((event) => event.kind === 'failure' && event.watcher === null).length
      await vi.waitFor(() => expect(failures()).toBeGreaterThan(1), { timeout: 20_000 })
      expect(tracker.status().degradedSince).toBe(degradedSince)
      expect(ofBlocks()).toHaveLength(1)
      await gate.open()
      await untilCaughtUp()
      expect(tracker.status().degradedSince).toBeNull()
      expect(ofBlocks()).toHaveLength(1)
      expect(told('works again').filter(({ fields }) => fields.watcher === undefined)).toEqual([
        expect.objectContaining({ fields: { failures: failures(), seconds: expect.any(Number) } }),
      ])
      await devnet.write(2)
      await untilCaughtUp()
      expect(events.filter(({ kind }) => kind === 'reorg')).toEqual([])
      const countBatches = async () => (await database.query('select 1 from batches')).length
      await vi.waitFor(async () => expect(await countBatches()).toBeGreaterThan(0), { timeout: 20_000 })
      stop.abort()
      expect(await outcome).toBeNull()
      const clean = await databaseOf()
      await runIndexer({ rpcUrl: devnet.url, database: clean, end: devnet.tip() })
      // The stop leaves out the last round of the batches.
      const { batches, ...tables } = await dumpTables(database)
      const { batches: _, ...cleanTables } = await dumpTables(clean)
      expect(tables).toEqual(cleanTables)
      expect(batches!.length).toBeGreaterThan(0)
    },
    90_000,
  )

  test('and does not come back: a stop ends everything at once', async () => {
    const { gate, stop, outcome, untilCaughtUp } = await follow(true)
    await untilCaughtUp()
    await gate.shut()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const startMs = performance.now()
    stop.abort()
    expect(await outcome).toBeNull()
    expect(performance.now() - startMs).toBeLessThan(3_000)
  })
})

describe('the log of failures', () => {
  const failure = (watcher: string | null = null, message = 'gone'): IndexEvent => ({
    ...{ kind: 'failure', watcher, waitMs: 500 },
    error: new EndpointError('http://a', message),
  })
  const caughtUp: IndexEvent = { kind: 'caught-up', block: 1, head: 1, headTimestamp: 1 }
  /** A log whose clock is moved by hand. */
  const start = () => {
    let nowMs = 1_000
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    const { log, told } = keepLog()
    const tell = createEventLog(log)
    return { tell, told, wait: (ms: number) => (nowMs += ms), failures: () => told('failure, will try again') }
  }

  test('has one line a minute while it goes on, with how often and how long', () => {
    const { tell, wait, failures } = start()
    for (let second = 0; second <= 180; second++) {
      tell(failure())
      wait(1_000)
    }
    expect(failures().map(({ fields }) => [fields.times, fields.seconds])).toEqual([
      [1, 0],
      [61, 60],
      [121, 120],
      [181, 180],
    ])
    expect(failures()[0]!.fields).toEqual({ waitMs: 500, times: 1, seconds: 0, reason: expect.stringMatching(/gone$/) })
  })

  test('says once that it works again', () => {
    const { tell, told, wait } = start()
    tell(failure())
    wait(5_000)
    tell(failure())
    tell(caughtUp)
    tell(caughtUp)
    expect(told('works again').map(({ fields }) => fields)).toEqual([{ failures: 2, seconds: 5 }])
  })

  test('of a watcher stands for itself', () => {
    const { tell, told, failures } = start()
    tell(failure('batches'))
    tell(failure('priority queue'))
    tell(failure())
    tell(failure('batches'))
    expect(failures().map(({ fields }) => fields.watcher)).toEqual(['batches', 'priority queue', undefined])
    tell(caughtUp)
    expect(told('works again')).toHaveLength(1)
  })

  test('has one line a minute, too, when it comes and goes', () => {
    const { tell, wait, failures } = start()
    for (let second = 0; second < 60; second++) {
      tell(failure())
      tell(caughtUp)
      wait(1_000)
    }
    expect(failures()).toHaveLength(1)
  })
})

describe('the status', () => {
  const track = () => {
    let nowMs = Date.UTC(2026, 0, 1)
    const tracker = createTracker(findProfile(324), { start: 0, committed: 9, end: null, undecoded: 0 }, () => nowMs)
    const fail = (error: Error, watcher: string | null = null) =>
      tracker.onEvent({ kind: 'failure', watcher, error, waitMs: 1 })
    return { tracker, fail, wait: (ms: number) => (nowMs += ms) }
  }
  const gone = new EndpointError('http://a', 'gone')
  const caughtUp: IndexEvent = { kind: 'caught-up', block: 9, head: 9, headTimestamp: 1 }

  test('is degraded since the first of several failures of the endpoint, until something succeeds', () => {
    const { tracker, fail, wait } = track()
    fail(gone)
    wait(60_000)
    fail(gone)
    expect(tracker.status()).toMatchObject({ state: 'error', degradedSince: '2026-01-01T00:00:00.000Z' })
    tracker.onEvent(caughtUp)
    expect(tracker.status()).toMatchObject({ state: 'live', degradedSince: null, lastError: null })
  })

  test('is in error but not degraded by an answer that contradicts itself', () => {
    const { tracker, fail } = track()
    fail(new ContradictionError('block 5 is missing'))
    expect(tracker.status()).toMatchObject({ state: 'error', degradedSince: null, lastError: 'block 5 is missing' })
  })

  test('is not changed by what is read beside the blocks', () => {
    const { tracker, fail } = track()
    tracker.onEvent(caughtUp)
    fail(gone, 'batches')
    expect(tracker.status()).toMatchObject({ state: 'live', degradedSince: null })
    expect(tracker.totals.failures).toBe(1)
  })
})
