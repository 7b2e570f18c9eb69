import type { PgColumn } from 'drizzle-orm/pg-core'
import { GraphQLBoolean, GraphQLFloat, GraphQLInt, type GraphQLScalarType, GraphQLString } from 'graphql'
import { documentedColumns, type TableDocs } from '../../db/schema/columns.ts'
import { Address, BigIntScalar, Bytes, DateTime, Hash, Json, Long } from './scalars.ts'

/** A column as the API sees it. */
export type ApiColumn = {
  /** Name of the field; the key in code. */
  key: string
  scalar: GraphQLScalarType
  notNull: boolean
  description: string
}

/** The columns of a table in declaration order. */
export function apiColumns(docs: TableDocs): ApiColumn[] {
  return documentedColumns(docs).map(({ key, column, text }) => ({
    key,
    scalar: scalarOf(key, column),
    notNull: column.notNull,
    description: text,
  }))
}

const scalars: Record<string, GraphQLScalarType> = {
  'numeric(78,0)': BigIntScalar,
  numeric: BigIntScalar,
  bigint: Long,
  integer: GraphQLInt,
  'double precision': GraphQLFloat,
  timestamptz: DateTime,
  jsonb: Json,
  boolean: GraphQLBoolean,
  text: GraphQLString,
}

/** The scalar of a column: by its SQL type; for bytes by its name, which says what they are. */
function scalarOf(key: string, column: PgColumn): GraphQLScalarType {
  const type = column.getSQLType()
  if (type === 'bytea') return /(^a|A)ddress$|Token$/.test(key) ? Address : /(^h|H)ash$/.test(key) ? Hash : Bytes
  const scalar = scalars[type]
  if (!scalar) throw new Error(`no scalar for column ${key} of type ${type}`)
  return scalar
}
