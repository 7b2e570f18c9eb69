import { callRouter } from '../../execute/calls.ts'
import { hopOf } from '../../market.ts'
import { isVolatile } from '../sandwich/targets.ts'
import { endOf, placesFor } from '../schedule.ts'
import { listPools, pickTokenIn, pickUsd } from '../trades.ts'
import {
  accountsOf,
  act,
  anybody,
  anySpread,
  type Decoy,
  decoyGroup,
  exactIn,
  outputOf,
  tradeOf,
  traderOf,
} from './parts.ts'

const TRADERS = 8
const SIZE_PART = [0.002, 0.01] as const

/**
 * Somebody buys in one pool and sells in another pool of the same two tokens; who trades between in the first gives him nothing.
 */
export const otherPools: Decoy = (slot) => {
  const { random, market } = slot
  const pools = listPools(slot).filter(isVolatile)
  const couples = pools.flatMap((a) =>
    pools.filter((b) => b !== a && b.token0 === a.token0 && b.token1 === a.token1).map((b) => [a, b] as const),
  )
  if (couples.length === 0) return []
  const [first, second] = random.pick(couples)
  const spread = anySpread(slot, 3)
  if (!slot.claim([first.address, second.address], endOf(slot, spread))) return []
  const places = placesFor(slot, 3, spread)
  const hop = hopOf(first, pickTokenIn(random, market, first))
  const trader = traderOf(slot, 'two-way trader', TRADERS)
  const amount = market.amountOf(hop.tokenIn, market.depthUsd(first) * random.between(...SIZE_PART))
  const between = anybody(slot)
  const same = exactIn(hop, market.amountOf(hop.tokenIn, pickUsd(random, market.depthUsd(first)) * 3))
  const group = decoyGroup(slot, 'other_pools', [first.address, second.address], 3, accountsOf(trader))
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
    act(places[1]!, group, 'LIKE_VICTIM', between, ({ world, timestamp }) =>
      callRouter(world, between, same, timestamp),
    ),
    act(places[2]!, group, 'LIKE_BACK', trader.from, (moment) =>
      held === 0n ? null : tradeOf(trader, exactIn(hopOf(second, hop.tokenOut), held), moment),
    ),
  ]
}
