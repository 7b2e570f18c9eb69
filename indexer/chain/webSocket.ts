import WebSocket from 'ws'

/** What is heard of a subscription. */
export type SubscriptionHandlers = {
  /** One notification: `params.result` as served, and when it came, in Unix microseconds. */
  onMessage(result: unknown, receivedAt: number): void
  /** The server accepted the subscription: from now on it should speak. */
  onOpen(): void
  /** The line is gone or the server refuses; `reason` says why. Nothing more will come. */
  onClose(reason: string): void
}

/** A subscription that is being opened or is open. */
export type Subscription = { close(): void }

const OPEN_TIMEOUT_MS = 5_000
/** Larger messages are no header and no transaction. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024

/**
 * Opens one `eth_subscribe` subscription over a WebSocket of its own; it is not opened again by itself.
 * @param params of eth_subscribe, such as `['newHeads']`.
 */
export function subscribe(url: string, params: readonly unknown[], handlers: SubscriptionHandlers): Subscription {
  const socket = new WebSocket(url, { handshakeTimeout: OPEN_TIMEOUT_MS, maxPayload: MESSAGE_BYTES_MAX })
  let ended = false
  let id: unknown = null
  const end = (reason: string) => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    socket.terminate()
    handlers.onClose(reason)
  }
  const timer = setTimeout(() => end('the server does not answer eth_subscribe'), OPEN_TIMEOUT_MS)
  socket.on('error', (error) => end(error.message || 'the connection failed'))
  socket.on('close', (code) => end(`the connection was closed (${code})`))
  socket.on('open', () => socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params })))
  socket.on('message', (data) => {
    const receivedAt = nowMicroseconds()
    const message = parse(String(data))
    if (message === null) return end('the server sent something that is not JSON')
    if (message.id === 1) {
      if (message.error || message.result === undefined) return end(`refused: ${message.error?.message ?? 'no result'}`)
      id = message.result
      clearTimeout(timer)
      return handlers.onOpen()
    }
    if (!ended && message.method === 'eth_subscription' && message.params?.subscription === id) {
      handlers.onMessage(message.params?.result, receivedAt)
    }
  })
  return {
    close: () => {
      ended = true
      clearTimeout(timer)
      socket.terminate()
    },
  }
}

/** The clock of this machine in Unix microseconds. */
export function nowMicroseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}

type Message = {
  id?: unknown
  result?: unknown
  error?: { message?: string } | null
  method?: unknown
  params?: { subscription?: unknown; result?: unknown } | null
}

function parse(text: string): Message | null {
  try {
    return JSON.parse(text) as Message
  } catch {
    return null
  }
}
