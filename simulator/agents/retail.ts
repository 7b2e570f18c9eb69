import { callRouter } from '../execute/calls.ts'
import { hopOf } from '../market.ts'
import { weth } from '../tokens.ts'
import { accountOf } from './accounts.ts'
import { type Agent, alone, type PlannedTransaction, type Slot } from './agent.ts'
import { anyPlace } from './schedule.ts'
import { limited, listPools, listRoutes, pickPool, pickTokenIn, pickUsd } from './trades.ts'

/** People who trade over the routers themselves. */
export type RetailOptions = {
  /** Mean number of swaps a block; 3 unless given. */
  swapsPerBlock?: number
  /** Number of different people; 3000 unless given. */
  people?: number
}

const EXACT_OUT_SHARE = 0.08
const TWO_HOP_SHARE = 0.15
const NATIVE_SHARE = 0.7
const SLIPPAGES_BPS = [10, 50, 50, 100, 300] as const

/** Creates them. */
export function createRetail({ swapsPerBlock = 3, people = 3_000 }: RetailOptions): Agent {
  return {
    plan: (slot) => Array.from({ length: slot.random.poisson(swapsPerBlock) }, () => planSwap(slot, people)),
  }
}

function planSwap(slot: Slot, people: number): PlannedTransaction {
  const { random, market } = slot
  const from = accountOf('retail', random.int(0, people - 1))
  const pool = pickPool(slot)
  const tokenIn = pickTokenIn(random, market, pool)
  const usd = pickUsd(random, market.depthUsd(pool))
  const isExactOut = random.chance(EXACT_OUT_SHARE)
  const slippageBps = random.pick(SLIPPAGES_BPS)
  const isNative = random.chance(NATIVE_SHARE)
  const hops = pickHops(slot, [hopOf(pool, tokenIn)])
  const [mode, token] = isExactOut ? (['EXACT_OUT', hops.at(-1)!.tokenOut] as const) : (['EXACT_IN', tokenIn] as const)
  // Quoted before it is sent: until it runs, the price may move past the limit.
  const route = limited(slot.world, hops, mode, market.amountOf(token, usd), slippageBps)
  return {
    ...{ ...alone, ...anyPlace(slot), from },
    decide: ({ world, timestamp }) => (route === null ? null : callRouter(world, from, route, timestamp, isNative)),
  }
}

/** Some of the routes go on over a second pool of the same kind, where there is one from the wrapped base token. */
function pickHops(slot: Slot, hops: ReturnType<typeof hopOf>[]): typeof hops {
  const { random, world } = slot
  const [first] = hops
  if (first!.tokenOut !== weth.address || !random.chance(TWO_HOP_SHARE)) return hops
  const { kind } = world.get(first!.pool)!
  const others = listPools(slot).filter((pool) => pool.kind === kind && pool.address !== first!.pool)
  const ends = [...new Set(others.flatMap(({ token0, token1 }) => [token0, token1]))].filter(
    (token) => token !== weth.address && token !== first!.tokenIn,
  )
  const seconds = ends.flatMap((token) => listRoutes(others, weth.address, token)).filter((route) => route.length === 1)
  return seconds.length === 0 ? hops : [first!, ...random.pick(seconds)]
}
