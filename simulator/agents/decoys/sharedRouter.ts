import { callRouter, callUnknownRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { pickTokenIn } from '../trades.ts'
import { act, anybody, backOf, type Decoy, decoyGroup, exactIn, findRoom, outputOf } from './parts.ts'

const SIZE_PART = [0.002, 0.02] as const
/** By how much the second amount differs from the first. */
const MISMATCH = 0.02
const PARTS = 10_000

/**
 * Two people over one contract that no profile names, in opposite directions and by chance nearly the same amount, with a third
 * between who goes along with the first. What comes out goes to the two people.
 */
export const sharedRouter: Decoy = (slot) => {
  const { random, market } = slot
  const room = findRoom(slot, 3)
  if (room === null) return []
  const { pool, places } = room
  const hop = hopOf(pool, pickTokenIn(random, market, pool))
  const [first, second, third] = [anybody(slot), anybody(slot), anybody(slot)]
  const size = () => market.amountOf(hop.tokenIn, market.depthUsd(pool) * random.between(...SIZE_PART))
  const [amount, other] = [size(), size()]
  const mismatch = BigInt(Math.round(PARTS * (1 + MISMATCH * random.normal())))
  const group = decoyGroup(slot, 'shared_router', [pool.address], 3, [first, third])
  let bought = 0n
  return [
    act(
      places[0]!,
      group,
      'LIKE_FRONT',
      first,
      () => callUnknownRouter(first, exactIn(hop, amount)),
      (execution) => {
        bought = outputOf(execution)
      },
    ),
    act(places[1]!, group, 'LIKE_VICTIM', second, ({ world, timestamp }) =>
      callRouter(world, second, exactIn(hop, other), timestamp),
    ),
    act(places[2]!, group, 'LIKE_BACK', third, () =>
      bought === 0n ? null : callUnknownRouter(third, exactIn(backOf(hop), (bought * mismatch) / BigInt(PARTS))),
    ),
  ]
}
