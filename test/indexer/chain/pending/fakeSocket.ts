import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

/** How a server answers eth_subscribe: with an id, with an error, or never. */
export type SubscribeReply = 'accept' | 'refuse' | 'ignore'

/** A scriptable server of `eth_subscribe` on 127.0.0.1. */
export type FakeSocket = {
  url: string
  /** The params of every eth_subscribe so far. */
  asked: unknown[][]
  /** Lines that are open now. */
  lines(): number
  /** Tells something to every subscriber. */
  tell(...results: unknown[]): void
  /** Sends a text as it is. */
  send(text: string): void
  /** Ends every line. */
  cut(): void
  close(): Promise<void>
}

/** Starts a server that answers eth_subscribe by `reply`. */
export async function startFakeSocket(
  reply: (params: unknown[]) => SubscribeReply = () => 'accept',
  port = 0,
): Promise<FakeSocket> {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  const subscribers = new Set<WebSocket>()
  const asked: unknown[][] = []
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      const { id, params } = JSON.parse(String(data)) as { id: number; params: unknown[] }
      asked.push(params)
      const answer = reply(params)
      if (answer === 'ignore') return
      if (answer === 'accept') subscribers.add(socket)
      const outcome = answer === 'accept' ? { result: '0x1' } : { error: { code: -32602, message: 'not supported' } }
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, ...outcome }))
    })
    socket.on('close', () => subscribers.delete(socket))
  })
  await new Promise((resolve) => server.on('listening', resolve))
  const send = (text: string) => {
    for (const socket of subscribers) socket.send(text)
  }
  const cut = () => {
    for (const socket of server.clients) socket.terminate()
  }
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    lines: () => subscribers.size,
    tell: (...results) => {
      for (const result of results) {
        const params = { subscription: '0x1', result }
        send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
      }
    },
    send,
    cut,
    close: () =>
      new Promise((resolve) => {
        cut()
        server.close(() => resolve())
      }),
  }
}
