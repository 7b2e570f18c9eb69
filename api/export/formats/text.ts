import { type SQL, sql } from 'drizzle-orm'
import { finiteSql } from '../../../db/queries/export.ts'
import type { Field } from '../columns.ts'
import type { Dataset } from '../datasets.ts'
import type { CreateEncoder } from './encoder.ts'

// Both formats are made by the database, whole lines at once: it needs a third of the time that this process would.

/** The lines of a CSV file, each without its final newline. */
export function csvLines({ fields, source }: Dataset): SQL {
  const values = fields.map((field) => csvValue(field, source.columns[field.source]!.expression))
  return concatenated(values.flatMap((value, index) => [index === 0 ? sql`''` : sql`','`, value]).concat(sql`chr(13)`))
}

/** The lines of an NDJSON file, each without its newline. */
export function ndjsonLines({ fields, source }: Dataset): SQL {
  const values = fields.flatMap((field, index) => {
    const value = ndjsonValue(field, source.columns[field.source]!.expression)
    const lead = sql.raw(`'${index === 0 ? '{' : ','}"${field.name}":'`)
    return [lead, field.nullable ? sql`coalesce(${value}, 'null')` : value]
  })
  return concatenated([...values, sql`'}'`])
}

/** Texts one after the other, by halves: from left to right each would be copied as often as others follow. */
function concatenated(texts: readonly SQL[]): SQL {
  if (texts.length <= 1) return texts[0] ?? sql`''`
  const half = texts.length >> 1
  return sql`(${concatenated(texts.slice(0, half))} || ${concatenated(texts.slice(half))})`
}

/** CSV as RFC 4180 has it: a header, lines ended by CR LF. An absent value is empty; texts stand in quotes, empty ones, too. */
export const createCsv: CreateEncoder = ({ fields }) => lineEncoder(`${fields.map(({ name }) => name).join(',')}\r\n`)

/** One JSON object a line; amounts, bytes, times and `jsonb` are strings. */
export const createNdjson: CreateEncoder = () => lineEncoder('')

function lineEncoder(header: string): ReturnType<CreateEncoder> {
  return {
    begin: () => Buffer.from(header),
    page: ({ rows, columns }) => ({ bytes: Buffer.from(rows === 0 ? '' : `${columns[0]}\n`), state: null }),
    end: () => Buffer.alloc(0),
  }
}

function csvValue({ type, kind, nullable }: Field, value: SQL): SQL {
  const isText = kind === 'text' || kind === 'json'
  const text = isText ? sql`'"' || replace((${value})::text, '"', '""') || '"'` : plainText(type, kind, value)
  return nullable ? sql`coalesce(${text}, '')` : text
}

function ndjsonValue({ type, kind }: Field, value: SQL): SQL {
  if (kind === 'text' || kind === 'json') return sql`to_json((${value})::text)::text`
  const text = plainText(type, kind, value)
  return type === 'string' || type === 'timestamp' ? sql`'"' || ${text} || '"'` : text
}

/** A value other than a text, without quotes; null stays null. */
function plainText(type: Field['type'], kind: Field['kind'], value: SQL): SQL {
  switch (kind) {
    case 'bytes':
      return sql`'0x' || encode(${value}, 'hex')`
    case 'double':
      return sql`(${finiteSql(value)})::text`
    case 'decimal':
      return type === 'double' ? sql`(${value})::float8::text` : sql`(${value})::text`
    case 'unix':
      return sql`to_char(to_timestamp(${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
    case 'instant':
      return sql`to_char((${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    default:
      return sql`(${value})::text`
  }
}
