import { request } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { CannotListenError, PortInUseError } from '../../api/errors.ts'
import type { ApiOptions } from '../../api/options.ts'
import { type RunningApi, startApi } from '../../api/server.ts'
import { type IndexerStatus, readStoredStatus } from '../../api/status.ts'
import type { Database } from '../../db/database.ts'
import { insertAll, LAST_BLOCK } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }

let home: TestDatabase
const running: RunningApi[] = []
beforeAll(async () => {
  // What is tested here is the same on every database.
  const [first] = testDatabases
  if (!first) throw new Error('no database to test on')
  home = await first[1]()
  await insertAll(home.database)
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()))
})
afterAll(() => home.drop())

async function start(changes: Partial<ApiOptions> = {}): Promise<RunningApi> {
  const api = await startApi({
    database: home.database,
    host: '127.0.0.1',
    port: 0,
    status: () => readStoredStatus(home.database, '1.2.3'),
    metrics: async () => 'flowprint_blocks 12\n',
    log,
    ...changes,
  })
  running.push(api)
  return api
}

const post = (url: string, body: string) =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

describe('startApi', () => {
  test('pages', async () => {
    const { url } = await start()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const get = async (path: string) => {
      const response = await fetch(url + path)
      return [response.status, response.headers.get('content-type'), await response.text()] as const
    }
    const json = 'application/json; charset=utf-8'
    expect(await get('/healthz')).toEqual([200, json, '{\n  "status": "ok"\n}\n'])
    expect(await get('/readyz')).toEqual([200, json, '{\n  "ready": true\n}\n'])
    expect(await get('/metrics')).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'flowprint_blocks 12\n'])
    const [, , status] = await get('/status')
    expect(JSON.parse(status)).toMatchObject({
      version: '1.2.3',
      chains: [{ name: 'zksync-era', indexedBlock: LAST_BLOCK }],
    })
    const [code, type, error] = await get('/nothing?x=1')
    expect([code, type, JSON.parse(error)]).toEqual([404, json, { error: 'no such page; / lists what is here' }])
    expect((await get('/graphql/x'))[0]).toBe(404)
    expect((await get('/constructor'))[0]).toBe(404)
  })

  test('other methods', async () => {
    const { url } = await start()
    const wrong = await fetch(`${url}/status`, { method: 'POST' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    const head = await fetch(`${url}/status`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100)
  })

  test('the home page says how far it is, escapes names, and loads nothing', async () => {
    const {
      chains: [chain],
    } = await readStoredStatus(home.database, '1')
    if (!chain) throw new Error('no chain')
    const status: IndexerStatus = { version: '1', chains: [{ ...chain, name: '<script>alert(1)</script>' }] }
    const { url } = await start({ status: () => status })
    const html = await (await fetch(url)).text()
    expect(html).toContain(`<td>${LAST_BLOCK}</td>`)
    expect(html).not.toContain('<script>')
    expect(html).not.toMatch(/https?:\/\//)
    const [, link] = /href="(\/graphql\?query=[^"]+)"/.exec(html) ?? []
    const answer = await (await fetch(url + link)).json()
    expect(answer).toMatchObject({ data: { _meta: { block: { number: LAST_BLOCK } } } })
  })

  test('not ready', async () => {
    const { url } = await start({ status: () => ({ version: '1', chains: [] }) })
    const response = await fetch(`${url}/readyz`)
    expect([response.status, await response.json()]).toEqual([503, { ready: false, reason: 'no chain is indexed yet' }])
    const down: Database = {
      ...home.database,
      location: 'postgres://db',
      query: () => Promise.reject(new Error('connection refused')),
    }
    const { url: other } = await start({ database: down, status: () => readStoredStatus(down, '1') })
    expect(await (await fetch(`${other}/readyz`)).json()).toEqual({
      ready: false,
      reason: 'the database postgres://db fails: connection refused',
    })
  })

  test('a page that needs a database which is down', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const { url } = await start({ status: () => Promise.reject(refused) })
    const response = await fetch(`${url}/status`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { error: 'the database does not answer; try again later' },
    ])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  test('a page that fails', async () => {
    const { url } = await start({ metrics: () => Promise.reject(new Error('secret')) })
    const response = await fetch(`${url}/metrics`)
    expect([response.status, await response.json()]).toEqual([
      500,
      { error: 'unexpected failure; the log of the server says more' },
    ])
  })

  test('GraphQL by POST and GET', async () => {
    const { url } = await start()
    const body = JSON.stringify({ query: '{ _meta { version } }' })
    const expected = { data: { _meta: { version: '1.2.3' } } }
    expect(await (await post(url, body)).json()).toEqual(expected)
    expect(await (await fetch(`${url}/graphql?query={_meta{version}}`)).json()).toEqual(expected)
    const response = await post(url, body)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each<[what: string, body: string, status: number]>([
    ['several operations at once', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', 400],
    ['no JSON', '{', 400],
    ['no query', '{}', 200],
    [
      'a body beyond the limit',
      JSON.stringify({ query: '{ __typename }', variables: { a: 'a'.repeat(1_000_000) } }),
      413,
    ],
  ])('GraphQL refuses %s', async (_, body, status) => {
    const { url } = await start()
    const response = await post(url, body)
    expect(response.status).toBe(status)
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
    expect(errors.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT'])
  })

  test('GraphiQL is one page that loads nothing from elsewhere', async () => {
    const { url } = await start()
    const headers = { accept: 'text/html,application/xhtml+xml' }
    const plain = await (
      await fetch(`${url}/graphql`, { headers: { ...headers, 'accept-encoding': 'identity' } })
    ).text()
    expect(plain).toContain('Flowprint GraphiQL')
    expect(plain).not.toMatch(/<(script|link|img|iframe)[^>]*\s(src|href)="?(https?:)?\/\//)
    expect(plain).not.toMatch(/unpkg\.com|jsdelivr|cdnjs|esm\.sh|fonts\.googleapis/)
    const compressed = await readRaw(`${url}/graphql`, { ...headers, 'accept-encoding': 'gzip' })
    expect(compressed.byteLength).toBeLessThan(3_000_000)
    expect(gunzipSync(compressed).toString()).toBe(plain)
  })

  test('a port in use', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    const failure = start({ port })
    await expect(failure).rejects.toThrow(PortInUseError)
    await expect(failure).rejects.toThrow(
      `127.0.0.1:${port} is in use by another program; stop it, or choose another port`,
    )
  })

  test('an address that is not ours', async () => {
    await expect(start({ host: '203.0.113.1' })).rejects.toThrow(CannotListenError)
  })

  test('close lets a request end, and does not wait for idle connections', async () => {
    let release = () => {}
    const slow = new Promise<string>((resolve) => {
      release = () => resolve('done\n')
    })
    const api = await start({ metrics: () => slow })
    const { port } = new URL(api.url)
    const idle = connect(Number(port), '127.0.0.1')
    idle.on('error', () => {})
    await fetch(`${api.url}/healthz`)
    const answer = fetch(`${api.url}/metrics`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const started = Date.now()
    const closed = api.close()
    setTimeout(release, 100)
    expect(await (await answer).text()).toBe('done\n')
    await closed
    expect(Date.now() - started).toBeLessThan(800)
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow()
  })

  test('close gives up on a request that does not end', async () => {
    const api = await start({ metrics: () => new Promise(() => {}) })
    const answer = fetch(`${api.url}/metrics`).catch(() => 'cut')
    await new Promise((resolve) => setTimeout(resolve, 50))
    const started = Date.now()
    await api.close()
    expect(Date.now() - started).toBeLessThan(1_500)
    expect(await answer).toBe('cut')
  })
})

/** The body as it came over the wire, not decompressed. */
function readRaw(url: string, headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(Buffer.concat(chunks)))
    })
    asked.on('error', reject)
    asked.end()
  })
}
