import { devAccounts } from '../accounts.ts'
import type { PoolName } from '../pools.ts'
import type { TokenName } from '../tokens.ts'
import type { DevAccount, PlannedTransaction } from '../types.ts'
import { type Agent, ordinaryTip, plainLabel, type Slot } from './agent.ts'
import { orderOfUsd, pickDirection, routerSwap } from './trades.ts'

/** A large order sold in equal slices at a steady pace. */
type ParentOrder = {
  id: string
  pool: PoolName
  tokenIn: TokenName
  sliceUsd: number
  slicesLeft: number
  intervalSlots: number
  nextSlot: number
}

const pools: readonly PoolName[] = ['v3WethUsdc500', 'v2WethUsdc', 'v2WbtcWeth', 'v3WbtcWeth3000']

/** Creates the execution algorithms: each account works one parent order at a time. */
export function createTwap(): Agent {
  const orders = new Map<number, ParentOrder>()
  let count = 0
  return (slot) =>
    devAccounts().twap.flatMap((from) => {
      const current = orders.get(from.index)
      const order = current && current.slicesLeft > 0 ? current : startOrder(slot, `twap-${count++}`)
      orders.set(from.index, order)
      return slot.index >= order.nextSlot ? [slice(slot, from, order)] : []
    })
}

function startOrder(slot: Slot, id: string): ParentOrder {
  const { random, market } = slot
  const pool = random.pick(pools)
  return {
    ...{ id, pool, tokenIn: pickDirection(random, market, pool) },
    sliceUsd: random.int(2000, 8000),
    slicesLeft: random.int(12, 30),
    intervalSlots: random.int(3, 6),
    nextSlot: slot.index + random.int(4, 20),
  }
}

function slice(slot: Slot, from: DevAccount, order: ParentOrder): PlannedTransaction {
  const { random, market } = slot
  order.slicesLeft--
  // Now and then a slot early or late, as real schedulers are.
  order.nextSlot = slot.index + order.intervalSlots + random.pick([0, 0, 0, 0, 1, -1])
  const usd = order.sliceUsd * (0.97 + 0.06 * random.next())
  const call = routerSwap(from, orderOfUsd(market, order.pool, order.tokenIn, usd, 0.05))
  const label = plainLabel('twap', call.action, order.id)
  return { from, to: call.to, data: call.data, atMs: random.int(5, 25), tipWei: ordinaryTip(random), label }
}
