import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A JSON-RPC call as it arrived. */
export type FakeCall = { id: number; method: string; params: readonly unknown[] }

/** An answer to one HTTP request; `body` is sent as JSON unless it is text already. */
export type FakeReply = { status?: number; headers?: Record<string, string>; body: unknown }

/** Answers one HTTP request; null = never. */
export type FakeReplier = (calls: readonly FakeCall[]) => FakeReply | null

/** Answers one call: its result, or a thrown `FakeRefusal`. */
export type FakeMethods = Record<string, (...params: never[]) => unknown>

/** A scriptable JSON-RPC server on 127.0.0.1. */
export type FakeRpc = {
  url: string
  /** Every call that arrived, in order. */
  calls: FakeCall[]
  /** Number of HTTP requests that arrived. */
  requests(): number
  /** Replies to the next HTTP requests, each used once; afterwards the methods answer again. */
  next(...replies: FakeReplier[]): void
  close(): Promise<void>
}

/** Thrown by a method, becomes a JSON-RPC error. */
export class FakeRefusal extends Error {
  readonly code: number
  readonly data: unknown
  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** Starts a server that answers by `methods`; a method that is missing is refused with -32601. */
export async function startFakeRpc(methods: FakeMethods = {}): Promise<FakeRpc> {
  const calls: FakeCall[] = []
  const script: FakeReplier[] = []
  let requests = 0
  const server = createServer(async (request, response) => {
    // Whoever looks for a WebSocket finds none.
    if (request.method !== 'POST') return void response.writeHead(404).end()
    requests++
    const body = JSON.parse(await readBody(request)) as FakeCall | FakeCall[]
    const batch = [body].flat()
    calls.push(...batch)
    const reply = script.length > 0 ? script.shift()!(batch) : { body: answerAll(methods, body) }
    if (reply !== null) send(response, reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    requests: () => requests,
    next: (...replies) => script.push(...replies),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The answer with `result` to a call, as it stands in a batch. */
export function resultOf({ id }: FakeCall, result: unknown) {
  return { jsonrpc: '2.0', id, result }
}

/** The answer with an error to a call, as it stands in a batch. */
export function errorOf({ id }: FakeCall, code: number, message: string, data?: unknown) {
  return { jsonrpc: '2.0', id, error: { code, message, data } }
}

function answerAll(methods: FakeMethods, body: FakeCall | FakeCall[]): unknown {
  return Array.isArray(body) ? body.map((call) => answerOne(methods, call)) : answerOne(methods, body)
}

function answerOne(methods: FakeMethods, call: FakeCall) {
  const method = methods[call.method]
  if (method === undefined) return errorOf(call, -32601, `the method ${call.method} does not exist`)
  try {
    return resultOf(call, method(...(call.params as never[])))
  } catch (error) {
    if (!(error instanceof FakeRefusal)) throw error
    return errorOf(call, error.code, error.message, error.data)
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: FakeReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
