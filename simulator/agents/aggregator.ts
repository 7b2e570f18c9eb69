import { callAggregator } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import { contracts } from '../profile.ts'
import { accountOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { anyPlace } from './schedule.ts'
import { limited, listPools, listRoutes, pickPool, pickTokenIn, pickUsd } from './trades.ts'

/** People who trade over an aggregator, which splits larger trades over several routes. */
export type AggregatorOptions = {
  /** Mean number of trades a block; 1 unless given. */
  tradesPerBlock?: number
  /** Number of different people; 1500 unless given. */
  people?: number
}

/** From so many US dollars on a trade is split. */
const SPLIT_USD = 3_000
const PARTS_MAX = 3
const SLIPPAGE_BPS = 100

/** Creates them. */
export function createAggregator({ tradesPerBlock = 1, people = 1_500 }: AggregatorOptions): Agent {
  return {
    plan: (slot) => Array.from({ length: slot.random.poisson(tradesPerBlock) }, () => planTrade(slot, people)),
  }
}

function planTrade(slot: Slot, people: number): PlannedTransaction {
  const { random, market } = slot
  const from = accountOf('aggregator user', random.int(0, people - 1))
  const aggregator = random.pick(contracts.aggregators)
  const pool = pickPool(slot)
  const first = hopOf(pool, pickTokenIn(random, market, pool))
  const usd = pickUsd(random, market.depthUsd(pool)) * 2
  const routes = listRoutes(listPools(slot), first.tokenIn, first.tokenOut)
  const count = usd < SPLIT_USD ? 1 : Math.min(PARTS_MAX, routes.length)
  const begin = random.int(0, routes.length - 1)
  // Different routes may not share a pool: each is quoted as if it were alone.
  const picked = withoutSharedPools([...routes.slice(begin), ...routes.slice(0, begin)]).slice(0, count)
  const amount = market.amountOf(first.tokenIn, usd / picked.length)
  const parts = picked.flatMap((hops) => limited(slot.world, hops, 'EXACT_IN', amount, SLIPPAGE_BPS) ?? [])
  return {
    ...{ ...alone, ...anyPlace(slot), from },
    decide: () => (parts.length === 0 ? null : callAggregator(from, parts, aggregator)),
  }
}

function withoutSharedPools(routes: ReturnType<typeof listRoutes>): typeof routes {
  const used = new Set<string>()
  return routes.filter((hops) => {
    if (hops.some(({ pool }) => used.has(pool))) return false
    for (const { pool } of hops) used.add(pool)
    return true
  })
}
