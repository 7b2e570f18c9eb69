import type { Database } from '../../db/database.ts'
import type { ExportKey } from '../../db/queries/export.ts'
import type { PageState } from './formats/encoder.ts'
import { formats } from './formats/index.ts'
import { readPages } from './pages.ts'
import { assertUnchanged, type ExportPlan } from './plan.ts'

/** Where an export stands after a page: what it takes to go on. */
export type Written = {
  /** Key of the last row; null before the first page, and after the last. */
  last: ExportKey | null
  /** Whether all pages are written, so that only the end is missing. */
  complete: boolean
  bytes: number
  rows: number
  states: readonly PageState[]
}

/** A piece of a file: the beginning, a page or the end. */
export type Piece = {
  bytes: Buffer
  rows: number
  /** Set for a page: its last key, whether it is the last page, and what its encoder has to know of it. */
  page: { last: ExportKey | null; complete: boolean; state: PageState } | null
}

/** How to stream: from where on, and with what pages. */
export type StreamOptions = {
  written?: Written | undefined
  /** Rows of a page; the bytes of a Parquet file depend on it. */
  pageRows?: number | undefined
  signal?: AbortSignal | undefined
}

/**
 * The bytes of an export in order; at most a few pages are held. Ends early, without an error, when `signal` aborts.
 * @throws ExportReorganisedError at the end, when blocks of the range were replaced meanwhile.
 */
export async function* streamExport(
  database: Database,
  plan: ExportPlan,
  { written, pageRows, signal }: StreamOptions = {},
): AsyncGenerator<Piece> {
  const { create, values, pageRows: usualRows } = formats[plan.format]
  const encoder = create(plan.dataset, { bytes: written?.bytes ?? 0, states: written?.states ?? [] })
  if (written === undefined) yield { bytes: encoder.begin(), rows: 0, page: null }
  if (written?.complete !== true) {
    const options = {
      values: values(plan.dataset),
      after: written?.last ?? null,
      pageRows: pageRows ?? usualRows,
      signal,
    }
    for await (const { page, last } of readPages(database, plan.dataset.source, plan.scope, options)) {
      const { bytes, state } = encoder.page(page)
      yield { bytes, rows: page.rows, page: { last, complete: last === null, state } }
    }
  }
  if (signal?.aborted === true) return
  await assertUnchanged(database, plan)
  yield { bytes: encoder.end(), rows: 0, page: null }
}
