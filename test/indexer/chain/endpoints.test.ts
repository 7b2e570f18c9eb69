import { describe, expect, test } from 'vitest'
import { createEndpoints } from '../../../indexer/chain/endpoints.ts'
import { ContradictionError, EndpointError, RpcError } from '../../../indexer/chain/errors.ts'
import { createFaultCounts } from '../../../indexer/chain/faults.ts'

const URLS = ['http://a', 'http://b', 'http://c']

/** Endpoints whose clock is moved by hand; each `run` says how long an endpoint takes and what comes of it. */
const open = (urls: readonly string[] = URLS) => {
  let nowMs = 1_000
  const endpoints = createEndpoints(urls, { now: () => nowMs })
  const asked: string[] = []
  const run = (outcomes: Record<string, Error | null> = {}, ms: Record<string, number> = {}) => {
    asked.length = 0
    return endpoints.use(async ({ name }) => {
      asked.push(name.at(-1)!)
      nowMs += ms[name.at(-1)!] ?? 0
      const outcome = outcomes[name.at(-1)!] ?? null
      if (outcome !== null) throw outcome
      return name
    })
  }
  return { endpoints, run, asked, wait: (passedMs: number) => (nowMs += passedMs) }
}
const down = new EndpointError('http://a', 'HTTP 502')
const confused = new ContradictionError('block 5 is missing')

describe('createEndpoints', () => {
  test('the first is used', async () => {
    const { run, endpoints } = open()
    expect(await run()).toBe('http://a')
    expect(endpoints.name).toBe('http://a, http://b, http://c')
  })

  test.each([
    ['fails', down],
    ['contradicts itself', confused],
  ])('one that %s: the next answers, and goes on doing so while the first rests', async (_, error) => {
    const { run, asked, wait } = open()
    expect(await run({ a: error })).toBe('http://b')
    expect(asked).toEqual(['a', 'b'])
    await run()
    expect(asked).not.toContain('a')
    wait(1_000)
    await run({ b: down, c: down })
    expect(asked).toContain('a')
  })

  test('all fail: each was tried once, and the first failure is told', async () => {
    const { run, asked } = open()
    await expect(run({ a: down, b: confused, c: confused })).rejects.toBe(down)
    expect(asked).toEqual(['a', 'b', 'c'])
  })

  test('all rest: they are tried nevertheless', async () => {
    const { run } = open()
    await expect(run({ a: down, b: down, c: down })).rejects.toBe(down)
    expect(await run()).toBe('http://a')
  })

  test('what one refuses another may hold, and none rests for it; a fault of our own is thrown at once', async () => {
    const { run, asked, endpoints } = open()
    const refusal = new RpcError('eth_call', 3, 'execution reverted')
    await expect(run({ a: refusal, b: refusal, c: refusal })).rejects.toBe(refusal)
    expect(asked).toEqual(['a', 'b', 'c'])
    expect(endpoints.health().map(({ ready }) => ready)).toEqual([true, true, true])
    const fault = new TypeError('undefined is not a function')
    await expect(run({ a: fault })).rejects.toBe(fault)
    expect(asked).toEqual(['a'])
  })

  test('one that is refused before its first use is not used, and is looked at again after its rest', async () => {
    let nowMs = 0
    let wrong = true
    const verified: string[] = []
    const endpoints = createEndpoints(['http://a', 'http://b'], {
      now: () => nowMs,
      verify: async ({ name }) => {
        verified.push(name.at(-1)!)
        if (wrong && name === 'http://a') throw new ContradictionError('another chain', 'otherChain')
      },
    })
    const used = () => endpoints.use(async ({ name }) => name)
    expect(await used()).toBe('http://b')
    expect(await used()).toBe('http://b')
    expect(verified).toEqual(['a', 'b'])
    expect(endpoints.all[0]!.counts.faults.otherChain).toBe(1)
    wrong = false
    nowMs = 1_000
    expect(await used()).toBe('http://a')
    await endpoints.close()
  })

  test('a refusal that may pass is a failure: the next is asked', async () => {
    const { run, asked } = open(['http://a', 'http://b'])
    expect(await run({ a: new RpcError('eth_getLogs', -32603, 'Internal error') })).toBe('http://b')
    expect(asked).toEqual(['a', 'b'])
  })

  test('a witness is another one that does well, or else the same', async () => {
    const { run, endpoints } = open(['http://a', 'http://b'])
    const [a, b] = endpoints.all
    expect(endpoints.witness(a!).rpc).toBe(b)
    await run({ a: down })
    expect(endpoints.witness(b!).rpc).toBe(b)
  })

  test('one that is far behind the others is used when no other is left', async () => {
    const { run, asked, endpoints } = open(['http://a', 'http://b'])
    const [a, b] = endpoints.all
    endpoints.noteHeads(
      new Map([
        [a!, 90],
        [b!, 100],
      ]),
    )
    expect(await run()).toBe('http://b')
    expect(endpoints.witness(b!).rpc).toBe(b)
    expect(a!.counts.faults.lagging).toBe(1)
    await run({ b: down })
    expect(asked).toEqual(['b', 'a'])
    endpoints.noteHeads(
      new Map([
        [a!, 98],
        [b!, 100],
      ]),
    )
    expect(await run()).toBe('http://a')
  })

  test('the rest doubles with each failure in a row, up to a minute, and ends with an answer', async () => {
    const { run, endpoints, wait } = open(['http://a'])
    const readyAfter = async (passedMs: number) => {
      await run({ a: down }).catch(() => {})
      wait(passedMs - 1)
      const before = endpoints.health()[0]!.ready
      wait(1)
      return [before, endpoints.health()[0]!.ready]
    }
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) expect(await readyAfter(seconds * 1_000)).toEqual([false, true])
    await run()
    expect(await readyAfter(1_000)).toEqual([false, true])
  })

  test('a quick endpoint is preferred to a slow one', async () => {
    const { run, asked } = open(['http://a', 'http://b'])
    await run({}, { a: 500 })
    await run({}, { b: 20 })
    expect(asked).toEqual(['b'])
    await run()
    expect(asked).toEqual(['b'])
  })

  test('health', async () => {
    const { run, endpoints } = open(['http://a', 'http://b'])
    const counts = { httpRequests: 0, calls: 0, retries: 0, failures: 0, faults: createFaultCounts() }
    const limits = { concurrency: 8, batchCalls: 100 }
    await run({ a: down }, { b: 100 })
    expect(endpoints.health()).toEqual([
      { name: 'http://a', ready: false, latencyMs: null, failures: 1, lastError: down.message, counts, limits },
      { name: 'http://b', ready: true, latencyMs: 100, failures: 0, lastError: null, counts, limits },
    ])
    await endpoints.close()
  })
})
