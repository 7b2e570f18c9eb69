import { RpcError } from '../errors.ts'
import { toNumber } from '../format.ts'
import { pause } from '../pause.ts'
import type { Rpc } from '../rpc.ts'
import { nowMicroseconds } from '../webSocket.ts'
import type { Way } from './way.ts'

/** Larger pools are not read: every poll would carry all of it. */
const POOL_SIZE_MAX = 2_000

/** Listens by polling the whole pool (txpool_status, then txpool_content while the pool is small). */
export function createTxpoolWay(rpc: Rpc, pollMs: number): Way {
  return {
    stream: 'txpool',
    listen: async ({ onOpen, onItems }, signal) => {
      for (;;) {
        try {
          const { pending, queued } = (await rpc.request('txpool_status', [], signal)) as Partial<Pool>
          const size = toNumber(pending) + toNumber(queued)
          if (size > POOL_SIZE_MAX) {
            return { kind: 'refused', reason: `the pool holds ${size} transactions; up to ${POOL_SIZE_MAX} are read` }
          }
          onOpen()
          const content = size === 0 ? null : await rpc.request('txpool_content', [], signal)
          const seenAt = nowMicroseconds()
          const items = listPool(content)
          if (items.length > 0) onItems(items, seenAt)
        } catch (error) {
          if (!(error instanceof RpcError) || error.isBusy) throw error
          return { kind: 'refused', reason: error.message }
        }
        await pause(pollMs, signal)
      }
    },
  }
}

type Pool = { pending: unknown; queued: unknown }

/** The transactions of txpool_content, which has them by sender and nonce. */
function listPool(content: unknown): unknown[] {
  const { pending, queued } = (content ?? {}) as Partial<Pool>
  return [pending, queued].flatMap((senders) =>
    Object.values(senders ?? {}).flatMap((byNonce) => Object.values(byNonce ?? {})),
  )
}
