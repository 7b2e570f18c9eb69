import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerText } from './answer.ts'
import { nowMicroseconds } from './clock.ts'
import type { ProxyContext } from './context.ts'
import { serveWebSockets } from './webSocket.ts'

/** A listening proxy. */
export type ProxyServer = { url: string; webSocketUrl: string; close(): Promise<void> }

/** Serves JSON-RPC over HTTP and WebSocket on 127.0.0.1; port 0 takes a free one. */
export async function startServer(context: ProxyContext, port: number): Promise<ProxyServer> {
  const server = createServer((request, response) => {
    answerRequest(context, request, response).catch((error: unknown) => {
      context.log('proxy request failed', { error: String(error) })
      response.destroy()
    })
  })
  // The tests' and indexers' pools keep connections; Node's five seconds would race with their next request.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the proxy has no port')
  const closeSockets = serveWebSockets(context, server)
  return {
    url: `http://127.0.0.1:${address.port}`,
    webSocketUrl: `ws://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        closeSockets()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answerRequest(context: ProxyContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end()
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const receivedAtUs = nowMicroseconds()
  const body = await answerText(context, Buffer.concat(chunks).toString('utf8'), receivedAtUs)
  response.writeHead(200, { 'content-type': 'application/json' }).end(body)
}
