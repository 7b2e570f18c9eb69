import { pick, refuse } from './spoil.ts'
import type { Fault, RpcErrorBody } from './types.ts'

/** A call of the request, or all of it, is answered with a JSON-RPC error although nothing is wrong with it. */
export const errorFaults = {
  error32603: refused({ code: -32603, message: 'Internal error' }),
  /** The code that geth also has for a reverted eth_call; the words are a gateway's. */
  error32000: refused({ code: -32000, message: 'upstream request failed' }),
  error32005: refused({ code: -32005, message: 'rate limit exceeded' }),
  /** "Later", in words that could also mean that the answer would be too large. */
  error32029: refused({ code: -32029, message: 'Too many requests, limit exceeded' }),
  /** One error for a whole batch. */
  batchError: {
    stage: 'request',
    reply: ({ calls }) => {
      const error = { code: -32603, message: 'Internal error' }
      return calls.length > 1 ? { status: 200, body: JSON.stringify({ jsonrpc: '2.0', id: null, error }) } : null
    },
  },
} satisfies Record<string, Fault>

function refused(error: RpcErrorBody): Fault {
  return {
    stage: 'answers',
    methods: null,
    spoil: ({ targets, random }, answers) => {
      const target = pick(targets, random)
      return answers.with(target, refuse(answers[target]!, error))
    },
  }
}
