import type { Address } from '../indexer/types/block.ts'
import { toUnits } from './pools/specs.ts'
import type { SimulatedPool } from './pools/types.ts'
import { type Hop, priceOf, virtualReserves } from './pools/world.ts'
import type { Random } from './random.ts'
import type { SimulatedToken } from './tokens.ts'

/** What tokens are worth elsewhere: every agent may look, none can move it. */
export type Market = {
  token(address: Address): SimulatedToken
  /** US dollars for one whole token. */
  usd(address: Address): number
  /** So many US dollars in base units of a token, at least 1. */
  amountOf(token: Address, usd: number): bigint
  /** US dollars of base units. */
  valueOf(token: Address, amount: bigint): number
  /** US dollars that the pool holds of both tokens about its price. */
  depthUsd(pool: SimulatedPool): number
  /** By how much the pool's price of token0 is above that of elsewhere: 0.01 for 1 %. */
  premium(pool: SimulatedPool): number
  /** Prices after another stretch of time, in milliseconds. */
  advance(milliseconds: number): void
}

const MILLISECONDS_PER_YEAR = 365 * 86_400_000
/** A year's volatility of the tokens that are no stablecoins. */
const VOLATILITY = 0.6
/** Once in so many years each price jumps, by about so much. */
const JUMPS_PER_YEAR = 60
const JUMP_SIGMA = 0.01

/** The market of some tokens; its prices follow a geometric Brownian motion with jumps. */
export function createMarket(tokens: readonly SimulatedToken[], random: Random): Market {
  const known = new Map(tokens.map((each) => [each.address, { token: each, usd: each.usd }]))
  const find = (address: Address) => {
    const found = known.get(address)
    if (found === undefined) throw new Error(`no token ${address}`)
    return found
  }
  const worthOf = (token: Address, amount: bigint) => {
    const { token: its, usd } = find(token)
    return (Number(amount) / 10 ** its.decimals) * usd
  }
  return {
    token: (address) => find(address).token,
    usd: (address) => find(address).usd,
    valueOf: worthOf,
    amountOf: (address, usd) => {
      const { token: its, usd: price } = find(address)
      const amount = toUnits(usd / price, its)
      return amount > 0n ? amount : 1n
    },
    depthUsd: (pool) => {
      const [reserve0, reserve1] = virtualReserves(pool)
      return worthOf(pool.token0, BigInt(Math.round(reserve0))) + worthOf(pool.token1, BigInt(Math.round(reserve1)))
    },
    premium: (pool) => {
      const [first, second] = [find(pool.token0), find(pool.token1)]
      const fair = (first.usd / second.usd) * 10 ** (second.token.decimals - first.token.decimals)
      return priceOf(pool, pool.token0) / fair - 1
    },
    advance: (milliseconds) => {
      const years = milliseconds / MILLISECONDS_PER_YEAR
      for (const price of known.values()) {
        if (price.token.usd === 1) continue
        const jump = random.chance(JUMPS_PER_YEAR * years) ? JUMP_SIGMA * random.normal() : 0
        price.usd *= Math.exp(VOLATILITY * Math.sqrt(years) * random.normal() + jump)
      }
    },
  }
}

/** The swap of a pool that pays in `tokenIn`. */
export function hopOf({ address, token0, token1 }: SimulatedPool, tokenIn: Address): Hop {
  return { pool: address, tokenIn, tokenOut: tokenIn === token0 ? token1 : token0 }
}
