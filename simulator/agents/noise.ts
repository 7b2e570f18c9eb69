import { callExecutor, callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import type { SimulatedPool } from '../pools/types.ts'
import { accountOf, executorOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { anyPlace } from './schedule.ts'
import { limited, listPools, pickTokenIn, pickUsd } from './trades.ts'

/** Traders without a plan, at a given density: flow in which there is no attack. */
export type NoiseOptions = {
  /** Mean number of swaps for each pool in each block. */
  swapsPerPoolBlock: number
  /** Share of the swaps that a few bots make, both ways at random; 0.1 unless given. */
  botShare?: number
  /** Number of these bots; 3 unless given. */
  bots?: number
  /** Number of the other traders; 5000 unless given. */
  people?: number
}

/** A limit that hardly ever stops one. */
const SLIPPAGE_BPS = 500

/** Creates them. */
export function createNoise({ swapsPerPoolBlock, botShare = 0.1, bots = 3, people = 5_000 }: NoiseOptions): Agent {
  return {
    plan: (slot) =>
      listPools(slot).flatMap((pool) =>
        Array.from({ length: slot.random.poisson(swapsPerPoolBlock) }, () =>
          planSwap(slot, pool, slot.random.chance(botShare) ? bots : null, people),
        ),
      ),
  }
}

function planSwap(slot: Slot, pool: SimulatedPool, bots: number | null, people: number): PlannedTransaction {
  const { random, market } = slot
  const bot = bots === null ? null : random.int(0, bots - 1)
  const from = bot === null ? accountOf('noise', random.int(0, people - 1)) : accountOf('noise bot', bot)
  const hops = [hopOf(pool, pickTokenIn(random, market, pool))]
  const amount = market.amountOf(hops[0]!.tokenIn, pickUsd(random, market.depthUsd(pool)))
  // Every second bot trades through a contract of its own.
  const executor = bot !== null && bot % 2 === 1 ? executorOf('noise bot', bot) : null
  const route = limited(slot.world, hops, 'EXACT_IN', amount, SLIPPAGE_BPS)
  return {
    ...{ ...alone, ...anyPlace(slot), from },
    decide: ({ world, timestamp }) => {
      if (route === null) return null
      return executor === null ? callRouter(world, from, route, timestamp) : callExecutor(executor, [route])
    },
  }
}
