import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import {
  errorOf,
  type FakeCall,
  type FakeReplier,
  type FakeRpc,
  resultOf,
  startFakeRpc,
} from '../../support/fakeRpc.ts'

let server: FakeRpc
let rpc: Rpc

beforeEach(async () => {
  server = await startFakeRpc({ echo: (value: unknown) => value })
  rpc = createRpc(server.url, { attempts: 2 })
})

afterEach(async () => {
  await rpc.close()
  await server.close()
})

const echo = (...values: unknown[]) => values.map((value) => ({ method: 'echo', params: [value] }))
const body =
  (make: (calls: readonly FakeCall[]) => unknown): FakeReplier =>
  (calls) => ({ body: make(calls) })
const failure =
  (status: number, headers: Record<string, string> = {}): FakeReplier =>
  () => ({ status, headers, body: '' })
/** The error of a batch of two calls that is answered so every time. */
const errorOn = (reply: FakeReplier) => {
  server.next(reply, reply)
  return rpc.batch(echo('a', 'b')).then(
    (results) => `no error but ${JSON.stringify(results)}`,
    (error) => error,
  )
}

describe('the answers of a batch', () => {
  test('one HTTP request, answered in the order asked', async () => {
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.requests()).toBe(1)
  })

  test('no calls, no request', async () => {
    expect(await rpc.batch([])).toEqual([])
    expect(server.requests()).toBe(0)
  })

  test('shuffled ids', async () => {
    server.next(body((calls) => [2, 0, 1].map((index) => resultOf(calls[index]!, calls[index]!.params[0]))))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
  })

  test('a null result is a result', async () => {
    expect(await rpc.batch(echo(null, 'b'))).toEqual([null, 'b'])
  })

  test('a refused call has its error in place of a result', async () => {
    server.next(body(([first, second]) => [errorOf(second!, 3, 'execution reverted', '0x1234'), resultOf(first!, 'a')]))
    const [first, second] = await rpc.batch(echo('a', 'b'))
    expect(first).toBe('a')
    expect(second).toBeInstanceOf(RpcError)
    expect(second).toMatchObject({ method: 'echo', code: 3, data: '0x1234' })
    expect(String(second)).toContain('echo was refused with 3: execution reverted')
  })

  test('a batch that is refused as a whole is sent in parts, and the next ones are no larger', async () => {
    const inPairs: FakeReplier = (calls) => {
      const one = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'batch too large' } }
      return { body: calls.length > 2 ? one : calls.map((call) => resultOf(call, call.params[0])) }
    }
    server.next(...Array.from({ length: 20 }, () => inPairs))
    const values = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    expect(await rpc.batch(echo(...values))).toEqual(values)
    const before = server.requests()
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.requests() - before).toBe(2)
  })

  test('a server that takes no batches', async () => {
    const single: FakeReplier = (calls) => ({
      body:
        calls.length > 1
          ? { error: { code: -32600, message: 'no batches' } }
          : resultOf(calls[0]!, calls[0]!.params[0]),
    })
    server.next(...Array.from({ length: 20 }, () => single))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
  })

  test('a refusal with HTTP 400 is the refusal it holds', async () => {
    server.next(([call]) => ({ status: 400, body: errorOf(call!, -32602, 'block range is too wide') }))
    await expect(rpc.request('echo', ['a'])).rejects.toThrow('echo was refused with -32602: block range is too wide')
  })

  test('request throws the refusal', async () => {
    await expect(rpc.request('missing', [])).rejects.toThrow('missing was refused with -32601')
  })

  test.each<[string, FakeReplier, string]>([
    ['no answers', body(() => []), '2 answers of a batch are missing'],
    ['an answer twice', body(([first]) => [resultOf(first!, 'a'), resultOf(first!, 'b')]), 'unexpected id 0'],
    ['text that is not JSON', () => ({ body: '<html>Bad Gateway</html>' }), 'not JSON: <html>Bad Gateway</html>'],
    ['JSON that breaks off', () => ({ body: '[{"id":0,' }), 'not JSON: [{"id":0,'],
    ['an empty body', () => ({ body: '' }), 'not JSON'],
    ['HTTP 401', failure(401), 'HTTP 401'],
  ])('%s is a failure of the endpoint', async (_, reply, reason) => {
    const error = await errorOn(reply)
    expect(error).toBeInstanceOf(EndpointError)
    expect(error.message).toContain(reason)
  })

  test.each<[string, FakeReplier]>([
    ['null', body(() => null)],
    ['an empty object', body(() => ({}))],
    ['an object of another kind', body(() => ({ message: 'no healthy upstream' }))],
    ['answers with neither result nor error', body((calls) => calls.map(({ id }) => ({ jsonrpc: '2.0', id })))],
    ['answers that are null', body((calls) => calls.map(() => null))],
    ['a number', body(() => 42)],
  ])('%s instead of answers is a failure of the endpoint', async (_, reply) => {
    expect(await errorOn(reply)).toBeInstanceOf(EndpointError)
    server.next(reply, reply)
    await expect(rpc.request('echo', ['a'])).rejects.toBeInstanceOf(EndpointError)
  })

  test('an answer too many, of an id that is none, is not taken for another', async () => {
    server.next(body((calls) => [...calls.map((call) => resultOf(call, 1)), { id: 'length', result: 9 }]))
    expect(await rpc.batch(echo('a', 'b'))).toEqual([1, 1])
    expect(rpc.counts.faults.wrongIds).toBe(1)
  })

  test('of a batch with an answer that is missing the others are kept', async () => {
    server.next(body(([a, , c]) => [resultOf(c!, 'c'), resultOf(a!, 'a')]))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.calls.map(({ params }) => params[0])).toEqual(['a', 'b', 'c', 'b'])
    expect(rpc.counts.faults.wrongIds).toBe(1)
  })
})

describe('another try', () => {
  test.each<[string, FakeReplier]>([
    ['HTTP 502', failure(502)],
    ['HTTP 429 without Retry-After', failure(429)],
    ['HTTP 429 with Retry-After: 0', failure(429, { 'retry-after': '0' })],
    ['HTTP 503 with Retry-After as a date', failure(503, { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' })],
    ['text that is not JSON', () => ({ body: 'oops' })],
    ['a call that is busy (-32005)', body(([a, b]) => [resultOf(a!, 'a'), errorOf(b!, -32005, 'limit exceeded')])],
    ['a call that is busy (429)', body(([a, b]) => [resultOf(a!, 'a'), errorOf(b!, 429, 'slow down')])],
    ['all calls busy', body(() => ({ error: { code: -32005, message: 'limit exceeded' } }))],
  ])('after %s', async (_, reply) => {
    server.next(reply)
    expect(await rpc.batch(echo('a', 'b'))).toEqual(['a', 'b'])
    expect(server.requests()).toBe(2)
    expect(rpc.counts).toMatchObject({ httpRequests: 2, retries: 1, failures: 0 })
  })

  // An answer with wrong ids is met outside the loop that tries again.
  test('after an answer with wrong ids', async () => {
    server.next(body(([a]) => [resultOf(a!, 'a')]))
    expect(await rpc.batch(echo('a', 'b'))).toEqual(['a', 'b'])
  })

  test('as many times as allowed', async () => {
    expect(await errorOn(failure(502))).toBeInstanceOf(EndpointError)
    expect(rpc.counts).toMatchObject({ httpRequests: 2, calls: 2, retries: 1, failures: 1 })
    expect(rpc.counts.faults).toMatchObject({ httpStatus: 2, connection: 0 })
  })

  test('only what was busy is sent again', async () => {
    server.next(body(([a, b]) => [resultOf(a!, 'a'), errorOf(b!, -32005, 'limit exceeded')]))
    await rpc.batch(echo('a', 'b'))
    expect(server.calls.map(({ params }) => params[0])).toEqual(['a', 'b', 'b'])
  })

  test('Retry-After is waited for', async () => {
    server.next(failure(429, { 'retry-after': '0.4' }))
    const startMs = performance.now()
    await rpc.batch(echo('a'))
    // A pause of its own choice would be 150 ms.
    expect(performance.now() - startMs).toBeGreaterThan(390)
  })

  test('Retry-After: 0 is no pause', async () => {
    const patient = createRpc(server.url)
    server.next(...Array.from({ length: 5 }, () => failure(429, { 'retry-after': '0' })))
    const startMs = performance.now()
    expect(await patient.batch(echo('a'))).toEqual(['a'])
    // Pauses of its own choice would be 4.65 s.
    expect(performance.now() - startMs).toBeLessThan(2_000)
    await patient.close()
  })

  test('a refusal that will not pass is not tried again', async () => {
    await rpc.batch([{ method: 'missing', params: [] }])
    expect(server.requests()).toBe(1)
  })

  test('busy to the end: the refusal is the result', async () => {
    const busy = body((calls) => calls.map((call) => errorOf(call, -32005, 'limit exceeded')))
    server.next(busy, busy)
    await expect(rpc.request('echo', ['a'])).rejects.toBeInstanceOf(RpcError)
    expect(server.requests()).toBe(2)
  })

  // Infura and others refuse too many results with the same code.
  test('too many results (-32005) is not busy', async () => {
    const many = body((calls) => calls.map((call) => errorOf(call, -32005, 'query returned more than 10000 results')))
    server.next(many, many)
    await expect(rpc.request('eth_getLogs', [{}])).rejects.toBeInstanceOf(RpcError)
    expect(server.requests()).toBe(1)
  })

  test('an endpoint that is not there', async () => {
    const dead = createRpc(`http://127.0.0.1:${await freePort()}/`, { attempts: 2 })
    await expect(dead.batch(echo('a'))).rejects.toThrow(
      /^the RPC endpoint http:\/\/127\.0\.0\.1:\d+ failed: .*ECONNREFUSED/,
    )
    expect(dead.counts).toMatchObject({ httpRequests: 2, calls: 1, retries: 1, failures: 1 })
    expect(dead.counts.faults.connection).toBe(2)
    await dead.close()
  })
})

describe('abort', () => {
  const reason = new Error('stopped')
  const never: FakeReplier = () => null
  /** Milliseconds until a request that is aborted after the first HTTP request fails. */
  const abortAfterFirst = async (reply: FakeReplier): Promise<number> => {
    const stop = new AbortController()
    server.next((calls) => {
      setImmediate(() => stop.abort(reason))
      return reply(calls)
    })
    const patient = createRpc(server.url)
    const startMs = performance.now()
    await expect(patient.batch(echo('a'), stop.signal)).rejects.toBe(reason)
    await patient.close()
    return performance.now() - startMs
  }

  test.each<[string, FakeReplier]>([
    ['while an answer is awaited', never],
    ['while another try is awaited', failure(429, { 'retry-after': '60' })],
    ['while a busy endpoint is waited for', body((calls) => calls.map((call) => errorOf(call, -32005, 'busy')))],
  ])('%s ends the request at once', async (_, reply) => {
    expect(await abortAfterFirst(reply)).toBeLessThan(1_000)
    expect(server.requests()).toBeLessThan(4)
  })

  test('before the request nothing is sent', async () => {
    await expect(rpc.batch(echo('a'), AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(server.requests()).toBe(0)
  })
})

describe('name', () => {
  test.each([
    ['http://127.0.0.1:8545/', 'http://127.0.0.1:8545'],
    ['http://user:secret@node.example/', 'http://node.example'],
    ['https://node.example/v3/0123456789abcdef', 'https://node.example/…'],
    ['https://node.example/rpc?key=0123456789abcdef', 'https://node.example/rpc'],
  ])('%s shows no secrets', async (url, name) => {
    const named = createRpc(url)
    expect(named.name).toBe(name)
    await named.close()
  })

  // Read as a URL with the scheme "localhost", and shown as localhost://8545.
  test('an address without a scheme is shown as it was given', async () => {
    const named = createRpc('localhost:8545')
    await named.close()
    expect(named.name).toBe('localhost:8545')
  })
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
