/** An error the proxy answers with; `code` and `message` are the played server's own words. */
export class ProxyError extends Error {
  override name = 'ProxyError'
  readonly code: number
  readonly data: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** Answer to a method the played server does not have. */
export function methodNotFound(): ProxyError {
  return new ProxyError(-32601, 'Method not found')
}

/** Answer to parameters the played server does not take. */
export function invalidParams(message: string): ProxyError {
  return new ProxyError(-32602, message)
}
