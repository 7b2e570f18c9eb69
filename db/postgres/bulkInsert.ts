import type pg from 'pg'
import type { CopyLines } from '../database.ts'

/** The part of pg's connection that carries COPY; its types leave these two out. */
type CopyConnection = pg.Connection & {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/**
 * Runs `first` and COPYs all tables as one simple query, which Postgres makes one transaction.
 * Everything is sent without waiting for an answer in between: each wait would cost a turn of a busy event loop,
 * which made writing three times as slow as the server is. Copy data that follows a failed statement
 * is ignored by the server (protocol flow, section COPY Operations).
 */
export function bulkInsert(client: pg.ClientBase, first: string, tables: readonly CopyLines[]): Promise<void> {
  const copies = tables.map(({ table, columns }) => `copy ${table} (${columns.join(', ')}) from stdin`)
  const text = [first, ...copies].join(';\n')
  return new Promise((resolve, reject) => {
    const ignore = () => {}
    client.query({
      submit: (connection: pg.Connection) => {
        const { stream } = connection
        stream.cork()
        connection.query(text)
        for (const { lines } of tables) {
          ;(connection as CopyConnection).sendCopyFromChunk(Buffer.from(lines))
          ;(connection as CopyConnection).endCopyFrom()
        }
        stream.uncork()
      },
      handleError: (error: Error) => reject(error),
      handleReadyForQuery: () => resolve(),
      handleRowDescription: ignore,
      handleDataRow: ignore,
      handleCommandComplete: ignore,
      handleCopyInResponse: ignore,
      handleEmptyQuery: ignore,
      handlePortalSuspended: ignore,
    } as pg.Submittable)
  })
}
