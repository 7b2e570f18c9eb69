import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { columnOf, keyOf, parameter } from './sql.ts'

/** A total order: by one column, null last in both directions, then by the primary key in the same direction. */
export type Order = { column: string; descending: boolean }

/** A place in an order: the values of `orderKeys`, in that order. */
export type Position = readonly unknown[]

/** A bound of a page: rows after or before a position, the row at the position included or not. */
export type Bound = { side: 'after' | 'before'; position: Position; inclusive: boolean }

/** Keys of the columns that an order compares: its column, then the rest of the primary key without the chain. */
export function orderKeys(table: PgTable, order: Order): string[] {
  return [order.column, ...keyOf(table).filter((key) => key !== order.column)]
}

/** The terms of ORDER BY; `reversed` gives exactly the opposite order. */
export function orderSql(table: PgTable, order: Order, reversed = false): SQL {
  const direction = sql.raw(order.descending === reversed ? 'asc' : 'desc')
  const terms = orderKeys(table, order).map((key) => {
    const column = columnOf(table, key)
    // Named only where it matters: an index serves NOT NULL columns in both directions as long as nulls are not named.
    const nulls = column.notNull ? sql`` : reversed ? sql` nulls first` : sql` nulls last`
    return sql`${column} ${direction}${nulls}`
  })
  return sql.join(terms, sql`, `)
}

/** The rows on one side of a position, as an SQL condition. */
export function boundSql(table: PgTable, order: Order, bound: Bound): SQL {
  const [first, ...rest] = orderKeys(table, order)
  if (first === undefined) return sql`true`
  const column = columnOf(table, first)
  const larger = (bound.side === 'after') !== order.descending
  const operator = sql.raw(`${larger ? '>' : '<'}${bound.inclusive ? '=' : ''}`)
  const beyond = (keys: readonly string[], values: Position) => {
    const columns = keys.map((key) => columnOf(table, key))
    const left = sql.join(
      columns.map((each) => sql`${each}`),
      sql`, `,
    )
    const right = sql.join(
      columns.map((each, index) => parameter(each, values[index])),
      sql`, `,
    )
    return sql`(${left}) ${operator} (${right})`
  }
  if (column.notNull) return beyond([first, ...rest], bound.position)
  if (bound.position[0] === null) {
    const amongNulls = sql`(${column} is null and ${beyond(rest, bound.position.slice(1))})`
    return bound.side === 'after' ? amongNulls : sql`(${column} is not null or ${amongNulls})`
  }
  const amongValues = beyond([first, ...rest], bound.position)
  return bound.side === 'before' ? amongValues : sql`(${amongValues} or ${column} is null)`
}
