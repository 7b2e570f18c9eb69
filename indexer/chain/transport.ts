import { type Agent, request } from 'undici'
import { EndpointError } from './errors.ts'

/** Where and how one HTTP request is sent. */
export type Delivery = {
  url: string
  /** The URL without secrets, for messages. */
  name: string
  dispatcher: Agent
  /** The whole answer must be there within. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/**
 * Posts a JSON-RPC body.
 * @returns the text of the answer.
 * @throws EndpointError without a complete answer in time, or with an HTTP status that is none of JSON-RPC; what `signal` holds when aborted.
 */
export async function post(body: string, delivery: Delivery): Promise<string> {
  const { url, name, dispatcher, timeoutMs, signal } = delivery
  let status: number
  let retryAfter: string | string[] | undefined
  let text: string
  // The time-outs of the client are between two pieces of an answer, which a slow trickle never exceeds.
  const deadline = AbortSignal.timeout(timeoutMs)
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await request(url, {
      method: 'POST',
      body,
      headers,
      dispatcher,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    })
    status = response.statusCode
    retryAfter = response.headers['retry-after']
    text = await response.body.text()
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    if (deadline.aborted) throw new EndpointError(name, `no answer within ${timeoutMs} ms`, { fault: 'timeout', cause })
    throw new EndpointError(name, describe(cause), { fault: 'connection', cause })
  }
  // Some providers answer 400 or 413 with a JSON-RPC error that says what to do.
  const mayExplain = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (status !== 200 && !(mayExplain && text.includes('"jsonrpc"'))) {
    throw new EndpointError(name, `HTTP ${status}`, {
      fault: status === 429 ? 'rateLimit' : 'httpStatus',
      retryAfterMs: readRetryAfter(retryAfter),
    })
  }
  return text
}

const RETRY_AFTER_MAX_MS = 60_000

function readRetryAfter(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return null
  const ms = /^[\d.]+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_MAX_MS) : null
}

function describe(cause: unknown): string {
  if (cause instanceof AggregateError) return describe(cause.errors[0])
  const { code, message } = cause as NodeJS.ErrnoException
  return message || code || String(cause)
}
