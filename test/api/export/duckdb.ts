import { DuckDBInstance } from '@duckdb/node-api'
import { type Dataset, datasetNamed } from '../../../api/export/datasets.ts'
import type { Format } from '../../../api/export/plan.ts'

const TYPES = { string: 'VARCHAR', int64: 'BIGINT', double: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMPTZ' }

/** How DuckDB opens a file of a data set with all its types. */
export function opened(dataset: string, format: Format, path: string): string {
  if (format === 'parquet') return `read_parquet('${path}')`
  const { fields } = datasetNamed(dataset)
  const types = fields.map(({ name, type }: Dataset['fields'][number]) => `'${name}': '${TYPES[type]}'`).join(', ')
  if (format === 'csv') return `read_csv('${path}', columns = {${types}}, header = true, quote = '"', escape = '"')`
  return `read_ndjson('${path}', columns = {${types}})`
}

/** The rows of a query, with what JSON has no type for as text. */
export async function query(text: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run("set timezone = 'UTC'")
    return (await connection.runAndReadAll(text)).getRowObjectsJson() as Record<string, unknown>[]
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
