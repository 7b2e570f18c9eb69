import type { SQL } from 'drizzle-orm'
import { wireSql } from '../../../db/queries/export.ts'
import type { Dataset } from '../datasets.ts'
import type { Format } from '../plan.ts'
import type { CreateEncoder } from './encoder.ts'
import { createParquet } from './parquet.ts'
import { createCsv, createNdjson, csvLines, ndjsonLines } from './text.ts'

/** How a format is made, and how it is served. */
export type FormatFacts = {
  /** What the encoder wants of each row. */
  values: (dataset: Dataset) => SQL[]
  create: CreateEncoder
  /** Rows of a page: a row group of Parquet. Part of the format, as the bytes of a file depend on it. */
  pageRows: number
  mediaType: string
}

/** The formats by name. */
export const formats: Readonly<Record<Format, FormatFacts>> = {
  parquet: {
    values: ({ source }) => source.columns.map(wireSql),
    ...{ create: createParquet, pageRows: 10_000, mediaType: 'application/vnd.apache.parquet' },
  },
  csv: {
    values: (dataset) => [csvLines(dataset)],
    ...{ create: createCsv, pageRows: 5_000, mediaType: 'text/csv; charset=utf-8; header=present' },
  },
  ndjson: {
    values: (dataset) => [ndjsonLines(dataset)],
    ...{ create: createNdjson, pageRows: 2_500, mediaType: 'application/x-ndjson; charset=utf-8' },
  },
}
