import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import {
  countTransactions,
  deleteBatches,
  deleteBatchesAbove,
  readBatchSummary,
  readExecutedBatch,
  readLastBlock,
  readOpenBatches,
  writeBatches,
} from '../../../indexer/store/batches.ts'
import {
  holdBlock,
  L1ChangedError,
  moveL1Cursor,
  readL1Cursor,
  startL1Cursor,
} from '../../../indexer/store/l1Cursor.ts'
import {
  includeRequests,
  readLastRun,
  readOpenRequests,
  reopenRequestsAbove,
  replaceRequests,
} from '../../../indexer/store/priorityRequests.ts'
import type { Batch, BatchStatus } from '../../../indexer/types/batch.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import type { PriorityRequest } from '../../../indexer/types/priority.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { openMigrated } from '../../support/indexing.ts'

const CHAIN = 7
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const l1 = { chainId: 1, diamond: account(0xd) }

/** Batch `number` with blocks 10 * number to 10 * number + 9, committed in L1 block 100 + number. */
function batch(number: number, status: BatchStatus): Batch {
  const step = (l1Block: number) => ({ transactionHash: hash(l1Block), l1Block, at: 1_700_000_000_000_001 + l1Block })
  return {
    ...{ number, firstBlock: 10 * number, lastBlock: 10 * number + 9, status, timestamp: 1_700_000_000 },
    ...{ l1TransactionCount: 1, l2TransactionCount: null, rootHash: hash(number), commitment: null },
    commit: status === 'sealed' ? null : step(100 + number),
    prove: null,
    execute: status === 'executed' || status === 'final' ? step(200 + number) : null,
    ...{ settlementChainId: 1, l1GasPrice: 2n ** 200n, l2FairGasPrice: 0n, fairPubdataPrice: null, source: 'both' },
  }
}

function request(serialId: number, l1BlockNumber: number, changes: Partial<PriorityRequest> = {}): PriorityRequest {
  return {
    ...{ serialId, transactionHash: hash(1000 + serialId), l1BlockNumber, l1LogIndex: 0 },
    ...{ l1Timestamp: 1_000_000 + l1BlockNumber, l1TransactionHash: hash(serialId), l1Sender: account(1) },
    ...{ from: account(2), to: account(3), valueWei: 2n ** 255n, gasLimit: 5n, gasPerPubdata: 800n },
    ...{ maxFeePerGasWei: 25n, toMintWei: 0n, refundRecipient: account(4), expirationTimestamp: 9 },
    ...{ factoryDependencyCount: 0, calldata: '0x', ...changes },
  }
}

describe.each(testKinds)('on %s', (kind) => {
  let home: TestDatabase
  let database: Database
  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openMigrated(home.url)
  })
  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })
  beforeEach(async () => {
    await database.execute('truncate batches, priority_requests, l1_cursors, blocks, cursors')
    await database.query('insert into cursors (chain_id, start_block, block_number) values ($1, 0, 3)', [CHAIN])
    for (let number = 0; number <= 3; number++) {
      await database.query(
        `insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
         values ($1, $2, decode($3::text, 'hex'), '\\x00', $4, 0, 0, 2)`,
        [CHAIN, number, hash(number).slice(2), 2_000_000 + number],
      )
    }
  })

  const write = (...batches: Batch[]) => database.transaction((each) => writeBatches(each, CHAIN, batches))
  const replace = (after: number, upTo: number | null, ...list: PriorityRequest[]) =>
    database.transaction((each) =>
      replaceRequests(
        each,
        CHAIN,
        { after, upTo },
        list.map((each) => ({ request: each, intent: null })),
      ),
    )
  const numbers = async () =>
    (await database.query('select number from batches order by 1')).map((row) => Number(row.number))

  describe('batches', () => {
    test('come back exactly as they were written, the final ones apart', async () => {
      const batches = [batch(1, 'final'), batch(2, 'executed'), batch(3, 'committed'), batch(4, 'sealed')]
      await write(...batches)
      expect(await readOpenBatches(database, CHAIN)).toEqual(batches.slice(1))
      expect(await readOpenBatches(database, CHAIN + 1)).toEqual([])
      const [row] = await database.query(`select to_json(committed_at)::text as at from batches where number = 2`)
      expect(row!.at).toBe('"2023-11-14T22:13:20.000103+00:00"')
    })

    test('of the final ones come back those that could be counted later', async () => {
      await database.query('update cursors set start_block = 20', [])
      const uncounted = { l1TransactionCount: null }
      const cut = { ...batch(1, 'final'), ...uncounted }
      await write(cut, batch(2, 'final'), { ...batch(3, 'final'), ...uncounted }, batch(4, 'sealed'))
      expect((await readOpenBatches(database, CHAIN)).map(({ number }) => number)).toEqual([3, 4])
    })

    test('written again they are replaced in every field', async () => {
      await write(batch(2, 'sealed'))
      const changed: Batch = { ...batch(2, 'executed'), firstBlock: 21, lastBlock: 25, source: 'l1', l1GasPrice: null }
      await write(changed)
      expect(await readOpenBatches(database, CHAIN)).toEqual([changed])
    })

    test('as a whole', async () => {
      expect(await readBatchSummary(database, CHAIN)).toEqual({ last: null, executed: null })
      await write(batch(2, 'final'), batch(3, 'executed'), batch(4, 'committed'))
      expect(await readBatchSummary(database, CHAIN)).toMatchObject({
        last: { number: 4, lastBlock: 49, status: 'committed' },
        executed: { number: 3, lastBlock: 39 },
      })
      expect([await readLastBlock(database, CHAIN, 3), await readLastBlock(database, CHAIN, 5)]).toEqual([39, null])
    })

    test.each([
      [201, 0],
      [202, 2],
      [203, 3],
      [999, 3],
    ])('up to L1 block %i the last executed one is %i', async (l1Block, expected) => {
      await write(batch(2, 'final'), batch(3, 'executed'), batch(4, 'committed'))
      expect(await readExecutedBatch(database, CHAIN, l1Block)).toBe(expected)
    })

    test.each([
      [9, [], 100],
      [19, [1], 101],
      [28, [1], 101],
      [29, [1, 2], 102],
      [39, [1, 2, 3], 150],
      [99, [1, 2, 3, 4], 150],
    ])('above block %i: %j stay, and L1 is read again after block %i', async (keep, expected, cursor) => {
      await startL1Cursor(database, CHAIN, l1, 51)
      await database.transaction((each) => moveL1Cursor(each, CHAIN, 50, 150))
      await write(batch(1, 'final'), batch(2, 'committed'), batch(3, 'committed'), batch(4, 'sealed'))
      await database.transaction((each) => deleteBatchesAbove(each, CHAIN, keep))
      expect(await numbers()).toEqual(expected)
      expect(await readL1Cursor(database, CHAIN, l1)).toEqual({ startBlock: 51, number: cursor })
    })

    test('removed by their numbers', async () => {
      await write(batch(1, 'sealed'), batch(2, 'sealed'), batch(3, 'sealed'))
      await database.transaction((each) => deleteBatches(each, CHAIN, [1, 3]))
      await database.transaction((each) => deleteBatches(each, CHAIN, []))
      expect(await numbers()).toEqual([2])
    })
  })

  describe('with many rows, few are looked at', () => {
    /** What the statements of `act` are answered by, as the planner says. */
    const plansOf = async (act: (database: Database) => Promise<unknown>): Promise<string> => {
      const plans: string[] = []
      const explain = async (sql: string, parameters: readonly unknown[]) => {
        const rows = await database.query(`explain ${sql}`, parameters)
        plans.push(...rows.map((row) => String(Object.values(row)[0])))
        return []
      }
      await act({ ...database, query: explain } as Database)
      return plans.join('\n')
    }
    beforeEach(async () => {
      await database.query(
        `insert into batches (chain_id, number, first_block, last_block, status, timestamp, l1_transaction_count, source)
         select $1, n, n, n, 'final', 0, 0, 'l1' from generate_series(1, 5000) n`,
        [CHAIN],
      )
      await replace(0, null, request(1, 10))
      await database.query(
        `insert into priority_requests (chain_id, serial_id, transaction_hash, l1_block_number, l1_log_index, l1_timestamp,
           l1_transaction_hash, l1_sender_address, from_address, to_address, value, gas_limit, gas_per_pubdata,
           max_fee_per_gas, to_mint, refund_recipient_address, expiration_timestamp, factory_dependency_count, calldata, status)
         select chain_id, 1 + n, decode(lpad(to_hex(n), 64, '0'), 'hex'), 10 + n, 0, 0, l1_transaction_hash,
           l1_sender_address, from_address, to_address, 0, 0, 0, 0, 0, refund_recipient_address, 0, 0, calldata, 'succeeded'
         from priority_requests, generate_series(1, 5000) n`,
        [],
      )
      await database.execute('analyze batches; analyze priority_requests')
    })

    test.each<[string, RegExp, (database: Database) => Promise<unknown>]>([
      ['open batches', /Scan .*batches_open/, (each) => readOpenBatches(each, CHAIN)],
      ['open requests', /Scan .*priority_requests_open/, (each) => readOpenRequests(each, CHAIN, -1, 4)],
      [
        'requests that have vanished from the last L1 blocks',
        /Scan .*priority_requests_l1_block/,
        (each) => replaceRequests(each, CHAIN, { after: 5_000, upTo: null }, []),
      ],
    ])('%s', async (_, index, act) => {
      expect(await plansOf(act)).toMatch(index)
    })
  })

  describe('the L1 cursor', () => {
    test('begins once', async () => {
      expect(await readL1Cursor(database, CHAIN, l1)).toBeNull()
      await startL1Cursor(database, CHAIN, l1, 51)
      await startL1Cursor(database, CHAIN, l1, 60)
      expect(await readL1Cursor(database, CHAIN, l1)).toEqual({ startBlock: 51, number: 50 })
    })

    test('moves only from where it is', async () => {
      await startL1Cursor(database, CHAIN, l1, 51)
      expect(await database.transaction((each) => moveL1Cursor(each, CHAIN, 49, 70))).toBe(false)
      expect(await database.transaction((each) => moveL1Cursor(each, CHAIN, 50, 70))).toBe(true)
      expect(await readL1Cursor(database, CHAIN, l1)).toEqual({ startBlock: 51, number: 70 })
    })

    test.each([
      ['contract', { ...l1, diamond: account(0xe) }],
      ['L1', { ...l1, chainId: 11 }],
    ])('of another %s is refused', async (_, other) => {
      await startL1Cursor(database, CHAIN, l1, 51)
      await expect(readL1Cursor(database, CHAIN, other)).rejects.toBeInstanceOf(L1ChangedError)
    })

    test.each([
      ['is stored', { number: 2, hash: hash(2) }, true],
      ['has another hash', { number: 2, hash: hash(3) }, false],
      ['is not stored', { number: 4, hash: hash(4) }, false],
    ])('nothing is written on top of a block unless it %s', async (_, block, held) => {
      expect(await database.transaction((each) => holdBlock(each, CHAIN, block))).toBe(held)
    })
  })

  describe('requests', () => {
    const include = (serialId: number, blockNumber: number, blockHash: Hex, timestamp: number | null = null) =>
      database.transaction((each) =>
        includeRequests(each, CHAIN, [
          {
            receipt: {
              ...{ transactionHash: hash(1000 + serialId), blockNumber, blockHash },
              ...{ transactionIndex: 1, succeeded: serialId % 2 === 0 },
            },
            timestamp,
          },
        ]),
      )
    const stored = async () =>
      (await database.query('select * from priority_requests order by serial_id')).map((row) => {
        const number = (value: unknown) => (value === null ? null : Number(value))
        const [inclusion, visible] = [[number(row.block_number), number(row.timestamp)], number(row.visible_seconds)]
        return [Number(row.serial_id), Number(row.l1_block_number), row.status, ...inclusion, visible]
      })
    const waiting = (serialId: number, l1Block: number) => [serialId, l1Block, 'pending', null, null, null]

    test.each<[string, number, number | null, PriorityRequest[], unknown[]]>([
      ['none of the last blocks', 11, null, [], [waiting(0, 10), waiting(1, 11)]],
      ['none at all', 0, null, [], []],
      ['none up to a block', 0, 10, [], [waiting(1, 11), waiting(2, 12)]],
      [
        'the same',
        9,
        null,
        [request(0, 10), request(1, 11), request(2, 12)],
        [waiting(0, 10), waiting(1, 11), waiting(2, 12)],
      ],
      ['others', 10, null, [request(1, 13), request(3, 13)], [waiting(0, 10), waiting(1, 13), waiting(3, 13)]],
    ])('made to be %s', async (_, after, upTo, list, expected) => {
      await replace(0, null, request(0, 10), request(1, 11), request(2, 12))
      await replace(after, upTo, ...list)
      expect(await stored()).toEqual(expected)
    })

    test('keep their inclusion when they move on L1, and lose it when another takes their place', async () => {
      await replace(0, null, request(0, 10), request(1, 11))
      expect([await include(0, 2, hash(2)), await include(1, 3, hash(3))]).toEqual([1, 1])
      await replace(0, null, request(0, 20), request(1, 21, { transactionHash: hash(5) }))
      expect(await stored()).toEqual([[0, 20, 'succeeded', 2, 2_000_002, 999_982], waiting(1, 21)])
    })

    test.each<[string, [number, Hex, number | null], unknown[]]>([
      ['in a stored block', [3, hash(3), null], [1, 10, 'failed', 3, 2_000_003, 999_993]],
      ['in a block that was replaced', [3, hash(4), null], waiting(1, 10)],
      ['in a block that is not stored yet', [4, hash(4), null], waiting(1, 10)],
      ['before the first stored block', [-5, hash(4), 1_000_040], [1, 10, 'failed', -5, 1_000_040, 30]],
    ])('that ran %s', async (_, [number, blockHash, timestamp], expected) => {
      await replace(0, null, request(1, 10))
      await include(1, number, blockHash, timestamp)
      expect(await stored()).toEqual([expected])
    })

    test('wait in the order of the queue', async () => {
      await replace(0, null, request(2, 10), request(0, 9), request(1, 10), request(3, 11))
      await include(0, 2, hash(2))
      expect(await readOpenRequests(database, CHAIN, -1, 2)).toEqual([
        { serialId: 1, transactionHash: hash(1001) },
        { serialId: 2, transactionHash: hash(1002) },
      ])
      expect((await readOpenRequests(database, CHAIN, 2, 9)).map(({ serialId }) => serialId)).toEqual([3])
    })

    test('wait again when their block is removed', async () => {
      await replace(0, null, request(0, 10), request(1, 10))
      await include(0, 2, hash(2))
      await include(1, 3, hash(3))
      await database.transaction((each) => reopenRequestsAbove(each, CHAIN, 2))
      expect(await stored()).toEqual([[0, 10, 'succeeded', 2, 2_000_002, 999_992], waiting(1, 10)])
    })

    test('are counted in the blocks of a batch, when all of them are stored', async () => {
      await replace(0, null, request(0, 10), request(1, 10))
      await include(0, 2, hash(2))
      expect(await countTransactions(database, CHAIN, 1, 3)).toEqual({ fromL1: 1, others: 5 })
      expect(await countTransactions(database, CHAIN, 3, 3)).toEqual({ fromL1: 0, others: 2 })
      expect(await countTransactions(database, CHAIN, 1, 4)).toEqual({ fromL1: null, others: null })
    })

    // Blocks 2 and 3 are the batch; each case says in which block the requests 0, 1, 2 … ran.
    test.each<[string, (number | null)[], number | null]>([
      ['none is open', [1, 2, 3], 2],
      ['the open ones stand behind those that ran', [1, 2, null, null], 1],
      ['one is open between two of the batch', [2, null, 3], null],
      ['one is open between the batch and what ran before', [1, null, 3], null],
      ['one is open before what ran before', [null, 1, 3], 1],
      ['one is open before the first that is known to have run', [null, 2, 3], null],
      ['one is open behind, between two of later blocks', [1, 2, 4, null, 4], 1],
      ['none ran in it', [1, null, 4], 0],
    ])('are counted when they may be known: %s', async (_, ran, expected) => {
      await database.query(
        `insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
         values ($1, 4, decode($2::text, 'hex'), '\\x00', 1, 0, 0, 2)`,
        [CHAIN, hash(4).slice(2)],
      )
      await replace(0, null, ...ran.map((_, serialId) => request(serialId, 10)))
      for (const [serialId, block] of ran.entries()) if (block !== null) await include(serialId, block, hash(block))
      expect(await countTransactions(database, CHAIN, 2, 3)).toEqual({
        fromL1: expected,
        others: expected === null ? null : 4 - expected,
      })
    })

    test('the last that is known to have run', async () => {
      expect(await readLastRun(database, CHAIN)).toBeNull()
      await replace(0, null, request(0, 10), request(1, 10), request(2, 10))
      expect(await readLastRun(database, CHAIN)).toBeNull()
      await include(1, 2, hash(2))
      expect(await readLastRun(database, CHAIN)).toBe(1)
      expect(await readLastRun(database, CHAIN + 1)).toBeNull()
    })

    test('with the swap that they ask for, in every digit', async () => {
      const intent: SwapIntent = {
        ...{ kind: 'EXACT_OUT', tokenIn: account(0), tokenOut: account(9), amountIn: null, amountOut: 2n ** 256n - 1n },
        ...{ recipient: account(8), deadline: null, path: `${account(0)} v2 ${account(9)} + x` },
      }
      const given = request(0, 10, { calldata: '0xdeadbeef' })
      await database.transaction((each) =>
        replaceRequests(each, CHAIN, { after: 0, upTo: null }, [{ request: given, intent }]),
      )
      const [row] = await database.query(
        'select to_json(r)::text as line, value::text as value from priority_requests r',
      )
      expect(row!.value).toBe(String(2n ** 255n))
      expect(row!.line).toContain(`"intent_amount_out":${2n ** 256n - 1n}`)
      expect(JSON.parse(String(row!.line))).toMatchObject({
        ...{ intent_kind: 'EXACT_OUT', intent_amount_in: null, intent_deadline: null, intent_path: intent.path },
        ...{ intent_token_in_address: `\\x${'0'.repeat(40)}`, calldata: '\\xdeadbeef', l1_log_index: 0 },
      })
    })
  })
})
