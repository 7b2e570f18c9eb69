import { drizzle } from 'drizzle-orm/pg-proxy'
import pg from 'pg'
import type { Database, DatabaseOptions, Row, Transaction } from '../database.ts'
import { DatabaseUnreachableError } from '../errors.ts'
import { bulkInsert } from './bulkInsert.ts'

const CONNECTIONS_MAX = 10
const CONNECT_TIMEOUT_MS = 5_000

/**
 * Opens a Postgres server.
 * @throws DatabaseUnreachableError when the first connection fails.
 */
export async function openPostgres(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const location = withoutCredentials(url)
  const pool = createPool(url, options)
  // An idle connection that breaks must not end the process; the next query reports it.
  pool.on('error', () => {})
  await connectOnce(pool).catch(async (cause) => {
    await pool.end()
    throw new DatabaseUnreachableError(location, cause)
  })
  return {
    kind: 'postgres',
    location,
    query: async (text, parameters = []) => (await pool.query(text, [...parameters])).rows as Row[],
    execute: async (script) => void (await pool.query(script)),
    transaction: (run) => inTransaction(pool, run),
    bulkInsert: (first, tables) => withClient(pool, (client) => bulkInsert(client, first, tables)),
    reader: drizzle(async (text, parameters, method) => {
      const result =
        method === 'all'
          ? await pool.query({ text, values: parameters, rowMode: 'array' })
          : await pool.query(text, parameters)
      return { rows: result.rows }
    }),
    claimWriter: (chainId) => claimWriter(url, chainId),
    close: () => pool.end(),
  }
}

function createPool(url: string, { statementTimeoutMs }: DatabaseOptions): pg.Pool {
  return new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'flowprint',
    types: { getTypeParser },
    // Not as parameters of the connection, which poolers such as PgBouncer refuse.
    onConnect: async (client: pg.ClientBase) => void (await client.query(SESSION_SETTINGS)),
    ...(statementTimeoutMs === undefined ? {} : { statement_timeout: statementTimeoutMs }),
  })
}

/**
 * A commit does not wait for the disk: when the server's machine fails, the last moments are lost, each step as a whole with
 * its cursor, and are read from the chain again (docs/decisions/005). Nothing is ever half-written.
 */
const SESSION_SETTINGS = `set timezone = 'UTC'; set synchronous_commit = off`

const TIMESTAMPTZ_OID = 1184

/** As pg, but a timestamp stays the text of the server: a Date would cut its microseconds. */
const getTypeParser: typeof pg.types.getTypeParser = (oid: number, format?: unknown) =>
  oid === TIMESTAMPTZ_OID ? (value: unknown) => value : pg.types.getTypeParser(oid, format as 'text')

/** The first query; the driver reads the URL only now, and throws at once when it cannot. */
async function connectOnce(pool: pg.Pool): Promise<void> {
  await pool.query('select 1')
}

/** The URL without user and password, for messages. */
export function withoutCredentials(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url)
    return `${protocol}//${hostname}${port ? `:${port}` : ''}${pathname}`
  } catch {
    return 'postgres://(unreadable URL)'
  }
}

function inTransaction<T>(pool: pg.Pool, run: (transaction: Transaction) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query('begin')
    try {
      const result = await run({
        query: async (text, parameters = []) => (await client.query(text, [...parameters])).rows as Row[],
      })
      await client.query('commit')
      return result
    } catch (error) {
      // When the connection is what failed, the server has rolled back already.
      await client.query('rollback').catch(() => {})
      throw error
    }
  })
}

/** Lends a connection of the pool; one that broke is not given back. */
async function withClient<T>(pool: pg.Pool, run: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    return await run(client)
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

/** Namespace of our advisory locks, so that other programs on the server do not meet them. */
const LOCK_NAMESPACE = 0x666c6f77

async function claimWriter(url: string, chainId: number): Promise<(() => Promise<void>) | null> {
  // The lock lives as long as its session, so it has a connection of its own.
  const client = new pg.Client({ connectionString: url, application_name: 'flowprint writer lock' })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as got', [
    LOCK_NAMESPACE,
    chainId & 0x7fffffff,
  ])
  if (rows[0]?.got) return () => client.end()
  await client.end()
  return null
}
