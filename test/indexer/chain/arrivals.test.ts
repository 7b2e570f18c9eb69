import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../../contracts/devnet/index.ts'
import {
  type ArrivalBlock,
  type ArrivalReader,
  createArrivalReader,
  toArrivalOfDetails,
  toArrivalOfRaw,
} from '../../../indexer/chain/arrivals.ts'
import { ContradictionError, EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import type { RawBlock } from '../../../indexer/chain/format.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import type { Arrivals } from '../../../indexer/types/arrival.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { type FakeMethods, FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { address, hash } from '../../support/logs.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function connect(methods: FakeMethods): Promise<{ server: FakeRpc; rpc: Rpc }> {
  const server = await startFakeRpc(methods)
  const rpc = createRpc(server.url, { attempts: 1 })
  open.push(server, rpc)
  return { server, rpc }
}

const refuse = (code: number, message: string) => () => {
  throw new FakeRefusal(code, message)
}

const l2 = (transaction: number, ms: number, changes: object = {}) => ({
  common_data: { L2: { initiatorAddress: address(7), input: { hash: hash(transaction), data: [249] }, ...changes } },
  received_timestamp_ms: ms,
})
const fromL1 = (transaction: number, ms: number, kind: 'L1' | 'ProtocolUpgrade' = 'L1') => ({
  common_data: { [kind]: { sender: address(8), canonicalTxHash: hash(transaction) } },
  received_timestamp_ms: ms,
})
const details = (receivedAt: string, isL1Originated = false) => ({
  ...{ isL1Originated, status: 'included', receivedAt, initiatorAddress: address(7) },
})
const block = (number: number, ...transactions: number[]): ArrivalBlock => ({
  ...{ number, hash: hash(number), transactionHashes: transactions.map(hash) },
})
const arrival = (transaction: number, receivedAt: number | null, isFromL1 = false) => ({
  ...{ transactionHash: hash(transaction), receivedAt, isFromL1, from: address(isFromL1 ? 8 : 7) },
})

describe('one call a block', () => {
  test('arrivals stand in the order of the block, whatever that of the answer', async () => {
    const raw = [l2(102, 1_706_539_720_746), fromL1(100, 1_677_887_544_169), l2(101, 1_706_539_720_745)]
    const { server, rpc } = await connect({ zks_getRawBlockTransactions: () => raw })
    const reader = createArrivalReader()
    expect(await reader.fetch(rpc, [block(5, 100, 101, 102)])).toEqual(
      new Map([
        [
          5,
          [
            arrival(100, 1_677_887_544_169_000, true),
            arrival(101, 1_706_539_720_745_000),
            arrival(102, 1_706_539_720_746_000),
          ],
        ],
      ]),
    )
    expect(server.calls.map(({ method, params }) => [method, ...params])).toEqual([['zks_getRawBlockTransactions', 5]])
    expect(reader.methodOf(rpc)).toBe('zks_getRawBlockTransactions')
  })

  test('several blocks go in one request; those without transactions are not asked about', async () => {
    const { server, rpc } = await connect({ zks_getRawBlockTransactions: (number: number) => [l2(number, number)] })
    const reader = createArrivalReader()
    await reader.fetch(rpc, [block(1, 1)])
    const found = await reader.fetch(rpc, [block(5, 5), block(6), block(7, 7)])
    expect([...found]).toEqual([
      [5, [arrival(5, 5_000)]],
      [6, []],
      [7, [arrival(7, 7_000)]],
    ])
    expect(server.requests()).toBe(2)
    expect(server.calls.map(({ params }) => params[0])).toEqual([1, 5, 7])
  })

  test.each<[string, unknown, ArrivalBlock]>([
    ['another number of transactions', [l2(100, 1)], block(5, 100, 101)],
    ['the transactions of another block', [l2(200, 1)], block(5, 100)],
    ['the same transaction twice', [l2(100, 1), l2(100, 1)], block(5, 100, 101)],
    ['no transactions', [], block(5, 100)],
    ['nothing', null, block(5, 100)],
  ])('%s, of a block that is no longer there, is a contradiction', async (_, answer, asked) => {
    const { rpc } = await connect({
      zks_getRawBlockTransactions: () => answer,
      zks_getTransactionDetails: () => null,
      eth_getBlockByNumber: () => ({ hash: hash(6) }),
    })
    const run = createArrivalReader().fetch(rpc, [asked])
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    const { length } = asked.transactionHashes
    await expect(run).rejects.toThrow(`the arrivals of block 5 are not those of its ${length} transactions`)
  })

  test.each<[string, unknown, string]>([
    ['no list', {}, 'the raw transactions of block 5 are no list'],
    ['holes', [null], 'received_timestamp_ms: undefined are no milliseconds'],
  ])('%s is a contradiction', async (_, answer, message) => {
    const { rpc } = await connect({ zks_getRawBlockTransactions: () => answer })
    const run = createArrivalReader().fetch(rpc, [block(5, 100)])
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    await expect(run).rejects.toThrow(message)
  })
})

describe('a block without its raw transactions', () => {
  const known = details('1970-01-01T00:00:02Z')
  const isThere = () => ({ hash: hash(5) })

  test.each<[string, FakeMethods, ReturnType<typeof arrival>[] | null]>([
    [
      'is not for free, and neither are the details',
      {
        zks_getRawBlockTransactions: refuse(-32000, 'not available on the Free tier'),
        zks_getTransactionDetails: refuse(-32000, 'not available on the Free tier'),
      },
      null,
    ],
    [
      'is not for free, the details are',
      {
        zks_getRawBlockTransactions: refuse(-32000, 'not available on the Free tier'),
        zks_getTransactionDetails: () => known,
      },
      [arrival(100, 2_000_000)],
    ],
    [
      'is pruned, and so are the details, by a refusal',
      {
        zks_getRawBlockTransactions: refuse(-32001, 'Block with number 5 is pruned'),
        zks_getTransactionDetails: refuse(-32001, 'pruned'),
      },
      null,
    ],
    [
      'is pruned, and of the transaction nothing is known',
      {
        zks_getRawBlockTransactions: refuse(-32001, 'Block with number 5 is pruned'),
        zks_getTransactionDetails: () => null,
      },
      null,
    ],
    [
      'is empty, and the details are known',
      { zks_getRawBlockTransactions: () => [], zks_getTransactionDetails: () => known },
      [arrival(100, 2_000_000)],
    ],
    [
      'is empty, and of the transaction nothing is known',
      { zks_getRawBlockTransactions: () => [], zks_getTransactionDetails: () => null },
      null,
    ],
    ['is empty, and there are no details', { zks_getRawBlockTransactions: () => [] }, null],
    ['is none, and there are no details', { zks_getRawBlockTransactions: () => null }, null],
    ['is served by transactions, but forgotten', { zks_getTransactionDetails: () => null }, null],
    ['is served by transactions, but refused', { zks_getTransactionDetails: refuse(-32001, 'pruned') }, null],
  ])('%s', async (_, methods, expected) => {
    const { rpc } = await connect({ eth_getBlockByNumber: isThere, ...methods })
    expect([...(await createArrivalReader().fetch(rpc, [block(5, 100)]))]).toEqual([[5, expected]])
    expect(rpc.counts.faults.serverError).toBe(expected === null ? 1 : 0)
  })

  test('is whole when it is asked for again, as after a reorganisation', async () => {
    let answers = 0
    const { rpc } = await connect({
      zks_getRawBlockTransactions: () => (answers++ === 0 ? [] : [l2(100, 5)]),
      zks_getTransactionDetails: () => known,
    })
    expect([...(await createArrivalReader().fetch(rpc, [block(5, 100)]))]).toEqual([[5, [arrival(100, 5_000)]]])
  })

  test('does not keep the others from theirs', async () => {
    const { rpc } = await connect({
      zks_getRawBlockTransactions: (number: number) => (number === 5 ? [] : [l2(number, number)]),
      eth_getBlockByNumber: isThere,
    })
    const found = await createArrivalReader().fetch(rpc, [block(4, 4), block(5, 100), block(6, 6)])
    expect([...found.values()]).toEqual([[arrival(4, 4_000)], null, [arrival(6, 6_000)]])
  })

  test.each<[string, unknown]>([
    ['a refusal', new RpcError('zks_getRawBlockTransactions', -32000, 'not available on the Free tier')],
    ['an empty list', []],
    ['nothing', null],
    ['a list without hashes', [l2(100, 1, { input: null })]],
  ])('read with its block: %s is looked at closer', (_, answer) => {
    expect(createArrivalReader().read(block(5, 100), answer)).toBeUndefined()
  })

  test('read with its block: whole', () => {
    expect(createArrivalReader().read(block(5, 100), [l2(100, 1)])).toEqual([arrival(100, 1_000)])
  })
})

describe('one call a transaction', () => {
  const MICROSECONDS = 1_711_650_289_713_730
  const served = (receivedAt: Hex | string) => details(String(receivedAt))

  test('where blocks are not served, which is asked a few times', async () => {
    const { server, rpc } = await connect({
      zks_getTransactionDetails: (asked: Hex) =>
        asked === hash(100)
          ? { ...details('2024-03-28T18:24:49.713Z', true), initiatorAddress: address(8) }
          : served('2024-03-28T18:24:49.713730Z'),
    })
    const reader = createArrivalReader()
    const found = await reader.fetch(rpc, [block(5, 100, 101), block(6, 102)])
    expect([...found]).toEqual([
      [5, [arrival(100, MICROSECONDS - 730, true), arrival(101, MICROSECONDS)]],
      [6, [arrival(102, MICROSECONDS)]],
    ])
    expect(reader.methodOf(rpc)).toBe('zks_getTransactionDetails')
    await reader.fetch(rpc, [block(7, 103)])
    expect(server.calls.filter(({ method }) => method === 'zks_getRawBlockTransactions')).toHaveLength(4)
  })

  test.each<[string, unknown]>([
    ['a block too large for an answer', refuse(-32008, 'Response is too big')],
    ['a block without the hash of a transaction', () => [l2(100, 1, { input: null })]],
  ])('for %s alone', async (_, raw) => {
    const { rpc } = await connect({
      zks_getRawBlockTransactions: (number: number) => (number === 5 ? (raw as () => unknown)() : [l2(101, 2)]),
      zks_getTransactionDetails: () => served('2024-03-28T18:24:49.713730Z'),
    })
    const reader = createArrivalReader()
    await reader.fetch(rpc, [block(4, 101)])
    const found = await reader.fetch(rpc, [block(5, 100), block(6, 101)])
    expect([...found.values()]).toEqual([[arrival(100, MICROSECONDS)], [arrival(101, 2_000)]])
    expect(reader.methodOf(rpc)).toBe('zks_getRawBlockTransactions')
  })

  test('not even then: the block has no arrival times', async () => {
    const { rpc } = await connect({ zks_getRawBlockTransactions: refuse(-32008, 'Response is too big') })
    expect([...(await createArrivalReader().fetch(rpc, [block(5, 100)]))]).toEqual([[5, null]])
  })

  test('no details of a transaction of the block are a contradiction', async () => {
    const { rpc } = await connect({ zks_getTransactionDetails: () => null })
    const run = createArrivalReader().fetch(rpc, [block(5, 100)])
    await expect(run).rejects.toThrow(ContradictionError)
  })
})

describe('endpoints', () => {
  test('one that serves neither has no arrival times, and is not asked again', async () => {
    const { server, rpc } = await connect({})
    const reader = createArrivalReader()
    const blocks = [block(5, 100), block(6), block(7, 101, 102)]
    const expected = [
      [5, null],
      [6, []],
      [7, null],
    ]
    expect([...(await reader.fetch(rpc, blocks))]).toEqual(expected)
    expect(server.calls).toHaveLength(8)
    expect([...(await reader.fetch(rpc, blocks))]).toEqual(expected)
    expect(server.calls).toHaveLength(8)
    expect(reader.methodOf(rpc)).toBeNull()
  })

  test('each is known by itself', async () => {
    const [first, second] = [await connect({}), await connect({ zks_getRawBlockTransactions: () => [l2(100, 1)] })]
    const reader = createArrivalReader()
    await reader.fetch(first.rpc, [block(5, 100)])
    expect([...(await reader.fetch(second.rpc, [block(5, 100)]))]).toEqual([[5, [arrival(100, 1_000)]]])
    expect([reader.methodOf(first.rpc), reader.methodOf(second.rpc)]).toEqual([null, 'zks_getRawBlockTransactions'])
  })

  test('one that ceases to serve blocks is asked for transactions', async () => {
    const methods: FakeMethods = { zks_getRawBlockTransactions: () => [l2(100, 1)] }
    methods.zks_getTransactionDetails = () => details('1970-01-01T00:00:02Z')
    const { rpc } = await connect(methods)
    const reader = createArrivalReader()
    await reader.fetch(rpc, [block(5, 100)])
    delete methods.zks_getRawBlockTransactions
    expect([...(await reader.fetch(rpc, [block(5, 100)]))]).toEqual([[5, [arrival(100, 2_000_000)]]])
  })

  test('one that says so four times in a row is tried again after ten minutes', async () => {
    const methods: FakeMethods = {}
    const { server, rpc } = await connect(methods)
    let nowMs = 0
    const reader = createArrivalReader(() => nowMs)
    const blocks = [block(5, 100), block(6, 101)]
    await reader.fetch(rpc, blocks)
    methods.zks_getRawBlockTransactions = (number: number) => [l2(95 + number, number)]
    nowMs = 599_999
    expect([...(await reader.fetch(rpc, blocks)).values()]).toEqual([null, null])
    expect(server.calls).toHaveLength(8)
    nowMs = 600_000
    expect([...(await reader.fetch(rpc, blocks)).values()]).toEqual([[arrival(100, 5_000)], [arrival(101, 6_000)]])
    expect(reader.methodOf(rpc)).toBe('zks_getRawBlockTransactions')
  })

  test('one that still serves nothing is tried once in ten minutes', async () => {
    const { server, rpc } = await connect({})
    let nowMs = 0
    const reader = createArrivalReader(() => nowMs)
    await reader.fetch(rpc, [block(5, 100)])
    nowMs = 600_000
    await reader.fetch(rpc, [block(5, 100), block(6, 101)])
    await reader.fetch(rpc, [block(7, 102)])
    expect(server.calls).toHaveLength(16)
    expect(rpc.counts.faults.serverError).toBe(0)
  })

  test('one that ceases to tell at all is counted, once', async () => {
    const methods: FakeMethods = { zks_getTransactionDetails: () => details('1970-01-01T00:00:02Z') }
    const { rpc } = await connect(methods)
    const reader = createArrivalReader()
    await reader.fetch(rpc, [block(5, 100)])
    expect(rpc.counts.faults.serverError).toBe(0)
    delete methods.zks_getTransactionDetails
    expect([...(await reader.fetch(rpc, [block(5, 100), block(6, 101)])).values()]).toEqual([null, null])
    await reader.fetch(rpc, [block(7, 102)])
    expect(rpc.counts.faults.serverError).toBe(1)
  })

  test.each<[string, FakeMethods]>([
    ['of a block', { zks_getRawBlockTransactions: refuse(-32603, 'Internal error') }],
    ['of a transaction', { zks_getTransactionDetails: refuse(-32000, 'busy') }],
  ])('a failure %s is none of the method', async (_, methods) => {
    const { rpc } = await connect(methods)
    const reader = createArrivalReader()
    await expect(reader.fetch(rpc, [block(5, 100)])).rejects.toBeInstanceOf(EndpointError)
    expect(reader.methodOf(rpc)).toBeUndefined()
  })
})

describe('single answers', () => {
  test.each<[string, object, object]>([
    ['an L2 transaction', l2(1, 5), arrival(1, 5_000)],
    ['a priority operation', fromL1(1, 5), arrival(1, 5_000, true)],
    ['an upgrade', fromL1(1, 5, 'ProtocolUpgrade'), arrival(1, 5_000, true)],
    ['an unknown time', l2(1, 0), arrival(1, null)],
  ])('raw: %s', (_, raw, expected) => {
    expect(toArrivalOfRaw(raw)).toEqual(expected)
  })

  test.each<[string, object]>([
    ['no time', { ...l2(1, 5), received_timestamp_ms: null }],
    ['a time in text', { ...l2(1, 5), received_timestamp_ms: '5' }],
    ['a fraction of a millisecond', l2(1, 5.5)],
    ['a time before 1970', l2(1, -1)],
    ['microseconds in place of milliseconds', l2(1, 2 ** 53 / 1000 + 1)],
    ['no sender', l2(1, 5, { initiatorAddress: null })],
    ['a hash that is none', l2(1, 5, { input: { hash: '0x' } })],
    ['neither L2 nor L1', { common_data: {}, received_timestamp_ms: 5 }],
  ])('raw: %s is a contradiction', (_, raw) => {
    expect(() => toArrivalOfRaw(raw)).toThrow(ContradictionError)
  })

  test.each<[string, unknown]>([
    ['no time', { ...details(''), receivedAt: null }],
    ['a time that is none', details('yesterday')],
    ['no origin', { ...details('2024-03-28T18:24:49Z'), isL1Originated: 'false' }],
    ['no sender', { ...details('2024-03-28T18:24:49Z'), initiatorAddress: null }],
    ['nothing', null],
  ])('details: %s is a contradiction', (_, answer) => {
    expect(() => toArrivalOfDetails(hash(1), answer)).toThrow(ContradictionError)
  })
})

describe('the local chain', () => {
  let devnet: Devnet
  let rpc: Rpc
  let blocks: ArrivalBlock[]
  beforeAll(async () => {
    devnet = await startDevnet({ mode: 'era', history: 30, l1: { swapShare: 0.3 } })
    rpc = createRpc(devnet.url)
    const calls = Array.from({ length: devnet.tip() }, (_, index) => ({
      ...{ method: 'eth_getBlockByNumber', params: [`0x${(index + 1).toString(16)}`, false] },
    }))
    blocks = ((await rpc.batch(calls)) as RawBlock[]).map(({ number, hash: blockHash, transactions }) => ({
      ...{ number: Number(number), hash: blockHash, transactionHashes: transactions as Hex[] },
    }))
  })
  afterAll(async () => {
    await rpc.close()
    await devnet.close()
  })

  /** The same endpoint without the call for a block. */
  const withoutRaw = (): Rpc => ({
    ...rpc,
    batch: async (calls, signal) => {
      const known = calls.map((call) => ({ ...call, method: call.method.replace('RawBlock', 'NoBlock') }))
      return rpc.batch(known, signal)
    },
  })
  const read = async (reader: ArrivalReader, from: Rpc) => [...(await reader.fetch(from, blocks)).values()]
  const flat = (all: readonly Arrivals[]) => all.flatMap((arrivals) => arrivals ?? [])

  test('says the same both ways, to the millisecond, and knows what comes from L1', async () => {
    const reader = createArrivalReader()
    const raw = flat(await read(reader, rpc))
    const other = withoutRaw()
    const single = flat(await read(reader, other))
    expect(reader.methodOf(other)).toBe('zks_getTransactionDetails')
    expect(raw.map(({ transactionHash }) => transactionHash)).toEqual(blocks.flatMap((each) => each.transactionHashes))
    const cut = single.map((each) => ({ ...each, receivedAt: Math.floor(each.receivedAt! / 1000) * 1000 }))
    expect(cut).toEqual(raw)
    expect(single.some(({ receivedAt }) => receivedAt! % 1000 > 0)).toBe(true)
    expect(new Set(raw.map(({ isFromL1 }) => isFromL1))).toEqual(new Set([true, false]))
  })
})
