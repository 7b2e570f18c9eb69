import { FlowprintError, reasonOf } from '../db/errors.ts'

/** Another program listens on the port. */
export class PortInUseError extends FlowprintError {
  override name = 'PortInUseError'
  constructor(host: string, port: number) {
    super(
      `${host}:${port} is in use by another program; stop it, or choose another port with --port or PORT (0 = any free port)`,
    )
  }
}

/** The address to listen on does not exist or is not allowed. */
export class CannotListenError extends FlowprintError {
  override name = 'CannotListenError'
  constructor(host: string, port: number, cause: unknown) {
    super(
      `cannot listen on ${host}:${port}: ${reasonOf(cause)}; choose another with --host and --port, or HOST and PORT`,
      { cause },
    )
  }
}

/** What a client is told when the database is down. */
export const DATABASE_DOWN = 'the database does not answer; try again later'

const CONNECTION_CODES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|08...|57P0.|53300)$/
const CONNECTION_TEXTS =
  /connection terminated|timeout exceeded when trying to connect|database thread ended|PGlite is clos|after calling end on the pool/i

/** Whether a failure means that the database cannot be reached, by the codes of Node and Postgres and the texts of the drivers. */
export function isDatabaseDown(cause: unknown): boolean {
  const code = String((cause as { code?: unknown } | null)?.code ?? '')
  return CONNECTION_CODES.test(code) || CONNECTION_TEXTS.test(reasonOf(cause))
}
