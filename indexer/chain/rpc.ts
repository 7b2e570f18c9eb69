import { Agent, request } from 'undici'
import { EndpointError, RpcError } from './errors.ts'

/** One JSON-RPC call. */
export type Call = { method: string; params: readonly unknown[] }

/** A JSON-RPC endpoint over HTTP. */
export type Rpc = {
  /** The URL without credentials and query, for messages. */
  name: string
  /** Result of one call. Throws RpcError or EndpointError. */
  request(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown>
  /** Results of several calls in one HTTP request, in the order asked; a refused call has its RpcError in place of a result. */
  batch(calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]>
  /** What has been sent so far. */
  counts: { httpRequests: number; calls: number; retries: number; failures: number }
  close(): Promise<void>
}

const CONNECTIONS_MAX = 8
const TIMEOUT_MS = 30_000
const ATTEMPTS_MAX = 6
const BACKOFF_MS = 150
const BACKOFF_MAX_MS = 5_000
/** JSON-RPC codes that mean "later": limit exceeded (EIP-1474), and the HTTP code some providers put there. */
const BUSY_CODES = new Set([-32005, 429])

/** Connects to an endpoint; nothing is sent yet. Failures that may pass are tried again with growing pauses. */
export function createRpc(url: string, options: { attempts?: number; timeoutMs?: number } = {}): Rpc {
  const { attempts = ATTEMPTS_MAX, timeoutMs = TIMEOUT_MS } = options
  const dispatcher = new Agent({
    connections: CONNECTIONS_MAX,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
  })
  const name = withoutSecrets(url)
  const counts = { httpRequests: 0, calls: 0, retries: 0, failures: 0 }
  const post = async (body: string, signal: AbortSignal | undefined): Promise<unknown> => {
    for (let attempt = 1; ; attempt++) {
      try {
        counts.httpRequests++
        return await postOnce(url, name, body, dispatcher, signal)
      } catch (error) {
        if (signal?.aborted || !(error instanceof EndpointError) || attempt >= attempts) {
          counts.failures++
          throw error
        }
        counts.retries++
        await pause(error.retryAfterMs ?? backoffMs(attempt), signal)
      }
    }
  }
  const batch = async (calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> => {
    if (calls.length === 0) return []
    counts.calls += calls.length
    const body = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }))
    for (let attempt = 1; ; attempt++) {
      const results = matchAnswers(name, calls, await post(JSON.stringify(body), signal))
      const busy = results.find((result) => result instanceof RpcError && BUSY_CODES.has(result.code))
      if (busy === undefined || attempt >= attempts) return results
      counts.retries++
      await pause(backoffMs(attempt), signal)
    }
  }
  return {
    name,
    request: async (method, params, signal) => {
      const [result] = await batch([{ method, params }], signal)
      if (result instanceof RpcError) throw result
      return result
    },
    batch,
    counts,
    close: () => dispatcher.destroy(),
  }
}

/** Resolves after `ms`, or rejects at once when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

async function postOnce(
  url: string,
  name: string,
  body: string,
  dispatcher: Agent,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let status: number
  let retryAfter: string | string[] | undefined
  let text: string
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await request(url, { method: 'POST', body, headers, dispatcher, ...(signal ? { signal } : {}) })
    status = response.statusCode
    retryAfter = response.headers['retry-after']
    text = await response.body.text()
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw new EndpointError(name, describe(cause), null, cause)
  }
  if (status !== 200) throw new EndpointError(name, `HTTP ${status}`, retryAfterMs(retryAfter))
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EndpointError(name, `the answer is not JSON: ${text.slice(0, 60)}`, null, cause)
  }
}

/** Puts the answers of a batch in the order of its calls. Throws EndpointError when one is missing. */
function matchAnswers(name: string, calls: readonly Call[], answer: unknown): unknown[] {
  // A server that refuses the batch as a whole answers with one object.
  const answers = Array.isArray(answer) ? answer : calls.map((_, id) => ({ ...(answer as object), id }))
  const results = new Array<unknown>(calls.length)
  const seen = new Set<number>()
  for (const { id, result, error } of answers) {
    const call = calls[id]
    if (call === undefined || seen.has(id)) throw new EndpointError(name, `the answer has the unexpected id ${id}`)
    seen.add(id)
    if (error === undefined || error === null) results[id] = result
    else results[id] = new RpcError(call.method, Number(error.code), String(error.message), error.data)
  }
  if (seen.size < calls.length)
    throw new EndpointError(name, `${calls.length - seen.size} answers of a batch are missing`)
  return results
}

function backoffMs(attempt: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempt - 1))
}

function retryAfterMs(header: string | string[] | undefined): number | null {
  const seconds = Number(Array.isArray(header) ? header[0] : header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, 60_000) : null
}

function describe(cause: unknown): string {
  if (cause instanceof AggregateError) return describe(cause.errors[0])
  const { code, message } = cause as NodeJS.ErrnoException
  return message || code || String(cause)
}

function withoutSecrets(url: string): string {
  try {
    // Providers put their key into the path or the query; only a short path is shown.
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname.length > 12 ? '/…' : pathname.replace(/\/$/, '')}`
  } catch {
    return url
  }
}
