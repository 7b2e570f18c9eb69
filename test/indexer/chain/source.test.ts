import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ContradictionError, EndpointUnreachableError, RpcError } from '../../../indexer/chain/errors.ts'
import { type ChainSource, openSource } from '../../../indexer/chain/source.ts'
import type { BlockBundle } from '../../../indexer/types/block.ts'
import { bloomOf } from '../../support/bloom.ts'
import { FakeRefusal, type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { hash, SYSTEM_HASH } from '../../support/logs.ts'

const TOPIC = hash(1)
const BLOOM = bloomOf([TOPIC])
const hex = (number: number) => `0x${number.toString(16)}` as const
const CHECKSUMMED = '0x5FbDB2315678afecb367f032d93F642f64180aa3'

/** A chain of `HEAD` + 1 blocks with three transactions each; a block divisible by 3 has a log of its transaction 1. */
const HEAD = 120
const transaction = (number: number, index: number) => ({
  hash: hash(number * 10 + index),
  transactionIndex: hex(index),
  from: CHECKSUMMED,
  to: index === 2 ? null : CHECKSUMMED,
  nonce: '0x7',
  value: '0x0',
  gas: '0x5208',
  gasPrice: '0x1',
  type: '0x71',
  input: index === 1 ? '0x38ed173900' : '0x38ed17',
})
const block = (number: number, full: boolean) => ({
  ...(withBloom ? { logsBloom: number % 3 === 0 ? BLOOM : `0x${'0'.repeat(512)}` } : {}),
  number: hex(number),
  hash: hash(10_000 + number),
  parentHash: hash(9_999 + number),
  timestamp: hex(1_750_000_000 + number),
  gasUsed: '0x1',
  gasLimit: '0x2',
  transactions: [0, 1, 2].map((index) => (full ? transaction(number, index) : transaction(number, index).hash)),
})
const log = (number: number) => ({
  address: CHECKSUMMED,
  topics: [TOPIC],
  data: '0x12',
  blockNumber: hex(number),
  blockHash: hash(10_000 + number),
  transactionHash: hash(number * 10 + 1),
  transactionIndex: '0x1',
  logIndex: '0x4',
})

const refuse = (code: number, message: string): never => {
  throw new FakeRefusal(code, message)
}

type Block = Omit<ReturnType<typeof block>, 'transactions'> & { transactions: unknown }
/** What the server does to its answers before it gives them. */
let spoilBlock: (block: Block, times: number) => unknown
let spoilLogs: (logs: object[]) => unknown
/** Whether blocks come with the bloom of their logs. */
let withBloom: boolean
let chainId: string
let finalized: (full: boolean) => unknown
let server: FakeRpc
let source: ChainSource

beforeEach(async () => {
  withBloom = false
  chainId = '0x144'
  finalized = (full) => block(100, full)
  spoilBlock = (block) => block
  spoilLogs = (logs) => logs
  let times = 0
  server = await startFakeRpc({
    eth_chainId: () => chainId,
    eth_getBlockByNumber: (tag: string, full: boolean) => {
      if (tag === 'finalized') return finalized(full)
      const number = tag === 'latest' ? HEAD : Number(tag)
      return number > HEAD ? null : spoilBlock(block(number, full), times++)
    },
    eth_getBlockByHash: (id: string, full: boolean) => block(Number(BigInt(id) - BigInt(hash(10_000))), full),
    eth_getLogs: ({ fromBlock, toBlock, blockHash }: { fromBlock: string; toBlock: string; blockHash?: string }) => {
      if (blockHash !== undefined) return spoilLogs([log(Number(BigInt(blockHash) - BigInt(hash(10_000))))])
      const numbers = Array.from({ length: Number(toBlock) - Number(fromBlock) + 1 }, (_, i) => Number(fromBlock) + i)
      return spoilLogs(numbers.filter((number) => number % 3 === 0).map(log))
    },
  })
  source = await openSource([server.url], [TOPIC])
})

afterEach(async () => {
  await source.close()
  await server.close()
})

describe('openSource', () => {
  test('knows the chain id', () => {
    expect(source.chainId).toBe(324)
  })

  test.each([
    [
      'no http:// or https:// URL',
      'ws://127.0.0.1:1',
      /^cannot use .*ws:\/\/127\.0\.0\.1:1: a WebSocket only announces blocks; give an http:\/\/ or https:\/\/ URL beside it; check --rpc/,
    ],
    ['a URL that is none', 'http://', /^cannot use the RPC endpoint \(unreadable URL\): .*; check --rpc/],
    [
      'nobody there',
      'http://127.0.0.1:1',
      /^cannot use the RPC endpoint http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; check --rpc/,
    ],
  ])('%s', async (_, url, message) => {
    const run = openSource([url], [])
    await expect(run).rejects.toBeInstanceOf(EndpointUnreachableError)
    await expect(run).rejects.toThrow(message)
  })

  test.each([
    ['a refusal', [{ id: 0, error: { code: -32601, message: 'no such method' } }], 'no such method'],
    ['no number', [{ id: 0, result: 'mainnet' }], 'mainnet is no JSON-RPC quantity'],
    ['a web page', '<html>', 'not JSON'],
  ])('%s in place of the chain id', async (_, body, reason) => {
    server.next(...Array.from({ length: 10 }, () => () => ({ body })))
    await expect(openSource([server.url], [])).rejects.toThrow(reason)
  })

  test('a hiccup in place of the chain id', async () => {
    const lost = { id: 0, error: { code: -32601, message: 'the method is not available at the moment' } }
    server.next(() => ({ body: [lost] }))
    const patient = await openSource([server.url], [])
    expect(patient.chainId).toBe(324)
    await patient.close()
  })
})

describe('what a source reads', () => {
  test('head, finalized and hashes', async () => {
    expect(await source.fetchHead()).toEqual({
      number: HEAD,
      hash: hash(10_000 + HEAD),
      timestamp: 1_750_000_000 + HEAD,
    })
    expect(source.finalized()).toEqual({ number: 100, hash: hash(10_100) })
    expect(await source.fetchHashes([5, 999, 3])).toEqual([hash(10_005), null, hash(10_003)])
    expect(await source.fetchHashes([])).toEqual([])
  })

  test.each<[string, () => unknown]>([
    ['a refused tag', () => refuse(-32602, 'unknown tag')],
    ['no such block', () => null],
  ])('a chain that does not say what is final: %s', async (_, answer) => {
    finalized = answer
    await source.fetchHead()
    expect(source.finalized()).toBeNull()
  })

  test('a failure while asking what is final is not taken for nothing', async () => {
    finalized = () => refuse(-32000, 'internal trouble')
    await expect(source.fetchHead()).rejects.toBeInstanceOf(RpcError)
  })

  test('an endpoint that changes its chain is not believed', async () => {
    chainId = '0x1'
    const message = /now serves chain 1, not 324/
    await expect(source.fetchHead()).rejects.toThrow(message)
    await expect(source.fetchHashes([5])).rejects.toThrow(message)
  })

  test('without receipts: a small range with all bodies, a large one without those that are not needed: the same blocks', async () => {
    const before = server.requests()
    const small = [...(await source.fetchRange(3, 6)), ...(await source.fetchRange(7, 10))]
    // The receipts are asked for once; then the logs twice and the blocks, for each range.
    expect(server.requests() - before).toBe(1 + 3 + 3)
    server.calls.length = 0
    const large = await source.fetchRange(3, 10)
    const full = server.calls.filter(({ params }) => params[1] === true).map(({ params }) => Number(params[0]))
    expect(full).toEqual([3, 6, 9])
    const withoutHashes = (bundle: BlockBundle) => ({ ...bundle, transactionHashes: null })
    expect(large.map(withoutHashes)).toEqual(small.map(withoutHashes))
    expect(large.map(({ block }) => block.number)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('a block with its logs and their transactions, addresses in lower case', async () => {
    const [bundle] = await source.fetchRange(3, 3)
    const lower = CHECKSUMMED.toLowerCase()
    expect(bundle!.block).toEqual({
      number: 3,
      hash: hash(10_003),
      parentHash: hash(10_002),
      timestamp: 1_750_000_003,
      gasUsed: 1n,
      gasLimit: 2n,
      baseFeePerGas: null,
      transactionCount: 3,
    })
    expect(bundle!.logs).toEqual([
      { address: lower, topics: [TOPIC], data: '0x12', logIndex: 4, transactionIndex: 1, transactionHash: hash(31) },
    ])
    expect([...bundle!.transactions]).toEqual([
      [1, expect.objectContaining({ hash: hash(31), from: lower, to: lower, type: 113, selector: '0x38ed1739' })],
    ])
  })

  test('more blocks than one batch holds', async () => {
    expect((await source.fetchRange(0, HEAD)).map(({ block }) => block.number)).toHaveLength(HEAD + 1)
  })

  test('a system log has no transaction', async () => {
    spoilLogs = ([first]) => [{ ...first, transactionHash: SYSTEM_HASH, transactionIndex: '0x9' }]
    const [bundle] = await source.fetchRange(3, 3)
    expect(bundle!.transactions).toEqual(new Map())
    expect(bundle!.logs).toHaveLength(1)
  })

  test('a small range whose logs are too many is split', async () => {
    spoilLogs = (logs) => {
      if (logs.length > 1) throw new FakeRefusal(-32602, 'Response is too big')
      return logs
    }
    const bundles = await source.fetchRange(3, 6)
    expect(bundles.map(({ logs }) => logs.length)).toEqual([1, 0, 0, 1])
  })

  test.each([
    ['small', 3, 6],
    ['large', 3, 15],
  ])(
    'a log that the bloom promises and a %s range lacks is asked for by the hash of its block',
    async (_, from, to) => {
      withBloom = true
      const whole = await source.fetchRange(from, to)
      const byHash = () =>
        server.calls.filter(({ params }) => (params[0] as { blockHash?: string } | undefined)?.blockHash)
      expect(byHash()).toEqual([])
      // Only asked for by the hash of its block does a log come.
      spoilLogs = (logs) => (logs.length > 1 ? [] : logs)
      expect(await source.fetchRange(from, to)).toEqual(whole)
      expect(byHash()).toHaveLength(whole.filter(({ logs }) => logs.length > 0).length)
    },
  )

  test('a bloom that promises more than there is', async () => {
    withBloom = true
    spoilLogs = () => []
    const bundles = await source.fetchRange(3, 4)
    expect(bundles.map(({ logs }) => logs)).toEqual([[], []])
  })

  test('a refused block is thrown', async () => {
    spoilBlock = () => {
      throw new FakeRefusal(-32000, 'nope')
    }
    await expect(source.fetchRange(3, 3)).rejects.toBeInstanceOf(RpcError)
    await expect(source.fetchHashes([3])).rejects.toBeInstanceOf(RpcError)
  })
})

describe('answers that contradict themselves', () => {
  test('once: the range is read again', async () => {
    spoilBlock = (block, times) => (times === 0 ? { ...block, number: hex(77) } : block)
    expect(await source.fetchRange(3, 3)).toHaveLength(1)
  })

  test.each<[string, () => void, string]>([
    ['a block that is not there', () => (spoilBlock = () => null), 'block 3 is missing'],
    ['a log of another block', () => (spoilLogs = ([first]) => [{ ...first, blockHash: hash(5) }]), 'belongs to block'],
    ['a log of another range', () => (spoilLogs = () => [log(99)]), 'a log of block 0x63 came for 3 to 3'],
    [
      'a log without a block',
      () => (spoilLogs = ([first]) => [{ ...first, blockNumber: null }]),
      'a log of block null',
    ],
    [
      'a block without the bodies asked for',
      () => (spoilBlock = ({ number }) => block(Number(number), false)),
      'came without the body of transaction 1',
    ],
  ])('%s again and again is told', async (_, spoil, reason) => {
    spoil()
    const run = source.fetchRange(3, 3)
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    await expect(run).rejects.toThrow(reason)
  })

  // Fields that are missing or of another type are not looked at, and end the indexer as an unexpected failure.
  test.each<[string, () => void]>([
    ['a block without its list of transactions', () => (spoilBlock = ({ transactions, ...rest }) => rest)],
    ['a transaction without its sender', () => spoilBody('from')],
    ['a transaction without its calldata', () => spoilBody('input')],
    ['no list of logs', () => (spoilLogs = () => null)],
    ['a log without its emitter', () => (spoilLogs = ([first]) => [{ ...first, address: undefined }])],
    ['a log whose data is no hexadecimal text', () => (spoilLogs = ([first]) => [{ ...first, data: '0xzz' }])],
  ])('%s is a contradiction', async (_, spoil) => {
    spoil()
    await expect(source.fetchRange(6, 7)).rejects.toBeInstanceOf(ContradictionError)
  })

  test('a block hash that is none is a contradiction', async () => {
    spoilBlock = (whole) => ({ ...whole, hash: null })
    await expect(source.fetchRange(7, 7)).rejects.toBeInstanceOf(ContradictionError)
  })
})

function spoilBody(field: string): void {
  spoilBlock = ({ transactions, ...rest }) => ({
    ...rest,
    transactions: (transactions as object[]).map((body) => ({ ...body, [field]: undefined })),
  })
}
