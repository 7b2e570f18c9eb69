import type { Database } from '../db/database.ts'
import type { IndexerStatus } from './status.ts'

/** The part of a logger that the API uses. */
export type ApiLog = Record<'info' | 'warn' | 'error', (fields: object, message: string) => void>

/** What the API needs from the process it runs in. */
export type ApiOptions = {
  database: Database
  /** Interface to listen on, such as 127.0.0.1. */
  host: string
  /** 0 = any free port. */
  port: number
  /** The present status; a serve-only process passes `() => readStoredStatus(database, version)`. */
  status: () => IndexerStatus | Promise<IndexerStatus>
  /** The present metrics in Prometheus text format. */
  metrics: () => Promise<string>
  log: ApiLog
}
