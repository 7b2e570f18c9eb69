// A JSON-RPC proxy that counts what passes. It serves HTTP only: who asks for a WebSocket is refused, unless a bench adds one.
import { Agent, createServer, request } from 'node:http'

/**
 * @typedef {{ id?: unknown, method: string, params?: unknown[] }} Call
 * @typedef {{ requests: number, calls: number, methods: Record<string, number> }} Counts
 *   HTTP requests, JSON-RPC calls in them, and the calls by method.
 * @typedef {{ admit: (call: Call) => Call, answer: (call: Call, result: unknown) => unknown }} Gate
 *   Changes calls on the way in and results on the way out.
 * @typedef {{ asked: number, answers: number[] }} Passage
 *   When a call that names a block came first, and when such calls were answered; see `clock`.
 * @typedef {Awaited<ReturnType<typeof startRpcProxy>>} RpcProxy
 */

/** Microseconds on a clock that all processes of this machine share. */
export function clock() {
  return Number(process.hrtime.bigint() / 1000n)
}

/**
 * Listens on a free port of 127.0.0.1 and forwards to `target`.
 * @param {string} target
 * @param {Gate | null} gate
 */
export async function startRpcProxy(target, gate = null) {
  const agent = new Agent({ keepAlive: true })
  /** @type {Counts} */
  let counts = { requests: 0, calls: 0, methods: {} }
  /** @type {Map<number, Passage>} */
  const passages = new Map()

  /** @param {readonly Call[]} calls */
  function count(calls) {
    counts.requests++
    counts.calls += calls.length
    for (const { method } of calls) counts.methods[method] = (counts.methods[method] ?? 0) + 1
  }

  /**
   * @param {Buffer} body
   * @returns {Promise<{ status: number, body: Buffer }>}
   */
  async function answer(body) {
    const asked = clock()
    const parsed = JSON.parse(body.toString('utf8'))
    /** @type {Call[]} */
    const calls = Array.isArray(parsed) ? parsed : [parsed]
    count(calls)
    const blocks = new Set(calls.flatMap(namedBlocks))
    for (const block of blocks) if (!passages.has(block)) passages.set(block, { asked, answers: [] })
    const admitted = gate ? calls.map(gate.admit) : null
    const text = admitted ? Buffer.from(JSON.stringify(Array.isArray(parsed) ? admitted : admitted[0])) : body
    const { status, body: answered } = await post(target, text, agent)
    for (const block of blocks) passages.get(block)?.answers.push(clock())
    return { status, body: gate ? pass(gate, calls, answered) : answered }
  }

  const server = createServer((incoming, outgoing) => {
    /** @type {Buffer[]} */
    const chunks = []
    incoming.on('data', (chunk) => chunks.push(chunk))
    incoming.on('end', () => {
      answer(Buffer.concat(chunks)).then(
        ({ status, body }) => {
          const headers = { 'content-type': 'application/json', 'content-length': body.length }
          outgoing.writeHead(status, headers).end(body)
        },
        () => outgoing.destroy(),
      )
    })
  })
  server.keepAliveTimeout = 60_000
  server.on('upgrade', refuseUpgrade)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    server,
    count,
    passages,
    /** What has passed since the last `reset`. */
    counts: () => structuredClone(counts),
    reset: () => {
      counts = { requests: 0, calls: 0, methods: {} }
    },
    close: () => {
      agent.destroy()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * @param {import('node:http').IncomingMessage} _
 * @param {import('node:stream').Duplex} socket
 */
export function refuseUpgrade(_, socket) {
  socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}

/**
 * @param {Gate} gate
 * @param {readonly Call[]} calls
 * @param {Buffer} body
 */
function pass(gate, calls, body) {
  const parsed = JSON.parse(body.toString('utf8'))
  const byId = new Map(calls.map((call) => [call.id, call]))
  for (const answer of Array.isArray(parsed) ? parsed : [parsed]) {
    const call = byId.get(answer.id)
    if (call && 'result' in answer) answer.result = gate.answer(call, answer.result)
  }
  return Buffer.from(JSON.stringify(parsed))
}

/**
 * Posts JSON over a connection that is kept.
 * @param {string} url
 * @param {Buffer} body
 * @param {Agent} agent
 * @returns {Promise<{ status: number, body: Buffer }>}
 */
export function post(url, body, agent) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      /** @type {Buffer[]} */
      const chunks = []
      incoming.on('data', (chunk) => chunks.push(chunk))
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }))
      incoming.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** Ranges beyond this are backfill; nobody asks when they were read. */
const NAMED_BLOCKS_MAX = 20

/**
 * The blocks a call names by number.
 * @param {Call} call
 * @returns {number[]}
 */
function namedBlocks({ method, params = [] }) {
  if (method === 'eth_getLogs') {
    const { fromBlock, toBlock } = /** @type {Record<string, unknown>} */ (params[0] ?? {})
    const [from, to] = [blockNumber(fromBlock), blockNumber(toBlock)]
    if (from === null || to === null || to - from >= NAMED_BLOCKS_MAX) return []
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset)
  }
  if (!/block/i.test(method)) return []
  const number = blockNumber(params[0])
  return number === null ? [] : [number]
}

/** @param {unknown} value */
function blockNumber(value) {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^0x[0-9a-f]{1,12}$/i.test(value) ? Number(value) : null
}
