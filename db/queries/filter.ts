import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { columnOf, parameter } from './sql.ts'

/** How a column is compared. `not` and `not_in` hold for null values too, so that each splits the rows in two. */
export type Operator =
  | 'equals'
  | 'not'
  | 'in'
  | 'not_in'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'contains'
  | 'contains_nocase'
  | 'starts_with'
  | 'starts_with_nocase'

/** A condition on the rows of one table. */
export type Filter =
  | { all: readonly Filter[] }
  | { any: readonly Filter[] }
  /** `column` is the key in code; `value` is a list for `in` and `not_in`, else one value; null tests for null. */
  | { column: string; operator: Operator; value: unknown }

/** The filter that every row passes. */
export const EVERY_ROW: Filter = { all: [] }

/** Whether a condition of the filter is on the column. */
export function namesColumn(filter: Filter, column: string): boolean {
  if ('column' in filter) return filter.column === column
  return ('all' in filter ? filter.all : filter.any).some((part) => namesColumn(part, column))
}

/** The filter as an SQL condition on the table. An empty `all` is true, an empty `any` or `in` is false. */
export function filterSql(table: PgTable, filter: Filter): SQL {
  if ('all' in filter)
    return joined(
      filter.all.map((part) => filterSql(table, part)),
      sql` and `,
      sql`true`,
    )
  if ('any' in filter)
    return joined(
      filter.any.map((part) => filterSql(table, part)),
      sql` or `,
      sql`false`,
    )
  const column = columnOf(table, filter.column)
  const one = () => parameter(column, filter.value)
  switch (filter.operator) {
    case 'equals':
      return filter.value === null ? sql`${column} is null` : sql`${column} = ${one()}`
    case 'not':
      return filter.value === null ? sql`${column} is not null` : sql`${column} is distinct from ${one()}`
    case 'in':
      return isOneOf(table, filter.column, filter.value as readonly unknown[])
    case 'not_in':
      return sql`(${isOneOf(table, filter.column, filter.value as readonly unknown[])}) is not true`
    case 'gt':
      return sql`${column} > ${one()}`
    case 'gte':
      return sql`${column} >= ${one()}`
    case 'lt':
      return sql`${column} < ${one()}`
    case 'lte':
      return sql`${column} <= ${one()}`
    case 'contains':
      return sql`strpos(${column}, ${one()}) > 0`
    case 'contains_nocase':
      return sql`strpos(lower(${column}), lower(${one()})) > 0`
    case 'starts_with':
      return sql`starts_with(${column}, ${one()})`
    case 'starts_with_nocase':
      return sql`starts_with(lower(${column}), lower(${one()}))`
  }
}

function isOneOf(table: PgTable, key: string, values: readonly unknown[]): SQL {
  if (values.length === 0) return sql`false`
  const column = columnOf(table, key)
  return sql`${column} in (${sql.join(
    values.map((value) => parameter(column, value)),
    sql`, `,
  )})`
}

function joined(parts: SQL[], separator: SQL, empty: SQL): SQL {
  if (parts.length === 0) return empty
  return sql`(${sql.join(parts, separator)})`
}
