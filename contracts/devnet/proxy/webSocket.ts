import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { answerText } from './answer.ts'
import type { ViewBlock } from './block.ts'
import { nowMicroseconds } from './clock.ts'
import type { ProxyContext } from './context.ts'
import { createLogMatcher } from './getLogs.ts'
import { type Json, toQuantity } from './json.ts'

/** Serves JSON-RPC and `eth_subscribe` on the HTTP server's port; returns how to stop. */
export function serveWebSockets(context: ProxyContext, server: Server): () => void {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => serveSocket(context, socket))
  return () => sockets.close()
}

function serveSocket(context: ProxyContext, socket: WebSocket): void {
  const subscriptions = new Map<string, () => void>()
  let count = 0
  socket.on('close', () => {
    for (const stop of subscriptions.values()) stop()
  })
  socket.on('message', (data) => {
    const text = String(data)
    const call = parseCall(text)
    if (call?.method === 'eth_subscribe') {
      const id = toQuantity(BigInt(++count) * 0x51_7cc1_b727_220an)
      const send = (result: string) =>
        socket.send(
          `{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"${id}","result":${result}}}`,
        )
      const stop = subscribe(context, call.params ?? [], send)
      if (stop) subscriptions.set(id, stop)
      const answer = stop
        ? { result: id }
        : { error: { code: -32602, message: 'Invalid params: unknown subscription' } }
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...answer }))
    } else if (call?.method === 'eth_unsubscribe') {
      const id = String(call.params?.[0])
      subscriptions.get(id)?.()
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: call.id, result: subscriptions.delete(id) }))
    } else void answerText(context, text, nowMicroseconds()).then((answer) => socket.send(answer))
  })
}

type Call = { id?: unknown; method?: unknown; params?: unknown[] }

/** Returns a single call; null for a batch or text that is not JSON, which `answerText` deals with. */
function parseCall(text: string): Call | null {
  try {
    const body = JSON.parse(text) as Call
    return Array.isArray(body) ? null : body
  } catch {
    return null
  }
}

/** Starts a subscription and returns how to end it; null for a kind no server has. */
function subscribe(
  context: ProxyContext,
  [kind, argument]: unknown[],
  send: (result: string) => void,
): (() => void) | null {
  const { chain, pending, sequencer, mode } = context
  if (kind === 'newHeads') return chain.onHead((view) => send(JSON.stringify(subscribedHeader(view))))
  if (kind === 'newPendingTransactions') {
    // ZKsync OS sends whole transactions on request; the era server only ever sends hashes.
    const isFull = argument === true && mode !== 'era'
    return pending.onHash((hash) => send(JSON.stringify(isFull ? (sequencer.byHash(hash)?.rpc ?? null) : hash)))
  }
  if (kind !== 'logs') return null
  const matches = createLogMatcher((argument ?? {}) as Json)
  return chain.onHead((view) => {
    const texts = chain.render(view).logs
    for (const [index, log] of view.logs.entries()) if (matches(log)) send(texts[index] ?? 'null')
  })
}

/** A header in a subscription has no L1 batch fields and no lists. */
function subscribedHeader(view: ViewBlock): Json {
  const { l1BatchNumber, l1BatchTimestamp, sealFields, uncles, size, totalDifficulty, ...header } = view.header
  return header
}
