import { Agent } from 'undici'
import { EndpointError, RpcError } from './errors.ts'
import { createFaultCounts, type Fault, type FaultCounts } from './faults.ts'
import { createPace } from './pace.ts'
import { createPatience } from './patience.ts'
import { pause } from './pause.ts'
import { isPassingError, isTooLongBatch } from './refusals.ts'
import { type Bytes, post } from './transport.ts'

/** One JSON-RPC call. */
export type Call = { method: string; params: readonly unknown[] }

/** What has been sent to an endpoint, and what went wrong. */
export type RpcCounts = {
  httpRequests: number
  calls: number
  /** Requests and calls that were sent again. */
  retries: number
  /** Requests that failed for good. */
  failures: number
  faults: FaultCounts
}

/** A JSON-RPC endpoint over HTTP. */
export type Rpc = {
  /** The URL without credentials and query, for messages. */
  name: string
  url: string
  /** Result of one call. Throws RpcError or EndpointError. */
  request(method: string, params: readonly unknown[], signal?: AbortSignal): Promise<unknown>
  /** As `request`, together with the bytes of the whole answer, so that two answers can be compared. */
  requestBytes(
    method: string,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<{ result: unknown; bytes: Bytes }>
  /** The bytes of an answer that is not looked at unless `read` is called, which throws as `request`. */
  requestUnread(
    method: string,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<{ bytes: Bytes; read(): unknown }>
  /** Results of several calls, in the order asked; a refused call has its RpcError in place of a result. */
  batch(calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]>
  /** Counts something that only whoever asked can see in an answer. */
  countFault(fault: Fault): void
  counts: RpcCounts
  /** What the endpoint was found to bear, by now. */
  limits(): { concurrency: number; batchCalls: number }
  close(): Promise<void>
}

/** Words of ours for an answer that is not there; what became of it stands beside them. */
const LOST = 'no answer came'
/** Code of JSON-RPC for a server that failed at a call. */
const INTERNAL_ERROR = -32603
const CONNECTIONS_MAX = 8
const TIMEOUT_MS = 30_000
const ATTEMPTS_MAX = 6
/** Calls in one HTTP request; less once an endpoint has refused as many. */
const CALLS_MAX = 100
/** A limit may have been one of the moment: after so many batches one more call is tried. */
const WIDEN_AFTER = 50
const BACKOFF_MS = 150
const BACKOFF_MAX_MS = 5_000

/** How patient a client is. */
export type RpcOptions = {
  attempts?: number
  timeoutMs?: number
  /** An endpoint that asks to be left alone for longer has failed, for now. */
  waitMaxMs?: number
}

/** Connects to an endpoint; nothing is sent yet. Failures that may pass are tried again with growing pauses. */
export function createRpc(url: string, options: RpcOptions = {}): Rpc {
  const { attempts = ATTEMPTS_MAX, timeoutMs = TIMEOUT_MS, waitMaxMs = Number.POSITIVE_INFINITY } = options
  const dispatcher = new Agent({ connections: CONNECTIONS_MAX, connect: { timeout: timeoutMs } })
  const name = withoutSecrets(url)
  const pace = createPace(CONNECTIONS_MAX)
  const patience = createPatience(timeoutMs)
  let callsMax = CALLS_MAX
  let granted = 0
  const counts: RpcCounts = { httpRequests: 0, calls: 0, retries: 0, failures: 0, faults: createFaultCounts() }
  const countFault = (fault: Fault) => void counts.faults[fault]++

  const sendOnce = async <T>(body: string, attempt: number, read: (bytes: Bytes) => T, signal?: AbortSignal) => {
    counts.httpRequests++
    const timeout = patience.timeoutMs(attempt)
    const startedMs = performance.now()
    const bytes = await post(body, { url, name, dispatcher, timeoutMs: timeout, signal }).catch((error) => {
      // An answer that did not come in time teaches patience, too.
      if (error instanceof EndpointError && error.fault === 'timeout') patience.answered(timeout)
      throw error
    })
    patience.answered(performance.now() - startedMs)
    return read(bytes)
  }
  /** Sends until `read` accepts the answer, or the attempts are used up. */
  const send = async <T>(body: string, read: (bytes: Bytes) => T, signal: AbortSignal | undefined): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      let sentMs = 0
      try {
        const result = await pace.run(() => {
          sentMs = performance.now()
          return sendOnce(body, attempt, read, signal)
        }, signal)
        pace.granted()
        return result
      } catch (error) {
        if (signal?.aborted || !(error instanceof EndpointError)) throw error
        countFault(error.fault)
        const waitMs = error.retryAfterMs ?? backoffMs(attempt)
        if (error.fault === 'rateLimit' || error.retryAfterMs !== null) pace.refused(waitMs, sentMs)
        // A batch that is too large is not sent again as it is; nor is another endpoint kept waiting.
        if (attempt >= attempts || error.fault === 'tooLarge' || waitMs > waitMaxMs) {
          counts.failures++
          throw error
        }
        counts.retries++
        await pause(waitMs, signal)
      }
    }
  }
  /** The results of a batch; null when it is too large as a whole. */
  const sendOrSplit = async (calls: readonly Call[], signal?: AbortSignal): Promise<unknown[] | null> => {
    try {
      const results = await send(
        toBody(calls),
        (bytes) => readBatch(name, calls, parse(name, bytes), countFault),
        signal,
      )
      if (results === null) countFault('tooLarge')
      return results
    } catch (error) {
      if (!(error instanceof EndpointError) || error.fault !== 'tooLarge') throw error
      return calls.length > 1 ? null : [new RpcError(calls[0]!.method, 413, 'the answer is too large (HTTP 413)')]
    }
  }
  /** One batch; in halves, and so on, when the endpoint finds it too large as a whole. */
  const sendBatch = async (calls: readonly Call[], signal?: AbortSignal): Promise<unknown[]> => {
    const parts: (readonly Call[])[] = []
    for (let start = 0; start < calls.length; start += callsMax) parts.push(calls.slice(start, start + callsMax))
    if (parts.length > 1) return (await Promise.all(parts.map((part) => sendBatch(part, signal)))).flat()
    counts.calls += calls.length
    const results = await sendOrSplit(calls, signal)
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
    // Only what the endpoint failed at is sent again.
    for (let attempt = 1; ; attempt++) {
      const failed = calls.map((_, index) => index).filter((index) => isPassingError(results[index]))
      for (const index of failed) {
        const { isBusy, words } = results[index] as RpcError
        if (words !== LOST) countFault(isBusy ? 'rateLimit' : 'serverError')
      }
      if (failed.length === 0) return results
      if (attempt >= attempts) {
        counts.failures++
        const lost = results.find((result) => result instanceof RpcError && result.words === LOST)
        if (lost === undefined) return results
        throw new EndpointError(name, String((lost as RpcError).data), { fault: 'wrongIds' })
      }
      counts.retries++
      const waitMs = backoffMs(attempt)
      if (failed.some((index) => (results[index] as RpcError).isBusy)) pace.refused(waitMs)
      await pause(waitMs, signal)
      const again = await sendBatch(
        failed.map((index) => calls[index]!),
        signal,
      )
      for (const [position, index] of failed.entries()) results[index] = again[position]
    }
  }
  const requestBytes: Rpc['requestBytes'] = async (method, params, signal) => {
    const call = { method, params }
    for (let attempt = 1; ; attempt++) {
      counts.calls++
      const answer = await send(
        toBody([call]),
        (bytes) => ({ bytes, result: readBatch(name, [call], parse(name, bytes), countFault)![0] }),
        signal,
      )
      if (!(answer.result instanceof RpcError)) return answer
      if (!isPassingError(answer.result)) throw answer.result
      countFault(answer.result.isBusy ? 'rateLimit' : 'serverError')
      if (attempt >= attempts) {
        counts.failures++
        throw answer.result
      }
      counts.retries++
      const waitMs = backoffMs(attempt)
      if (answer.result.isBusy) pace.refused(waitMs)
      await pause(waitMs, signal)
    }
  }
  return {
    name,
    url,
    request: async (method, params, signal) => {
      const [result] = await batch([{ method, params }], signal)
      return refusalThrown(result)
    },
    requestBytes,
    requestUnread: async (method, params, signal) => {
      const call = { method, params }
      counts.calls++
      const bytes = await send(toBody([call]), (answer) => answer, signal)
      return { bytes, read: () => refusalThrown(readBatch(name, [call], parse(name, bytes), countFault)![0]) }
    },
    batch,
    countFault,
    counts,
    limits: () => ({ concurrency: pace.width(), batchCalls: callsMax }),
    close: () => dispatcher.destroy(),
  }
}

/** Servers without batches take a single call, so one is never sent as a batch. */
function toBody(calls: readonly Call[]): string {
  const bodies = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }))
  return JSON.stringify(bodies.length === 1 ? bodies[0] : bodies)
}

function refusalThrown(result: unknown): unknown {
  if (result instanceof RpcError) throw result
  return result
}

function parse(name: string, bytes: Bytes): unknown {
  const text = bytes.toString()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EndpointError(name, `the answer is not JSON: ${text.slice(0, 60)}`, { fault: 'malformed', cause })
  }
}

type Answer = { id: number; result?: unknown; error?: { code: number; message: string; data?: unknown } | null }

/**
 * The results of a batch; null when it was refused for its size.
 * @throws EndpointError when the answers are not those of the calls, or the batch is refused for another reason.
 */
function readBatch(name: string, calls: readonly Call[], answer: unknown, countFault: (fault: Fault) => void) {
  if (calls.length > 1 && isRefusal(answer)) {
    const { code, message } = answer.error
    const refusal = new RpcError('a batch', Number(code), String(message))
    if (isTooLongBatch(refusal)) return null
    if (!refusal.isBusy) {
      if (!isPassingError(refusal)) return null
      throw new EndpointError(name, `a batch of ${calls.length} calls was refused: ${message}`, {
        fault: 'serverError',
      })
    }
  }
  return matchAnswers(name, calls, answer, countFault)
}

/**
 * Puts the answers of a batch in the order of its calls. One that is missing, doubled or empty becomes an error that may
 * pass, so that the others are not lost with it.
 * @throws EndpointError when none is usable.
 */
function matchAnswers(name: string, calls: readonly Call[], answer: unknown, countFault: (fault: Fault) => void) {
  // A server that refuses the batch as a whole answers with one object.
  const answers = isRefusal(answer)
    ? calls.map((_, id) => ({ ...answer, id }))
    : calls.length === 1
      ? [answer].flat()
      : answer
  if (!Array.isArray(answers)) throw new EndpointError(name, 'the answer is no JSON-RPC batch')
  const results = new Array<unknown>(calls.length)
  const seen = new Set<number>()
  let trouble: string | null = null
  for (const entry of answers as (Answer | null)[]) {
    const { id = -1, result, error } = entry ?? {}
    const call = Number.isInteger(id) ? calls[id] : undefined
    if (call === undefined) trouble = `the answer has the unexpected id ${id}`
    else if (seen.has(id)) {
      // Nothing tells which of the two it is.
      trouble = `the answer has the unexpected id ${id} twice`
      results[id] = undefined
    } else {
      seen.add(id)
      if (error !== undefined && error !== null) {
        results[id] = new RpcError(call.method, Number(error.code), String(error.message), error.data)
      } else if (result === undefined) trouble = `the answer to ${call.method} has no result`
      else results[id] = result
    }
  }
  const missing = calls.map((_, id) => id).filter((id) => results[id] === undefined)
  trouble ??= missing.length > 0 ? `${missing.length} answers of a batch are missing` : null
  if (trouble === null) return results
  if (missing.length === calls.length) throw new EndpointError(name, trouble, { fault: 'wrongIds' })
  countFault('wrongIds')
  for (const id of missing) results[id] = new RpcError(calls[id]!.method, INTERNAL_ERROR, LOST, trouble)
  return results
}

/** True for one error object in place of the answers of a batch. */
function isRefusal(answer: unknown): answer is { error: { code: number; message?: string } } {
  return !Array.isArray(answer) && typeof answer === 'object' && answer !== null && 'error' in answer && !!answer.error
}

function backoffMs(attempt: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempt - 1))
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
