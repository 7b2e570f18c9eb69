import { Agent, request } from 'undici'

/** The honest endpoint behind the proxy. */
export type Upstream = {
  /** Text of the answer to a body. */
  post(body: string): Promise<string>
  /** Result of one call. Throws when it is refused. */
  ask(method: string, params: readonly unknown[]): Promise<unknown>
  /** From now on another endpoint is asked. */
  change(url: string): void
  close(): Promise<void>
}

/** Opens the way to an endpoint. */
export function createUpstream(url: string): Upstream {
  const dispatcher = new Agent({ connections: 8, headersTimeout: 0, bodyTimeout: 0 })
  let current = url
  const post = async (body: string) => {
    const headers = { 'content-type': 'application/json' }
    const response = await request(current, { method: 'POST', body, headers, dispatcher })
    return response.body.text()
  }
  return {
    post,
    ask: async (method, params) => {
      const { result, error } = JSON.parse(await post(JSON.stringify({ jsonrpc: '2.0', id: 0, method, params })))
      if (error) throw new Error(`the honest endpoint refused ${method}: ${error.message}`)
      return result
    },
    change: (next) => {
      current = next
    },
    close: () => dispatcher.destroy(),
  }
}
