import type { SQL } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import {
  type ExportKey,
  type ExportPage,
  type ExportScope,
  type ExportSource,
  findPageEnd,
  readExportPage,
} from '../../db/queries/export.ts'

/** A page with the key of its last row; null after the last page, whose rows have no end but that of the scope. */
export type Page = { page: ExportPage; last: ExportKey | null }

/** What pages to read: of what values, after which key, of how many rows. */
export type PageOptions = {
  values: readonly SQL[]
  after: ExportKey | null
  pageRows: number
  signal?: AbortSignal | undefined
}

/** Pages that are asked for at once, so that a server with two processors makes text while another page is written. */
const PAGES_AHEAD = 3

/**
 * The pages of a scope after a key, in order, each of `pageRows` rows but the last.
 * The next ones are read while the consumer works on one. Ends early, without an error, when `signal` aborts.
 */
export async function* readPages(
  database: Database,
  source: ExportSource,
  scope: ExportScope,
  { values, after, pageRows, signal }: PageOptions,
): AsyncGenerator<Page> {
  const ahead: Promise<Page | null>[] = []
  // `undefined` once there is nothing left to read.
  let end: Promise<ExportKey | null | undefined> = Promise.resolve(after)
  let isFirst = true
  const readNext = (): Promise<Page | null> => {
    const start = end
    const begins = isFirst
    isFirst = false
    end = handled(
      start.then((key) =>
        key === undefined || (key === null && !begins)
          ? undefined
          : findPageEnd(database, source, scope, key, pageRows),
      ),
    )
    return handled(
      Promise.all([start, end]).then(async ([key, last]) =>
        key === undefined || last === undefined
          ? null
          : { page: await readExportPage(database, source, scope, { after: key, last }, values), last },
      ),
    )
  }
  try {
    while (signal?.aborted !== true) {
      while (ahead.length < PAGES_AHEAD) ahead.push(readNext())
      const next = await ahead.shift()
      if (!next) return
      yield next
    }
  } finally {
    // What was read ahead is not wanted any more, and neither is its failure.
    await Promise.allSettled(ahead)
  }
}

/** A promise that is awaited later: until then its failure is nobody's. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
