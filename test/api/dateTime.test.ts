import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { transactions } from '../../db/schema/transactions.ts'
import { type Ask, createAsk, dataOf } from './ask.ts'
import { hash, insert, insertAll, instant, LAST_BLOCK, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

/** When one of the stored transactions was received; no other was within the same microsecond. */
const MOMENT = instant(713_735)
const [sample] = rowsOf.transactions

describe.each(testDatabases)('DateTime on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  const late = (row: Row) => typeof row.receivedAt === 'string' && row.receivedAt > MOMENT
  const early = (row: Row) => typeof row.receivedAt === 'string' && row.receivedAt < MOMENT
  const at = (row: Row) => row.receivedAt === MOMENT

  test.each<[where: string, test: (row: Row) => boolean]>([
    [`receivedAt: "${MOMENT}"`, at],
    ['receivedAt: "2024-03-28T20:24:49.713735+02:00"', at],
    [`receivedAt_not: "${MOMENT}"`, (row) => !at(row)],
    [
      `receivedAt_in: ["${MOMENT}", "2024-03-28T12:54:49.713736-05:30"]`,
      (row) => at(row) || row.receivedAt === instant(713_736),
    ],
    [`receivedAt_not_in: ["${MOMENT}"]`, (row) => !at(row)],
    [`receivedAt_gt: "${MOMENT}"`, late],
    [`receivedAt_gte: "${MOMENT}"`, (row) => late(row) || at(row)],
    [`receivedAt_lt: "${MOMENT}"`, early],
    [`receivedAt_lte: "${MOMENT}"`, (row) => early(row) || at(row)],
    ['receivedAt_gte: "2024-03-28T18:24:49.71374Z"', (row) => (row.receivedAt ?? '') >= instant(713_740)],
    ['receivedAt_lt: "9999-12-31T23:59:59.999999Z"', (row) => row.receivedAt !== null],
    ['receivedAt_lt: "0001-01-01T00:00:00Z"', () => false],
    ['receivedAt: null', (row) => row.receivedAt === null],
    ['receivedAt_not: null', (row) => row.receivedAt !== null],
  ])('transactions where %s', async (where, test) => {
    const { transactions: page } = await dataOf(
      ask(`{ transactions(where: { ${where} }, orderDirection: asc) { totalCount nodes { hash receivedAt } } }`),
    )
    const expected = rowsOf.transactions.filter(test).map((row) => ({ hash: row.hash, receivedAt: row.receivedAt }))
    expect(page).toEqual({ totalCount: expected.length, nodes: expected })
  })

  test('as a variable', async () => {
    const query = 'query($moment: DateTime) { transactions(where: { receivedAt: $moment }) { nodes { receivedAt } } }'
    const { transactions: page } = await dataOf(ask(query, { moment: '2024-03-28T19:24:49.713735+01:00' }))
    expect(page.nodes).toEqual([{ receivedAt: MOMENT }])
  })

  test.each(['asc', 'desc'])('a cursor between two rows one microsecond apart, %s', async (direction) => {
    const list = (more: string) =>
      `{ transactions(first: 1, orderBy: receivedAt, orderDirection: ${direction}, where: { receivedAt_in: ["${MOMENT}", "${instant(713_736)}"] } ${more}) { nodes { receivedAt } pageInfo { hasNextPage hasPreviousPage endCursor } } }`
    const expected = direction === 'asc' ? [MOMENT, instant(713_736)] : [instant(713_736), MOMENT]
    const { transactions: first } = await dataOf(ask(list('')))
    const { transactions: second } = await dataOf(ask(list(`, after: "${first.pageInfo.endCursor}"`)))
    expect([...first.nodes, ...second.nodes].map((row: Row) => row.receivedAt)).toEqual(expected)
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasPreviousPage, second.pageInfo.hasNextPage]).toEqual([
      true,
      true,
      false,
    ])
  })

  test.each([
    ['0001-01-01T00:00:00.000000Z'],
    ['1969-12-31T23:59:59.999999Z'],
    ['2024-03-28T18:24:49.000001Z'],
    ['2024-03-28T18:24:49.100000Z'],
    ['2024-10-27T01:30:00.999999Z'],
    ['9999-12-31T23:59:59.999999Z'],
  ])('%s is answered as it was stored', async (receivedAt) => {
    const row = { ...sample, blockNumber: LAST_BLOCK + 1, hash: hash(990, 0), receivedAt }
    await insert(home.database, transactions, [row])
    const { transaction } = await dataOf(ask(`{ transaction(hash: "${row.hash}") { receivedAt } }`))
    await home.database.query(`delete from transactions where block_number = ${row.blockNumber}`)
    expect(transaction).toEqual({ receivedAt })
  })
})
