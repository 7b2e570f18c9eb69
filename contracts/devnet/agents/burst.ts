import { devAccounts } from '../accounts.ts'
import type { PoolName } from '../pools.ts'
import { type Agent, ordinaryTip, pickMoment, plainLabel } from './agent.ts'
import { orderOfUsd, pickDirection, routerSwap } from './trades.ts'

const pools: readonly PoolName[] = ['v3WethUsdc500', 'v2WethUsdc', 'v3WethUsdc3000', 'v2WbtcWeth']

/** Creates the algorithm that sends several child orders within milliseconds, about every 20th block. */
export function createBurst(): Agent {
  let count = 0
  return (slot) => {
    const { random, market } = slot
    if (!random.chance(0.05)) return []
    const from = random.pick(devAccounts().burst)
    const id = `burst-${count++}`
    const children = random.int(4, 7)
    const first = random.pick(pools)
    const tokenIn = pickDirection(random, market, first)
    const sliceUsd = random.int(1500, 6000)
    const start = pickMoment(slot, 60)
    const tipWei = ordinaryTip(random)
    return Array.from({ length: children }, (_, child) => {
      const order = orderOfUsd(market, first, tokenIn, sliceUsd * (0.95 + 0.1 * random.next()), 0.1)
      const call = routerSwap(from, order)
      const atMs = start + child * random.int(2, 5)
      return { from, to: call.to, data: call.data, atMs, tipWei, label: plainLabel('burst', call.action, id) }
    })
  }
}
