import type { ChainProfile } from '../../../contracts/chains/profile.ts'
import type { Address, Block } from '../../types/block.ts'
import type { SwapEvent } from '../../types/event.ts'
import type { ChainState, Pool } from '../../types/pool.ts'
import type { SwapUsd, TokenPriceRow } from '../../types/rows.ts'
import { assetOf, BASE_TOKEN, BASE_TOKENS } from '../assets.ts'
import { rulesOf } from '../families/index.ts'
import { type Edge, edgeOf } from './edge.ts'

/** A pool counts for prices when moving its price by 2 % costs at least so many US dollars, in either direction. */
export const DEPTH_FLOOR_USD = 1_000
/** A price is noted anew when it has moved by this share, or comes another way. */
const NOTED_CHANGE = 0.001
/** Pools of more tokens than this are left out. */
const TOKENS_MAX = 4
/** Tokens next to one without a better path that are looked at. */
const NEIGHBOURS_MAX = 64

/** What a token is worth. */
export type TokenPrice = {
  /** US dollars for one whole token. */
  usd: number
  /** Sum over the paths of the least cost, in US dollars, of moving a pool on it by 2 %. */
  depthUsd: number
  /** Addresses of the pools on the deepest path, from the token to the stablecoin, parted by spaces. */
  path: string
}

/** Prices of tokens in US dollars as of the end of the last block. */
export type PriceBook = {
  price(token: Address): TokenPrice | null
  /** US dollars that an amount in base units is worth; null without a price, or for an unknown token or amount. */
  value(state: ChainState, token: Address | null, amount: bigint | null): number | null
  /** Takes in the states that a block changed; adds a row for each of their tokens whose price has moved. */
  update(state: ChainState, pools: Iterable<Pool>, block: Block, rows: TokenPriceRow[]): void
}

type PoolEdge = Edge & { pool: Address }

/**
 * A book of prices, from the pools of `state`. A token's price is the mean over its paths to the stablecoins of the
 * profile, which count as one dollar each, weighted by depth: direct pools, and those with a token that has a direct one;
 * where there is none of these, one hop more. A pool that can be moved by 2 % for less than DEPTH_FLOOR_USD is on no path,
 * so no trader moves a price by more for less. Prices are those of the end of the block before: no trade prices itself.
 * Without stablecoins nothing has a price.
 */
export function createPriceBook(profile: ChainProfile, state: ChainState): PriceBook {
  const stablecoins = new Set(profile.stablecoins)
  if (stablecoins.size === 0) return { price: () => null, value: () => null, update: () => {} }
  const asset = (token: Address) => assetOf(token, profile.wrappedNative)
  const native = asset(BASE_TOKEN)
  const natives = [...new Set([native, ...BASE_TOKENS])]
  const edges = new Map<Address, Map<Address, Map<Address, PoolEdge>>>()
  /** Tokens that have, or had, a pool with a stablecoin. */
  const anchors = new Set<Address>()
  const direct = new Map<Address, TokenPrice | null>()
  const memo = new Map<Address, TokenPrice | null>()

  const decimals = (token: Address) => state.tokens.get(token) ?? null
  /** All known addresses of what a token stands for. */
  const spellings = (token: Address) =>
    asset(token) === native ? natives.filter((each) => state.tokens.has(each)) : [token]
  for (const pool of state.pools.values()) setEdges(pool, 0)

  function setEdges(pool: Pool, timestamp: number): void {
    const known = state.states.get(pool.address)
    if (known === undefined || pool.tokens.length > TOKENS_MAX) return
    const curve = rulesOf(pool.family).curve(pool, known, decimals, timestamp)
    for (const [first, tokenA] of pool.tokens.entries()) {
      for (const [second, tokenB] of pool.tokens.entries()) {
        const [a, b] = [asset(tokenA), asset(tokenB)]
        if (first === second || a === b) continue
        const edge = curve === null ? null : inWholeTokens(edgeOf(pool, known, curve, first, second), tokenA, tokenB)
        setEdge(a, b, pool.address, edge)
        if (!stablecoins.has(b)) continue
        direct.delete(a)
        anchors.add(a)
      }
    }
  }

  function inWholeTokens(edge: Edge | null, tokenA: Address, tokenB: Address): Edge | null {
    const [a, b] = [decimals(tokenA), decimals(tokenB)]
    if (edge === null || a === null || b === null) return null
    return { spot: edge.spot * 10 ** (a - b), costUp: edge.costUp / 10 ** b, costDown: edge.costDown / 10 ** a }
  }

  function setEdge(a: Address, b: Address, pool: Address, edge: Edge | null): void {
    const neighbours = edges.get(a) ?? new Map<Address, Map<Address, PoolEdge>>()
    const between = neighbours.get(b) ?? new Map<Address, PoolEdge>()
    if (edge === null) between.delete(pool)
    else between.set(pool, { ...edge, pool })
    if (between.size === 0) neighbours.delete(b)
    else neighbours.set(b, between)
    edges.set(a, neighbours)
  }

  /** Paths from `token` over its pools with `other`, whose price is known. */
  function pathsOver(token: Address, other: Address, known: TokenPrice): TokenPrice[] {
    const paths: TokenPrice[] = []
    for (const { spot, costUp, costDown, pool } of edges.get(token)?.get(other)?.values() ?? []) {
      const usd = spot * known.usd
      const depthUsd = Math.min(costUp * known.usd, costDown * usd, known.depthUsd)
      if (!(depthUsd >= DEPTH_FLOOR_USD) || !Number.isFinite(usd)) continue
      paths.push({ usd, depthUsd, path: known.path === '' ? pool : `${pool} ${known.path}` })
    }
    return paths
  }

  function directPrice(token: Address): TokenPrice | null {
    const known = direct.get(token)
    if (known !== undefined) return known
    const paths = profile.stablecoins.flatMap((stablecoin) => pathsOver(token, stablecoin, DOLLAR))
    const price = mean(paths)
    direct.set(token, price)
    return price
  }

  /** Over direct pools, and pools with a token that has one. */
  function nearPrice(token: Address): TokenPrice | null {
    const paths = profile.stablecoins.flatMap((stablecoin) => pathsOver(token, stablecoin, DOLLAR))
    for (const other of fewer(edges.get(token), anchors)) {
      if (other === token || stablecoins.has(other)) continue
      const known = directPrice(other)
      if (known !== null) paths.push(...pathsOver(token, other, known))
    }
    return mean(paths)
  }

  function findPrice(token: Address): TokenPrice | null {
    if (stablecoins.has(token)) return DOLLAR
    const near = nearPrice(token)
    if (near !== null) return near
    const neighbours = [...(edges.get(token)?.keys() ?? [])].sort().slice(0, NEIGHBOURS_MAX)
    return mean(
      neighbours.flatMap((other) => {
        const known = nearPrice(other)
        return known === null ? [] : pathsOver(token, other, known)
      }),
    )
  }

  function price(token: Address): TokenPrice | null {
    const key = asset(token)
    const known = memo.get(key)
    if (known !== undefined) return known
    const found = findPrice(key)
    memo.set(key, found)
    return found
  }

  return {
    price,
    value: (_, token, amount) => {
      const places = token === null ? null : decimals(token)
      const known = token === null || amount === null || places === null ? null : price(token)
      return known === null ? null : (Number(amount) / 10 ** places!) * known.usd
    },
    update: (_, pools, block, rows) => {
      const changed = [...pools]
      if (changed.length === 0) return
      for (const pool of changed) setEdges(pool, block.timestamp)
      memo.clear()
      const tokens = new Set(changed.flatMap(({ tokens }) => tokens.flatMap(spellings)))
      for (const token of tokens) noteChange(state, token, price(token), block, rows)
    },
  }
}

const DOLLAR: TokenPrice = { usd: 1, depthUsd: Number.POSITIVE_INFINITY, path: '' }

function mean(paths: TokenPrice[]): TokenPrice | null {
  if (paths.length === 0) return null
  // In an order of their own, so that the last digit does not depend on the order in which pools were seen.
  paths.sort((a, b) => b.depthUsd - a.depthUsd || (a.path < b.path ? -1 : 1))
  const depthUsd = paths.reduce((sum, path) => sum + path.depthUsd, 0)
  const usd = paths.reduce((sum, path) => sum + path.usd * path.depthUsd, 0) / depthUsd
  return { usd, depthUsd, path: paths[0]!.path }
}

/** The keys of the smaller of two collections, as far as the other has them. */
function fewer(map: ReadonlyMap<Address, unknown> | undefined, set: ReadonlySet<Address>): Address[] {
  if (map === undefined) return []
  return map.size <= set.size ? [...map.keys()].filter((key) => set.has(key)) : [...set].filter((key) => map.has(key))
}

function noteChange(
  state: ChainState,
  token: Address,
  now: TokenPrice | null,
  { number: blockNumber }: Block,
  rows: TokenPriceRow[],
): void {
  const before = state.prices.get(token) ?? null
  const isSame =
    now === null || before?.usd == null
      ? now === null && before?.usd == null
      : now.path === before.path && Math.abs(now.usd / before.usd - 1) < NOTED_CHANGE
  if (isSame) return
  const noted = { usd: now?.usd ?? null, path: now?.path ?? null }
  state.prices.set(token, noted)
  // A stablecoin is a dollar by definition: no pool has to be moved for that.
  const depthUsd = now === null || !Number.isFinite(now.depthUsd) ? null : now.depthUsd
  rows.push({ token, blockNumber, ...noted, depthUsd })
}

/** What a swap is worth in US dollars and the price of its token0, at prices from before the block. */
export function valueSwap(
  prices: PriceBook,
  state: ChainState,
  pool: Pool,
  { amount0, amount1 }: SwapEvent,
  [position0, position1]: readonly [number, number],
): SwapUsd {
  const [token0, token1] = [pool.tokens[position0]!, pool.tokens[position1]!]
  const depth0 = prices.price(token0)?.depthUsd ?? 0
  const depth1 = prices.price(token1)?.depthUsd ?? 0
  if (depth0 === 0 && depth1 === 0) return NO_USD
  const value = Math.abs(
    (depth0 >= depth1 ? prices.value(state, token0, amount0) : prices.value(state, token1, amount1)) ?? Number.NaN,
  )
  if (Number.isNaN(value)) return NO_USD
  const places = state.tokens.get(token0) ?? null
  const whole = places === null ? 0 : Math.abs(Number(amount0)) / 10 ** places
  return { value, price: whole > 0 ? value / whole : null }
}

const NO_USD: SwapUsd = { price: null, value: null }
