import { subscribe } from '../webSocket.ts'
import type { Way, WayEnd, WayHandlers } from './way.ts'

/**
 * Listens by `eth_subscribe newPendingTransactions`: for whole transactions first (geth, ZKsync OS), for hashes when
 * that is refused. The era server takes the question for whole ones, and tells hashes all the same.
 */
export function createSubscriptionWay(url: string): Way {
  let params: readonly unknown[] = WHOLE
  return {
    stream: 'subscription',
    listen: async (handlers, signal) => {
      const end = await listenOnce(url, params, handlers, signal)
      if (end.kind !== 'refused' || params === HASHES) return end
      params = HASHES
      const second = await listenOnce(url, params, handlers, signal)
      if (second.kind === 'refused') params = WHOLE
      return second
    },
  }
}

const WHOLE = ['newPendingTransactions', true]
const HASHES = ['newPendingTransactions']

function listenOnce(
  url: string,
  params: readonly unknown[],
  { onOpen, onItems }: WayHandlers,
  signal: AbortSignal,
): Promise<WayEnd> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const subscription = subscribe(url, params, {
      onOpen,
      onMessage: (result, receivedAt) => onItems([result], receivedAt),
      onClose: (reason) => {
        signal.removeEventListener('abort', onAbort)
        resolve({ kind: reason.startsWith('refused') ? 'refused' : 'broken', reason })
      },
    })
    const onAbort = () => {
      subscription.close()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
