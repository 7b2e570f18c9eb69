import type { PgRemoteDatabase } from 'drizzle-orm/pg-proxy'

/** One result row, by column name. */
export type Row = Record<string, unknown>

/** What can be done inside one transaction. */
export type Transaction = {
  /** Runs one statement; returns its rows. */
  query(text: string, parameters?: readonly unknown[]): Promise<Row[]>
}

/** Rows of one table in the text format of COPY: tab between columns, `\N` for null, newline after each row. */
export type CopyLines = { table: string; columns: readonly string[]; lines: string }

/** A database, real or embedded. Both kinds run the same SQL and return the same values. */
export type Database = {
  kind: 'postgres' | 'pglite'
  /** Where it is, without credentials, for messages. */
  location: string
  /** Runs one statement outside any transaction; returns its rows. */
  query(text: string, parameters?: readonly unknown[]): Promise<Row[]>
  /** Runs several statements without parameters in one round trip. */
  execute(script: string): Promise<void>
  /** Commits when `run` resolves, rolls back when it throws. */
  transaction<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Runs the statement `first` and inserts the rows of all tables, in one transaction. */
  bulkInsert(first: string, tables: readonly CopyLines[]): Promise<void>
  /** Drizzle's query builder for reads; never use its relational `with:`, which corrupts numeric and bytea. */
  reader: PgRemoteDatabase
  /** Takes the sole right to write a chain; null when another process holds it. Returns the function that gives it back. */
  claimWriter(chainId: number): Promise<(() => Promise<void>) | null>
  close(): Promise<void>
}

/** How a database is used. */
export type DatabaseOptions = {
  /** Statements that take longer are ended by the server; none unless given. An embedded database has no such limit. */
  statementTimeoutMs?: number
}
