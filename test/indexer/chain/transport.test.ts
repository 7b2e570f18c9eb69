import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findProfile } from '../../../contracts/chains/index.ts'
import { createEndpoints, type Endpoints } from '../../../indexer/chain/endpoints.ts'
import { ContradictionError, EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { FAULTS, type Fault } from '../../../indexer/chain/faults.ts'
import { createHeads } from '../../../indexer/chain/heads.ts'
import { fetchConfirmedLogs } from '../../../indexer/chain/logs.ts'
import { createRpc, type Rpc } from '../../../indexer/chain/rpc.ts'
import { openSource } from '../../../indexer/chain/source.ts'
import { createMetrics } from '../../../indexer/cli/metrics.ts'
import { createTracker } from '../../../indexer/cli/tracker.ts'
import {
  errorOf,
  type FakeCall,
  type FakeReplier,
  type FakeRpc,
  resultOf,
  startFakeRpc,
} from '../../support/fakeRpc.ts'
import { hash } from '../../support/logs.ts'

let server: FakeRpc
let rpc: Rpc

beforeEach(async () => {
  server = await startFakeRpc({ echo: (value: unknown) => value })
  rpc = createRpc(server.url, { attempts: 3 })
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
const since = (startMs: number) => performance.now() - startMs

/** A server whose first answers are written by hand, the later ones echo. */
async function startByHand(...answers: ((response: ServerResponse) => void)[]) {
  const left = [...answers]
  let requests = 0
  const byHand: Server = createServer((request, response) => {
    requests++
    request.resume()
    response.on('error', () => {})
    const answer = left.shift()
    if (answer) return answer(response)
    response.end(JSON.stringify({ jsonrpc: '2.0', id: 0, result: 'whole' }))
  })
  await new Promise<void>((resolve) => byHand.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(byHand.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise<void>((resolve) => {
        byHand.close(() => resolve())
        byHand.closeAllConnections()
      }),
  }
}

describe('an answer that does not come in time', () => {
  /** A piece every 40 ms: no pause is long, but there is no end. */
  const drip = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 40)
    response.on('close', () => clearInterval(timer))
  }

  test.each<[string, (response: ServerResponse) => void]>([
    ['drips for ever', drip],
    ['never begins', () => {}],
    ['stops after its head', (response) => void response.writeHead(200).flushHeaders()],
    ['stops in the middle', (response) => void response.writeHead(200).write('{"jsonrpc":"2.0","id":0,"res')],
  ])('because it %s: given up at the deadline, then asked for again', async (_, answer) => {
    const slow = await startByHand(answer)
    const hasty = createRpc(slow.url, { attempts: 2, timeoutMs: 300 })
    try {
      const startMs = performance.now()
      expect(await hasty.request('echo', [])).toBe('whole')
      expect(since(startMs)).toBeGreaterThan(290)
      expect(slow.requests()).toBe(2)
      expect(hasty.counts.faults).toMatchObject({ timeout: 1, connection: 0 })
    } finally {
      await hasty.close()
      await slow.close()
    }
  })

  test('each time: the time is told', async () => {
    const slow = await startByHand(drip, drip)
    const hasty = createRpc(slow.url, { attempts: 2, timeoutMs: 200 })
    try {
      await expect(hasty.request('echo', [])).rejects.toThrow(/failed: no answer within 200 ms$/)
      expect(hasty.counts).toMatchObject({ failures: 1, retries: 1, faults: { timeout: 2 } })
    } finally {
      await hasty.close()
      await slow.close()
    }
  })

  test('slowly but in time is an answer', async () => {
    const slow = await startByHand((response) => {
      const text = JSON.stringify({ jsonrpc: '2.0', id: 0, result: 'dripped' })
      for (const [at, character] of [...text].entries()) setTimeout(() => response.write(character), at * 3)
      setTimeout(() => response.end(), text.length * 3 + 10)
    })
    const patient = createRpc(slow.url, { attempts: 1 })
    expect(await patient.request('echo', [])).toBe('dripped')
    expect(patient.counts.faults.timeout).toBe(0)
    await patient.close()
    await slow.close()
  })
})

describe('Retry-After', () => {
  test.each<[string, () => string, number, number]>([
    ['in seconds', () => '1', 990, 5_000],
    ['in parts of a second', () => '0.5', 490, 4_000],
    // A date has whole seconds: one that is two seconds ahead is one to two away.
    ['as a date', () => new Date(Date.now() + 2_000).toUTCString(), 900, 6_000],
    ['as a date in the past', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 0, 900],
    ['that is no time: a pause of our own', () => 'soon', 140, 3_000],
  ])('%s', async (_, header, leastMs, mostMs) => {
    server.next(failure(429, { 'retry-after': header() }))
    const startMs = performance.now()
    expect(await rpc.request('echo', ['a'])).toBe('a')
    expect(since(startMs)).toBeGreaterThanOrEqual(leastMs)
    expect(since(startMs)).toBeLessThan(mostMs)
    expect(rpc.counts.faults.rateLimit).toBe(1)
  })

  test.each([429, 503])('of HTTP %i holds back every other request of the endpoint', async (status) => {
    server.next(failure(status, { 'retry-after': '0.6' }))
    const startMs = performance.now()
    const first = rpc.request('echo', ['a'])
    await new Promise((resolve) => setTimeout(resolve, 150))
    // Sent after the refusal, it would be answered at once.
    expect(await rpc.request('echo', ['b'])).toBe('b')
    expect(since(startMs)).toBeGreaterThan(590)
    expect(await first).toBe('a')
  })

  test('holds back no other endpoint', async () => {
    const other = createRpc(server.url)
    server.next(failure(429, { 'retry-after': '1' }))
    const first = rpc.request('echo', ['a'])
    await new Promise((resolve) => setTimeout(resolve, 150))
    const startMs = performance.now()
    await other.request('echo', ['b'])
    expect(since(startMs)).toBeLessThan(800)
    await first
    await other.close()
  })

  test('the requests at once are halved, and grow again', async () => {
    expect(rpc.limits().concurrency).toBe(8)
    server.next(failure(429, { 'retry-after': '0' }))
    await rpc.request('echo', ['a'])
    expect(rpc.limits().concurrency).toBe(4)
    for (let answer = 0; answer < 45; answer++) await rpc.request('echo', ['a'])
    expect(rpc.limits().concurrency).toBe(5)
  })

  test('a group that is refused together halves once', async () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8]
    const seen = new Set<unknown>()
    const refuseOnce: FakeReplier = ([call]) => {
      const value = call!.params[0]
      if (seen.has(value)) return { body: resultOf(call!, value) }
      seen.add(value)
      return { status: 429, headers: { 'retry-after': '0' }, body: '' }
    }
    server.next(...new Array<FakeReplier>(16).fill(refuseOnce))
    expect(await Promise.all(values.map((value) => rpc.request('echo', [value])))).toEqual(values)
    expect(rpc.limits().concurrency).toBe(4)
  })

  test.each<[string, (rpc: Rpc) => Promise<unknown>]>([
    ['a call', (rpc) => rpc.request('echo', ['a'])],
    ['a call whose bytes are wanted', (rpc) => rpc.requestBytes('echo', ['a'])],
  ])('%s that is busy slows the endpoint down, too', async (_, ask) => {
    server.next(body(([call]) => errorOf(call!, -32029, 'too many requests')))
    await ask(rpc)
    expect(rpc.limits().concurrency).toBe(4)
    expect(rpc.counts.faults.rateLimit).toBe(1)
  })
})

describe('errors of single calls', () => {
  test.each<[number, string, Fault]>([
    [-32603, 'Internal error', 'serverError'],
    [-32000, 'upstream request failed', 'serverError'],
    [-32029, 'too many requests', 'rateLimit'],
  ])('%i %s: only these calls are sent again', async (code, message, fault) => {
    server.next(body(([a, b, c]) => [resultOf(a!, 'a'), errorOf(b!, code, message), resultOf(c!, 'c')]))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.calls.map(({ params }) => params[0])).toEqual(['a', 'b', 'c', 'b'])
    expect(rpc.counts.faults[fault]).toBe(1)
    server.next(body(([call]) => errorOf(call!, code, message)))
    expect(await rpc.requestBytes('echo', ['d'])).toMatchObject({ result: 'd' })
    expect(rpc.counts.faults[fault]).toBe(2)
  })

  test('as often as allowed, and no more', async () => {
    const failing = body((calls) => calls.map((call) => errorOf(call, -32603, 'Internal error')))
    server.next(failing, failing, failing, failing)
    expect(await rpc.batch(echo('a', 'b'))).toEqual([expect.any(RpcError), expect.any(RpcError)])
    expect(server.requests()).toBe(3)
    expect(rpc.counts).toMatchObject({ failures: 1, retries: 2, faults: { serverError: 6 } })
  })

  test.each<[number, string]>([
    [3, 'execution reverted'],
    [-32000, 'execution reverted'],
    [-32602, 'Query returned more than 10000 results. Try with this block range [0x1, 0x9].'],
  ])('%i %s is an answer', async (code, message) => {
    server.next(body(([a, b]) => [resultOf(a!, 'a'), errorOf(b!, code, message)]))
    expect(await rpc.batch(echo('a', 'b'))).toEqual(['a', expect.any(RpcError)])
    server.next(body(([call]) => errorOf(call!, code, message)))
    await expect(rpc.requestBytes('echo', ['a'])).rejects.toThrow(message)
    expect(server.requests()).toBe(2)
    expect(Object.values(rpc.counts.faults).every((times) => times === 0)).toBe(true)
  })

  test.each<[number, string]>([
    [-32603, 'Internal error'],
    [-32000, 'upstream request failed'],
  ])('a batch that fails as a whole with %i %s is sent again whole', async (code, message) => {
    server.next(() => ({ body: { jsonrpc: '2.0', id: null, error: { code, message } } }))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.requests()).toBe(2)
    expect(rpc.limits().batchCalls).toBe(100)
    expect(rpc.counts.faults).toMatchObject({ serverError: 1, tooLarge: 0 })
  })

  test.each<[number, string]>([
    [-32600, 'Invalid request'],
    [-32000, 'batch too large'],
    [-32000, 'batches are not supported'],
    [-32601, 'method not found'],
  ])('a batch that is refused as a whole with %i %s is sent in parts', async (code, message) => {
    server.next(() => ({ body: { jsonrpc: '2.0', id: null, error: { code, message } } }))
    expect(await rpc.batch(echo('a', 'b', 'c'))).toEqual(['a', 'b', 'c'])
    expect(server.requests()).toBe(3)
    expect(rpc.limits().batchCalls).toBe(2)
    expect(rpc.counts.faults).toMatchObject({ serverError: 0, tooLarge: 1 })
  })
})

describe('every fault is counted under its kind:', () => {
  const TOPIC = hash(1)
  const chain = {
    eth_chainId: () => '0x144',
    eth_getBlockByNumber: (tag: string) => {
      const number = tag === 'latest' ? 5 : Number(tag)
      const plain = { gasUsed: '0x1', gasLimit: '0x2', timestamp: '0x1', transactions: [] }
      return tag === 'finalized'
        ? null
        : { ...plain, number: `0x${number.toString(16)}`, hash: hash(number), parentHash: hash(number - 1) }
    },
    eth_getLogs: () => [],
  }
  const block = (number: number) => chain.eth_getBlockByNumber(`0x${number.toString(16)}`)
  const answerHead =
    (head: unknown): FakeReplier =>
    (calls) => ({
      body: calls.map((call) =>
        resultOf(call, call.method === 'eth_chainId' ? '0x144' : call.params[0] === 'latest' ? head : null),
      ),
    })
  const overSource = async (
    run: (source: Awaited<ReturnType<typeof openSource>>, fake: FakeRpc) => Promise<unknown>,
  ) => {
    const fake = await startFakeRpc(chain)
    const source = await openSource([fake.url], [TOPIC])
    await run(source, fake).catch(() => {})
    await source.close()
    await fake.close()
    return source.endpoints
  }
  const overRpc = async (reply: FakeReplier, calls = echo('a', 'b'), timeoutMs?: number) => {
    const endpoints = createEndpoints([server.url])
    const hasty = timeoutMs === undefined ? null : createRpc(server.url, { attempts: 1, timeoutMs })
    server.next(reply)
    if (hasty === null) await endpoints.use((each) => each.batch(calls))
    else await hasty.batch(calls).catch(() => {})
    await Promise.all([endpoints.close(), hasty?.close()])
    return hasty === null
      ? endpoints
      : { ...endpoints, health: () => [{ ...endpoints.health()[0]!, counts: hasty.counts }] }
  }

  const cases: Partial<Record<Fault, () => Promise<Endpoints>>> = {
    connection: async () => {
      const cut = await startByHand((response) => void response.socket?.destroy())
      const endpoints = createEndpoints([cut.url])
      await endpoints.use((each) => each.request('echo', ['a']))
      await endpoints.close()
      await cut.close()
      return endpoints
    },
    timeout: () => overRpc(() => null, echo('a'), 200),
    rateLimit: () => overRpc(failure(429, { 'retry-after': '0' })),
    httpStatus: () => overRpc(failure(502)),
    malformed: () => overRpc(() => ({ body: '<html>' })),
    wrongIds: () => overRpc(body(([a]) => [resultOf(a!, 'a')])),
    serverError: () => overRpc(body(([a, b]) => [resultOf(a!, 'a'), errorOf(b!, -32603, 'Internal error')])),
    tooLarge: () => overRpc(() => ({ body: { error: { code: -32600, message: 'batch too large' } } })),
    missingBlock: () =>
      overSource((source, fake) => {
        fake.next(answerHead(null))
        return source.fetchHead()
      }),
    contradiction: () =>
      overSource((source, fake) => {
        fake.next(
          body((calls) => calls.map((call) => resultOf(call, call.method === 'eth_getBlockByNumber' ? block(99) : []))),
        )
        return source.fetchRange(3, 3)
      }),
    otherAnswer: async () => {
      const fake = await startFakeRpc(chain)
      const endpoints = createEndpoints([fake.url])
      fake.next(
        body(([call]) => resultOf(call!, [{ blockHash: hash(3), logIndex: '0x0', topics: [] }])),
        body(([call]) => resultOf(call!, [])),
      )
      await endpoints.use((each) =>
        fetchConfirmedLogs(each, { rpc: each, onFailure: () => {} }, { topics: [TOPIC] }, 3, 3),
      )
      await endpoints.close()
      await fake.close()
      return endpoints
    },
    lagging: () =>
      overSource(async (source, fake) => {
        await source.fetchHead()
        fake.next(answerHead(block(4)))
        return source.fetchHead()
      }),
    otherChain: () =>
      overSource((source, fake) => {
        fake.next(body((calls) => calls.map((call) => resultOf(call, '0x1'))))
        return source.fetchHead()
      }),
  }

  test.each(Object.entries(cases))('%s', async (fault, meet) => {
    const endpoints = await meet()
    const { name, counts } = endpoints.health()[0]!
    const met = Object.entries(counts.faults).filter(([, times]) => times > 0)
    expect(met).toEqual([[fault, expect.any(Number)]])
    const heads = createHeads([], String)
    const tracker = createTracker(findProfile(1), { start: 0, committed: -1, end: null, undecoded: 0 }, Date.now)
    const text = await createMetrics({ tracker, endpoints: [endpoints], heads, pending: () => [] })()
    for (const kind of Object.keys(FAULTS)) {
      const times = counts.faults[kind as Fault]
      expect(text).toContain(`flowprint_rpc_faults_total{endpoint="${name}",fault="${kind}"} ${times}\n`)
    }
    heads.close()
  })

  // Who meets a replaced block is the loop, far from the endpoint that served it.
  test('none is left out but the one that is not an endpoint’s', () => {
    expect(Object.keys(FAULTS).filter((fault) => !(fault in cases))).toEqual(['replaced'])
  })

  test('errors name their kind', () => {
    expect(new EndpointError('http://a', 'no', {}).fault).toBe('malformed')
    expect(new ContradictionError('no').fault).toBe('contradiction')
  })
})
