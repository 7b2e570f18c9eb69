import type { GraphQLScalarType } from 'graphql'
import type { Row } from '../../db/database.ts'
import { type Order, orderKeys, type Position } from '../../db/queries/order.ts'
import { createError, shorten } from '../graphqlErrors.ts'
import type { ApiColumn } from './columns.ts'
import type { Entity } from './entity.ts'

/** Opaque text for the place of a row in an order: base64url of JSON `[type, order column, values of orderKeys…]`. */
export function encodeCursor(entity: Entity, order: Order, row: Row): string {
  const values = orderKeys(entity.docs.table, order).map((key) => {
    const value = row[key]
    return typeof value === 'bigint' ? value.toString() : value
  })
  return Buffer.from(JSON.stringify([entity.name, order.column, ...values])).toString('base64url')
}

/**
 * The position a cursor stands for.
 * @throws GraphQLError BAD_USER_INPUT for a text that `encodeCursor` did not make for the same type and order.
 */
export function decodeCursor(entity: Entity, columns: readonly ApiColumn[], order: Order, cursor: string): Position {
  const [name, column, ...values] = parse(cursor)
  const keys = orderKeys(entity.docs.table, order)
  if (name !== entity.name) throw malformed(cursor)
  if (column !== order.column) {
    const made = shorten(String(column))
    throw createError('BAD_USER_INPUT', `the cursor was made with orderBy: ${made}; use it with the same orderBy`)
  }
  if (values.length !== keys.length) throw malformed(cursor)
  return keys.map((key, index) => {
    const value = values[index]
    const apiColumn = columns.find((each) => each.key === key)
    if (!apiColumn || (value === null && apiColumn.notNull)) throw malformed(cursor)
    return value === null ? null : readValue(apiColumn.scalar, value, cursor)
  })
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(value)) return value
  } catch {
    // Reported below, together with other JSON.
  }
  throw malformed(cursor)
}

function readValue(scalar: GraphQLScalarType, value: unknown, cursor: string): unknown {
  try {
    const read: unknown = scalar.parseValue(value)
    if (typeof read === 'string' && read.includes('\0')) throw malformed(cursor)
    return read
  } catch {
    throw malformed(cursor)
  }
}

function malformed(cursor: string) {
  const message = `"${shorten(cursor)}" is not a cursor of this list; use endCursor, startCursor or edges.cursor of an answer`
  return createError('BAD_USER_INPUT', message)
}
