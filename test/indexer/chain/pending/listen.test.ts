import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ListenTiming, listenPending, type PendingListener } from '../../../../indexer/chain/pending/listen.ts'
import { createRpc, type Rpc } from '../../../../indexer/chain/rpc.ts'
import { type FakeMethods, FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'
import { type FakeSocket, type SubscribeReply, startFakeSocket } from './fakeSocket.ts'
import { hashOf, rawTransaction } from './transactions.ts'

const timing: Partial<ListenTiming> = {
  filterPollMs: 10,
  txpoolPollMs: 10,
  backoffMs: 10,
  brokenRestMs: 300,
  refusedRestMs: 300,
}

let methods: FakeMethods
let server: FakeRpc
let rpc: Rpc
let socket: FakeSocket | null
let listener: PendingListener
let heard: { item: unknown; stream: string; seenAt: number }[]

beforeEach(async () => {
  methods = {}
  server = await startFakeRpc(methods)
  rpc = createRpc(server.url, { attempts: 1 })
  socket = null
  heard = []
})

afterEach(async () => {
  listener?.close()
  await socket?.close()
  await rpc.close()
  await server.close()
})

const listen = (webSocketUrl: string | null, times: Partial<ListenTiming> = {}) => {
  listener = listenPending(
    { rpc, webSocketUrl },
    (items, seenAt, stream) => heard.push(...items.map((item) => ({ item, seenAt, stream }))),
    { ...timing, ...times },
  )
}
const openSocket = async (reply?: (params: unknown[]) => SubscribeReply) => {
  socket = await startFakeSocket(reply)
  return socket
}
const streamIs = (stream: string | null) => vi.waitFor(() => expect(listener.stream()).toBe(stream), 5_000)
const items = () => heard.map(({ item }) => item)
const asked = (method: string) => server.calls.filter((call) => call.method === method).length

/** A filter with the next hash at each poll. */
const serveFilter = () => {
  let n = 0
  Object.assign(methods, {
    eth_newPendingTransactionFilter: () => '0xf1',
    eth_getFilterChanges: () => [hashOf(++n)],
  })
}

describe('a WebSocket subscription', () => {
  test('is asked for whole transactions, and heard with the time of the message', async () => {
    const { url, tell, asked: params } = await openSocket()
    listen(url)
    await streamIs('subscription')
    const before = Date.now() * 1000
    tell(rawTransaction(1), hashOf(2))
    await vi.waitFor(() => expect(heard).toHaveLength(2))
    expect(items()).toEqual([rawTransaction(1), hashOf(2)])
    expect(heard[0]!.seenAt).toBeGreaterThan(before - 2_000)
    expect(heard[0]!.seenAt).toBeLessThan(before + 5_000_000)
    expect(params).toEqual([['newPendingTransactions', true]])
  })

  test('is asked for hashes where whole transactions are refused, and at once when it is opened again', async () => {
    const { url, asked: params, cut } = await openSocket((each) => (each.length > 1 ? 'refuse' : 'accept'))
    listen(url)
    await streamIs('subscription')
    cut()
    await vi.waitFor(() => expect(params).toHaveLength(3))
    expect(params).toEqual([['newPendingTransactions', true], ['newPendingTransactions'], ['newPendingTransactions']])
  })

  test('that is closed is opened again', async () => {
    const { url, cut, tell, asked: params } = await openSocket()
    listen(url)
    await streamIs('subscription')
    cut()
    await vi.waitFor(() => expect(params).toHaveLength(2))
    await streamIs('subscription')
    tell(hashOf(1))
    await vi.waitFor(() => expect(items()).toEqual([hashOf(1)]))
  })

  test('with text that is not JSON is opened again', async () => {
    const { url, send, asked: params } = await openSocket()
    listen(url)
    await streamIs('subscription')
    send('<html>')
    await vi.waitFor(() => expect(params).toHaveLength(2))
    expect(listener.trouble()).toBe('subscription: the server sent something that is not JSON')
  })

  test('that is doubted is closed and opened again', async () => {
    const { url, asked: params, lines } = await openSocket()
    listen(url)
    await streamIs('subscription')
    listener.doubt()
    await vi.waitFor(() => expect(params).toHaveLength(2))
    await streamIs('subscription')
    expect(lines()).toBe(1)
    expect(listener.trouble()).toBe('subscription: it tells nothing')
  })

  test.each<[string, (url: string) => Promise<string>]>([
    ['refused', async () => (await openSocket(() => 'refuse')).url],
    ['on a port where nobody listens', async () => 'ws://127.0.0.1:9'],
    ['at a URL that is none', async () => 'nonsense'],
  ])('%s gives way to a filter', async (_, open) => {
    serveFilter()
    listen(await open(''), { brokenRestMs: 60_000, refusedRestMs: 60_000 })
    await streamIs('filter')
    await vi.waitFor(() => expect(items().slice(0, 2)).toEqual([hashOf(1), hashOf(2)]))
    expect(heard[0]!.stream).toBe('filter')
  })

  test('that dies again and again gives way to a filter, and is taken up after its rest', async () => {
    serveFilter()
    let isDead = true
    const {
      url,
      cut,
      asked: params,
    } = await openSocket(() => {
      if (isDead) setTimeout(() => socket?.cut(), 1)
      return isDead ? 'ignore' : 'accept'
    })
    listen(url)
    await streamIs('filter')
    expect(params).toHaveLength(3)
    isDead = false
    cut()
    await streamIs('subscription')
    expect(asked('eth_newPendingTransactionFilter')).toBe(1)
  })
})

describe('a filter', () => {
  test('is asked for whole transactions, then for hashes', async () => {
    methods.eth_newPendingTransactionFilter = (full?: boolean) => {
      if (full) throw new FakeRefusal(-32602, 'too many parameters')
      return '0xf1'
    }
    methods.eth_getFilterChanges = () => []
    listen(null)
    await streamIs('filter')
    const made = server.calls.filter(({ method }) => method === 'eth_newPendingTransactionFilter')
    expect(made.map(({ params }) => params)).toEqual([[true], []])
  })

  test('that the server has forgotten is made anew', async () => {
    let made = 0
    let polls = 0
    methods.eth_newPendingTransactionFilter = () => `0xf${++made}`
    methods.eth_getFilterChanges = (id: string) => {
      if (id === '0xf1' && ++polls > 2) throw new FakeRefusal(-32602, 'Filter not found')
      return id === '0xf1' ? [] : [hashOf(2)]
    }
    listen(null)
    await vi.waitFor(() => expect(items()).toContain(hashOf(2)))
    expect(made).toBe(2)
    expect(listener.trouble()).toBeNull()
  })

  test('that never lasts gives way to the pool', async () => {
    methods.eth_newPendingTransactionFilter = () => '0xf1'
    methods.eth_getFilterChanges = () => {
      throw new FakeRefusal(-32602, 'Filter not found')
    }
    Object.assign(methods, { txpool_status: () => ({ pending: '0x0', queued: '0x0' }) })
    listen(null)
    await streamIs('txpool')
    expect(asked('eth_getFilterChanges')).toBe(5)
  })

  test.each([[null], ['0xf1'], [{}], [7]])('that answers %j tells nothing and goes on', async (answer) => {
    let polls = 0
    methods.eth_newPendingTransactionFilter = () => '0xf1'
    methods.eth_getFilterChanges = () => (++polls < 3 ? answer : [hashOf(1)])
    listen(null)
    await vi.waitFor(() => expect(items()[0]).toBe(hashOf(1)))
    expect(listener.trouble()).toBeNull()
  })

  test('is polled again after the endpoint has failed', async () => {
    serveFilter()
    listen(null)
    await streamIs('filter')
    server.next(() => ({ status: 502, body: '' }))
    await vi.waitFor(() => expect(listener.trouble()).toContain('HTTP 502'))
    const before = heard.length
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before + 1))
    expect(asked('eth_newPendingTransactionFilter')).toBe(1)
  })
})

describe('the pool', () => {
  const pool = { '0xaa': { 1: rawTransaction(1), 2: rawTransaction(2) } }
  const queued = { '0xbb': { 9: rawTransaction(3) } }

  test('is read while it is small', async () => {
    methods.txpool_status = () => ({ pending: '0x2', queued: '0x1' })
    methods.txpool_content = () => ({ pending: pool, queued })
    listen(null)
    await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(3))
    expect(items().slice(0, 3)).toEqual([rawTransaction(1), rawTransaction(2), rawTransaction(3)])
    expect(heard[0]!.stream).toBe('txpool')
  })

  test('is not read when it is empty', async () => {
    methods.txpool_status = () => ({ pending: '0x0', queued: '0x0' })
    listen(null)
    await streamIs('txpool')
    expect(asked('txpool_content')).toBe(0)
  })

  test('is not read when it is large', async () => {
    methods.txpool_status = () => ({ pending: '0x7d1', queued: '0x0' })
    listen(null)
    await vi.waitFor(() => expect(listener.trouble()).toContain('the pool holds 2001 transactions'))
    expect(asked('txpool_content')).toBe(0)
    expect(listener.stream()).toBeNull()
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a list', []],
    ['a text', 'none'],
    ['senders that are null', { pending: null, queued: null }],
    ['a sender without transactions', { pending: { '0xaa': null } }],
  ])('with %s as its content tells nothing', async (_, content) => {
    let polls = 0
    methods.txpool_status = () => ({ pending: '0x1', queued: '0x0' })
    methods.txpool_content = () => (++polls < 3 ? content : { pending: pool })
    listen(null)
    await vi.waitFor(() => expect(items()).toContainEqual(rawTransaction(1)))
    expect(listener.trouble()).not.toContain('txpool')
  })
})

test('nothing is served: no stream, and asked again after the rest', async () => {
  listen(null)
  await vi.waitFor(() => expect(listener.trouble()).toContain('txpool_status was refused with -32601'))
  expect(listener.stream()).toBeNull()
  serveFilter()
  await streamIs('filter')
})

test('after close nothing is asked any more', async () => {
  serveFilter()
  listen(null)
  await streamIs('filter')
  listener.close()
  await new Promise((resolve) => setTimeout(resolve, 50))
  const before = server.requests()
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(server.requests()).toBe(before)
})
