import { GraphQLError, type ValueNode } from 'graphql'
import { DATABASE_DOWN, isDatabaseDown } from './errors.ts'

/** The value of `extensions.code` in an answer with errors. */
export type ErrorCode =
  /** The query or one of its values is wrong; the message names it and the expected form. */
  | 'BAD_USER_INPUT'
  /** The query asks for more than one request may; the message names the limit. */
  | 'COMPLEXITY_LIMIT'
  /** The chain or block asked for is not in the database (yet). */
  | 'NOT_INDEXED_YET'
  /** The database does not answer; try again later. */
  | 'DATABASE_UNAVAILABLE'
  /** A fault of the server; details stand in its log only. */
  | 'INTERNAL_SERVER_ERROR'

/** A GraphQL error with its code. */
export function createError(code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } })
}

/** An error for a wrong value: what was given, what is expected, and where in the query it stands if it does. */
export function createValueError(value: unknown, expected: string, node?: ValueNode): GraphQLError {
  const shown = shorten(typeof value === 'string' ? JSON.stringify(value) : String(value))
  const code: ErrorCode = 'BAD_USER_INPUT'
  return new GraphQLError(`${shown} is not ${expected}`, { nodes: node ?? null, extensions: { code } })
}

/** A text of the client cut to a length that fits in a message. */
export function shorten(text: string): string {
  return text.length > 90 ? `${text.slice(0, 90)}…` : text
}

/** What a client may know of a failure: errors meant for it as they are, others by their kind only. */
export function publicError(failure: unknown): GraphQLError {
  const cause = rootCause(failure)
  // graphql-js itself has no codes; with a path its complaint is about our values, without one about the query.
  const meant = cause instanceof GraphQLError && (cause.extensions.code !== undefined || cause.path === undefined)
  if (meant) return withCode(failure as GraphQLError)
  const [code, message] = describe(cause)
  const { nodes, path } = failure instanceof GraphQLError ? failure : {}
  return new GraphQLError(message, { nodes: nodes ?? null, path: path ?? null, extensions: { code } })
}

/** The same error with one of our codes: whatever graphql-js or yoga refuse, the client can mend. */
export function withCode(error: GraphQLError): GraphQLError {
  if (!codes.has(String(error.extensions.code))) error.extensions.code = 'BAD_USER_INPUT' satisfies ErrorCode
  return error
}

const codes: ReadonlySet<string> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'COMPLEXITY_LIMIT',
  'NOT_INDEXED_YET',
  'DATABASE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
])

/** The failure that a GraphQL error stands for, through all wrappers; itself when it stands for none. */
export function rootCause(failure: unknown): unknown {
  return failure instanceof GraphQLError && failure.originalError ? rootCause(failure.originalError) : failure
}

/** SQLSTATE of a query that names a table which does not exist. */
const UNDEFINED_TABLE = '42P01'

function describe(cause: unknown): [ErrorCode, string] {
  const code = String((cause as { code?: unknown } | null)?.code ?? '')
  if (isDatabaseDown(cause)) return ['DATABASE_UNAVAILABLE', DATABASE_DOWN]
  if (code === UNDEFINED_TABLE) {
    return ['DATABASE_UNAVAILABLE', 'the database has not the tables of this version; start indexing first']
  }
  if (cause instanceof RangeError && /call stack/.test(cause.message)) {
    return ['COMPLEXITY_LIMIT', 'the query or its variables are nested too deeply']
  }
  return ['INTERNAL_SERVER_ERROR', 'unexpected failure; the log of the server says more']
}
