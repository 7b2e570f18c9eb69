import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Stack } from '../../../contracts/chains/profile.ts'
import { type Devnet, type Mode, startDevnet } from '../../../contracts/devnet/index.ts'
import { createArrivalReader } from '../../../indexer/chain/arrivals.ts'
import { toBloomTopics } from '../../../indexer/chain/bloom.ts'
import { ContradictionError } from '../../../indexer/chain/errors.ts'
import { followChain } from '../../../indexer/chain/follow.ts'
import { type Fetch, fetchBlocks } from '../../../indexer/chain/ranges.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { type ChainSource, openSource } from '../../../indexer/chain/source.ts'
import { knownTopics } from '../../../indexer/decode/index.ts'
import type { BlockBundle, Hex } from '../../../indexer/types/block.ts'
import { bloomOf } from '../../support/bloom.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { type HostileRpc, startHostileRpc } from '../../support/hostileRpc/index.ts'
import { address, hash, makeBundle, SYSTEM_HASH } from '../../support/logs.ts'

/** A bundle without what only receipts tell. */
const withoutFees = ({ feesWei: _, ...bundle }: BlockBundle): BlockBundle => bundle

const TOPIC = hash(1)
const OTHER_TOPIC = hash(2)
const TOKEN = address(7)
const NO_BLOOM = `0x${'0'.repeat(512)}`
const hex = (number: number) => `0x${number.toString(16)}`

/** A chain of blocks with two transactions each, of which the second logs ours and another event. */
type RawLog = Record<string, unknown> & { topics: string[]; logIndex: string }
type RawReceipt = Record<string, unknown> & { logs: RawLog[] }
type RawBlock = Record<string, unknown>
const HEAD = 40
const blockHash = (number: number) => hash(10_000 + number)
const transactionHash = (number: number, index: number) => hash(number * 10 + index)
const log = (number: number, logIndex: number, topic: Hex): RawLog => ({
  address: TOKEN,
  topics: [topic],
  data: '0x12',
  blockNumber: hex(number),
  blockHash: blockHash(number),
  transactionHash: transactionHash(number, 1),
  transactionIndex: '0x1',
  logIndex: hex(logIndex),
})
const logsOf = (number: number): RawLog[] => [log(number, 0, OTHER_TOPIC), log(number, 1, TOPIC)]
const receiptsOf = (number: number): RawReceipt[] =>
  [0, 1].map((index) => ({
    transactionHash: transactionHash(number, index),
    transactionIndex: hex(index),
    blockHash: blockHash(number),
    blockNumber: hex(number),
    from: TOKEN,
    to: TOKEN,
    status: '0x1',
    gasUsed: '0x5208',
    logs: index === 1 ? logsOf(number) : [],
  }))
const blockOf = (number: number, full: boolean): RawBlock => ({
  number: hex(number),
  hash: blockHash(number),
  parentHash: blockHash(number - 1),
  timestamp: hex(1_750_000_000 + number),
  gasUsed: '0x1',
  gasLimit: '0x2',
  logsBloom: bloomOf([TOKEN, TOPIC, OTHER_TOPIC]),
  transactions: [0, 1].map((index) =>
    full
      ? {
          hash: transactionHash(number, index),
          transactionIndex: hex(index),
          from: TOKEN,
          to: TOKEN,
          nonce: '0x7',
          value: '0x0',
          gas: '0x5208',
          gasPrice: '0x1',
          type: '0x2',
          input: '0x38ed173900',
        }
      : transactionHash(number, index),
  ),
})

/** What the server does to its answers before it gives them; `times` counts the answers of that kind. */
let spoil: {
  receipts: (receipts: RawReceipt[], times: number) => unknown
  block: (block: RawBlock, times: number) => unknown
  logsByHash: () => unknown
}
let server: FakeRpc
let rpc: Rpc
let times: { receipts: number; block: number }

beforeEach(async () => {
  spoil = {
    receipts: (receipts) => receipts,
    block: (block) => block,
    logsByHash: () => [],
  }
  times = { receipts: 0, block: 0 }
  const present = (number: number) => number <= HEAD
  server = await startFakeRpc({
    eth_chainId: () => '0x1',
    eth_getBlockByNumber: (tag: string, full: boolean) => {
      const number = tag === 'latest' ? HEAD : Number(tag)
      return present(number) ? spoil.block(blockOf(number, full), times.block++) : null
    },
    eth_getBlockReceipts: (tag: string) => spoil.receipts(receiptsOf(Number(tag)), times.receipts++),
    eth_getLogs: ({ fromBlock, toBlock, blockHash: one }: Record<string, string>) => {
      if (one !== undefined) return spoil.logsByHash()
      const numbers = Array.from({ length: Number(toBlock) - Number(fromBlock) + 1 }, (_, i) => Number(fromBlock) + i)
      return numbers.map((number) => log(number, 1, TOPIC))
    },
  })
  rpc = createRpc(server.url, { attempts: 1 })
})

afterEach(async () => {
  await rpc.close()
  await server.close()
})

const fetchOf = (stack: Stack = 'evm', topics: readonly Hex[] = [TOPIC], by = rpc): Fetch => ({
  ...{
    rpc: by,
    witness: { rpc: by, onFailure: () => {} },
    topics: new Set(topics),
    wanted: toBloomTopics(topics),
    stack,
  },
  ...{ arrivals: createArrivalReader(), signal: undefined },
})
const asked = () => {
  const counts: Record<string, number> = {}
  for (const { method } of server.calls) counts[method] = (counts[method] ?? 0) + 1
  return counts
}
const refuse = (code: number, message: string): never => {
  throw new FakeRefusal(code, message)
}

describe('a small range', () => {
  test('is one request: its blocks and their receipts', async () => {
    const bundles = await fetchBlocks(fetchOf(), 5, 8)
    expect(bundles.map(({ block }) => block.number)).toEqual([5, 6, 7, 8])
    expect(bundles[0]!.logs).toEqual([
      { address: TOKEN, topics: [TOPIC], data: '0x12', logIndex: 1, transactionIndex: 1, transactionHash: hash(51) },
    ])
    expect([...bundles[0]!.transactions.keys()]).toEqual([1])
    expect(bundles[0]!.transactionHashes).toEqual([hash(50), hash(51)])
    expect(server.requests()).toBe(1)
    expect(asked()).toEqual({ eth_getBlockByNumber: 4, eth_getBlockReceipts: 4 })
  })

  test('of five blocks is a large one', async () => {
    expect(await fetchBlocks(fetchOf(), 5, 9)).toHaveLength(5)
    expect(asked().eth_getBlockReceipts).toBeUndefined()
  })

  test('is the same by receipts and by logs', async () => {
    const byReceipts = await fetchBlocks(fetchOf(), 5, 8)
    const byLogs = await fetchBlocks(fetchOf(), 5, 9)
    // What was paid stands in receipts only, and is asked for elsewhere where it is needed.
    expect(byReceipts[0]!.feesWei).toBeInstanceOf(Map)
    expect(byLogs.slice(0, 4)).toEqual(byReceipts.map(withoutFees))
    expect(byLogs[0]!.idle).toEqual([{ hash: transactionHash(5, 0), transactionIndex: 0, from: TOKEN, to: TOKEN }])
  })

  test('without transactions and without a promise of logs is not asked for logs', async () => {
    const bare = (block: RawBlock) => ({ ...block, transactions: [], logsBloom: bloomOf([address(9)]) })
    spoil = { ...spoil, block: bare, receipts: () => [] }
    const [bundle] = await fetchBlocks(fetchOf('era'), 5, 5)
    expect(bundle!.logs).toEqual([])
    expect(asked().eth_getLogs).toBeUndefined()
  })
})

describe('receipts that do not fit', () => {
  const last = <T>(list: readonly T[]) => list.at(-1)!
  const spoilLast = (receipts: RawReceipt[], change: Record<string, unknown>) => [
    ...receipts.slice(0, -1),
    { ...last(receipts), ...change },
  ]
  const cases: [string, (receipts: RawReceipt[]) => unknown][] = [
    ['null', () => null],
    ['no list', () => ({})],
    ['none', () => []],
    ['the last is missing', (receipts) => receipts.slice(0, -1)],
    ['one is doubled', (receipts) => [...receipts, last(receipts)]],
    ['in another order', (receipts) => [...receipts].reverse()],
    ['one is null', (receipts) => [receipts[0], null]],
    ['of another block', (receipts) => receipts.map((receipt) => ({ ...receipt, blockHash: blockHash(4) }))],
    ['of the block before', () => receiptsOf(4)],
    ['without a list of logs', (receipts) => spoilLast(receipts, { logs: null })],
    ['the first log is missing', (receipts) => spoilLast(receipts, { logs: last(receipts).logs.slice(1) })],
    ['the last log is missing', (receipts) => spoilLast(receipts, { logs: last(receipts).logs.slice(0, -1) })],
    ['all logs are missing', (receipts) => spoilLast(receipts, { logs: [] })],
    [
      'a log of another block',
      (receipts) => spoilLast(receipts, { logs: last(receipts).logs.map((each) => ({ ...each, blockHash: hash(3) })) }),
    ],
  ]

  test.each(cases)('%s: a contradiction', async (_, change) => {
    spoil.receipts = change
    await expect(fetchBlocks(fetchOf(), 5, 5)).rejects.toBeInstanceOf(ContradictionError)
  })

  test.each(cases)('%s, once: the range is read again by the source', async (_, change) => {
    const source = await openSource([server.url], [TOPIC])
    spoil.receipts = (receipts, time) => (time === 0 ? change(receipts) : receipts)
    const [bundle] = await source.fetchRange(5, 5)
    expect(bundle!.logs).toHaveLength(1)
    expect(times.receipts).toBe(2)
    await source.close()
  })

  test.each<[string, (block: RawBlock) => unknown]>([
    ['is null', () => null],
    ['is another one', () => blockOf(6, true)],
    ['came without bodies', ({ number }) => blockOf(Number(number), false)],
    ['has another hash', (block) => ({ ...block, hash: hash(3) })],
    ['has a bloom of other logs', (block) => ({ ...block, logsBloom: bloomOf([hash(99)]) })],
  ])('the block %s: a contradiction', async (_, change) => {
    spoil.block = change
    await expect(fetchBlocks(fetchOf(), 5, 5)).rejects.toBeInstanceOf(ContradictionError)
  })

  test('a block whose parent is another one: a contradiction', async () => {
    spoil.block = (block) => (block.number === '0x6' ? { ...block, parentHash: hash(3) } : block)
    await expect(fetchBlocks(fetchOf(), 5, 6)).rejects.toThrow(/block 6 has the parent/)
  })
})

describe('receipts that are not served', () => {
  test.each<[number, string]>([
    [-32601, 'the method eth_getBlockReceipts does not exist'],
    [-32600, 'Unsupported method: eth_getBlockReceipts'],
  ])('%i %s: asked for once, never again', async (code, message) => {
    spoil.receipts = () => refuse(code, message)
    for (const number of [5, 6, 7]) {
      const [bundle] = await fetchBlocks(fetchOf(), number, number)
      expect(bundle!.logs).toHaveLength(1)
    }
    expect(times.receipts).toBe(1)
  })

  test('of one endpoint: those of another are asked for', async () => {
    const other = createRpc(server.url, { attempts: 1 })
    spoil.receipts = (receipts, time) => (time === 0 ? refuse(-32601, 'no such method') : receipts)
    await fetchBlocks(fetchOf(), 5, 5)
    await fetchBlocks(fetchOf('evm', [TOPIC], other), 5, 5)
    await fetchBlocks(fetchOf(), 6, 6)
    expect(times.receipts).toBe(2)
    await other.close()
  })

  test.each<[number, string]>([
    [-32008, 'Response is too big'],
    [-32000, 'receipts are pruned: history unavailable'],
    [-32602, 'query exceeds max results 10000'],
  ])('for this range (%i %s): its logs are read, and the receipts of the next are asked for', async (code, message) => {
    spoil.receipts = (receipts, time) => (time === 0 ? refuse(code, message) : receipts)
    const [bundle] = await fetchBlocks(fetchOf(), 5, 5)
    expect(bundle!.logs).toHaveLength(1)
    server.calls.length = 0
    await fetchBlocks(fetchOf(), 6, 6)
    expect(asked()).toEqual({ eth_getBlockByNumber: 1, eth_getBlockReceipts: 1 })
  })
})

describe('a block without transactions on ZKsync Era may have logs of the system', () => {
  const system = { ...log(5, 0, TOPIC), transactionHash: SYSTEM_HASH, transactionIndex: '0x0' }

  test.each<[string, string]>([
    ['its bloom promises one of ours', bloomOf([TOKEN, TOPIC])],
    ['it has no bloom to speak of', NO_BLOOM],
  ])('%s: it is asked for them by its hash', async (_, logsBloom) => {
    spoil.block = (block) => ({ ...block, transactions: [], logsBloom })
    spoil.receipts = () => []
    spoil.logsByHash = () => [system]
    const [bundle] = await fetchBlocks(fetchOf('era'), 5, 5)
    expect(bundle!.logs).toEqual([expect.objectContaining({ logIndex: 0, transactionHash: SYSTEM_HASH })])
    expect(bundle!.transactions.size).toBe(0)
    expect(asked().eth_getLogs).toBe(1)
  })

  test('those of another block are a contradiction', async () => {
    spoil.block = (block) => ({ ...block, transactions: [], logsBloom: NO_BLOOM })
    spoil.receipts = () => []
    spoil.logsByHash = () => [{ ...system, blockHash: hash(3) }]
    await expect(fetchBlocks(fetchOf('era'), 5, 5)).rejects.toBeInstanceOf(ContradictionError)
  })

  test('a node that does not know the block by its hash is a contradiction', async () => {
    spoil.block = (block) => ({ ...block, transactions: [], logsBloom: NO_BLOOM })
    spoil.receipts = () => []
    spoil.logsByHash = () => refuse(-32000, 'unknown block')
    await expect(fetchBlocks(fetchOf('era'), 5, 5)).rejects.toBeInstanceOf(ContradictionError)
  })
})

describe.each<Mode>(['era', 'zksync-os', 'evm'])('a devnet of kind %s', (mode) => {
  let devnet: Devnet
  let hostile: HostileRpc
  let source: ChainSource
  beforeAll(async () => {
    devnet = await startDevnet({ mode, history: 24, seed: 7, l1: mode !== 'evm' })
    hostile = await startHostileRpc({ upstream: devnet.url, seed: 1 })
    source = await openSource([hostile.url], knownTopics)
  })
  afterAll(async () => {
    await source?.close()
    await hostile?.close()
    await devnet?.close()
  })

  /** The hashes of a block's transactions are known only where it was read whole; nobody needs them without a log of ours. */
  const comparable = ({ transactionHashes, feesWei: _, ...bundle }: BlockBundle) => ({
    ...bundle,
    transactionHashes: bundle.transactions.size > 0 ? transactionHashes : null,
  })
  const oneByOne = async () => {
    const bundles: BlockBundle[] = []
    for (let number = 0; number <= devnet.tip(); number++) bundles.push(...(await source.fetchRange(number, number)))
    return bundles.map(comparable)
  }

  test('block by block and all at once: the same, arrivals included', async () => {
    const single = await oneByOne()
    const large = (await source.fetchRange(0, devnet.tip())).map(comparable)
    expect(large).toEqual(single)
    expect(single).toHaveLength(devnet.tip() + 1)
    expect(single.filter(({ logs }) => logs.length > 0).length).toBeGreaterThan(10)
    const withArrivals = single.filter(({ arrivals }) => arrivals !== null)
    if (mode === 'era') {
      expect(withArrivals.length).toBe(single.filter(({ transactions }) => transactions.size > 0).length)
      for (const { arrivals, transactionHashes } of withArrivals) {
        expect(arrivals!.map(({ transactionHash }) => transactionHash)).toEqual(transactionHashes)
      }
    } else expect(withArrivals).toEqual([])
  })

  test('receipts that are cut short are read again, until they are whole', async () => {
    const whole = await oneByOne()
    hostile.set({ truncatedReceipts: 0.3 })
    const read = await oneByOne()
    hostile.off()
    expect(hostile.counts.truncatedReceipts).toBeGreaterThan(2)
    expect(read).toEqual(whole)
    expect(source.endpoints.health()[0]!.counts.faults.contradiction).toBe(hostile.counts.truncatedReceipts)
  })

  test('at the head one request, arrivals included', async () => {
    await source.fetchRange(0, 3)
    const before = hostile.requests()
    const bundles = await source.fetchRange(devnet.tip() - 3, devnet.tip())
    expect(hostile.requests() - before).toBe(1)
    for (const { transactions, arrivals } of bundles) {
      expect(arrivals !== null).toBe(mode === 'era' && transactions.size > 0)
    }
  })
})

describe('ranges fetched ahead of a slow consumer', () => {
  /** Follows 20 000 blocks; says how many ranges had been asked for but not yet given, and how many blocks they held. */
  async function outstanding(consume: () => Promise<unknown>) {
    let [ranges, blocks, most, mostBlocks] = [0, 0, 0, 0]
    const head = makeBundle(20_000, []).block
    const source = {
      fetchHead: async () => head,
      heads: { confirm: () => {}, next: async () => null },
      finalized: () => null,
      fetchRange: async (from: number, to: number) => {
        ranges++
        blocks += to - from + 1
        most = Math.max(most, ranges)
        mostBlocks = Math.max(mostBlocks, blocks)
        return Array.from({ length: to - from + 1 }, (_, offset) => makeBundle(from + offset, []))
      },
    } as unknown as ChainSource
    const after = { number: -1, hash: null }
    const follow = { source, after, end: 20_000, pollMs: 1, storedHash: async () => null }
    for await (const step of followChain({ ...follow, signal: new AbortController().signal })) {
      if (step.kind !== 'blocks') continue
      await consume()
      ranges--
      blocks -= step.bundles.length
    }
    return { ranges, most, mostBlocks }
  }

  test.each<[string, () => Promise<unknown>]>([
    ['slow', () => new Promise((resolve) => setTimeout(resolve, 5))],
    ['quick', () => Promise.resolve()],
  ])('%s: never more than four, of 2000 blocks at most', async (_, consume) => {
    const { ranges, most, mostBlocks } = await outstanding(consume)
    expect(most).toBe(4)
    expect(mostBlocks).toBeLessThanOrEqual(8_000)
    expect(ranges).toBe(0)
  })
})
