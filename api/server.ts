import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CannotListenError, PortInUseError } from './errors.ts'
import type { ApiOptions } from './options.ts'
import { createRouter } from './router.ts'

/** A listening API. */
export type RunningApi = {
  /** Where it answers, such as http://127.0.0.1:4000, without a slash at the end. */
  url: string
  /** Stops accepting, lets requests in flight end for up to a second, then closes all connections. */
  close(): Promise<void>
}

/**
 * Serves GraphQL, GraphiQL, health, status, metrics and the home page.
 * @throws PortInUseError when another program has the port; CannotListenError for another failure to listen.
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const server = createServer(createRouter(options))
  const requests = countRequests(server)
  await listen(server, options.host, options.port)
  return { url: urlOf(server, options.host), close: () => close(server, requests) }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new PortInUseError(host, port) : new CannotListenError(host, port, cause))
    })
    server.listen(port, host, resolve)
  })
}

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  const anyInterface: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
  return `http://${anyInterface[host] ?? (host.includes(':') ? `[${host}]` : host)}:${port}`
}

const DRAIN_MS = 1_000
const DRAIN_CHECK_MS = 10

/** Counts the requests that are being answered. */
function countRequests(server: Server): () => number {
  let count = 0
  server.on('request', (_, response) => {
    count++
    response.once('close', () => {
      count--
    })
  })
  return () => count
}

function close(server: Server, requests: () => number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = Date.now() + DRAIN_MS
    // Connections kept alive, or never used, would hold the server open.
    const check = setInterval(() => {
      if (requests() === 0 || Date.now() > deadline) server.closeAllConnections()
    }, DRAIN_CHECK_MS)
    server.close(() => {
      clearInterval(check)
      resolve()
    })
  })
}
