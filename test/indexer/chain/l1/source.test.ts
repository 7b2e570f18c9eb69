import { encodeAbiParameters, parseAbiParameters } from 'viem'
import { afterEach, describe, expect, test } from 'vitest'
import { createEndpoints, type Endpoints } from '../../../../indexer/chain/endpoints.ts'
import {
  ContradictionError,
  EndpointUnreachableError,
  RpcError,
  WrongChainError,
} from '../../../../indexer/chain/errors.ts'
import { DIAMOND_TOPICS } from '../../../../indexer/chain/l1/diamond.ts'
import { type L1Source, openL1 } from '../../../../indexer/chain/l1/source.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import { type FakeMethods, FakeRefusal, type FakeRpc, startFakeRpc } from '../../../support/fakeRpc.ts'

const diamond: Hex = `0x${'d1'.repeat(20)}`
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const quantity = (n: number): Hex => `0x${n.toString(16)}`
const profile = { id: 324, l1: { chainId: 1, diamond, startBlock: 0 } }
const HEAD = 1_000

/** An L1 of `HEAD` blocks, twelve seconds apart; block n has the hash n. */
const block = (number: number) =>
  number > HEAD
    ? null
    : { number: quantity(number), hash: hash(number), timestamp: quantity(number * 12), transactions: [] }
const chain: FakeMethods = {
  eth_chainId: () => '0x1',
  eth_getBlockByNumber: (tag: string) => block(tag === 'latest' ? HEAD : tag === 'finalized' ? HEAD - 64 : Number(tag)),
  eth_getBlockByHash: (wanted: string) => block(Number(wanted)),
  eth_getTransactionByHash: (wanted: string) => ({ hash: wanted, from: `0x${'aa'.repeat(20)}` }),
}

const log = (number: number, index: number, changes: object = {}) => ({
  ...{ address: diamond, topics: [DIAMOND_TOPICS[1], hash(0), hash(number)], data: '0x' },
  ...{ blockNumber: quantity(number), blockHash: hash(number), transactionHash: hash(7), transactionIndex: '0x0' },
  ...{ logIndex: quantity(index), ...changes },
})

let servers: FakeRpc[] = []
let sources: L1Source[] = []
let endpoints: Endpoints[] = []
afterEach(async () => {
  await Promise.all([...sources, ...endpoints].map((each) => each.close()))
  await Promise.all(servers.map((server) => server.close()))
  ;[servers, sources, endpoints] = [[], [], []]
})

const serve = async (methods: FakeMethods): Promise<FakeRpc> => {
  const server = await startFakeRpc({ ...chain, ...methods })
  servers.push(server)
  return server
}
/** Opens an L1 that answers by `methods`; the L2 answers by `l2`. */
const open = async (methods: FakeMethods = {}, of: Parameters<typeof openL1>[1] = profile, l2: FakeMethods = {}) => {
  const below = createEndpoints([(await serve(l2)).url])
  endpoints.push(below)
  const source = await openL1([(await serve(methods)).url], of, below)
  if (source) sources.push(source)
  return source
}

describe('opening', () => {
  test('the contract of the profile', async () => {
    expect(await open()).toMatchObject(profile.l1)
  })

  test('an endpoint of another chain is refused', async () => {
    await expect(open({ eth_chainId: () => '0x5' })).rejects.toBeInstanceOf(WrongChainError)
  })

  test('endpoints of different chains are refused, where no profile says which', async () => {
    const [first, second] = [await serve({}), await serve({ eth_chainId: () => '0x5' })]
    const l2 = createEndpoints([first.url])
    endpoints.push(l2)
    await expect(openL1([first.url, second.url], { id: 324, l1: null }, l2)).rejects.toBeInstanceOf(WrongChainError)
  })

  test('no endpoint that answers', async () => {
    const l2 = createEndpoints(['http://127.0.0.1:1'])
    endpoints.push(l2)
    await expect(openL1(['http://127.0.0.1:1'], profile, l2)).rejects.toBeInstanceOf(EndpointUnreachableError)
  })

  const address = (value: string) => encodeAbiParameters(parseAbiParameters('address'), [value as Hex])
  test.each<[string, FakeMethods, FakeMethods, unknown]>([
    ['as the era node says', { zks_getMainContract: () => diamond.toUpperCase().replace('X', 'x') }, {}, diamond],
    [
      'as the Bridgehub says',
      { zks_getBridgehubContract: () => `0x${'b1'.repeat(20)}` },
      { eth_call: ({ data }: { data: string }) => (data.endsWith(quantity(324).slice(2)) ? address(diamond) : '0x') },
      diamond,
    ],
    ['which nobody tells', {}, {}, null],
    [
      'which the Bridgehub does not know',
      { zks_getBridgehubContract: () => `0x${'b1'.repeat(20)}` },
      { eth_call: () => address(`0x${'0'.repeat(40)}`) },
      null,
    ],
  ])('without a profile: the contract %s', async (_, l2, methods, expected) => {
    const source = await open(methods, { id: 324, l1: null }, l2)
    expect(source?.diamond ?? null).toBe(expected)
    if (source) expect(source).toMatchObject({ chainId: 1, startBlock: 0 })
  })
})

describe('both ends of what may change', () => {
  const refuse = (code: number) => (tag: string) => {
    if (tag === 'finalized') throw new FakeRefusal(code, 'unknown block tag')
    return block(tag === 'latest' ? HEAD : Number(tag))
  }
  test.each<[string, FakeMethods, number]>([
    ['by the tag', {}, HEAD - 64],
    ['96 blocks deep where the tag is refused', { eth_getBlockByNumber: refuse(-32602) }, HEAD - 96],
    [
      '96 blocks deep where the tag has no block',
      {
        eth_getBlockByNumber: (tag: string) =>
          tag === 'finalized' ? null : block(tag === 'latest' ? HEAD : Number(tag)),
      },
      HEAD - 96,
    ],
  ])('%s', async (_, methods, final) => {
    const source = await open(methods)
    expect(await source!.fetchTip()).toEqual({
      latest: { number: HEAD, hash: hash(HEAD), timestamp: HEAD * 12 },
      final: { number: final, hash: hash(final), timestamp: final * 12 },
    })
  })

  test('another refusal is one', async () => {
    const source = await open({ eth_getBlockByNumber: refuse(-32010) })
    await expect(source!.fetchTip()).rejects.toBeInstanceOf(RpcError)
  })

  test('an endpoint that changes its chain is not believed', async () => {
    let id = '0x1'
    const source = await open({ eth_chainId: () => id })
    await source!.fetchTip()
    id = '0x5'
    await expect(source!.fetchTip()).rejects.toThrow(/now serves chain 5, not 1/)
  })
})

test.each([
  [0, 0, HEAD, 0],
  [11, 0, HEAD, 0],
  [12, 0, HEAD, 1],
  [6_005, 0, HEAD, 500],
  [12_000, 0, HEAD, 1_000],
  [99_999, 0, HEAD, 1_000],
  [-5, 0, HEAD, 0],
  [100, 50, HEAD, 50],
  [660, 50, 60, 55],
  [9_999, 50, 50, 50],
])('the last block up to second %i, of the blocks %i to %i, is %i', async (timestamp, from, to, expected) => {
  const source = await open()
  expect(await source!.findBlockAt(timestamp, from, to)).toBe(expected)
})

describe('events', () => {
  const read = async (logs: unknown[], methods: FakeMethods = {}, from = 1, to = 20) => {
    const source = await open({ eth_getLogs: () => logs, ...methods })
    return source!.fetchEvents(from, { number: to, hash: hash(to), timestamp: to * 12 })
  }

  test('with the times of their blocks, asked for once', async () => {
    const source = await open({ eth_getLogs: () => [log(5, 1), log(5, 2), log(6, 0)] })
    const last = { number: 20, hash: hash(20), timestamp: 240 }
    const events = await source!.fetchEvents(1, last)
    expect(events.settlement.map(({ l1Block, l1LogIndex, at }) => [l1Block, l1LogIndex, at])).toEqual([
      [5, 1, 60_000_000],
      [5, 2, 60_000_000],
      [6, 0, 72_000_000],
    ])
    expect(await source!.fetchEvents(1, last)).toEqual(events)
    const asked = servers[1]!.calls.filter(({ method }) => method === 'eth_getBlockByHash')
    expect(asked.map(({ params }) => params[0])).toEqual([hash(5), hash(6)])
    const [filter] = servers[1]!.calls.find(({ method }) => method === 'eth_getLogs')!.params
    expect(filter).toEqual({ fromBlock: '0x1', toBlock: '0x14', topics: [DIAMOND_TOPICS], address: [diamond] })
  })

  test.each<[string, unknown[], FakeMethods, RegExp]>([
    ['of a block before the range', [log(0, 0)], {}, /block 0 came for 1 to 20/],
    ['of a block after the range', [log(21, 0)], {}, /block 21 came for 1 to 20/],
    ['out of order', [log(6, 0), log(5, 0)], {}, /log 0 of L1 block 5 is out of order/],
    ['twice', [log(5, 1), log(5, 1)], {}, /log 1 of L1 block 5 is out of order/],
    ['of another contract', [log(5, 1, { address: `0x${'e1'.repeat(20)}` })], {}, /is not one of 0xd1/],
    ['that are null', [null], {}, /null, which is no log/],
    ['that are text', ['0x'], {}, /"0x", which is no log/],
    ['without any field', [{}], {}, /{}, which is no log/],
    ['without any field but topics', [{ topics: [] }], {}, /is no JSON-RPC quantity/],
    ['without an index', [log(5, 1, { logIndex: undefined })], {}, /is no JSON-RPC quantity/],
    ['without a block hash', [log(5, 1, { blockHash: undefined })], {}, /is no hash/],
    ['without topics', [log(5, 1, { topics: undefined })], {}, /which is no log/],
    ['without data', [log(5, 1, { topics: [DIAMOND_TOPICS[3]], data: undefined })], {}, /no event of a diamond/],
    ['that were removed', [log(5, 1, { removed: true })], {}, /is not one of/],
    ['that are none of the diamond', [log(5, 1, { topics: [DIAMOND_TOPICS[1]] })], {}, /no event of a diamond/],
    [
      'with the id of a request alone',
      [log(5, 1, { topics: [DIAMOND_TOPICS[6], hash(3), hash(4)] })],
      {},
      /request 3 of L1 block 5 came with its id alone/,
    ],
    ['of a block that is not there', [log(5, 1)], { eth_getBlockByHash: () => null }, /block 0x0+5 of L1 is missing/],
    ['of a block that is another', [log(5, 1)], { eth_getBlockByHash: () => block(6) }, /came for 0x0+5/],
  ])('%s are refused', async (_, logs, methods, message) => {
    const reading = read(logs, methods)
    await expect(reading).rejects.toBeInstanceOf(ContradictionError)
    await expect(reading).rejects.toThrow(message)
  })

  test('of blocks that were replaced meanwhile are refused', async () => {
    const source = await open({ eth_getLogs: () => [] })
    await expect(source!.fetchEvents(1, { number: 20, hash: hash(99), timestamp: 0 })).rejects.toThrow(
      /L1 block 20 was 0x0+63 and is now 0x0+14/,
    )
  })

  test('of blocks that the endpoint does not have yet are refused', async () => {
    await expect(read([], {}, 1, HEAD + 1)).rejects.toThrow(/L1 block 1001 is missing/)
  })

  test('an answer that misses a log is asked for again', async () => {
    const answers = [[log(5, 1)], [log(5, 1), log(6, 0)], [log(5, 1), log(6, 0)]]
    const { settlement } = await read([], { eth_getLogs: () => (answers.length > 1 ? answers.shift() : answers[0]) })
    expect(settlement.map(({ l1Block }) => l1Block)).toEqual([5, 6])
  })

  test('of no blocks are none', async () => {
    expect(await read([], {}, 21, 20)).toEqual({ settlement: [], requests: [] })
  })
})
