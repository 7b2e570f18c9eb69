import type { Address } from '../../indexer/types/block.ts'
import type { Call } from '../execute/call.ts'
import { callExecutor, callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import type { Route } from '../pools/world.ts'
import { accountOf, executorOf } from './accounts.ts'
import type { Agent, Moment, PlannedTransaction, Slot } from './agent.ts'
import { isVolatile } from './sandwich/targets.ts'
import { anyPlace } from './schedule.ts'
import { listPools, pickTokenIn } from './trades.ts'

/** Traders who take a position and give it back a little later, whoever trades meanwhile. */
export type MarketMakerOptions = {
  /** Mean number of round trips begun in a block; 0.4 unless given. */
  tripsPerBlock?: number
  /** Number of makers; 4 unless given. */
  makers?: number
  /** Mean time until a position is given back, in blocks; 1.5 unless given. */
  holdBlocks?: number
}

const SIZE_PART = [0.0008, 0.005] as const

/** Creates them. */
export function createMarketMakers({ tripsPerBlock = 0.4, makers = 4, holdBlocks = 1.5 }: MarketMakerOptions): Agent {
  return {
    plan: (slot) =>
      Array.from({ length: slot.random.poisson(tripsPerBlock) }, () => planTrip(slot, makers, holdBlocks)).flat(),
  }
}

function planTrip(slot: Slot, makers: number, holdBlocks: number): PlannedTransaction[] {
  const { random, market, startUs, endUs } = slot
  const maker = random.int(0, makers - 1)
  const from = accountOf('market maker', maker)
  // Every second maker trades through a contract.
  const executor = maker % 2 === 1 ? executorOf('market maker', maker) : null
  const pool = random.pick(listPools(slot).filter(isVolatile))
  const tokenIn = pickTokenIn(random, market, pool)
  const hop = hopOf(pool, tokenIn)
  const amount = market.amountOf(tokenIn, market.depthUsd(pool) * random.between(...SIZE_PART))
  const accounts = [from, ...(executor === null ? [] : [executor])]
  const group = slot.newGroup({
    ...{ kind: null, decoy: 'market_maker', variants: [], accounts, pools: [pool.address], size: 2 },
  })
  const place = anyPlace(slot)
  const backUs = place.arrivalUs + Math.round(random.exponential(holdBlocks) * (endUs - startUs)) + 1_000
  const call = (route: Route, { world, timestamp }: Moment) => toCall(executor, from, route, world, timestamp)
  let held = 0n
  return [
    {
      ...{ ...place, from, isFromL1: false, role: 'LIKE_FRONT', group },
      decide: (moment) => call({ hops: [hop], mode: 'EXACT_IN', amount, limit: null }, moment),
      onExecuted: ({ swaps }) => {
        held = swaps[0]?.[0]?.amountOut ?? 0n
      },
    },
    {
      // In the same block, too, it comes after.
      ...{ arrivalUs: backUs, tipWei: place.tipWei / 2n, from, isFromL1: false, role: 'LIKE_BACK', group },
      decide: (moment) => {
        const back = { pool: hop.pool, tokenIn: hop.tokenOut, tokenOut: hop.tokenIn }
        return held === 0n ? null : call({ hops: [back], mode: 'EXACT_IN', amount: held, limit: null }, moment)
      },
    },
  ]
}

function toCall(
  executor: Address | null,
  from: Address,
  route: Route,
  world: Moment['world'],
  timestamp: number,
): Call {
  return executor === null ? callRouter(world, from, route, timestamp) : callExecutor(executor, [route])
}
