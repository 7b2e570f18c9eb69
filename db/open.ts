import type { Database } from './database.ts'
import { DatabaseUrlError } from './errors.ts'

/** Where the data goes when nothing else is said. */
export const DEFAULT_DATABASE_URL = 'pglite://./.flowprint'

/**
 * Opens the database a URL names: `postgres://…`, `postgresql://…` or `pglite://<folder>`.
 * @throws DatabaseUrlError for any other scheme; see `openPostgres` and `openPglite` for theirs.
 */
export async function openDatabase(url: string): Promise<Database> {
  // Each driver costs start-up time, so only the one in use is loaded.
  if (/^postgres(ql)?:\/\//.test(url)) return (await import('./postgres/open.ts')).openPostgres(url)
  if (url.startsWith('pglite://')) return (await import('./pglite/open.ts')).openPglite(url.slice('pglite://'.length))
  throw new DatabaseUrlError(url.split('://')[0]?.slice(0, 20) ?? '')
}
