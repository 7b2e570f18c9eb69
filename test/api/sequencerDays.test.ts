import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { transactions } from '../../db/schema/transactions.ts'
import { type Ask, createAsk, dataOf, errorOf } from './ask.ts'
import { address, hash, insert, insertAll, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

/** A day long after that of the other rows. */
const DAY = Date.parse('2030-01-02T00:00:00Z') / 1000

type Sent = [arrivedUs: number, type?: number, sender?: number, nonce?: number]

/** One block a second of a day, with transactions that arrived so many microseconds into the day. */
const rowsOfDay = (day: number, sent: readonly (readonly Sent[])[], clock = 'sequencer') => ({
  blocks: sent.map(
    (_, index): Row => ({
      ...{ ...rowsOf.blocks[0], number: 5_000_000 + day + index, hash: hash(day, 500 + index), clock },
      timestamp: DAY + day * 86_400 + index,
    }),
  ),
  transactions: sent.flatMap((its, index) =>
    its.map(([arrivedUs, type = 2, sender = transactionsMade, nonce = 7], transactionIndex): Row => {
      const seconds = DAY + day * 86_400 + Math.floor(arrivedUs / 1e6)
      const fraction = String(arrivedUs % 1e6).padStart(6, '0')
      return {
        ...{ ...rowsOf.transactions[0], blockNumber: 5_000_000 + day + index, transactionIndex },
        ...{ hash: hash(900 + transactionsMade, transactionIndex), type, nonce: BigInt(nonce) },
        fromAddress: address(0x4000 + (sender === transactionsMade ? transactionsMade++ : sender)),
        receivedAt: new Date(seconds * 1000).toISOString().replace('.000Z', `.${fraction}Z`),
      }
    }),
  ),
})
let transactionsMade = 1_000

describe.each(testDatabases)('sequencerDays on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    const days = [
      rowsOfDay(0, [
        // In order, then one that was passed by within a millisecond, and one by 5.5 ms without a reason.
        [[1_000], [2_000]],
        [[3_900], [3_100]],
        [[20_000], [14_500]],
      ]),
      rowsOfDay(100, [
        // A request from L1 that came late and went first; a nonce that had to wait for the one before.
        [[50_000, 255], [10_000]],
        [
          [90_000, 2, 1, 7],
          [60_000, 2, 1, 8],
        ],
      ]),
      rowsOfDay(200, [[[5_000], [1_000]]], 'node'),
    ]
    for (const each of days) {
      await insert(home.database, blocks, each.blocks)
      await insert(home.database, transactions, each.transactions)
    }
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  const FIELDS = 'day pairs inversions priority sameMillisecond nonceGap unexplained largestMs'
  const days = async (from: string, to: string) =>
    (await dataOf(ask(`{ sequencerDays(from: "${from}", to: "${to}") { ${FIELDS} } }`))).sequencerDays

  test('inversions within a millisecond, and without a reason', async () => {
    expect(await days('2030-01-01T00:00:00Z', '2030-01-05T00:00:00Z')).toEqual([
      {
        ...{ day: '2030-01-02T00:00:00.000000Z', pairs: 5, inversions: 2, priority: 0, sameMillisecond: 1 },
        ...{ nonceGap: 0, unexplained: 1, largestMs: 5.5 },
      },
    ])
  })

  test('requests from L1, and nonces that had to wait', async () => {
    const [day] = await days('2030-04-01T00:00:00Z', '2030-04-20T00:00:00Z')
    expect(day).toMatchObject({ pairs: 3, inversions: 2, priority: 1, nonceGap: 1, unexplained: 0, largestMs: null })
  })

  test('arrivals by another clock do not count', async () => {
    expect(await days('2030-07-10T00:00:00Z', '2030-07-30T00:00:00Z')).toEqual([])
  })

  test.each([
    ['2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z'],
    ['2030-01-01T00:00:00Z', '2030-03-01T00:00:00Z'],
  ])('from %s to %s is refused', async (from, to) => {
    expect(await errorOf(ask(`{ sequencerDays(from: "${from}", to: "${to}") { day } }`))).toMatchObject({
      code: 'BAD_USER_INPUT',
    })
  })
})
