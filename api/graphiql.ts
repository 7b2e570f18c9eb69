import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { EXAMPLE_QUERY } from './homePage.ts'

let compressed: Promise<Buffer> | undefined

/** Answers with the GraphiQL page: one file without requests to elsewhere, compressed once (9 MB, 2.5 MB compressed). */
export async function sendGraphiql(request: IncomingMessage, response: ServerResponse): Promise<void> {
  compressed ??= renderCompressed()
  const page = await compressed
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const body = takesGzip ? page : await promisify(gunzip)(page)
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.byteLength,
    'cache-control': 'private, max-age=3600',
    vary: 'accept, accept-encoding',
    ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
  })
  response.end(body)
}

async function renderCompressed(): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const html = renderGraphiQL({ title: 'Flowprint GraphiQL', endpoint: '/graphql', defaultQuery: EXAMPLE_QUERY })
  return promisify(gzip)(html, { level: 6 })
}
