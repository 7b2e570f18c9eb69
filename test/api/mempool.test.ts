import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { pendingTransactions } from '../../db/schema/pendingTransactions.ts'
import { priorityRequests } from '../../db/schema/priorityRequests.ts'
import { transactions } from '../../db/schema/transactions.ts'
import { type Ask, counting, createAsk, dataOf, errorOf } from './ask.ts'
import { ENDPOINTS, hash, insert, insertAll, instant, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

describe.each(testDatabases)('the mempool on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  let queries: () => number
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    const counted = counting(home.database)
    queries = counted.queries
    ask = createAsk(counted.database)
  })
  afterAll(() => home.drop())

  const costOf = async (query: string) => {
    const before = queries()
    const data = await dataOf(ask(query))
    return { data, cost: queries() - before }
  }

  describe('priority requests', () => {
    const related = 'serialId transaction { hash } block { number } intentTokenIn { symbol } intentTokenOut { symbol }'
    const none = { transaction: null, block: null, intentTokenIn: null, intentTokenOut: null }
    test.each([
      [
        'that ran and traded',
        'serialId: 50',
        {
          serialId: 50,
          transaction: { hash: hash(101, 0) },
          block: { number: 101 },
          intentTokenIn: { symbol: 'WETH' },
          intentTokenOut: { symbol: 'USDC' },
        },
      ],
      ['that ran and did not trade', 'serialId: 51', { ...none, serialId: 51, block: { number: 101 } }],
      [
        'that gives the base token',
        'serialId: 52',
        {
          ...none,
          serialId: 52,
          transaction: { hash: hash(106, 0) },
          block: { number: 106 },
          intentTokenOut: { symbol: 'USDC' },
        },
      ],
      ['that did not run yet', `transactionHash: "${hash(950, 53)}"`, { ...none, serialId: 53 }],
    ])('one %s', async (_, by, expected) => {
      expect(await dataOf(ask(`{ priorityRequest(${by}) { ${related} } }`))).toEqual({ priorityRequest: expected })
    })

    test('one that is not known, and one that is not named', async () => {
      expect(await dataOf(ask('{ priorityRequest(serialId: 9) { status } }'))).toEqual({ priorityRequest: null })
      expect(await errorOf(ask('{ priorityRequest { status } }'))).toEqual({
        code: 'BAD_USER_INPUT',
        message: 'priorityRequest needs exactly one of: serialId, transactionHash',
      })
    })

    test('newest first unless said otherwise', async () => {
      const { priorityRequests: page } = await dataOf(ask('{ priorityRequests { nodes { serialId } } }'))
      expect(page.nodes.map((request: Row) => request.serialId)).toEqual([53, 52, 51, 50])
    })

    test('of a block', async () => {
      const { block } = await dataOf(ask('{ block(number: 101) { priorityRequests { nodes { serialId } } } }'))
      expect(block.priorityRequests.nodes).toEqual([{ serialId: 51 }, { serialId: 50 }])
    })

    test.each([
      [hash(101, 0), { serialId: 50 }],
      [hash(101, 1), null],
    ])('of transaction %s', async (of, priorityRequest) => {
      const query = `{ transaction(hash: "${of}") { priorityRequest { serialId } } }`
      expect(await dataOf(ask(query))).toEqual({ transaction: { priorityRequest } })
    })
  })

  describe('pending transactions', () => {
    test('newest first unless said otherwise, those one microsecond apart too', async () => {
      const { pendingTransactions: page } = await dataOf(ask('{ pendingTransactions { nodes { firstSeenAt } } }'))
      const times = page.nodes.map((sighting: Row) => sighting.firstSeenAt)
      expect(times).toEqual([instant(999_999), instant(400_002), instant(400_001), instant(400_000)])
    })

    test.each([
      [
        'included',
        hash(102, 1),
        {
          transaction: { hash: hash(102, 1) },
          block: { number: 102 },
          intentTokenIn: { symbol: 'WETH' },
          intentTokenOut: { symbol: 'USDC' },
        },
      ],
      [
        'pending, giving the base token',
        hash(960, 1),
        { transaction: null, block: null, intentTokenIn: null, intentTokenOut: { symbol: 'USDC' } },
      ],
      [
        'that could not be read',
        hash(960, 2),
        { transaction: null, block: null, intentTokenIn: null, intentTokenOut: null },
      ],
    ])('one %s', async (_, of, expected) => {
      const query = `{ pendingTransactions(last: 1, where: { hash: "${of}" }) { nodes {
        transaction { hash } block { number } intentTokenIn { symbol } intentTokenOut { symbol } } } }`
      expect((await dataOf(ask(query))).pendingTransactions.nodes).toEqual([expected])
    })

    test('sightings of a transaction, and of one that nobody told of', async () => {
      const sightings = 'pendingSightings { totalCount nodes { endpoint firstSeenAt inclusionDelayMicroseconds } }'
      const data = await dataOf(
        ask(
          `{ told: transaction(hash: "${hash(102, 1)}") { ${sightings} } untold: transaction(hash: "${hash(102, 0)}") { ${sightings} } }`,
        ),
      )
      expect(data.told.pendingSightings).toEqual({
        totalCount: 2,
        nodes: [
          { endpoint: ENDPOINTS[1], firstSeenAt: instant(400_001), inclusionDelayMicroseconds: 250_000 },
          { endpoint: ENDPOINTS[0], firstSeenAt: instant(400_000), inclusionDelayMicroseconds: 250_001 },
        ],
      })
      expect(data.untold.pendingSightings).toEqual({ totalCount: 0, nodes: [] })
    })
  })

  test('finality and the L1 of a chain, and of one without', async () => {
    const query = `{ chains { finality { blockNumber blockHash observedAt block { hash } }
      l1Cursor { l1ChainId diamondAddress startBlock blockNumber } } }`
    const finality = {
      blockNumber: 103,
      blockHash: hash(103, 999),
      observedAt: instant(713_730),
      block: { hash: hash(103, 999) },
    }
    const { chainId: _chainId, ...l1Cursor } = rowsOf.l1Cursors[0] ?? {}
    expect(await dataOf(ask(query))).toEqual({ chains: [{ finality, l1Cursor }] })
    await home.database.execute('delete from finality; delete from l1_cursors')
    expect(await dataOf(ask(query))).toEqual({ chains: [{ finality: null, l1Cursor: null }] })
  })

  describe('of a hundred', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index)
    beforeAll(async () => {
      const { database } = home
      const of = (index: number) => hash(2_000 + index, 0)
      const place = (index: number) => ({ blockNumber: 2_000 + index, transactionIndex: 0 })
      await insert(
        database,
        transactions,
        hundred.map((index) => ({ ...rowsOf.transactions[0], ...place(index), hash: of(index) })),
      )
      await insert(
        database,
        priorityRequests,
        hundred.map((index) => ({
          ...rowsOf.priorityRequests[0],
          ...place(index),
          serialId: 2_000 + index,
          transactionHash: of(index),
        })),
      )
      await insert(
        database,
        pendingTransactions,
        hundred.map((index) => ({
          ...rowsOf.pendingTransactions[0],
          ...place(index),
          hash: of(index),
          firstSeenAt: '2025-01-01T00:00:00.000000Z',
        })),
      )
    })

    // chains, the list, transactions, blocks, token in, token out
    const related = 'block { number } intentTokenIn { symbol } intentTokenOut { symbol }'
    test.each([
      ['priorityRequests', `transactionHash transaction { hash } ${related} batch { number }`, 1, 7],
      ['priorityRequests', `transactionHash transaction { hash } ${related} batch { number }`, 100, 7],
      ['pendingTransactions', `hash transaction { hash } ${related}`, 1, 6],
      ['pendingTransactions', `hash transaction { hash } ${related}`, 100, 6],
    ])('%s with %s, %s at once', async (list, fields, count, expected) => {
      const { data, cost } = await costOf(`{ ${list}(first: ${count}) { nodes { ${fields} } } }`)
      expect(data[list].nodes).toHaveLength(count)
      for (const row of data[list].nodes) {
        expect(row.transaction.hash).toBe(row.transactionHash ?? row.hash)
        expect([row.intentTokenIn.symbol, row.intentTokenOut.symbol]).toEqual(['WETH', 'USDC'])
      }
      expect(cost).toBe(expected)
    })

    test.each([1, 100])('transactions with request and sightings, %s at once', async (count) => {
      const { data, cost } = await costOf(`{ transactions(first: ${count}) { nodes { blockNumber
        priorityRequest { blockNumber } pendingSightings(first: 1) { totalCount nodes { blockNumber } } } } }`)
      expect(data.transactions.nodes).toHaveLength(count)
      for (const { blockNumber, priorityRequest, pendingSightings } of data.transactions.nodes) {
        expect([priorityRequest, pendingSightings]).toEqual([
          { blockNumber },
          { totalCount: 1, nodes: [{ blockNumber }] },
        ])
      }
      // chains, transactions, requests, sightings, their count
      expect(cost).toBe(5)
    })
  })
})
