import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { reasonOf } from '../db/errors.ts'
import { DATABASE_DOWN, isDatabaseDown } from './errors.ts'
import { renderHomePage } from './homePage.ts'
import type { ApiOptions } from './options.ts'
import { unreadiness } from './status.ts'

type Answer = { status: number; type: string; body: string }

/** Answers every request: the path decides who. */
export function createRouter(options: ApiOptions): RequestListener {
  const pages = createPages(options)
  const graphql = createLazyGraphql(options)
  return (request, response) => {
    const path = request.url?.split('?')[0] ?? '/'
    const page = pages[path]
    const answered = path === '/graphql' ? graphql(request, response) : sendPage(page, request, response)
    answered.catch((cause: unknown) => {
      options.log.error({ path, reason: reasonOf(cause) }, 'request failed')
      if (response.headersSent) response.destroy()
      else send(response, failure(cause), true)
    })
  }
}

function createPages(options: ApiOptions): Record<string, () => Promise<Answer>> {
  return {
    '/': async () => ({ status: 200, type: 'text/html; charset=utf-8', body: renderHomePage(await options.status()) }),
    '/healthz': async () => json(200, { status: 'ok' }),
    '/readyz': async () => {
      const reason = (await databaseFailure(options)) ?? unreadiness(await options.status())
      return reason === null ? json(200, { ready: true }) : json(503, { ready: false, reason })
    },
    '/status': async () => json(200, await options.status()),
    '/metrics': async () => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: await options.metrics(),
    }),
  }
}

/** The GraphQL server and GraphiQL, loaded at the first request because both are large. */
function createLazyGraphql(options: ApiOptions) {
  const load = once(async () => (await import('./graphql.ts')).createGraphql(options))
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET' && request.headers.accept?.includes('text/html')) {
      const { sendGraphiql } = await import('./graphiql.ts')
      return sendGraphiql(request, response)
    }
    const graphql = await load()
    await graphql(request, response)
  }
}

async function sendPage(
  page: (() => Promise<Answer>) | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const withBody = request.method !== 'HEAD'
  if (!page) return send(response, json(404, { error: 'no such page; / lists what is here' }), withBody)
  if (request.method === 'GET' || request.method === 'HEAD') return send(response, await page(), withBody)
  response.setHeader('allow', 'GET, HEAD')
  send(response, json(405, { error: `${request.method} is not allowed here; use GET` }), withBody)
}

const DATABASE_PATIENCE_MS = 2_000

async function databaseFailure({ database }: ApiOptions): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${DATABASE_PATIENCE_MS} ms`)), DATABASE_PATIENCE_MS)
  })
  try {
    await Promise.race([database.query('select 1'), patience])
    return null
  } catch (cause) {
    return `the database ${database.location} fails: ${reasonOf(cause)}`
  } finally {
    clearTimeout(timer)
  }
}

function failure(cause: unknown): Answer {
  if (isDatabaseDown(cause)) return json(503, { error: DATABASE_DOWN })
  return json(500, { error: 'unexpected failure; the log of the server says more' })
}

function json(status: number, value: unknown): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(value, null, 2)}\n` }
}

function send(response: ServerResponse, { status, type, body }: Answer, withBody: boolean): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(withBody ? body : undefined)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
