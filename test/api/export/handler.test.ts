import { createHash } from 'node:crypto'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createExportHandler, ExportBusyError, matchExportPath } from '../../../api/export/index.ts'
import type { Database } from '../../../db/database.ts'
import { LAST_BLOCK, rowsOf } from '../rows.ts'
import { type TestDatabase, testDatabases } from '../testDatabase.ts'
import { insertForExport } from './rows.ts'

describe('the path of an export', () => {
  test.each([
    ['/v1/export/swaps.parquet', { dataset: 'swaps', format: 'parquet' }],
    ['/v1/export/flow-buckets.csv', { dataset: 'flow-buckets', format: 'csv' }],
    ['/v1/export/../x.csv', null],
    ['/v1/export/swaps', null],
    ['/v1/export/swaps.csv/', null],
  ])('%s', (path, expected) => {
    expect(matchExportPath(path)).toEqual(expected)
  })
})

const [, open] = testDatabases[0]!

describe('exports over HTTP', () => {
  let store: TestDatabase
  let server: Server
  let failure: unknown
  let gate: Promise<void> | undefined
  beforeAll(async () => {
    store = await open()
    await insertForExport(store.database)
    const database: Database = {
      ...store.database,
      query: async (text, parameters) => {
        if (text.includes('string_agg')) await gate
        return store.database.query(text, parameters)
      },
    }
    const handle = createExportHandler({ database, version: '1.2.3', pageRows: 5 })
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://x')
      const { dataset, format } = matchExportPath(url.pathname)!
      handle(request, response, dataset, format, url.searchParams).catch((error: Error) => {
        failure = error
        if (!response.headersSent) response.writeHead(error instanceof ExportBusyError ? 429 : 400).end(error.message)
      })
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
  })
  afterAll(async () => {
    server.closeAllConnections()
    server.close()
    await store.drop()
  })

  const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/export/${path}`
  const fetchAll = async (path: string, method = 'GET'): Promise<{ response: IncomingMessage; body: Buffer }> => {
    const response = await new Promise<IncomingMessage>((resolve) => get(urlOf(path), { method }, resolve))
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part)
    return { response, body: Buffer.concat(parts) }
  }

  test('tells the facts in headers, and rows and hash in trailers', async () => {
    const { response, body } = await fetchAll('swaps.ndjson?from=101&to=200&chainId=324')
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="swaps-324-101-${LAST_BLOCK}.ndjson"`,
      'x-flowprint-from-block': '101',
      'x-flowprint-to-block': String(LAST_BLOCK),
      'x-flowprint-version': '1.2.3',
    })
    expect(body.toString().split('\n')).toHaveLength(rowsOf.swaps.length - 3 + 1)
    expect(response.trailers).toEqual({
      'x-flowprint-rows': String(rowsOf.swaps.length - 3),
      'x-flowprint-sha256': createHash('sha256').update(body).digest('hex'),
    })
  })

  test('answers HEAD without a body', async () => {
    const { response, body } = await fetchAll('blocks.parquet', 'HEAD')
    expect([response.statusCode, body.length]).toEqual([200, 0])
  })

  test.each([
    ['trades.csv', /no data set "trades"; there are swaps, /],
    ['swaps.xlsx', /no format "xlsx"; there are parquet, csv, ndjson/],
    ['swaps.csv?from=-1', /from must be a block number such as 0 or 1200000, not "-1"/],
    ['swaps.csv?from=7&to=6', /from 7 is above to 6/],
    ['swaps.csv?from=500', /blocks 500 to the last are not indexed; chain 324 is from 100 to 111/],
    ['swaps.csv?chainId=1', /chain "1" is not in the database, which holds zksync-era \(324\)/],
  ])('refuses %s', async (path, message) => {
    const { response, body } = await fetchAll(path)
    expect(response.statusCode).toBe(400)
    expect(body.toString()).toMatch(message)
    expect(failure).toMatchObject({ name: 'ExportRequestError' })
  })

  test('runs two at once and no more, and ends one whose client has gone', async () => {
    let openGate = () => {}
    gate = new Promise((resolve) => {
      openGate = resolve
    })
    const requests = [0, 1].map(() => get(urlOf('swaps.csv')))
    const responses = await Promise.all(
      requests.map((request) => new Promise<IncomingMessage>((resolve) => request.once('response', resolve))),
    )
    expect((await fetchAll('swaps.csv')).response.statusCode).toBe(429)
    requests[0]!.once('error', () => {}).destroy()
    responses[0]!.once('error', () => {})
    openGate()
    await expect.poll(async () => (await fetchAll('swaps.csv')).response.statusCode).toBe(200)
    let bytes = 0
    for await (const part of responses[1]!) bytes += part.length
    expect(bytes).toBeGreaterThan(10_000)
  })
})
