import type { Address } from '../../indexer/types/block.ts'
import { hopOf, type Market } from '../market.ts'
import type { SimulatedPool, SwapMode } from '../pools/types.ts'
import { type Hop, type Ledger, quoteRoute, type Route, type World } from '../pools/world.ts'
import type { Random } from '../random.ts'
import type { Slot } from './agent.ts'

const BPS = 10_000
/** Nobody sensible trades more than this part of a pool's depth at once. */
const DEPTH_PART_MAX = 0.02
const ROUND_SHARE = 0.3
const MEDIAN_USD = 260
/** One in so many trades is large. */
const LARGE_SHARE = 0.12
const LARGE_LEAST_USD = 1_500
const LARGE_ALPHA = 1.5
/** How strongly traders prefer the side on which the pool is cheap. */
const PULL = 12

/** US dollars of one trade of ordinary people: most small, some large, many round. */
export function pickUsd(random: Random, depthUsd: number): number {
  const usd = random.chance(LARGE_SHARE)
    ? random.pareto(LARGE_LEAST_USD, LARGE_ALPHA)
    : random.logNormal(MEDIAN_USD, 1.2)
  const capped = Math.min(Math.max(1, usd), depthUsd * DEPTH_PART_MAX)
  return random.chance(ROUND_SHARE) ? roundUsd(capped) : capped
}

/** An amount cut to so many significant digits. */
export function roundTo(amount: bigint, digits: number): bigint {
  const text = amount.toString()
  return text.length <= digits ? amount : BigInt(text.slice(0, digits) + '0'.repeat(text.length - digits))
}

/** The slippage that somebody allows, in basis points: people and desks alike mostly keep what they were offered. */
export function pickSlippage(random: Random): number {
  return random.pick([5, 10, 30, 50, 50, 50, 100, 100, 300])
}

/** To one leading digit, or one and a half. */
function roundUsd(usd: number): number {
  const unit = 10 ** Math.floor(Math.log10(usd))
  return Math.max(1, Math.round((usd * 2) / unit) / 2) * unit
}

/** The token that somebody without an opinion pays in: either, rather the one that the pool pays more for than others do. */
export function pickTokenIn(random: Random, market: Market, pool: SimulatedPool): Address {
  const lean = Math.max(-0.4, Math.min(0.4, market.premium(pool) * PULL))
  return random.chance(0.5 + lean) ? pool.token0 : pool.token1
}

/** Of a pool's two tokens the other one. */
export function otherToken({ token0, token1 }: SimulatedPool, token: Address): Address {
  return token === token0 ? token1 : token0
}

/** A route with a limit that allows `slippageBps` beyond what it comes to now; null where it is not possible. */
export function limited(
  world: World | Ledger,
  hops: readonly Hop[],
  mode: SwapMode,
  amount: bigint,
  slippageBps: number,
): Route | null {
  const quoted = quoteRoute(world, { hops, mode, amount, limit: null })
  if (quoted === null || quoted <= 0n) return null
  const slack = BigInt(mode === 'EXACT_IN' ? BPS - slippageBps : BPS + slippageBps)
  return { hops, mode, amount, limit: (quoted * slack) / BigInt(BPS) }
}

/** Pools of the world, in the order in which they were made. */
export function listPools({ world, pools }: Slot): SimulatedPool[] {
  return pools.map((address) => world.get(address)!)
}

/** A pool, deeper ones more often. */
export function pickPool(slot: Slot): SimulatedPool {
  const pools = listPools(slot)
  const depths = pools.map((pool) => Math.sqrt(slot.market.depthUsd(pool)))
  let left = slot.random.next() * depths.reduce((sum, depth) => sum + depth, 0)
  for (const [index, depth] of depths.entries()) {
    left -= depth
    if (left < 0) return pools[index]!
  }
  return pools.at(-1)!
}

/** Every route from one token to another over one or two pools. */
export function listRoutes(pools: readonly SimulatedPool[], from: Address, to: Address): Hop[][] {
  const has = ({ token0, token1 }: SimulatedPool, token: Address) => token0 === token || token1 === token
  return pools
    .filter((pool) => has(pool, from))
    .flatMap((first): Hop[][] => {
      const hop = hopOf(first, from)
      if (hop.tokenOut === to) return [[hop]]
      const seconds = pools.filter((pool) => has(pool, hop.tokenOut) && has(pool, to))
      return seconds.map((second) => [hop, hopOf(second, hop.tokenOut)])
    })
}
