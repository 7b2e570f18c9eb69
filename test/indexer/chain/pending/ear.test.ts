import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type EarLimits, openEar, type PendingEar } from '../../../../indexer/chain/pending/ear.ts'
import { probePending } from '../../../../indexer/chain/pending/probe.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import type { PendingSighting } from '../../../../indexer/types/pending.ts'
import { type FakeMethods, FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { type FakeSocket, startFakeSocket } from './fakeSocket.ts'
import { hashOf, minedTransaction, rawTransaction } from './transactions.ts'

let methods: FakeMethods
let server: FakeRpc
let rpc: Rpc
let socket: FakeSocket
let ear: PendingEar
let taken: PendingSighting[]

beforeEach(async () => {
  methods = { eth_getTransactionByHash: (hash: string) => rawTransaction(Number(hash)) }
  server = await startFakeRpc(methods)
  rpc = createRpc(server.url, { attempts: 1 })
  socket = await startFakeSocket()
  taken = []
})

afterEach(async () => {
  ear?.close()
  await socket.close()
  await rpc.close()
  await server.close()
})

const open = async (limits: Partial<EarLimits> = {}) => {
  ear = openEar({ rpc, webSocketUrl: socket.url }, { limits })
  await vi.waitFor(() => expect(ear.stream()).toBe('subscription'))
}
/** The sightings once there are `count`, and no more come. */
const takeAll = async (count: number) => {
  await vi.waitFor(() => {
    taken.push(...ear.take(1_000))
    expect(taken.length).toBeGreaterThanOrEqual(count)
  }, 5_000)
  return taken
}
const asked = () => server.calls.map(({ params }) => params[0])

test('a whole transaction needs no request', async () => {
  await open()
  socket.tell(rawTransaction(1))
  const [sighting] = await takeAll(1)
  expect(sighting).toMatchObject({ hash: hashOf(1), endpoint: rpc.name, stream: 'subscription', seenUnmined: true })
  expect(sighting!.body!.nonce).toBe(7n)
  expect(server.requests()).toBe(0)
})

test('a hash is read at once, those of a burst together', async () => {
  await open()
  socket.tell(...Array.from({ length: 50 }, (_, n) => hashOf(n)))
  const sightings = await takeAll(50)
  expect(new Set(sightings.map(({ hash }) => hash)).size).toBe(50)
  expect(sightings.every(({ seenUnmined, body }) => seenUnmined && body !== null)).toBe(true)
  expect(server.requests()).toBeLessThan(50)
  expect(ear.counts).toMatchObject({ sightings: 50, seenUnmined: 50, seenMined: 0, unreadable: 0, lost: 0, garbage: 0 })
})

test.each<[string, () => unknown, Record<string, number>, Partial<PendingSighting>]>([
  ['in no block', () => rawTransaction(1), { seenUnmined: 1 }, { seenUnmined: true }],
  ['in a block', () => minedTransaction(1, 5), { seenMined: 1 }, { seenUnmined: false }],
  ['another transaction', () => rawTransaction(2), { unreadable: 1 }, { seenUnmined: null, body: null }],
  ['garbage', () => ({ hash: hashOf(1), nonce: {} }), { unreadable: 1 }, { seenUnmined: null, body: null }],
  ['unknown twice', () => null, { unreadable: 1 }, { seenUnmined: null, body: null }],
  [
    'refused',
    () => {
      throw new FakeRefusal(-32602, 'no')
    },
    { unreadable: 1 },
    { seenUnmined: null, body: null },
  ],
])('a hash that is %s when it is read', async (_, answer, counts, expected) => {
  methods.eth_getTransactionByHash = answer
  await open()
  socket.tell(hashOf(1))
  const [sighting] = await takeAll(1)
  expect(sighting).toMatchObject(expected)
  expect(ear.counts).toMatchObject({ sightings: 1, seenUnmined: 0, seenMined: 0, unreadable: 0, ...counts })
})

test('a hash that is unknown at first is asked about again', async () => {
  let asks = 0
  methods.eth_getTransactionByHash = () => (++asks === 1 ? null : rawTransaction(1))
  await open()
  socket.tell(hashOf(1))
  expect((await takeAll(1))[0]).toMatchObject({ seenUnmined: true })
  expect(asks).toBe(2)
})

test('a transaction in a block that was read late says nothing about the stream', async () => {
  methods.eth_getTransactionByHash = () => minedTransaction(1, 5)
  await open()
  server.next((calls) => {
    const { id } = calls[0]!
    // Answers late: this thread serves nobody meanwhile.
    for (const endMs = performance.now() + 2_100; performance.now() < endMs; );
    return { body: { jsonrpc: '2.0', id, result: minedTransaction(1, 5) } }
  })
  socket.tell(hashOf(1))
  const [sighting] = await takeAll(1)
  expect(sighting).toMatchObject({ seenUnmined: null })
  expect(sighting!.body).not.toBeNull()
  expect(ear.counts).toMatchObject({ seenMined: 0, unreadable: 0 })
})

test('an endpoint that does not answer leaves the hash without its transaction', async () => {
  await open()
  server.next(() => ({ status: 502, body: '' }))
  socket.tell(hashOf(1))
  expect((await takeAll(1))[0]).toMatchObject({ hash: hashOf(1), seenUnmined: null, body: null })
})

describe('a flood', () => {
  test('of one transaction is one sighting', async () => {
    await open()
    for (let n = 0; n < 500; n++) socket.tell(hashOf(1), rawTransaction(1), `0x${hashOf(1).slice(2).toUpperCase()}`)
    socket.tell(hashOf(2))
    expect(await takeAll(2)).toHaveLength(2)
    expect(ear.counts).toMatchObject({ sightings: 2, garbage: 0 })
    expect(asked()).toEqual([hashOf(1), hashOf(2)])
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['a number', 7],
    ['a text', 'pending'],
    ['an empty text', ''],
    ['a hash of 31 bytes', hashOf(1).slice(0, 64)],
    ['a hash of 33 bytes', `${hashOf(1)}00`],
    ['a hash that is no hex', hashOf(1).replace('1', 'g')],
    ['a list', [hashOf(1)]],
    ['an object', {}],
    ['an object with a key of its prototype', { __proto__: null, hash: {} }],
    ['a transaction without sender', rawTransaction(1, { from: null })],
    ['a transaction with a value of a million digits', rawTransaction(1, { value: `0x${'f'.repeat(1_000_000)}` })],
  ])('of %s is garbage, and what is right is heard', async (_, item) => {
    await open()
    socket.tell(...Array.from({ length: 20 }, () => item), hashOf(2))
    expect((await takeAll(1)).map(({ hash }) => hash)).toEqual([hashOf(2)])
    expect(ear.counts).toMatchObject({ sightings: 1, garbage: 20 })
  })

  test('of huge calldata keeps all but the calldata', async () => {
    await open()
    for (let n = 0; n < 20; n++) socket.tell(rawTransaction(n, { input: `0x${'ab'.repeat(200_000)}` }))
    const sightings = await takeAll(20)
    expect(sightings.every(({ body }) => body?.nonce === 7n && body.calldata === null)).toBe(true)
    expect(ear.counts.lost).toBe(0)
  })

  test('of large calldata that nobody takes loses the oldest bodies', async () => {
    await open({ calldataBytes: 300_000 })
    for (let n = 0; n < 20; n++) socket.tell(rawTransaction(n, { input: `0x${'ab'.repeat(100_000)}` }))
    await vi.waitFor(() => expect(ear.counts.sightings).toBe(20))
    const sightings = ear.take(100)
    expect(sightings.map(({ body }) => body !== null)).toEqual(Array.from({ length: 20 }, (_, n) => n >= 17))
    expect(ear.counts.lost).toBe(17)
  })

  test('of hashes faster than they can be read is bounded', async () => {
    methods.eth_getTransactionByHash = () => rawTransaction(0)
    server.next(...Array.from({ length: 9 }, () => () => null))
    await open({ waiting: 100, sightings: 200, remembered: 300 })
    for (let n = 0; n < 5_000; n++) socket.tell(hashOf(n))
    await vi.waitFor(() => expect(ear.counts.sightings).toBe(5_000), 5_000)
    expect(ear.reading()).toBeLessThanOrEqual(200 + 125)
    expect(ear.take(10_000).length).toBeLessThanOrEqual(250)
    expect(ear.counts.lost).toBeGreaterThan(4_000)
  })

  test('in one answer is cut', async () => {
    await socket.close()
    methods.eth_newPendingTransactionFilter = () => '0xf1'
    let polls = 0
    methods.eth_getFilterChanges = () =>
      ++polls === 1 ? Array.from({ length: 1_000 }, (_, n) => rawTransaction(n)) : []
    ear = openEar({ rpc, webSocketUrl: null }, { limits: { items: 10 } })
    await takeAll(10)
    expect(ear.counts).toMatchObject({ sightings: 10, lost: 990 })
  })
})

describe('silence', () => {
  const include = (from: number, count: number) =>
    ear.noteIncluded(Array.from({ length: count }, (_, n) => hashOf(from + n)))
  const later = (ms: number) => vi.spyOn(performance, 'now').mockReturnValue(performance.now() + ms)
  afterEach(() => void vi.restoreAllMocks())

  test.each<[string, () => void, number]>([
    ['a minute, while the chain went on: opened again', () => [later(61_000), include(1, 20)], 2],
    ['less than a minute', () => [later(50_000), include(1, 20)], 1],
    ['a minute on a quiet chain', () => [later(61_000), include(1, 19)], 1],
  ])('of %s', async (_, pass, lines) => {
    await open()
    pass()
    vi.restoreAllMocks()
    if (lines > 1) await vi.waitFor(() => expect(socket.asked).toHaveLength(lines))
    else await new Promise((resolve) => setTimeout(resolve, 100))
    expect(socket.asked).toHaveLength(lines)
  })
})

describe('a probe', () => {
  test.each<[string, (n: number) => unknown, RegExp]>([
    [
      'before inclusion',
      (n) => rawTransaction(n),
      /^by WebSocket subscription: tells of transactions before inclusion \(100 % of 4 /,
    ],
    ['after inclusion', (n) => minedTransaction(n, 5), /: tells of transactions after inclusion \(0 % of 4 /],
    [
      'either way',
      (n) => (n % 2 ? rawTransaction(n) : minedTransaction(n, 5)),
      /before inclusion, of some after \(50 % of 4/,
    ],
    ['of what cannot be read', () => ({}), /: told of 4 in 0.5 s, none of which can be read$/],
  ])('of a stream that tells %s', async (_, answer, words) => {
    methods.eth_getTransactionByHash = (hash: string) => answer(Number(hash))
    const probing = probePending({ rpc, webSocketUrl: socket.url }, 0.5)
    await vi.waitFor(() => expect(socket.lines()).toBe(1))
    socket.tell(hashOf(1), hashOf(2), hashOf(3), hashOf(4))
    const probe = await probing
    expect(probe).toMatchObject({ stream: 'subscription', heard: 4 })
    expect(probe.words).toMatch(words)
    await vi.waitFor(() => expect(socket.lines()).toBe(0))
  })

  test('of a stream that tells nothing', async () => {
    const probe = await probePending({ rpc, webSocketUrl: socket.url }, 0.3)
    expect(probe).toMatchObject({ stream: 'subscription', heard: 0, unminedShare: null })
    expect(probe.words).toBe('by WebSocket subscription: heard nothing in 0.3 s')
  })

  test('of an endpoint that serves none', async () => {
    const probe = await probePending({ rpc, webSocketUrl: null }, 0.3)
    expect(probe.stream).toBeNull()
    expect(probe.words).toMatch(/^none served \(txpool: /)
  })

  test('takes the next way at the first failure', async () => {
    methods.eth_newPendingTransactionFilter = () => '0xf1'
    methods.eth_getFilterChanges = () => []
    const { stream } = await probePending({ rpc, webSocketUrl: 'ws://127.0.0.1:9' }, 0.5)
    expect(stream).toBe('filter')
  })

  test('ends when it is told to', async () => {
    const stop = new AbortController()
    const probing = probePending({ rpc, webSocketUrl: socket.url }, 60, stop.signal)
    stop.abort(new Error('enough'))
    await expect(probing).rejects.toThrow('enough')
  })
})
