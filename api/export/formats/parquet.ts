import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import type { Field, FieldType } from '../columns.ts'
import { type ChunkState, encodeChunk } from './chunk.ts'
import type { CreateEncoder } from './encoder.ts'

/** What the footer says of a row group; its offset counts from the first byte of the file. */
type GroupState = { offset: number; rows: number; chunks: readonly ChunkState[] }

const MAGIC = Buffer.from('PAR1')

/**
 * Parquet: each page of rows is a row group, compressed with Snappy. The row groups are encoded here, column by column from
 * the text of the database, which is several times as fast as from values; the footer is written by hyparquet-writer.
 */
export const createParquet: CreateEncoder = ({ fields }, written) => {
  const groups = written.states.filter((state) => state !== null) as GroupState[]
  const { SNAPPY: compress } = createFooter(fields, 0).compressors
  let offset = written.bytes
  return {
    begin: () => {
      offset += MAGIC.length
      return MAGIC
    },
    page: ({ rows, columns }) => {
      // A row group without rows is not allowed everywhere.
      if (rows === 0) return { bytes: Buffer.alloc(0), state: null }
      const chunks = fields.map((field) => encodeChunk(field, columns[field.source]!, rows, compress))
      const state: GroupState = { offset, rows, chunks: chunks.map((chunk) => chunk.state) }
      const bytes = Buffer.concat(chunks.flatMap((chunk) => chunk.bytes))
      groups.push(state)
      offset += bytes.length
      return { bytes, state }
    },
    end: () => {
      const footer = createFooter(fields, offset)
      footer.row_groups = groups.map((group) => toRowGroup(fields, group))
      footer.num_rows = BigInt(groups.reduce((sum, { rows }) => sum + rows, 0))
      footer.finish()
      return Buffer.from(footer.writer.getBytes())
    },
  }
}

type RowGroup = ParquetWriter['row_groups'][number]
type ColumnMetaData = NonNullable<RowGroup['columns'][number]['meta_data']>

/** A writer whose next byte is the one at `offset` of the file. */
function createFooter(fields: readonly Field[], offset: number): ParquetWriter {
  const writer = new ByteWriter()
  const root: SchemaElement = { name: 'root', num_children: fields.length }
  const footer = new ParquetWriter({ writer, schema: [root, ...fields.map(toElement)], createdBy: 'flowprint' })
  // It begins with the magic bytes, which are written already.
  writer.index = 0
  writer.offset = offset
  return footer
}

const TYPES: Readonly<Record<FieldType, Pick<SchemaElement, 'converted_type' | 'logical_type'> & { type: Physical }>> =
  {
    string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
    int64: { type: 'INT64' },
    double: { type: 'DOUBLE' },
    boolean: { type: 'BOOLEAN' },
    timestamp: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    },
  }

type Physical = 'BYTE_ARRAY' | 'INT64' | 'DOUBLE' | 'BOOLEAN'

function toElement({ name, type, nullable }: Field): SchemaElement {
  return { name, ...TYPES[type], repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' }
}

function toRowGroup(fields: readonly Field[], { offset, rows, chunks }: GroupState): RowGroup {
  const sum = (of: (chunk: ChunkState) => number) => BigInt(chunks.reduce((total, chunk) => total + of(chunk), 0))
  let start = offset
  const columns = chunks.map((chunk, index) => {
    const column = { file_offset: BigInt(start), meta_data: toMetaData(fields[index]!, chunk, start, rows) }
    start += chunk.length
    return column
  })
  return {
    ...{ columns, num_rows: BigInt(rows), total_byte_size: sum(({ uncompressed }) => uncompressed) },
    total_compressed_size: sum(({ length }) => length),
  }
}

function toMetaData({ name, type }: Field, chunk: ChunkState, start: number, rows: number): ColumnMetaData {
  const { length, uncompressed, dataAt, hasDictionary, isCompressed, nulls, range } = chunk
  return {
    ...{ type: TYPES[type].type, path_in_schema: [name], num_values: BigInt(rows) },
    codec: isCompressed ? 'SNAPPY' : 'UNCOMPRESSED',
    encodings: hasDictionary ? ['PLAIN', 'RLE', 'RLE_DICTIONARY'] : ['PLAIN', 'RLE'],
    ...{ total_compressed_size: BigInt(length), total_uncompressed_size: BigInt(uncompressed) },
    data_page_offset: BigInt(start + dataAt),
    ...(hasDictionary ? { dictionary_page_offset: BigInt(start) } : {}),
    statistics: {
      null_count: BigInt(nulls),
      ...(range === null ? {} : { min_value: BigInt(range[0]), max_value: BigInt(range[1]) }),
    },
  }
}
