import type { Call } from '../../execute/call.ts'
import { callAdd, callRouter, callZap } from '../../execute/calls.ts'
import { execute } from '../../execute/index.ts'
import { type Hop, type Ledger, openLedger } from '../../pools/world.ts'
import { accountOf } from '../accounts.ts'
import type { Slot } from '../agent.ts'
import { limited } from '../trades.ts'
import type { Scheme } from './schemes.ts'

/** Somebody with the call that will be attacked. */
export type Victim = { from: Call['to']; call: Call }

const PEOPLE = 4_000
/** Parts of the pool's depth that such a trade has. */
const SIZE_PART = [0.008, 0.03] as const
const LIQUIDITY_PART = [0.05, 0.3] as const
const SLIPPAGE_BPS = [200, 600] as const
/** What a zap adds of the token it begins with, of what it swaps of it: a little less, as the swap moves the price. */
const ZAP_REST_PERCENT = 96n

/** Picks victims on the way of `hops`, each quoted after the ones before; fewer when a trade is not possible. */
export function pickVictims(slot: Slot, scheme: Scheme, hops: readonly Hop[], count: number): Victim[] {
  const ledger = openLedger(slot.world)
  return Array.from({ length: count }).flatMap((): Victim[] => {
    const victim = pickVictim(slot, scheme, hops, count, ledger)
    if (victim === null) return []
    for (const pool of execute(ledger, victim.call).changes.values()) ledger.set(pool)
    return [victim]
  })
}

function pickVictim(
  slot: Slot,
  { victims, isFromL1 }: Scheme,
  hops: readonly Hop[],
  count: number,
  world: Ledger,
): Victim | null {
  const { random, market, timestamp } = slot
  const from = accountOf(isFromL1 ? 'person on L1' : 'retail', random.int(0, PEOPLE - 1))
  const depth = Math.min(...hops.map(({ pool }) => market.depthUsd(world.get(pool))))
  const [least, most] = victims === 'add' ? LIQUIDITY_PART : SIZE_PART
  // Several victims are smaller each.
  const usd = (depth * random.between(least, most)) / Math.sqrt(count)
  const slippageBps = random.int(...SLIPPAGE_BPS)
  const [first, last] = [hops[0]!, hops.at(-1)!]
  const call = makeCall()
  return call === null ? null : { from, call }

  function makeCall(): Call | null {
    if (victims === 'add') return addCall(slot, world, first, from, usd)
    if (victims === 'zap') {
      const amount = market.amountOf(first.tokenIn, usd)
      const swap = limited(world, hops, 'EXACT_IN', amount, slippageBps)
      return swap === null ? null : callZap(from, swap, (amount * ZAP_REST_PERCENT) / 100n)
    }
    const isOut = victims === 'exact-out'
    const amount = market.amountOf(isOut ? last.tokenOut : first.tokenIn, usd)
    const route = limited(world, hops, isOut ? 'EXACT_OUT' : 'EXACT_IN', amount, slippageBps)
    return route === null ? null : callRouter(world, from, route, timestamp)
  }
}

function addCall({ market }: Slot, world: Ledger, { pool: address }: Hop, from: Call['to'], usd: number): Call {
  const { token0, token1 } = world.get(address)
  return callAdd(from, address, market.amountOf(token0, usd), market.amountOf(token1, usd))
}
