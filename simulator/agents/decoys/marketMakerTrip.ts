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

const MAKERS = 4
const SIZE_PART = [0.0005, 0.004] as const

/**
 * One of the market makers takes a position and gives it back, and somebody happens to trade in the same direction between. The
 * makers do the same all the time with nobody between (agent `marketMaker`).
 */
export const marketMakerTrip: Decoy = (slot) => {
  const { random, market } = slot
  const others = random.int(1, 2)
  const room = findRoom(slot, 2 + others)
  if (room === null) return []
  const { pool, places } = room
  const hop = hopOf(pool, pickTokenIn(random, market, pool))
  const depth = market.depthUsd(pool)
  const maker = traderOf(slot, 'market maker', MAKERS)
  const amount = market.amountOf(hop.tokenIn, depth * random.between(...SIZE_PART))
  const group = decoyGroup(slot, 'market_maker_trip', [pool.address], places.length, accountsOf(maker))
  let held = 0n
  return [
    act(
      places[0]!,
      group,
      'LIKE_FRONT',
      maker.from,
      (moment) => tradeOf(maker, exactIn(hop, amount), moment),
      (execution) => {
        held = outputOf(execution)
      },
    ),
    ...places.slice(1, -1).map((place) => {
      const from = anybody(slot)
      const route = exactIn(hop, market.amountOf(hop.tokenIn, pickUsd(random, depth)))
      return act(place, group, 'LIKE_VICTIM', from, ({ world, timestamp }) => callRouter(world, from, route, timestamp))
    }),
    act(places.at(-1)!, group, 'LIKE_BACK', maker.from, (moment) =>
      held === 0n ? null : tradeOf(maker, exactIn(backOf(hop), held), moment),
    ),
  ]
}
