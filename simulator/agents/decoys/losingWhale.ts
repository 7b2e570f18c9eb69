import { callRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { accountOf } from '../accounts.ts'
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
} from './parts.ts'

const WHALES = 6
const SIZE_PART = [0.008, 0.03] as const
/** What is sold against the whale, of what others bought with it: more, so that the price falls behind it. */
const COUNTER_PERCENT = 160n

/** Somebody large buys, others follow, more is sold than they bought, and the large one sells again at a loss. */
export const losingWhale: Decoy = (slot) => {
  const { random, market } = slot
  const followers = random.int(1, 2)
  const room = findRoom(slot, 3 + followers)
  if (room === null) return []
  const { pool, places } = room
  const hop = hopOf(pool, pickTokenIn(random, market, pool))
  const depth = market.depthUsd(pool)
  const whale = { from: accountOf('whale', random.int(0, WHALES - 1)), executor: null }
  const amount = market.amountOf(hop.tokenIn, depth * random.between(...SIZE_PART))
  const group = decoyGroup(slot, 'losing_whale', [pool.address], places.length, accountsOf(whale))
  const seller = anybody(slot)
  let held = 0n
  let followed = 0n
  return [
    act(
      places[0]!,
      group,
      'LIKE_FRONT',
      whale.from,
      (moment) => tradeOf(whale, exactIn(hop, amount), moment),
      (execution) => {
        held = outputOf(execution)
      },
    ),
    ...places.slice(1, -2).map((place) => {
      const from = anybody(slot)
      const route = exactIn(hop, market.amountOf(hop.tokenIn, pickUsd(random, depth)))
      const note = (execution: Parameters<typeof outputOf>[0]) => {
        followed += outputOf(execution)
      }
      return act(
        place,
        group,
        'LIKE_VICTIM',
        from,
        ({ world, timestamp }) => callRouter(world, from, route, timestamp),
        note,
      )
    }),
    act(places.at(-2)!, group, 'BYSTANDER', seller, ({ world, timestamp }) => {
      const sold = (followed * COUNTER_PERCENT) / 100n
      return sold === 0n ? null : callRouter(world, seller, exactIn(backOf(hop), sold), timestamp)
    }),
    act(places.at(-1)!, group, 'LIKE_BACK', whale.from, (moment) =>
      held === 0n ? null : tradeOf(whale, exactIn(backOf(hop), held), moment),
    ),
  ]
}
