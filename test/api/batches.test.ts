import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { batches } from '../../db/schema/batches.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { swaps } from '../../db/schema/swaps.ts'
import { transactions } from '../../db/schema/transactions.ts'
import { type Answer, type Ask, counting, createAsk, dataOf } from './ask.ts'
import { CHAIN_ID, hash, insert, insertAll, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const ranges = [
  { number: 7, from: 95, to: 102 },
  { number: 8, from: 103, to: 103 },
  { number: 9, from: 105, to: 108 },
]
const within = (rows: readonly Row[], key: string, { from, to }: { from: number; to: number }) =>
  rows.filter((row) => (row[key] as number) >= from && (row[key] as number) <= to)

describe.each(testDatabases)('batches on %s', (_, open) => {
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

  test.each([
    [100, 7],
    [102, 7],
    [103, 8],
    [104, null],
    [105, 9],
    [108, 9],
    [109, null],
  ])('block %s is in batch %s', async (block, number) => {
    const batch = number === null ? null : { number }
    expect(await dataOf(ask(`{ block(number: ${block}) { batch { number } } }`))).toEqual({ block: { batch } })
  })

  test.each([
    [`transaction(hash: "${hash(103, 1)}")`, 8],
    [`transaction(hash: "${hash(104, 0)}")`, null],
    ['swap(blockNumber: 106, logIndex: 2)', 9],
    ['liquidityChange(blockNumber: 102, logIndex: 5)', 7],
    ['priorityRequest(serialId: 52)', 9],
    ['priorityRequest(serialId: 53)', null],
  ])('%s is in batch %s', async (field, number) => {
    const data = await dataOf(ask(`{ ${field} { batch { number } } }`))
    expect(Object.values(data)).toEqual([{ batch: number === null ? null : { number } }])
  })

  test.each(ranges)('what batch $number holds', async (range) => {
    const { batch } = await dataOf(
      ask(`{ batch(number: ${range.number}) { firstBlock lastBlock
        blocks(orderDirection: asc) { totalCount nodes { number } }
        transactions(orderDirection: asc) { totalCount nodes { hash } }
        swaps(orderDirection: asc) { totalCount nodes { blockNumber logIndex } }
        liquidityChanges(orderDirection: asc) { totalCount nodes { blockNumber logIndex } }
        priorityRequests(orderDirection: asc) { totalCount nodes { serialId } } } }`),
    )
    const page = (rows: readonly Row[], key: string, ...fields: string[]) => {
      const nodes = within(rows, key, range).map((row) =>
        Object.fromEntries(fields.map((field) => [field, row[field]])),
      )
      return { totalCount: nodes.length, nodes }
    }
    expect(batch).toEqual({
      firstBlock: range.from,
      lastBlock: range.to,
      blocks: page(rowsOf.blocks, 'number', 'number'),
      transactions: page(rowsOf.transactions, 'blockNumber', 'hash'),
      swaps: page(rowsOf.swaps, 'blockNumber', 'blockNumber', 'logIndex'),
      liquidityChanges: page(rowsOf.liquidityChanges, 'blockNumber', 'blockNumber', 'logIndex'),
      priorityRequests: page(rowsOf.priorityRequests, 'blockNumber', 'serialId'),
    })
  })

  test('a batch that is not stored', async () => {
    expect(await dataOf(ask('{ batch(number: 6) { number } }'))).toEqual({ batch: null })
  })

  test('lists within a batch take filters, orders and cursors', async () => {
    const expected = within(rowsOf.swaps, 'blockNumber', { from: 105, to: 108 })
      .filter((swap) => swap.logIndex !== 1)
      .map(({ blockNumber, logIndex }) => ({ blockNumber, logIndex }))
    const found: Row[] = []
    let after: string | null = null
    for (let pages = 0; pages < 3; pages++) {
      const query = `query($after: String) { batch(number: 9) { swaps(first: 3, after: $after, where: { logIndex_not: 1 }, orderBy: blockNumber, orderDirection: asc) {
        totalCount nodes { blockNumber logIndex } pageInfo { hasNextPage endCursor } } } }`
      const { batch }: Answer['data'] = await dataOf(ask(query, { after }))
      const page = batch.swaps
      found.push(...page.nodes)
      expect(page.totalCount).toBe(expected.length)
      expect(page.pageInfo.hasNextPage).toBe(pages < 2)
      after = page.pageInfo.endCursor
    }
    expect(found).toEqual(expected)
  })

  test('lists within a batch take another order than that of the blocks', async () => {
    const expected = within(rowsOf.swaps, 'blockNumber', { from: 105, to: 108 })
      .toSorted((a, b) => Number(b.logIndex) - Number(a.logIndex) || Number(b.blockNumber) - Number(a.blockNumber))
      .map(({ blockNumber, logIndex }) => ({ blockNumber, logIndex }))
    const page = (more: string) =>
      `swaps(first: 7, orderBy: logIndex ${more}) { nodes { blockNumber logIndex } pageInfo { endCursor } }`
    const { batch: first } = await dataOf(ask(`{ batch(number: 9) { ${page('')} } }`))
    const { batch: rest } = await dataOf(
      ask(`{ batch(number: 9) { ${page(`, after: "${first.swaps.pageInfo.endCursor}"`)} } }`),
    )
    expect([...first.swaps.nodes, ...rest.swaps.nodes]).toEqual(expected)
  })

  test('newest first unless said otherwise', async () => {
    const { batches: page } = await dataOf(ask('{ batches { nodes { number } } }'))
    expect(page.nodes).toEqual([{ number: 9 }, { number: 8 }, { number: 7 }])
  })

  test('batches by where they are on L1', async () => {
    const query = (where: string) => dataOf(ask(`{ batches(where: { ${where} }) { nodes { number } } }`))
    expect((await query('status_in: ["committed", "executed"]')).batches.nodes).toEqual([{ number: 8 }, { number: 7 }])
    expect((await query('committedAt_gte: "2024-03-28T18:24:49.000001Z"')).batches.nodes).toEqual([{ number: 8 }])
    expect((await query('executedAt: null')).batches.nodes).toEqual([{ number: 9 }, { number: 8 }])
  })

  test('several types share the query for their batches', async () => {
    const { data, cost } = await costOf(
      '{ swap(blockNumber: 106, logIndex: 0) { batch { number } block { batch { number } } transaction { batch { number } } } }',
    )
    const batch = { number: 9 }
    expect(data.swap).toEqual({ batch, block: { batch }, transaction: { batch } })
    // chains, swap, its batch, block, transaction
    expect(cost).toBe(5)
  })

  test('another chain has other batches', async () => {
    const elsewhere = { ...rowsOf.batches[0], chainId: CHAIN_ID + 1, number: 70, firstBlock: 104, lastBlock: 111 }
    await insert(home.database, batches, [elsewhere])
    const { block, _meta } = await dataOf(ask('{ block(number: 104) { batch { number } } _meta { batch { number } } }'))
    await home.database.query('delete from batches where number = 70')
    expect([block.batch, _meta.batch]).toEqual([null, { number: 9 }])
  })

  describe('of a hundred', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index)
    const FIRST = 1_000
    beforeAll(async () => {
      const { database } = home
      const block = (index: number, offset: number) => FIRST + index * 2 + offset
      await insert(
        database,
        batches,
        hundred.map((index) => ({
          ...rowsOf.batches[0],
          number: FIRST + index,
          firstBlock: block(index, 0),
          lastBlock: block(index, 1),
        })),
      )
      const numbers = hundred.flatMap((index) => [block(index, 0), block(index, 1)])
      await insert(
        database,
        blocks,
        numbers.map((number) => ({ ...rowsOf.blocks[0], number, hash: hash(number, 999) })),
      )
      await insert(
        database,
        transactions,
        numbers.map((number) => ({ ...rowsOf.transactions[0], blockNumber: number, hash: hash(number, 0) })),
      )
      await insert(
        database,
        swaps,
        numbers.map((blockNumber) => ({ ...rowsOf.swaps[0], blockNumber, transactionHash: hash(blockNumber, 0) })),
      )
    })

    test.each([1, 100])('%s batches with all they hold', async (count) => {
      const { data, cost } = await costOf(`{ batches(first: ${count}) { nodes { number firstBlock lastBlock
        blocks(first: 2, orderDirection: asc) { totalCount nodes { number } }
        transactions(first: 1) { nodes { blockNumber } pageInfo { hasNextPage } }
        swaps(first: 2) { totalCount nodes { blockNumber } } priorityRequests { totalCount } } } }`)
      expect(data.batches.nodes).toHaveLength(count)
      for (const batch of data.batches.nodes) {
        expect(batch.blocks).toEqual({
          totalCount: 2,
          nodes: [{ number: batch.firstBlock }, { number: batch.lastBlock }],
        })
        expect(batch.transactions).toEqual({
          nodes: [{ blockNumber: batch.lastBlock }],
          pageInfo: { hasNextPage: true },
        })
        expect(batch.swaps.nodes).toEqual([{ blockNumber: batch.lastBlock }, { blockNumber: batch.firstBlock }])
        expect([batch.swaps.totalCount, batch.priorityRequests.totalCount]).toEqual([2, 0])
      }
      // chains, batches, blocks, their count, transactions, swaps, their count, the count of requests
      expect(cost).toBe(8)
    })

    test.each([
      ['blocks', 'number', 1],
      ['blocks', 'number', 100],
      ['transactions', 'blockNumber', 100],
      ['swaps', 'blockNumber', 100],
    ])('the batches of %s by %s, %s at once', async (list, key, count) => {
      const { data, cost } = await costOf(
        `{ ${list}(first: ${count}) { nodes { ${key} batch { firstBlock lastBlock } } } }`,
      )
      expect(data[list].nodes).toHaveLength(count)
      for (const row of data[list].nodes) {
        const firstBlock = row[key] - (row[key] % 2)
        expect(row.batch).toEqual({ firstBlock, lastBlock: firstBlock + 1 })
      }
      // chains, the list, batches
      expect(cost).toBe(3)
    })
  })
})
