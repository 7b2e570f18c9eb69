import type { Fault } from './faults.ts'

/** Base of all expected failures of the chain layer: one clear line for the user. */
export class ChainError extends Error {
  override name = 'ChainError'
}

/** The endpoint did not give a usable answer: unreachable, refusing, overloaded, or not JSON. Worth another try. */
export class EndpointError extends ChainError {
  override name = 'EndpointError'
  /** How long the endpoint asked us to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null
  readonly fault: Fault
  constructor(
    url: string,
    reason: string,
    options: { fault?: Fault; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super(`the RPC endpoint ${url} failed: ${reason}`, { cause: options.cause })
    this.retryAfterMs = options.retryAfterMs ?? null
    this.fault = options.fault ?? 'malformed'
  }
}

const BUSY_CODES = new Set([-32005, -32029, 429])

/** The endpoint answered with a JSON-RPC error. */
export class RpcError extends ChainError {
  override name = 'RpcError'
  readonly code: number
  readonly method: string
  readonly data: unknown
  /** The message as the server gave it. */
  readonly words: string
  /** True when the code says "later": limit exceeded (EIP-1474), too many requests, and the HTTP code some put there. */
  readonly isBusy: boolean
  constructor(method: string, code: number, message: string, data?: unknown) {
    super(`${method} was refused with ${code}: ${message}`)
    this.method = method
    this.code = code
    this.data = data
    this.words = message
    this.isBusy = BUSY_CODES.has(code)
  }
}

/** An answer contradicts itself, the question, or the answer before. */
export class ContradictionError extends ChainError {
  override name = 'ContradictionError'
  readonly fault: Fault
  constructor(message: string, fault: Fault = 'contradiction') {
    super(message)
    this.fault = fault
  }
}

/** The endpoint serves another chain than asked for. */
export class WrongChainError extends ChainError {
  override name = 'WrongChainError'
  constructor(url: string, got: number, wanted: string) {
    super(`the RPC endpoint ${url} serves chain ${got}, not ${wanted}; check --rpc and --chain`)
  }
}

/** No usable endpoint at start. */
export class EndpointUnreachableError extends ChainError {
  override name = 'EndpointUnreachableError'
  constructor(url: string, reason: string) {
    super(`cannot use the RPC endpoint ${url}: ${reason}; check --rpc or RPC_URL`)
  }
}

/** The chain no longer holds blocks that were final. */
export class FinalityError extends ChainError {
  override name = 'FinalityError'
  constructor(number: number, stored: string, served: string) {
    super(
      `block ${number} is final and stored with hash ${stored}, but the endpoint now serves ${served}; nothing was changed: check the endpoint, or index into another database`,
    )
  }
}
