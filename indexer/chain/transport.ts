import { type Agent, request } from 'undici'
import { linkAbort } from './abort.ts'
import { EndpointError } from './errors.ts'
import type { Fault } from './faults.ts'

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
 * @returns the bytes of the answer.
 * @throws EndpointError without a complete answer in time, or with an HTTP status that is none of JSON-RPC; what `signal` holds when aborted.
 */
export async function post(body: string, delivery: Delivery): Promise<Bytes> {
  const { url, name, dispatcher, timeoutMs, signal } = delivery
  let status: number
  let retryAfter: string | string[] | undefined
  let bytes: Bytes
  // The time-outs of the client are between two pieces of an answer, which a slow trickle never exceeds.
  const link = linkAbort(signal)
  const timer = setTimeout(() => link.abort(), timeoutMs)
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await request(url, { method: 'POST', body, headers, dispatcher, signal: link.signal })
    status = response.statusCode
    retryAfter = response.headers['retry-after']
    bytes = await readPieces(response.body)
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    const isLate = link.signal.aborted
    throw new EndpointError(name, isLate ? `no answer within ${timeoutMs} ms` : describe(cause), {
      fault: isLate ? 'timeout' : 'connection',
      cause,
    })
  } finally {
    clearTimeout(timer)
    link.release()
  }
  // Some providers answer 400 or 413 with a JSON-RPC error that says what to do.
  const mayExplain = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (status !== 200 && !(mayExplain && bytes.toString().includes('"jsonrpc"'))) {
    throw new EndpointError(name, `HTTP ${status}`, {
      fault: FAULT_OF_STATUS[status] ?? 'httpStatus',
      retryAfterMs: readRetryAfter(retryAfter),
    })
  }
  return bytes
}

/** An answer as it came, in pieces: putting it together costs time that only who reads it should spend. */
export type Bytes = {
  /** True when `other` holds the same. */
  equals(other: Bytes): boolean
  pieces: readonly Uint8Array[]
  length: number
  /** As UTF-8. */
  toString(): string
}

async function readPieces(body: AsyncIterable<Uint8Array>): Promise<Bytes> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of body) {
    pieces.push(piece)
    length += piece.length
  }
  return {
    pieces,
    length,
    equals: (other) => other.length === length && areEqual(pieces, other.pieces),
    toString: () => Buffer.concat(pieces, length).toString(),
  }
}

/** Of the same length altogether, but cut elsewhere. */
function areEqual(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  let [index, offset] = [0, 0]
  for (const piece of a) {
    for (let done = 0; done < piece.length; ) {
      const other = b[index]!
      const size = Math.min(piece.length - done, other.length - offset)
      if (Buffer.compare(piece.subarray(done, done + size), other.subarray(offset, offset + size)) !== 0) return false
      done += size
      offset += size
      if (offset === other.length) [index, offset] = [index + 1, 0]
    }
  }
  return true
}

const FAULT_OF_STATUS: Record<number, Fault> = { 413: 'tooLarge', 429: 'rateLimit' }

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
