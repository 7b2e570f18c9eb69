import type { Database, DatabaseOptions } from './database.ts'
import { DatabaseUrlError } from './errors.ts'

/** Where the data goes when nothing else is said. */
export const DEFAULT_DATABASE_URL = 'pglite://./.flowprint'

/** Longest statement of the API. */
const READ_TIMEOUT_MS = 15_000

/**
 * The same database for readers: on a server with connections of its own, so that slow questions cannot hold up the
 * indexer, and with a limit on their time. Returns it with what closes it.
 */
export async function openForReading(database: Database, url: string): Promise<Database> {
  if (database.kind === 'pglite') return { ...database, close: async () => {} }
  return openDatabase(url, { statementTimeoutMs: READ_TIMEOUT_MS })
}

/**
 * Opens the database a URL names: `postgres://…`, `postgresql://…` or `pglite://<folder>`.
 * @throws DatabaseUrlError for any other scheme; see `openPostgres` and `openPglite` for theirs.
 */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  // Each driver costs start-up time, so only the one in use is loaded.
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./postgres/open.ts')).openPostgres(url, options)
  if (url.startsWith('pglite://')) return (await import('./pglite/open.ts')).openPglite(url.slice('pglite://'.length))
  throw new DatabaseUrlError(url.split('://')[0]?.slice(0, 20) ?? '')
}
