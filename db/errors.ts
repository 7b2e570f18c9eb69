/** Base of all expected failures: one clear line for the user, no stack trace. */
export class FlowprintError extends Error {
  override name = 'FlowprintError'
}

/** The database server cannot be reached or refuses the login. */
export class DatabaseUnreachableError extends FlowprintError {
  override name = 'DatabaseUnreachableError'
  constructor(location: string, cause: unknown) {
    super(
      `cannot reach the database ${location}: ${reasonOf(cause)}; check DATABASE_URL or --database-url, or leave it out to use the embedded database`,
      { cause },
    )
  }
}

/** The folder of an embedded database is in use by another process. */
export class DatabaseLockedError extends FlowprintError {
  override name = 'DatabaseLockedError'
  constructor(folder: string, pid: number) {
    super(
      `the database folder ${folder} is in use by process ${pid}; stop that process, or choose another folder with --database-url pglite://<folder>`,
    )
  }
}

/** DATABASE_URL names neither a Postgres server nor a PGlite folder. */
export class DatabaseUrlError extends FlowprintError {
  override name = 'DatabaseUrlError'
  constructor(scheme: string) {
    super(`DATABASE_URL starts with "${scheme}"; use postgres://user@host:5432/database or pglite://<folder>`)
  }
}

/** The embedded database could not open its folder. */
export class DatabaseFolderError extends FlowprintError {
  override name = 'DatabaseFolderError'
  constructor(folder: string, cause: unknown) {
    super(
      `cannot open the database folder ${folder}: ${reasonOf(cause)}; choose a folder that can be written, or remove it to start anew`,
      { cause },
    )
  }
}

/** Another process writes the same chain into the same database. */
export class WriterBusyError extends FlowprintError {
  override name = 'WriterBusyError'
  constructor(chainId: number, location: string) {
    super(`another process already indexes chain ${chainId} into ${location}; stop it first, or use another database`)
  }
}

/** The first useful sentence of an error, aggregate errors of Node's connect included. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  const code = (error as NodeJS.ErrnoException).code
  const text = error.message.split('\n')[0] ?? ''
  return text || code || error.name
}
