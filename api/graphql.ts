import type { ExecutionResult, GraphQLError } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { reasonOf } from '../db/errors.ts'
import { type ApiContext, createContext } from './context.ts'
import { publicError, rootCause, withCode } from './graphqlErrors.ts'
import type { ApiLog, ApiOptions } from './options.ts'
import { createApiSchema } from './schema/index.ts'
import { useLimits } from './useLimits.ts'

const BODY_BYTES_MAX = 1_000_000

/** The GraphQL server: a listener for node:http, with `fetch` for use without a network. */
export function createGraphql({ database, status, log }: Pick<ApiOptions, 'database' | 'status' | 'log'>) {
  return createYoga<object, ApiContext>({
    schema: createApiSchema(),
    graphqlEndpoint: '/graphql',
    context: () => createContext(database, status),
    plugins: [useLimits(), { onResultProcess: ({ result }) => addCodes(result) }],
    maxRequestBodySize: BODY_BYTES_MAX,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    maskedErrors: {
      maskError: (failure) => {
        const error = publicError(failure)
        logFailure(log, error, rootCause(failure))
        return error
      },
    },
  })
}

function addCodes(result: unknown): void {
  for (const error of (result as ExecutionResult).errors ?? []) withCode(error)
}

/** Logs what is not the client's doing. */
function logFailure(log: ApiLog, { path, extensions }: GraphQLError, cause: unknown): void {
  const fields = { path: path?.join('.'), reason: reasonOf(cause) }
  if (extensions.code === 'DATABASE_UNAVAILABLE') log.warn(fields, 'database unavailable')
  if (extensions.code !== 'INTERNAL_SERVER_ERROR') return
  log.error({ ...fields, stack: cause instanceof Error ? cause.stack : null }, 'GraphQL request failed')
}
