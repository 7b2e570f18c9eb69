import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../db/database.ts'
import {
  losePending,
  type PendingRow,
  readCommitted,
  readOpenPending,
  reopenPendingAbove,
  settlePending,
  writePending,
} from '../../../indexer/store/pending.ts'
import type { SwapIntent } from '../../../indexer/types/intent.ts'
import type { PendingBody, PendingPlace, PendingSighting } from '../../../indexer/types/pending.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../../support/databases.ts'
import { openMigrated } from '../../support/indexing.ts'
import { address } from '../../support/logs.ts'
import { hashOf } from '../chain/pending/transactions.ts'

const CHAIN = 99_999
const SEEN = 1_750_000_000_123_456
/** Last stored block; the hash of block n is hashOf(n). */
const COMMITTED = 20

const body: PendingBody = {
  from: address(0x51),
  to: address(0xa2),
  nonce: 7n,
  valueWei: 2n ** 256n - 1n,
  gasLimit: 21_000n,
  maxFeePerGasWei: 100n,
  maxPriorityFeePerGasWei: 2n,
  type: 2,
  calldata: '0xabcd00ff',
}
const intent: SwapIntent = {
  kind: 'EXACT_IN',
  tokenIn: address(1),
  tokenOut: address(2),
  amountIn: 2n ** 255n,
  amountOut: 5n,
  recipient: address(0x52),
  deadline: 1_750_000_600,
  path: `${address(1)} 500 ${address(2)}`,
}
const row = (n: number, fields: Partial<PendingSighting> = {}, swap: SwapIntent | null = null): PendingRow => ({
  sighting: {
    ...{ hash: hashOf(n), endpoint: 'first', stream: 'subscription', firstSeenAt: SEEN, seenUnmined: true, body },
    ...fields,
  },
  intent: swap,
})
const place = (n: number, fields: Partial<PendingPlace> = {}): PendingPlace => ({
  ...{ hash: hashOf(n), blockNumber: 20, blockHash: hashOf(20), transactionIndex: 3, includedAt: SEEN + 250_000 },
  ...fields,
})
const unread = { body: null, seenUnmined: null }

describe.each(testKinds)('pending transactions on %s', (kind) => {
  let home: TestDatabase
  let database: Database

  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openMigrated(home.url)
    const block = (number: number) =>
      `(${CHAIN}, ${number}, '\\x${hashOf(number).slice(2)}', '\\x00', 1750000000, 0, 0, 0)`
    await database.execute(`
      insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
      values ${[18, 19, 20].map(block).join(', ')};
      insert into cursors (chain_id, start_block, block_number) values (${CHAIN}, 18, ${COMMITTED})`)
  })

  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  beforeEach(() => database.execute('truncate pending_transactions'))

  const write = (...rows: PendingRow[]) => writePending(database, CHAIN, rows)
  const settle = (...places: PendingPlace[]) => settlePending(database, CHAIN, places)
  const lose = (n: number, outcome: 'dropped' | 'replaced', endpoint = 'first') =>
    losePending(database, CHAIN, [{ hash: hashOf(n), endpoint, outcome }])
  const reopen = (keep: number) => database.transaction((transaction) => reopenPendingAbove(transaction, CHAIN, keep))
  /** The rows as text, by hash and endpoint. */
  const stored = () =>
    database.query(`
      select right(encode(hash, 'hex'), 2)::int as n, endpoint, stream, seen_unmined, first_seen_at::text, nonce::text,
        value::text, encode(from_address, 'hex') as sender, encode(to_address, 'hex') as receiver,
        encode(calldata, 'hex') as calldata, intent_kind, intent_amount_in::text, intent_path, outcome,
        block_number::int, transaction_index::int, included_at::text, inclusion_delay_microseconds::int as delay
      from pending_transactions order by hash, endpoint`)
  const outcomes = async () => Object.fromEntries((await stored()).map(({ n, outcome }) => [n, outcome]))

  test('a sighting with everything', async () => {
    expect(await write(row(1, {}, intent))).toEqual([])
    expect(await stored()).toEqual([
      {
        ...{ n: 1, endpoint: 'first', stream: 'subscription', seen_unmined: true, outcome: 'pending' },
        first_seen_at: '2025-06-15 15:06:40.123456+00',
        ...{ nonce: '7', value: String(2n ** 256n - 1n), sender: body.from.slice(2), receiver: body.to!.slice(2) },
        ...{ calldata: 'abcd00ff', intent_kind: 'EXACT_IN', intent_amount_in: String(2n ** 255n) },
        ...{ intent_path: intent.path, block_number: null, transaction_index: null, included_at: null, delay: null },
      },
    ])
  })

  test.each<[string, Partial<PendingSighting>, Record<string, unknown>]>([
    ['that could not be read', unread, { nonce: null, sender: null, calldata: null, seen_unmined: null }],
    ['of a contract creation', { body: { ...body, to: null } }, { receiver: null, nonce: '7' }],
    ['without the calldata', { body: { ...body, calldata: null } }, { calldata: null, nonce: '7' }],
    ['with empty calldata', { body: { ...body, calldata: '0x' } }, { calldata: '' }],
    ['without intent', {}, { intent_kind: null, intent_path: null }],
  ])('a sighting %s', async (_, fields, expected) => {
    await write(row(1, fields))
    expect(await stored()).toMatchObject([expected])
  })

  test('written twice is one row', async () => {
    await write(row(1), row(1))
    await write(row(1))
    expect(await stored()).toHaveLength(1)
  })

  test('a row for each endpoint that tells', async () => {
    await write(row(1), row(1, { endpoint: 'second', firstSeenAt: SEEN + 1, stream: 'filter' }))
    expect((await stored()).map(({ endpoint, stream }) => [endpoint, stream])).toEqual([
      ['first', 'subscription'],
      ['second', 'filter'],
    ])
  })

  test('later news only fill what was null', async () => {
    await write(row(1, unread))
    await write(row(1, { firstSeenAt: SEEN + 9, stream: 'txpool' }, intent))
    await write(row(1, { body: { ...body, nonce: 8n }, seenUnmined: false }))
    expect(await stored()).toMatchObject([
      {
        ...{ nonce: '7', seen_unmined: true, stream: 'subscription', intent_kind: 'EXACT_IN' },
        first_seen_at: '2025-06-15 15:06:40.123456+00',
      },
    ])
  })

  test('a row that fits no column is refused alone', async () => {
    const refused = await write(row(1), row(2, { body: { ...body, nonce: 10n ** 80n } }), row(3))
    expect(refused.map(({ sighting }) => sighting.hash)).toEqual([hashOf(2)])
    expect((await stored()).map(({ n }) => n)).toEqual([1, 3])
  })

  test('more than one statement holds', async () => {
    const calldata = `0x${'ab'.repeat(128 * 1024)}` as const
    const rows = Array.from({ length: 1_100 }, (_, n) =>
      row(n, { body: { ...body, calldata: n < 40 ? calldata : '0x' } }),
    )
    await write(...rows)
    const [counted] = await database.query(
      'select count(*)::int as rows, max(length(calldata)) as longest from pending_transactions',
    )
    expect(counted).toEqual({ rows: 1_100, longest: 128 * 1024 })
  })

  describe('included', () => {
    test('in a stored block', async () => {
      await write(row(1))
      expect(await settle(place(1))).toEqual([
        { endpoint: 'first', outcome: 'included', inclusionDelayMicroseconds: 250_000 },
      ])
      expect(await stored()).toMatchObject([
        {
          ...{ outcome: 'included', block_number: 20, transaction_index: 3, delay: 250_000 },
          included_at: '2025-06-15 15:06:40.373456+00',
        },
      ])
    })

    test.each<[string, Partial<PendingPlace>]>([
      ['above the last stored one', { blockNumber: 21, blockHash: hashOf(21) }],
      ['that was replaced', { blockHash: hashOf(999) }],
      ['under the hash of another', { blockNumber: 19 }],
    ])('in a block %s: still pending', async (_, fields) => {
      await write(row(1))
      expect(await settle(place(1, fields))).toEqual([])
      expect(await outcomes()).toEqual({ 1: 'pending' })
    })

    test.each<[string, number | null, string | null, number | null]>([
      ['when nobody noted', null, null, null],
      ['before it was seen', SEEN - 1, '2025-06-15 15:06:40.123455+00', null],
      ['as it was seen', SEEN, '2025-06-15 15:06:40.123456+00', 0],
      ['ten years later', SEEN + 1_000_000_001, '2025-06-15 15:23:20.123457+00', 1_000_000_001],
    ])('in a block that was read %s', async (_, includedAt, expected, delay) => {
      await write(row(1))
      await settle(place(1, { includedAt }))
      expect(await stored()).toMatchObject([{ outcome: 'included', included_at: expected, delay }])
    })

    test('once: what is settled stays', async () => {
      await write(row(1))
      await settle(place(1))
      expect(await settle(place(1, { transactionIndex: 9 }))).toEqual([])
      expect(await stored()).toMatchObject([{ transaction_index: 3 }])
    })

    test('for every endpoint that told', async () => {
      await write(row(1), row(1, { endpoint: 'second' }))
      expect((await settle(place(1))).map(({ endpoint }) => endpoint).sort()).toEqual(['first', 'second'])
    })

    test('of another chain only there', async () => {
      await writePending(database, CHAIN + 1, [row(1)])
      expect(await settle(place(1))).toEqual([])
    })

    test.each(['dropped', 'replaced'] as const)('after it was taken for %s', async (outcome) => {
      await write(row(1))
      await lose(1, outcome)
      await settle(place(1))
      expect(await outcomes()).toEqual({ 1: 'included' })
    })
  })

  describe('replaced', () => {
    test.each<[string, Partial<PendingBody> | null, string]>([
      ['of the same sender with the same nonce', {}, 'replaced'],
      ['with another nonce', { nonce: 8n }, 'pending'],
      ['of another sender', { from: address(0x53) }, 'pending'],
      ['from L1', { type: 0xff }, 'pending'],
      ['that could not be read', null, 'pending'],
    ])('when one is included: a transaction %s', async (_, fields, expected) => {
      await write(row(1), row(2, fields === null ? unread : { body: { ...body, ...fields } }))
      const settled = await settle(place(1))
      expect(await outcomes()).toEqual({ 1: 'included', 2: expected })
      expect(settled.some(({ outcome }) => outcome === 'replaced')).toBe(expected === 'replaced')
    })

    test('not by one from L1, whose nonce is not the sender’s', async () => {
      await write(row(1, { body: { ...body, type: 0x7f } }), row(2))
      await settle(place(1))
      expect(await outcomes()).toEqual({ 1: 'included', 2: 'pending' })
    })
  })

  describe('lost', () => {
    test.each(['dropped', 'replaced'] as const)('%s', async (outcome) => {
      await write(row(1), row(1, { endpoint: 'second' }))
      expect(await lose(1, outcome)).toEqual([{ hash: hashOf(1), endpoint: 'first', outcome }])
      expect((await stored()).map((each) => each.outcome)).toEqual([outcome, 'pending'])
    })

    test('not what is included', async () => {
      await write(row(1))
      await settle(place(1))
      expect(await lose(1, 'dropped')).toEqual([])
      expect(await outcomes()).toEqual({ 1: 'included' })
    })

    test.each([
      ['dropped', 'pending'],
      ['replaced', 'replaced'],
    ] as const)('%s, and told of again: %s', async (outcome, expected) => {
      await write(row(1))
      await lose(1, outcome)
      await write(row(1))
      expect(await outcomes()).toEqual({ 1: expected })
    })
  })

  describe('blocks are removed', () => {
    test('what was in them is pending again, what was below stays', async () => {
      await write(row(1), row(2, { body: { ...body, nonce: 8n } }))
      await settle(place(1), place(2, { blockNumber: 19, blockHash: hashOf(19) }))
      await reopen(19)
      expect(await outcomes()).toEqual({ 1: 'pending', 2: 'included' })
      expect((await stored())[0]).toMatchObject({
        block_number: null,
        transaction_index: null,
        included_at: null,
        delay: null,
      })
    })

    test('what they replaced is pending again, what others replaced stays', async () => {
      await write(row(1), row(2), row(3, { body: { ...body, nonce: 9n } }), row(4, { body: { ...body, nonce: 9n } }))
      await settle(place(1), place(3, { blockNumber: 19, blockHash: hashOf(19) }))
      await reopen(19)
      expect(await outcomes()).toEqual({ 1: 'pending', 2: 'pending', 3: 'included', 4: 'replaced' })
    })

    // Settled from the block as it was before, the row would point to a block that is not there.
    test('while one of them settles: it does not count', async () => {
      await write(row(1))
      let settling: Promise<unknown> | undefined
      await database.transaction(async (transaction) => {
        await transaction.query('select 1 from cursors where chain_id = $1 for update', [CHAIN])
        await transaction.query('delete from blocks where chain_id = $1 and number > 19', [CHAIN])
        settling = settle(place(1))
        await new Promise((resolve) => setTimeout(resolve, 200))
        await reopenPendingAbove(transaction, CHAIN, 19)
      })
      const settled = await settling
      await database.execute(`
        insert into blocks (chain_id, number, hash, parent_hash, timestamp, gas_used, gas_limit, transaction_count)
        values (${CHAIN}, 20, '\\x${hashOf(20).slice(2)}', '\\x00', 1750000000, 0, 0, 0)`)
      expect(settled).toEqual([])
      expect(await outcomes()).toEqual({ 1: 'pending' })
    })

    test('of another chain: nothing changes', async () => {
      await write(row(1))
      await settle(place(1))
      await database.transaction((transaction) => reopenPendingAbove(transaction, CHAIN + 1, 0))
      expect(await outcomes()).toEqual({ 1: 'included' })
    })
  })

  describe('the rows without outcome', () => {
    const seen = (n: number, firstSeenAt: number, endpoint = 'first') => row(n, { firstSeenAt, endpoint })
    const read = (after: Parameters<typeof readOpenPending>[2], limit = 10, seenBefore = SEEN + 1_000) =>
      readOpenPending(database, CHAIN, after, seenBefore, limit)

    test('are read page by page in the order they were seen', async () => {
      await write(
        seen(3, SEEN + 1),
        seen(1, SEEN + 2),
        seen(2, SEEN + 1),
        seen(2, SEEN + 1, 'second'),
        seen(4, SEEN + 1_000),
      )
      const first = await read(null, 2)
      expect(first.rows.map(({ hash, endpoint }) => [hash, endpoint])).toEqual([
        [hashOf(2), 'first'],
        [hashOf(2), 'second'],
      ])
      expect(first.total).toBe(5)
      const second = await read(first.rows.at(-1)!)
      expect(second.rows.map(({ hash }) => hash)).toEqual([hashOf(3), hashOf(1)])
      expect((await read(second.rows.at(-1)!)).rows).toEqual([])
    })

    test('hold no others', async () => {
      await write(row(1), row(2, { body: { ...body, nonce: 8n } }), row(3, { body: { ...body, nonce: 9n } }))
      await settle(place(1))
      await lose(2, 'dropped')
      expect((await read(null)).rows.map(({ hash }) => hash)).toEqual([hashOf(3)])
    })

    test('are none', async () => {
      expect(await read(null)).toEqual({ rows: [], total: 0 })
    })

    test.each([
      [row(1), { from: body.from, nonce: 7n, type: 2 }],
      [row(1, unread), null],
    ])('carry their account', async (each, account) => {
      await write(each)
      expect((await read(null)).rows).toEqual([
        { hash: hashOf(1), endpoint: 'first', stream: 'subscription', firstSeenAt: SEEN, account },
      ])
    })
  })

  test('the last committed block', async () => {
    expect(await readCommitted(database, CHAIN)).toBe(COMMITTED)
    expect(await readCommitted(database, CHAIN + 1)).toBe(-1)
  })
})
