import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import { createEndpoints, type Endpoints } from '../../../indexer/chain/endpoints.ts'
import { replaceRequests } from '../../../indexer/store/priorityRequests.ts'
import type { Address, Hex } from '../../../indexer/types/block.ts'
import type { PriorityRequest } from '../../../indexer/types/priority.ts'
import { createRequestJoiner, writeRequests } from '../../../indexer/watchers/priorityQueue.ts'
import { createTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { openMigrated } from '../../support/indexing.ts'

const CHAIN = 7
const LAST = 50
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const account = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`
const { signal } = new AbortController()

function request(serialId: number): PriorityRequest {
  return {
    ...{ serialId, transactionHash: hash(1000 + serialId), l1BlockNumber: serialId, l1LogIndex: 0 },
    ...{ l1Timestamp: 1_000_000, l1TransactionHash: hash(serialId), l1Sender: account(1) },
    ...{ from: account(2), to: account(3), valueWei: 4n, gasLimit: 5n, gasPerPubdata: 800n },
    ...{ maxFeePerGasWei: 25n, toMintWei: 0n, refundRecipient: account(4), expirationTimestamp: 9 },
    ...{ factoryDependencyCount: 0, calldata: '0xdeadbeef' },
  }
}

let home: TestDatabase
let database: Database
let node: FakeRpc
let endpoints: Endpoints
/** The L2 block in which each request ran, by its serial id. */
let ran: Map<number, number>
/** Last block of the node. */
let head = LAST
beforeAll(async () => {
  home = await createTestDatabase('pglite')
  database = await openMigrated(home.url)
  node = await startFakeRpc({
    eth_getTransactionReceipt: (transactionHash: Hex) => {
      const block = ran.get(Number(transactionHash) - 1000)
      const place = { blockNumber: `0x${block?.toString(16)}`, blockHash: hash(block ?? 0), transactionIndex: '0x0' }
      return block === undefined ? null : { transactionHash, status: '0x1', ...place }
    },
    eth_getBlockByNumber: (number: string) => (Number(number) > head ? null : { number, timestamp: '0xf4300' }),
  })
  endpoints = createEndpoints([node.url])
})
afterAll(async () => {
  await endpoints?.close()
  await node?.close()
  await database?.close()
  await home?.remove()
})
beforeEach(async () => {
  head = LAST
  await database.execute('truncate priority_requests, blocks, cursors')
  await database.query('insert into cursors (chain_id, start_block, block_number) values ($1, 1, $2)', [CHAIN, LAST])
  await database.query(
    `insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
     select $1, n, decode(lpad(to_hex(n), 64, '0'), 'hex'), '\\x00', 1000000 + n, 0, 0, 1 from generate_series(1, $2) n`,
    [CHAIN, LAST],
  )
})

/** `count` requests wait; those of `inBlocks` have run. */
const ask = async (count: number, inBlocks: readonly (readonly [number, number])[]) => {
  ran = new Map(inBlocks)
  const rows = Array.from({ length: count }, (_, serialId) => ({ request: request(serialId), intent: null }))
  await database.transaction((each) => replaceRequests(each, CHAIN, { after: -1, upTo: null }, rows))
  node.calls.length = 0
}
const rows = () => ({ source: { endpoints, finalized: () => null }, database, chainId: CHAIN })
const range = { startBlock: 1, number: LAST, hash: hash(LAST) }
const joined = async () =>
  (await database.query(`select serial_id from priority_requests where status <> 'pending' order by 1`)).map((row) =>
    Number(row.serial_id),
  )
const serials = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const inBlock = (block: number, from: number, to: number) => serials(from, to).map((each) => [each, block] as const)
/** Serial ids of the receipts that were asked for. */
const askedFor = () =>
  node.calls.flatMap(({ method, params }) => (method === 'eth_getTransactionReceipt' ? [Number(params[0]) - 1000] : []))

describe('where requests ran is noted', () => {
  test.each<[string, number, (readonly [number, number])[], number[]]>([
    ['when none has', 6, [], []],
    ['for the first of them', 300, inBlock(5, 0, 2), serials(0, 2)],
    ['for all of them', 300, inBlock(5, 0, 299), serials(0, 299)],
    ['up to the last indexed block', 20, [...inBlock(LAST, 0, 5), ...inBlock(LAST + 1, 6, 19)], serials(0, 5)],
    ['behind some of which the node knows nothing', 20, inBlock(5, 7, 9), [7, 8, 9]],
    [
      'behind more of which the node knows nothing than are asked for at once',
      300,
      inBlock(5, 250, 260),
      serials(250, 260),
    ],
    ['on both sides of those', 20, [...inBlock(5, 0, 1), ...inBlock(6, 9, 12)], [0, 1, 9, 10, 11, 12]],
  ])('%s', async (_, count, inBlocks, expected) => {
    await ask(count, inBlocks)
    await createRequestJoiner(rows())(range, signal)
    expect(await joined()).toEqual(expected)
  })

  test('each look begins behind the last one that ran, and asks for few while that is still the last', async () => {
    await ask(300, inBlock(5, 6, 9))
    const join = createRequestJoiner(rows())
    await join(range, signal)
    node.calls.length = 0
    await join(range, signal)
    expect(askedFor()).toEqual([10, 11, 12, 13])
    node.calls.length = 0
    ran = new Map(inBlock(6, 10, 150))
    await join(range, signal)
    expect(await joined()).toEqual(serials(6, 150))
    // Those that were passed over are left in peace.
    expect(Math.min(...askedFor())).toBe(10)
  })

  test('those that were passed over are asked about again after a while, and by the next process', async () => {
    await ask(20, inBlock(5, 6, 9))
    const join = createRequestJoiner(rows(), 0)
    const patient = createRequestJoiner(rows())
    await patient(range, signal)
    ran = new Map([...ran, ...inBlock(4, 2, 3)])
    await patient(range, signal)
    expect(await joined()).toEqual(serials(6, 9))
    await join(range, signal)
    expect(await joined()).toEqual([2, 3, 6, 7, 8, 9])
    ran = new Map([...ran, ...inBlock(3, 0, 1)])
    await join(range, signal)
    expect(await joined()).toEqual([0, 1, 2, 3, 6, 7, 8, 9])
    ran = new Map([...ran, ...inBlock(5, 4, 5)])
    await createRequestJoiner(rows())(range, signal)
    expect(await joined()).toEqual(serials(0, 9))
  })

  test('what ran beyond the indexed blocks ends the look', async () => {
    await ask(300, inBlock(LAST + 1, 3, 299))
    await createRequestJoiner(rows())(range, signal)
    expect(askedFor()).toEqual(serials(0, 99))
  })

  test('a node that has not the last indexed block is not believed to know of none', async () => {
    await ask(6, [])
    head = LAST - 1
    expect(await createRequestJoiner(rows())(range, signal)).toBe(false)
    expect(node.calls.every(({ method }) => method !== 'eth_getTransactionReceipt')).toBe(true)
  })

  test('nothing is asked when nothing waits', async () => {
    await ask(0, [])
    await createRequestJoiner(rows())(range, signal)
    expect(node.calls).toEqual([])
  })
})

test('the intent of a request is that of its sender on L2', async () => {
  const asked: unknown[] = []
  await writeRequests(rows(), { after: -1, upTo: null, list: [request(1)] }, (...given) => {
    asked.push(given)
    return null
  })
  expect(asked).toEqual([[account(3), '0xdeadbeef', 4n, account(2)]])
})
