import type { Address } from '../../indexer/types/block.ts'
import { hopOf, type Market } from '../market.ts'
import type { SimulatedPool } from '../pools/types.ts'
import { type Hop, priceOf, quoteRoute, type Route, type World } from '../pools/world.ts'
import { usdc, usdt, weth } from '../tokens.ts'

/** Pools one after the other that lead back to the token they begin with. */
export type Cycle = readonly Hop[]

const PIPS = 1_000_000
/** Below this marginal gain nothing is tried out. */
const RATE_MIN = 1.0002
const STARTS: readonly Address[] = [usdc.address, usdt.address, weth.address]
const SEARCH_STEPS = 22
/** Payments between these parts of the first pool's depth are tried. */
const [LEAST_PART, MOST_PART] = [1e-6, 0.1]
const GOLDEN = (Math.sqrt(5) - 1) / 2

/** All cycles over two or three pools, both ways round, by pool. */
export function listCyclesByPool(pools: readonly SimulatedPool[]): Map<Address, Cycle[]> {
  const cycles = pools.flatMap((first) =>
    [first.token0, first.token1].flatMap((start) => extend([hopOf(first, start)], pools)),
  )
  const unique = new Map(
    cycles.map(rotate).map((cycle) => [cycle.map(({ pool, tokenIn }) => pool + tokenIn).join(), cycle]),
  )
  const byPool = new Map<Address, Cycle[]>()
  for (const cycle of unique.values()) {
    for (const { pool } of cycle) byPool.set(pool, [...(byPool.get(pool) ?? []), cycle])
  }
  return byPool
}

function extend(hops: Hop[], pools: readonly SimulatedPool[]): Cycle[] {
  const { tokenOut } = hops.at(-1)!
  const [{ tokenIn: start }] = hops as [Hop]
  if (hops.length > 1 && tokenOut === start) return [hops]
  if (hops.length === 3) return []
  const seen = new Set(hops.slice(1).map(({ tokenIn }) => tokenIn))
  return pools
    .filter(
      ({ address, token0, token1 }) =>
        (token0 === tokenOut || token1 === tokenOut) && !hops.some(({ pool }) => pool === address),
    )
    .map((pool) => hopOf(pool, tokenOut))
    .filter((hop) => !seen.has(hop.tokenOut))
    .flatMap((hop) => extend([...hops, hop], pools))
}

/** Begins with the token that searchers hold, or with the least pool where it has none. */
function rotate(cycle: Cycle): Cycle {
  const rank = ({ tokenIn }: Hop) => (STARTS.includes(tokenIn) ? STARTS.indexOf(tokenIn) : STARTS.length)
  const ranks = cycle.map(rank)
  const best = Math.min(...ranks)
  const begins = cycle.flatMap((hop, index) => (ranks[index] === best ? [{ index, key: hop.pool }] : []))
  const { index } = begins.sort((a, b) => (a.key < b.key ? -1 : 1))[0]!
  return [...cycle.slice(index), ...cycle.slice(0, index)]
}

/** What a very small payment comes back as, fees included: above 1 the cycle pays. */
export function rateOf(world: World, cycle: Cycle): number {
  return cycle.reduce((rate, { pool, tokenIn }) => {
    const its = world.get(pool)!
    return rate * priceOf(its, tokenIn) * (1 - its.feePips / PIPS)
  }, 1)
}

/** The payment that gains most, with the gain; null when none does. */
export function bestPayment(world: World, cycle: Cycle, market: Market): { route: Route; gain: bigint } | null {
  if (rateOf(world, cycle) < RATE_MIN) return null
  const [first] = cycle
  const depth = Number(market.amountOf(first!.tokenIn, market.depthUsd(world.get(first!.pool)!)))
  const routeOf = (logarithm: number): Route => {
    const amount = BigInt(Math.max(1, Math.round(Math.exp(logarithm))))
    return { hops: cycle, mode: 'EXACT_IN', amount, limit: null }
  }
  const gainOf = (logarithm: number) => {
    const route = routeOf(logarithm)
    const out = quoteRoute(world, route)
    return out === null ? Number.NEGATIVE_INFINITY : Number(out - route.amount)
  }
  const [low, high] = [Math.log(depth * LEAST_PART), Math.log(depth * MOST_PART)]
  const route = routeOf(peakOf(gainOf, low, high))
  const gain = (quoteRoute(world, route) ?? 0n) - route.amount
  return gain > 0n ? { route, gain } : null
}

/** Where a function with one peak has it, by golden-section search. */
function peakOf(value: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)]
  let [atLeft, atRight] = [value(left), value(right)]
  for (let step = 0; step < SEARCH_STEPS; step++) {
    if (atLeft > atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - GOLDEN * (high - low)
      atLeft = value(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + GOLDEN * (high - low)
      atRight = value(right)
    }
  }
  return (low + high) / 2
}
