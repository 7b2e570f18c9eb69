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
/** Calls in one HTTP request; less once an endpoint has refused as many. */
const CALLS_MAX = 100
/** A limit may have been one of the moment: after so many batches one more call is tried. */
const WIDEN_AFTER = 50
const BACKOFF_MS = 150
const BACKOFF_MAX_MS = 5_000
/** JSON-RPC codes that mean "later": limit exceeded (EIP-1474), and the HTTP code some providers put there. */
const BUSY_CODES = new Set([-32005, 429])
/** Code of a request that is none (EIP-1474): the answer to a batch where none are served. */
const INVALID_REQUEST = -32600
const BATCH_WORDS = /batch|too (big|large|long|many)|size|exceed|limit/i
/** Some providers use -32005 for an answer that is too large, which no waiting mends. */
const TOO_LARGE_WORDS = /result|block range|response|size/i

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
  let callsMax = CALLS_MAX
  let granted = 0
  const counts = { httpRequests: 0, calls: 0, retries: 0, failures: 0 }
  /** Sends until `read` accepts the answer, or the attempts are used up. */
  const post = async <T>(body: string, read: (answer: unknown) => T, signal: AbortSignal | undefined): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        counts.httpRequests++
        return read(await postOnce(url, name, body, dispatcher, signal))
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
  /** One batch; in halves, and so on, when the endpoint finds it too large as a whole. */
  const sendBatch = async (calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> => {
    const parts: (readonly Call[])[] = []
    for (let start = 0; start < calls.length; start += callsMax) parts.push(calls.slice(start, start + callsMax))
    if (parts.length > 1) return (await Promise.all(parts.map((part) => sendBatch(part, signal)))).flat()
    counts.calls += calls.length
    const body = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }))
    const read = (answer: unknown) => {
      if (calls.length === 1 || !isRefusal(answer) || BUSY_CODES.has(Number(answer.error.code))) {
        return matchAnswers(name, calls, answer)
      }
      if (isTooLong(answer.error)) return null
      throw new EndpointError(name, `a batch of ${calls.length} calls was refused: ${answer.error.message}`)
    }
    // Servers without batches take a single call, so one is never sent as a batch.
    const results = await post(JSON.stringify(body.length === 1 ? body[0] : body), read, signal)
    if (results === null) {
      callsMax = Math.max(1, Math.ceil(calls.length / 2))
      return sendBatch(calls, signal)
    }
    if (callsMax < CALLS_MAX && ++granted % WIDEN_AFTER === 0) callsMax++
    return results
  }
  const batch = async (calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> => {
    if (calls.length === 0) return []
    const results = await sendBatch(calls, signal)
    // Only what the endpoint was too busy for is sent again.
    for (let attempt = 1; attempt < attempts; attempt++) {
      const busy = calls.map((_, index) => index).filter((index) => isBusy(results[index]))
      if (busy.length === 0) break
      counts.retries++
      await pause(backoffMs(attempt), signal)
      const again = await sendBatch(
        busy.map((index) => calls[index]!),
        signal,
      )
      for (const [position, index] of busy.entries()) results[index] = again[position]
    }
    return results
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
  // Some providers answer 400 or 413 with a JSON-RPC error that says what to do.
  const mayExplain = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (status !== 200 && !(mayExplain && text.includes('"jsonrpc"'))) {
    throw new EndpointError(name, `HTTP ${status}`, retryAfterMs(retryAfter))
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EndpointError(name, `the answer is not JSON: ${text.slice(0, 60)}`, null, cause)
  }
}

type Answer = { id: number; result?: unknown; error?: { code: number; message: string; data?: unknown } | null }

/** Puts the answers of a batch in the order of its calls. Throws EndpointError when one is missing. */
function matchAnswers(name: string, calls: readonly Call[], answer: unknown): unknown[] {
  // A server that refuses the batch as a whole answers with one object.
  const answers = isRefusal(answer)
    ? calls.map((_, id) => ({ ...answer, id }))
    : calls.length === 1
      ? [answer].flat()
      : answer
  if (!Array.isArray(answers)) throw new EndpointError(name, 'the answer is no JSON-RPC batch')
  const results = new Array<unknown>(calls.length)
  const seen = new Set<number>()
  for (const entry of answers as (Answer | null)[]) {
    const { id = -1, result, error } = entry ?? {}
    const call = Number.isInteger(id) ? calls[id] : undefined
    if (call === undefined || seen.has(id)) throw new EndpointError(name, `the answer has the unexpected id ${id}`)
    seen.add(id)
    if (error === undefined || error === null) results[id] = result
    else results[id] = new RpcError(call.method, Number(error.code), String(error.message), error.data)
    if (error == null && result === undefined)
      throw new EndpointError(name, `the answer to ${call.method} has no result`)
  }
  if (seen.size < calls.length)
    throw new EndpointError(name, `${calls.length - seen.size} answers of a batch are missing`)
  return results
}

/** True for one error object in place of the answers of a batch. */
function isRefusal(answer: unknown): answer is { error: { code: number; message?: string } } {
  return !Array.isArray(answer) && typeof answer === 'object' && answer !== null && 'error' in answer && !!answer.error
}

/** True for the refusal of a batch for its length or size, or because batches are not served at all. */
function isTooLong({ code, message }: { code: number; message?: string }): boolean {
  return code === INVALID_REQUEST || BATCH_WORDS.test(String(message))
}

function isBusy(result: unknown): boolean {
  return result instanceof RpcError && BUSY_CODES.has(result.code) && !TOO_LARGE_WORDS.test(result.message)
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

/** A URL as it may be shown: providers put their key into the user, the path or the query. */
export function withoutSecrets(url: string): string {
  if (!/^(https?|wss?):/.test(url)) return url.slice(0, 60)
  try {
    const { protocol, host, pathname } = new URL(url)
    return `${protocol}//${host}${pathname.length > 12 ? '/…' : pathname.replace(/\/$/, '')}`
  } catch {
    return '(unreadable URL)'
  }
}
