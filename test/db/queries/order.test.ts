import type { sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import { type Bound, boundSql, orderKeys, orderSql } from '../../../db/queries/order.ts'
import { keyOf } from '../../../db/queries/sql.ts'
import { tableDocs } from '../../../db/schema/index.ts'
import { swaps } from '../../../db/schema/swaps.ts'

const render = (fragment: ReturnType<typeof sql>) => new PgDialect().sqlToQuery(fragment).sql.replaceAll('"swaps".', '')
const byBlock = { column: 'blockNumber', descending: true }
const byTick = { column: 'tick', descending: true }

describe('keyOf', () => {
  test.each(tableDocs.map((docs) => [docs.row, docs] as const))('%s', (_, { table, row }) => {
    const documented = /Key: ([a-z_, ]+)\.$/.exec(row)?.[1]?.split(', ') ?? []
    const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    expect(['chain_id', ...keyOf(table).map(snake)]).toEqual(documented)
  })
})

describe('orderSql', () => {
  test.each([
    [byBlock, false, '"block_number" desc, "log_index" desc'],
    [byBlock, true, '"block_number" asc, "log_index" asc'],
    [byTick, false, '"tick" desc nulls last, "block_number" desc, "log_index" desc'],
    [byTick, true, '"tick" asc nulls first, "block_number" asc, "log_index" asc'],
    [{ column: 'tick', descending: false }, false, '"tick" asc nulls last, "block_number" asc, "log_index" asc'],
  ])('%j reversed: %s', (order, reversed, text) => {
    expect(render(orderSql(swaps, order, reversed))).toBe(text)
  })

  test('the key is compared once', () => {
    expect(orderKeys(swaps, { column: 'logIndex', descending: false })).toEqual(['logIndex', 'blockNumber'])
  })
})

describe('boundSql', () => {
  test.each<[typeof byBlock, Bound, string]>([
    [byBlock, { side: 'after', position: [5, 1], inclusive: false }, '("block_number", "log_index") < ($1, $2)'],
    [byBlock, { side: 'before', position: [5, 1], inclusive: true }, '("block_number", "log_index") >= ($1, $2)'],
    [
      byTick,
      { side: 'after', position: [2, 5, 1], inclusive: false },
      '(("tick", "block_number", "log_index") < ($1, $2, $3) or "tick" is null)',
    ],
    [
      byTick,
      { side: 'before', position: [2, 5, 1], inclusive: false },
      '("tick", "block_number", "log_index") > ($1, $2, $3)',
    ],
    [
      byTick,
      { side: 'after', position: [null, 5, 1], inclusive: false },
      '("tick" is null and ("block_number", "log_index") < ($1, $2))',
    ],
    [
      byTick,
      { side: 'before', position: [null, 5, 1], inclusive: false },
      '("tick" is not null or ("tick" is null and ("block_number", "log_index") > ($1, $2)))',
    ],
  ])('%j %j', (order, bound, text) => {
    expect(render(boundSql(swaps, order, bound))).toBe(text)
  })
})
