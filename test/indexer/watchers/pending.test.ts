import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import { createPendingWatcher, type PendingWatcher } from '../../../indexer/watchers/pending.ts'
import { createTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { type FakeMethods, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { openMigrated } from '../../support/indexing.ts'
import { address } from '../../support/logs.ts'
import { type FakeSocket, startFakeSocket } from '../chain/pending/fakeSocket.ts'
import { hashOf, minedTransaction, rawTransaction } from '../chain/pending/transactions.ts'

const CHAIN = 99_999
const signal = new AbortController().signal
const intent: SwapIntent = {
  ...{ kind: 'EXACT_OUT', tokenIn: address(1), tokenOut: address(2), amountIn: null, amountOut: 5n },
  ...{ recipient: address(3), deadline: null, path: 'p' },
}
/** Block n has this hash, here and in `minedTransaction`. */
const blockHash = (number: number) => hashOf(1_000_000 + number)

let home: TestDatabase
let database: Database
let methods: FakeMethods
let server: FakeRpc
let socket: FakeSocket
let rpc: Rpc
let watcher: PendingWatcher

beforeAll(async () => {
  home = await createTestDatabase('pglite')
  database = await openMigrated(home.url)
})
afterAll(async () => {
  await database?.close()
  await home?.remove()
})

beforeEach(async () => {
  await database.execute('truncate pending_transactions, blocks, cursors')
  await commit(10)
  methods = { eth_getTransactionByHash: (hash: string) => rawTransaction(Number(hash)) }
  server = await startFakeRpc(methods)
  socket = await startFakeSocket()
  rpc = createRpc(server.url, { attempts: 1 })
})
afterEach(async () => {
  await watcher.close()
  await socket.close()
  await rpc.close()
  await server.close()
})

const commit = (number: number) =>
  database.execute(`
    insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
    values (${CHAIN}, ${number}, '\\x${blockHash(number).slice(2)}', '\\x00', 1750000000, 0, 0, 0);
    insert into cursors (chain_id, start_block, block_number) values (${CHAIN}, 0, ${number})
    on conflict (chain_id) do update set block_number = ${number}`)

type Settings = Partial<Parameters<typeof createPendingWatcher>[0]>
const open = async (settings: Settings = {}) => {
  watcher = createPendingWatcher({
    ...{ members: [{ rpc, webSocketUrl: socket.url }], database, chainId: CHAIN, decodeIntent: () => intent },
    poll: { ageMs: 0, walkMs: 0, goneMs: 150 },
    ...settings,
  })
  await vi.waitFor(() => expect(watcher.measures()[0]!.stream).toBe('subscription'))
}
const round = () => watcher.round(signal)
const measure = () => watcher.measures()[0]!
/** Tells of transactions and waits until they are ready to be written. */
const tell = async (...items: unknown[]) => {
  const before = measure().sightings
  socket.tell(...items)
  await vi.waitFor(() => {
    const { sightings, seenUnmined, seenMined, unreadable } = measure()
    expect(sightings).toBe(before + items.length)
    expect(seenUnmined + seenMined + unreadable).toBe(sightings)
  }, 5_000)
}
const stored = () =>
  database.query(`
    select right(encode(hash, 'hex'), 2)::int as n, outcome, block_number::int as block, included_at::text,
      inclusion_delay_microseconds::int as delay, nonce::int, seen_unmined, intent_kind
    from pending_transactions order by hash`)
const outcomes = async () => Object.fromEntries((await stored()).map(({ n, outcome }) => [n, outcome]))
const onBlock = (number: number, hashes: Hex[], seenAt = Date.now() * 1000 + 5_000) =>
  watcher.onBlock({ number, hash: blockHash(number) }, hashes, seenAt)
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('what is heard', () => {
  test('is written with its intent, once a round', async () => {
    await open()
    await tell(rawTransaction(1))
    expect(await stored()).toEqual([])
    expect(await round()).toBeGreaterThan(0)
    expect(await stored()).toMatchObject([
      { n: 1, outcome: 'pending', nonce: 7, seen_unmined: true, intent_kind: 'EXACT_OUT' },
    ])
  })

  test('is decoded by its receiver, calldata, value and sender', async () => {
    const decodeIntent = vi.fn(() => null)
    await open({ decodeIntent })
    await tell(rawTransaction(1), rawTransaction(2, { input: `0x${'00'.repeat(128 * 1024 + 1)}` }))
    await round()
    expect(decodeIntent.mock.calls).toEqual([[`0x${'cd'.repeat(20)}`, '0xabcd', 1n, `0x${'ab'.repeat(20)}`]])
  })

  test('is written without intent when the decoder fails', async () => {
    await open({
      decodeIntent: () => {
        throw new RangeError('odd calldata')
      },
    })
    await tell(rawTransaction(1))
    await round()
    expect(await stored()).toMatchObject([{ n: 1, intent_kind: null, nonce: 7 }])
  })

  test('is kept until the database is there again', async () => {
    let isDown = true
    const query: Database['query'] = async (text, parameters) => {
      if (isDown) throw new Error('connection terminated')
      return database.query(text, parameters)
    }
    await open({ database: { ...database, query } })
    await tell(rawTransaction(1))
    await expect(round()).rejects.toThrow('connection terminated')
    isDown = false
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending' })
  })

  test('is lost, and counted, while too many rows are open', async () => {
    await open({ openMax: 1 })
    await tell(rawTransaction(1), rawTransaction(2, { nonce: '0x8' }))
    await round()
    await tell(rawTransaction(3))
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending', 2: 'pending' })
    expect(measure()).toMatchObject({ sightings: 3, lost: 1 })
    onBlock(10, [hashOf(1), hashOf(2)])
    await round()
    await tell(rawTransaction(4))
    await round()
    expect(await outcomes()).toEqual({ 1: 'included', 2: 'included', 4: 'pending' })
  })

  test('is written at the end, too', async () => {
    await open()
    await tell(rawTransaction(1))
    await watcher.close()
    expect(await outcomes()).toEqual({ 1: 'pending' })
  })

  test('is filled in when it can be read later', async () => {
    methods.eth_getTransactionByHash = () => ({})
    await open({ poll: { ageMs: 0, walkMs: 0 } })
    await tell(hashOf(1))
    await round()
    expect(await stored()).toMatchObject([{ n: 1, nonce: null, seen_unmined: null }])
    methods.eth_getTransactionByHash = () => rawTransaction(1)
    await round()
    expect(await stored()).toMatchObject([{ n: 1, nonce: 7, seen_unmined: true, intent_kind: 'EXACT_OUT' }])
  })
})

describe('a block at the head', () => {
  test('settles without a request', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1), rawTransaction(2, { nonce: '0x8' }))
    onBlock(10, [hashOf(9), hashOf(1)])
    await round()
    const [first, second] = await stored()
    expect(first).toMatchObject({ n: 1, outcome: 'included', block: 10 })
    expect(Number(first!.delay)).toBeGreaterThan(0)
    expect(second).toMatchObject({ n: 2, outcome: 'pending' })
    expect(server.requests()).toBe(0)
  })

  test('counts once it is committed', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1))
    onBlock(11, [hashOf(1)])
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending' })
    await commit(11)
    await round()
    expect(await stored()).toMatchObject([{ outcome: 'included', block: 11 }])
  })

  test('that is read before the stream tells of its transaction', async () => {
    await open({ poll: {} })
    onBlock(10, [hashOf(1)], 1_750_000_000_000_000)
    await round()
    await tell(minedTransaction(1, 10))
    await round()
    expect(await stored()).toMatchObject([
      { outcome: 'included', included_at: '2025-06-15 15:06:40+00', delay: null, seen_unmined: false },
    ])
    expect(measure()).toMatchObject({ seenMined: 1, included: 1, medianDelayMs: null })
  })

  test('that was replaced does not count, the one in its place does', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1))
    watcher.onBlock({ number: 10, hash: hashOf(5) }, [hashOf(1)], Date.now() * 1000)
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending' })
    onBlock(10, [hashOf(2), hashOf(1)])
    await round()
    expect(await stored()).toMatchObject([{ outcome: 'included', block: 10 }])
  })

  test('shows what its transactions replaced', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1), rawTransaction(2))
    onBlock(10, [hashOf(2)])
    await round()
    expect(await outcomes()).toEqual({ 1: 'replaced', 2: 'included' })
    expect(measure()).toMatchObject({ included: 1, replaced: 1, dropped: 0 })
  })
})

describe('asking', () => {
  test('finds the block of a transaction, but not when it was read', async () => {
    await open()
    await tell(rawTransaction(1))
    methods.eth_getTransactionByHash = () => minedTransaction(1, 10)
    await round()
    await round()
    expect(await stored()).toMatchObject([{ outcome: 'included', block: 10, included_at: null, delay: null }])
  })

  test('does not go beyond the committed blocks, and asks no more until they come', async () => {
    await open()
    await tell(rawTransaction(1))
    methods.eth_getTransactionByHash = () => minedTransaction(1, 11)
    await round()
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending' })
    expect(server.requests()).toBe(1)
    await commit(11)
    await round()
    expect(await stored()).toMatchObject([{ outcome: 'included', block: 11 }])
  })

  test('goes on after a restart', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1))
    await round()
    await watcher.close()
    methods.eth_getTransactionByHash = () => minedTransaction(1, 10)
    await open()
    await round()
    await round()
    expect(await outcomes()).toEqual({ 1: 'included' })
  })

  test.each<[string, Record<string, unknown>, string | undefined, string]>([
    ['whose nonce is not used: dropped', {}, '0x7', 'dropped'],
    ['whose nonce is used: replaced', {}, '0x8', 'replaced'],
    ['whose sender has no known nonce: dropped', {}, undefined, 'dropped'],
    ['from L1, whose nonce means nothing: dropped', { type: '0xff' }, '0x8', 'dropped'],
  ])('about one that is gone, %s', async (_, fields, nonce, expected) => {
    await open()
    await tell(rawTransaction(1, fields))
    methods.eth_getTransactionByHash = () => null
    if (nonce !== undefined) methods.eth_getTransactionCount = () => nonce
    await round()
    await round()
    expect(await outcomes()).toEqual({ 1: 'pending' })
    await later(160)
    await round()
    expect(await outcomes()).toEqual({ 1: expected })
    expect(measure()).toMatchObject({ dropped: 0, replaced: 0, [expected]: 1 })
  })

  test('about one that comes and goes begins anew', async () => {
    await open()
    await tell(rawTransaction(1))
    for (const answer of [null, rawTransaction(1), null]) {
      methods.eth_getTransactionByHash = () => answer
      await round()
      await later(160)
    }
    expect(await outcomes()).toEqual({ 1: 'pending' })
  })

  test('an endpoint that fails holds up nothing', async () => {
    await open()
    await tell(rawTransaction(1))
    server.next(() => ({ status: 502, body: '' }))
    await round()
    onBlock(10, [hashOf(1)])
    await round()
    expect(await outcomes()).toEqual({ 1: 'included' })
  })

  test('rows of an endpoint that is no longer used are asked of another', async () => {
    await open({ poll: {} })
    await tell(rawTransaction(1))
    await round()
    await watcher.close()
    await database.execute(`update pending_transactions set endpoint = 'gone'`)
    methods.eth_getTransactionByHash = () => minedTransaction(1, 10)
    await open()
    await round()
    await round()
    expect(await outcomes()).toEqual({ 1: 'included' })
  })
})

test('the measure of a stream', async () => {
  await open({ poll: {} })
  await tell(...Array.from({ length: 3 }, (_, index) => rawTransaction(index + 1, { nonce: `0x${index}` })))
  socket.tell('garbage')
  const seenAt = Date.now() * 1000
  onBlock(10, [hashOf(1)], seenAt + 1_000_000)
  await round()
  onBlock(10, [hashOf(2)], seenAt + 3_000_000)
  await round()
  const { medianDelayMs, ...rest } = measure()
  expect(rest).toEqual({
    ...{ endpoint: rpc.name, stream: 'subscription', trouble: null },
    ...{ sightings: 3, seenUnmined: 3, seenMined: 0, unreadable: 0, lost: 0, garbage: 1 },
    ...{ included: 2, dropped: 0, replaced: 0 },
  })
  expect(medianDelayMs).toBeGreaterThan(1_900)
  expect(medianDelayMs).toBeLessThan(5_000)
})
