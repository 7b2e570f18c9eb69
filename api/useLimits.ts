import { type DocumentNode, GraphQLError, getOperationAST, getVariableValues, Kind, parse } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createError } from './graphqlErrors.ts'
import { assertWithinLimits, LIMITS } from './limits.ts'

/** Refuses queries beyond the limits before anything is read. */
export function useLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn(parseWithinLimit)
    },
    onExecute({ args, setResultAndStopExecution }) {
      const operation = getOperationAST(args.document, args.operationName)
      if (!operation) return
      const { coerced } = getVariableValues(args.schema, operation.variableDefinitions ?? [], args.variableValues ?? {})
      // Wrong variables are reported by the execution itself.
      if (!coerced) return
      const document: DocumentNode = args.document
      const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      const fragments = new Map(definitions.map((definition) => [definition.name.value, definition]))
      try {
        assertWithinLimits({ schema: args.schema, operation, fragments, variables: coerced })
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error
        setResultAndStopExecution({ errors: [error] })
      }
    },
  }
}

const parseWithinLimit: typeof parse = (source, options) => {
  try {
    return parse(source, { ...options, maxTokens: LIMITS.tokens })
  } catch (error) {
    // graphql-js has no code for this error, only a text.
    if (!(error instanceof GraphQLError) || !/more tha[nt] \d+ tokens/.test(error.message)) throw error
    throw createError(
      'COMPLEXITY_LIMIT',
      `the query has more than ${LIMITS.tokens} tokens (words and signs); make it shorter`,
    )
  }
}
