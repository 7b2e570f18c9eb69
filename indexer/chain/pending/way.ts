import type { PendingStream } from '../../types/pending.ts'
import type { Rpc } from '../rpc.ts'

/** An endpoint that is listened to; `webSocketUrl` is null when it has none. */
export type PendingMember = { rpc: Rpc; webSocketUrl: string | null }

/** What a way of listening reports while it lasts. */
export type WayHandlers = {
  /** The server serves it: from now on it should tell. */
  onOpen(): void
  /** Hashes or transactions as served, unchecked, and when they came, in Unix microseconds. */
  onItems(items: readonly unknown[], seenAt: number): void
}

/** How listening came to its end: the server does not offer it, or it broke off. */
export type WayEnd = { kind: 'refused' | 'broken'; reason: string }

/** One way of hearing of pending transactions. */
export type Way = {
  stream: PendingStream
  /** Listens until it ends or `signal` aborts. Throws the errors of the chain layer, and the reason of `signal`. */
  listen(handlers: WayHandlers, signal: AbortSignal): Promise<WayEnd>
}
