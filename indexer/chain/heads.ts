import type { BlockId } from '../types/block.ts'
import { linkAbort } from './abort.ts'
import { toHash, toNumber } from './format.ts'
import { pause } from './pause.ts'
import { type Subscription, subscribe } from './webSocket.ts'

/** A block that is the newest one somewhere. */
export type Head = BlockId & { timestamp: number }

/** Tells when it is worth looking for a new block. */
export type Heads = {
  /**
   * Waits for a head announced after the last one given, at most until it is time to ask.
   * @param askMs how long to wait where nothing announces heads.
   * @returns the newest head announced; null when it is time to ask for the head.
   */
  next(askMs: number, signal: AbortSignal): Promise<Head | null>
  /** The chain was asked and has a head at `number`: an announcer that has not told of it is silent. */
  confirm(number: number): void
  /** The block announced last is not served; an announcer that does so again and again is not listened to. */
  miss(): void
  /** The block announced last is there. */
  hit(): void
  /** How heads are heard of now, and what became of announcers. */
  status(): HeadsStatus
  close(): void
}

/** How heads are heard of. */
export type HeadsStatus = {
  /** Name of the endpoint that announces; null = heads are asked for. */
  announcer: string | null
  announced: number
  /** Times that an announcer was lost or found silent. */
  lost: number
  lastLoss: string | null
}

/** While heads are announced they are asked for at this pace, to notice silence and what is final. */
const CONTROL_MS = 2_000
/** An announcer may be this late: it and the endpoint that is asked are not one. */
const SILENCE_MS = 3_000
const MISSES_MAX = 4
const RECONNECT_MS = 1_000
const RECONNECT_MAX_MS = 60_000

/** Announcements of the endpoints' WebSockets, one at a time; with none that works, `next` only keeps the time. */
export function createHeads(
  urls: readonly string[],
  nameOf: (url: string) => string,
  now: () => number = () => performance.now(),
): Heads {
  const status: HeadsStatus = { announcer: null, announced: 0, lost: 0, lastLoss: null }
  let subscription: Subscription | null = null
  let retry: NodeJS.Timeout | undefined
  let turn = 0
  let failures = 0
  let closed = false
  /** The newest announcement that nobody has been given yet. */
  let fresh: Head | null = null
  let highest = -1
  /** The last head that was asked for. */
  let confirmed = -1
  /** Announcements in a row that nothing came of. */
  let misses = 0
  let behindSinceMs: number | null = null
  let askedMs = now()
  let wake: (() => void) | null = null

  const lose = (reason: string) => {
    if (status.announcer !== null) status.lost++
    status.lastLoss = reason
    status.announcer = null
    subscription?.close()
    subscription = null
    if (closed) return
    // Whoever waits for an announcement waits for nothing.
    wake?.()
    const waitMs = Math.min(RECONNECT_MAX_MS, RECONNECT_MS * 2 ** failures++)
    retry = setTimeout(connect, waitMs)
    retry.unref()
  }
  const connect = () => {
    if (closed) return
    const url = urls[turn++ % urls.length]!
    subscription = subscribe(url, ['newHeads'], {
      onOpen: () => {
        status.announcer = nameOf(url)
        highest = confirmed
        behindSinceMs = null
        misses = 0
      },
      onMessage: (header) => {
        const head = readHead(header)
        if (head === null) return lose('a header that is none was announced')
        failures = 0
        status.announced++
        highest = Math.max(highest, head.number)
        fresh = head
        wake?.()
      },
      onClose: lose,
    })
  }
  if (urls.length > 0) connect()

  return {
    next: async (askMs, signal) => {
      // However many heads are announced: with the head more is asked, such as what is final.
      if (status.announcer !== null && now() - askedMs >= CONTROL_MS) return null
      if (fresh === null) {
        const stop = linkAbort(signal)
        const heard = new Promise<void>((resolve) => {
          wake = resolve
        })
        const waitMs = status.announcer === null ? askMs : Math.max(askMs, CONTROL_MS)
        try {
          await Promise.race([heard, pause(waitMs, stop.signal)])
        } finally {
          wake = null
          stop.abort()
          stop.release()
        }
      }
      const head = fresh
      fresh = null
      return head
    },
    confirm: (number) => {
      askedMs = now()
      confirmed = number
      if (status.announcer === null || number <= highest) {
        behindSinceMs = null
        return
      }
      behindSinceMs ??= now()
      if (now() - behindSinceMs >= SILENCE_MS) lose(`silent: block ${number} was not announced`)
    },
    miss: () => {
      if (status.announcer !== null && ++misses >= MISSES_MAX) lose('it announces blocks that are not served')
    },
    hit: () => {
      misses = 0
    },
    status: () => ({ ...status }),
    close: () => {
      closed = true
      clearTimeout(retry)
      subscription?.close()
    },
  }
}

function readHead(header: unknown): Head | null {
  const { number, hash, timestamp } = (header ?? {}) as Record<string, unknown>
  try {
    return { number: toNumber(number), hash: toHash(hash), timestamp: toNumber(timestamp) }
  } catch {
    return null
  }
}

/**
 * Where an HTTP URL mostly has its WebSocket: at the same place, or below it.
 * Source: geth and anvil (the same port), viem's chain definitions for ZKsync (`/ws`).
 */
export function likelyWebSocketUrls(httpUrl: string): string[] {
  const same = httpUrl.replace(/^http/, 'ws')
  return [same, `${same.replace(/\/$/, '')}/ws`]
}
