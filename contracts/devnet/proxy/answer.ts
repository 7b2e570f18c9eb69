import { RpcError } from '../rpc.ts'
import type { ProxyContext } from './context.ts'
import { dispatch } from './dispatch.ts'
import { ProxyError } from './errors.ts'

const maxBatchRequests: Readonly<Record<ProxyContext['mode'], number>> = {
  era: 500,
  'zksync-os': 1000,
  evm: Number.POSITIVE_INFINITY,
}

/** Returns the JSON text that answers a request or batch of requests, also over WebSocket. */
export async function answerText(context: ProxyContext, text: string, receivedAtUs: bigint): Promise<string> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return errorText(null, -32700, 'Parse error')
  }
  if (!Array.isArray(body)) return answerCall(context, body, receivedAtUs)
  if (body.length === 0) return errorText(null, -32600, 'Invalid request')
  const limit = maxBatchRequests[context.mode]
  if (body.length > limit)
    return errorText(null, -32010, 'The batch request was too large', `Exceeded max limit of ${limit}`)
  // In turn where it matters: transactions of one batch keep their order, and each its own microsecond.
  const answers = body.map((call, index) => answerCall(context, call, receivedAtUs + BigInt(index)))
  return `[${(await Promise.all(answers)).join(',')}]`
}

type Call = { id?: unknown; method?: unknown; params?: unknown }

async function answerCall(context: ProxyContext, call: unknown, receivedAtUs: bigint): Promise<string> {
  const { id = null, method, params = [] } = (call ?? {}) as Call
  if (typeof method !== 'string' || !Array.isArray(params)) return errorText(id, -32600, 'Invalid request')
  try {
    const result = await dispatch(context, method, params, receivedAtUs)
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`
  } catch (error) {
    if (error instanceof ProxyError || error instanceof RpcError)
      return errorText(id, error.code, error.message, error.data)
    context.log('proxy call failed', { method, error: String(error) })
    return errorText(id, -32603, `Internal error: ${String(error)}`)
  }
}

function errorText(id: unknown, code: number, message: string, data?: unknown): string {
  const error = data === undefined ? { code, message } : { code, message, data }
  return JSON.stringify({ jsonrpc: '2.0', id, error })
}
