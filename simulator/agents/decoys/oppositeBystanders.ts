import { callRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { pickTokenIn, pickUsd } from '../trades.ts'
import {
  accountsOf,
  act,
  anybody,
  backOf,
  type Decoy,
  decoyGroup,
  exactIn,
  findRoom,
  outputOf,
  tradeOf,
  traderOf,
} from './parts.ts'

const TRADERS = 8
const SIZE_PART = [0.002, 0.02] as const

/** Somebody takes a position and gives it back, and all others between trade in the opposite direction: they gain by it. */
export const oppositeBystanders: Decoy = (slot) => {
  const { random, market } = slot
  const room = findRoom(slot, 2 + random.int(1, 3))
  if (room === null) return []
  const { pool, places } = room
  const hop = hopOf(pool, pickTokenIn(random, market, pool))
  const depth = market.depthUsd(pool)
  const trader = traderOf(slot, 'two-way trader', TRADERS)
  const amount = market.amountOf(hop.tokenIn, depth * random.between(...SIZE_PART))
  const group = decoyGroup(slot, 'opposite_bystanders', [pool.address], places.length, accountsOf(trader))
  let held = 0n
  return [
    act(
      places[0]!,
      group,
      'LIKE_FRONT',
      trader.from,
      (moment) => tradeOf(trader, exactIn(hop, amount), moment),
      (execution) => {
        held = outputOf(execution)
      },
    ),
    ...places.slice(1, -1).map((place) => {
      const from = anybody(slot)
      const route = exactIn(backOf(hop), market.amountOf(hop.tokenOut, pickUsd(random, depth)))
      return act(place, group, 'BYSTANDER', from, ({ world, timestamp }) => callRouter(world, from, route, timestamp))
    }),
    act(places.at(-1)!, group, 'LIKE_BACK', trader.from, (moment) =>
      held === 0n ? null : tradeOf(trader, exactIn(backOf(hop), held), moment),
    ),
  ]
}
