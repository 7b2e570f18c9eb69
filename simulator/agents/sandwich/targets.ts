import type { Address } from '../../../indexer/types/block.ts'
import { hopOf } from '../../market.ts'
import type { SimulatedPool } from '../../pools/types.ts'
import type { Hop } from '../../pools/world.ts'
import { usdc, usdt, weth } from '../../tokens.ts'
import type { Slot } from '../agent.ts'
import { listPools, listRoutes, otherToken } from '../trades.ts'
import type { Scheme } from './schemes.ts'

/** What prices are counted in, the most usual first. */
const QUOTES: readonly Address[] = [usdc.address, usdt.address, weth.address]

/** Of a pool's tokens the one in which the other is counted. */
export function quoteTokenOf({ token0, token1 }: SimulatedPool): Address {
  return QUOTES.find((token) => token === token0 || token === token1) ?? token1
}

/** A pool of two stablecoins has no prices worth attacking. */
export function isVolatile(pool: SimulatedPool): boolean {
  const stable: readonly Address[] = [usdc.address, usdt.address]
  return !(stable.includes(pool.token0) && stable.includes(pool.token1))
}

/** The way of an attack's front over one pool or two; null when there is none. */
export function pickWay(slot: Slot, { hops, isSellFirst, victims }: Scheme): Hop[] | null {
  const { random } = slot
  const needsPair = victims === 'zap' || victims === 'add'
  const pools = listPools(slot).filter((pool) => isVolatile(pool) && (!needsPair || pool.kind === 'pair'))
  if (pools.length === 0) return null
  const pool = random.pick(pools)
  const quote = quoteTokenOf(pool)
  if (hops === 1) return [hopOf(pool, isSellFirst ? otherToken(pool, quote) : quote)]
  const ways = [usdc.address, usdt.address].flatMap((from) =>
    pools.flatMap(({ token0, token1 }) => [token0, token1].flatMap((to) => listRoutes(pools, from, to))),
  )
  const long = ways.filter(
    (way) => way.length === 2 && way[0]!.pool !== way[1]!.pool && way[0]!.tokenIn !== way[1]!.tokenOut,
  )
  return long.length === 0 ? null : random.pick(long)
}
