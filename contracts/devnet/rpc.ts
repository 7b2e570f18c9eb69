import { Pool } from 'undici'

/** One JSON-RPC call of a batch. */
export type RpcRequest = { method: string; params: readonly unknown[] }

/** Error object of a JSON-RPC answer. */
export type RpcErrorBody = { code: number; message: string; data?: unknown }

/** A node refused a call; `code` and `data` are passed on to the caller as they came. */
export class RpcError extends Error {
  override name = 'RpcError'
  readonly code: number
  readonly data: unknown
  constructor(body: RpcErrorBody) {
    super(body.message)
    this.code = body.code
    this.data = body.data
  }
}

/** Connection to one JSON-RPC node. */
export type Rpc = {
  /** @throws RpcError when the node answers with an error */
  call<T>(method: string, params?: readonly unknown[]): Promise<T>
  /** Returns one result or RpcError per request, in the order of the requests. */
  batch(requests: readonly RpcRequest[]): Promise<unknown[]>
  close(): Promise<void>
}

type Answer = { id: number; result?: unknown; error?: RpcErrorBody }

/** Opens a connection to the JSON-RPC node at `url`. */
export function createRpc(url: string): Rpc {
  const pool = new Pool(url, { connections: 8, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  const headers = { 'content-type': 'application/json' }

  async function post(body: string): Promise<unknown> {
    const response = await pool.request({ path: '/', method: 'POST', headers, body })
    return response.body.json()
  }

  return {
    async call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
      const answer = (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as Answer
      if (answer.error) throw new RpcError(answer.error)
      return answer.result as T
    },
    async batch(requests) {
      if (requests.length === 0) return []
      const body = requests.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }))
      const answers = (await post(JSON.stringify(body))) as Answer[] | Answer
      // A batch refused as a whole is answered with one error.
      if (!Array.isArray(answers)) throw new RpcError(answers.error ?? { code: -32603, message: 'no answers' })
      const results = new Array<unknown>(requests.length)
      for (const answer of answers) results[answer.id] = answer.error ? new RpcError(answer.error) : answer.result
      return results
    },
    close: () => pool.destroy(),
  }
}

/**
 * Runs a batch in which nothing may fail.
 * @throws RpcError of the first request that failed
 */
export async function batchAll(rpc: Rpc, requests: readonly RpcRequest[]): Promise<unknown[]> {
  const results = await rpc.batch(requests)
  for (const result of results) if (result instanceof RpcError) throw result
  return results
}
