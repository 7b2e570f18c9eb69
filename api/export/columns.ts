import { type SQL, sql } from 'drizzle-orm'
import type { WireColumn, WireKind } from '../../db/queries/export.ts'
import { documentedColumns, type TableDocs } from '../../db/schema/columns.ts'

/** A column of a data set as it is read. */
export type ReadColumn = WireColumn & { nullable: boolean; description: string }

/** Type of a column in a file. */
export type FieldType = 'string' | 'int64' | 'double' | 'boolean' | 'timestamp'

/** A column of a data set as it is written: beside each decimal stands the same as a double. */
export type Field = {
  name: string
  type: FieldType
  nullable: boolean
  description: string
  /** Index of the column that it is made of. */
  source: number
  kind: WireKind
}

const KINDS: Readonly<Record<string, WireKind>> = {
  bytea: 'bytes',
  'numeric(78,0)': 'decimal',
  numeric: 'decimal',
  bigint: 'integer',
  integer: 'integer',
  text: 'text',
  jsonb: 'json',
  'double precision': 'double',
  boolean: 'boolean',
  timestamptz: 'instant',
}

/** Names and sentences of columns that are joined, by their name in the table. */
export type JoinedNames = Readonly<Record<string, readonly [name: string, description: string]>>

/** The columns of a documented table, read from an alias: all, or those that are joined, in the order of the table. */
export function columnsOf(docs: TableDocs, alias = 'x', joined?: JoinedNames): ReadColumn[] {
  return documentedColumns(docs)
    .filter(({ column }) => joined === undefined || column.name in joined)
    .map(({ column, text }) => ({
      name: joined?.[column.name]?.[0] ?? column.name,
      kind: kindOf(column.name, column.getSQLType()),
      expression: sql`${sql.identifier(alias)}.${sql.identifier(column.name)}`,
      // What is joined may be missing.
      nullable: joined !== undefined || !column.notNull,
      description: joined?.[column.name]?.[1] ?? describe(text),
    }))
}

/** A column of a view, where no schema tells what it is. */
export function viewColumn(name: string, kind: WireKind, nullable: boolean, description: string): ReadColumn {
  const expression: SQL = sql`x.${sql.identifier(name)}`
  return { name, kind, nullable, description, expression }
}

function kindOf(name: string, sqlType: string): WireKind {
  if (/(^|_)timestamp$/.test(name) && sqlType === 'bigint') return 'unix'
  const kind = KINDS[sqlType]
  if (kind === undefined) throw new Error(`no export of ${sqlType} (${name})`)
  return kind
}

/** The sentence of the schema, where unix times are timestamps and settled tags stand in swaps. */
function describe(text: string): string {
  return text
    .replace(/^Unix time/, 'Time')
    .replace('settled_tags.flow_class', 'swaps.settled_flow_class')
    .replace('settled_tags.p_institutional', 'swaps.p_institutional')
}

const TYPES: Readonly<Record<WireKind, FieldType>> = {
  text: 'string',
  json: 'string',
  bytes: 'string',
  decimal: 'string',
  integer: 'int64',
  double: 'double',
  boolean: 'boolean',
  unix: 'timestamp',
  instant: 'timestamp',
}

/** The columns of a file, in their order, from those that are read. */
export function fieldsOf(columns: readonly ReadColumn[]): Field[] {
  return columns.flatMap(({ name, kind, nullable, description }, source) => {
    const field: Field = { name, type: TYPES[kind], nullable, description, source, kind }
    if (kind !== 'decimal') return [field]
    const double: Field = {
      ...{ name: `${name}_float`, type: 'double', nullable, source, kind },
      description: `The double nearest to ${name}.`,
    }
    return [field, double]
  })
}
