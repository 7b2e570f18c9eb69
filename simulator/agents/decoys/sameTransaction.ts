import { callExecutor, callRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { quoteRoute } from '../../pools/world.ts'
import { accountOf, executorOf } from '../accounts.ts'
import { pickTokenIn, pickUsd } from '../trades.ts'
import { act, anybody, backOf, type Decoy, decoyGroup, exactIn, findRoom } from './parts.ts'

const BOTS = 3
const SIZE_PART = [0.001, 0.02] as const

/** There and back in one transaction, before and after which others trade in its first direction. */
export const sameTransaction: Decoy = (slot) => {
  const { random, market } = slot
  const room = findRoom(slot, 3)
  if (room === null) return []
  const { pool, places } = room
  const hop = hopOf(pool, pickTokenIn(random, market, pool))
  const depth = market.depthUsd(pool)
  const bot = random.int(0, BOTS - 1)
  const amount = market.amountOf(hop.tokenIn, depth * random.between(...SIZE_PART))
  const group = decoyGroup(slot, 'same_transaction', [pool.address], 3, [executorOf('round trip bot', bot)])
  const same = (index: number) => {
    const from = anybody(slot)
    const route = exactIn(hop, market.amountOf(hop.tokenIn, pickUsd(random, depth)))
    return act(places[index]!, group, 'LIKE_VICTIM', from, ({ world, timestamp }) =>
      callRouter(world, from, route, timestamp),
    )
  }
  return [
    same(0),
    act(places[1]!, group, 'LIKE_FRONT', accountOf('round trip bot', bot), ({ world }) => {
      const there = exactIn(hop, amount)
      const out = quoteRoute(world, there)
      if (out === null) return null
      return callExecutor(executorOf('round trip bot', bot), [there, exactIn(backOf(hop), out)])
    }),
    same(2),
  ]
}
