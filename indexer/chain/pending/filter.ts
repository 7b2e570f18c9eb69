import { RpcError } from '../errors.ts'
import { pause } from '../pause.ts'
import type { Rpc } from '../rpc.ts'
import { isMethodMissing } from '../stack.ts'
import { nowMicroseconds } from '../webSocket.ts'
import type { Way, WayEnd } from './way.ts'

/** Filters that vanish in a row before they are taken for useless: behind a load balancer each server has its own. */
const LOSSES_MAX = 5

/**
 * Listens by polling a filter (eth_newPendingTransactionFilter, eth_getFilterChanges). A filter that the server has
 * forgotten is made anew; one that lives is taken up again by the next `listen`, with what came in between.
 */
export function createFilterWay(rpc: Rpc, pollMs: number): Way {
  let id: unknown = null
  return {
    stream: 'filter',
    listen: async ({ onOpen, onItems }, signal) => {
      let losses = 0
      for (;;) {
        if (id === null) {
          const made = await makeFilter(rpc, signal)
          if ('kind' in made) return made
          id = made.id
        }
        onOpen()
        try {
          const items = await rpc.request('eth_getFilterChanges', [id], signal)
          const seenAt = nowMicroseconds()
          if (Array.isArray(items) && items.length > 0) onItems(items, seenAt)
          losses = 0
        } catch (error) {
          if (!(error instanceof RpcError) || error.isBusy) throw error
          const { message } = error
          id = null
          if (isMethodMissing(error)) return { kind: 'refused', reason: message }
          if (++losses >= LOSSES_MAX) return { kind: 'refused', reason: `filters do not last: ${message}` }
        }
        await pause(pollMs, signal)
      }
    },
  }
}

/** For whole transactions where the server gives them (reth, ZKsync OS), else for hashes. */
async function makeFilter(rpc: Rpc, signal: AbortSignal): Promise<{ id: unknown } | WayEnd> {
  let refusal = ''
  for (const params of [[true], []]) {
    try {
      return { id: await rpc.request('eth_newPendingTransactionFilter', params, signal) }
    } catch (error) {
      if (!(error instanceof RpcError) || error.isBusy) throw error
      refusal = error.message
      if (isMethodMissing(error)) break
    }
  }
  return { kind: 'refused', reason: refusal }
}
