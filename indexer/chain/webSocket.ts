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
const PULSE_MS = 20_000
/** Larger messages are no header and no transaction. */
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024

/**
 * Opens one `eth_subscribe` subscription over a WebSocket of its own; it is not opened again by itself.
 * @param params of eth_subscribe, such as `['newHeads']`.
 */
export function subscribe(url: string, params: readonly unknown[], handlers: SubscriptionHandlers): Subscription {
  let socket: WebSocket
  try {
    socket = new WebSocket(url, { handshakeTimeout: OPEN_TIMEOUT_MS, maxPayload: MESSAGE_BYTES_MAX })
  } catch (error) {
    queueMicrotask(() => handlers.onClose((error as Error).message))
    return { close: () => {} }
  }
  let ended = false
  let isOpen = false
  let isHeard = true
  let id: unknown = null
  const end = (reason: string) => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    clearInterval(pulse)
    socket.terminate()
    handlers.onClose(reason)
  }
  const timer = setTimeout(() => end('the server does not answer eth_subscribe'), OPEN_TIMEOUT_MS)
  // A line that is cut on its way stays open at both ends.
  const pulse = setInterval(() => {
    if (!isOpen) return
    if (!isHeard) return end('the line is dead')
    isHeard = false
    socket.ping()
  }, PULSE_MS)
  socket.on('pong', () => {
    isHeard = true
  })
  socket.on('error', (error) => end(error.message || 'the connection failed'))
  socket.on('close', (code) => end(`the connection was closed (${code})`))
  socket.on('open', () => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params }))
  })
  socket.on('message', (data) => {
    const receivedAt = nowMicroseconds()
    isHeard = true
    const message = parse(String(data))
    if (message === null) return end('the server sent something that is not JSON')
    if (message.id === 1 && !isOpen) {
      if (message.error || message.result === undefined) return end(`refused: ${message.error?.message ?? 'no result'}`)
      id = message.result
      isOpen = true
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
      clearInterval(pulse)
      socket.terminate()
    },
  }
}

/** True for a URL that announces, in contrast to one that is asked. */
export function isWebSocketUrl(url: string): boolean {
  return /^wss?:/.test(url)
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
