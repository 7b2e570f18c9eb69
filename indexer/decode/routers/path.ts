import type { Address } from '../../types/block.ts'
import { CalldataError, type Data } from './calldata.ts'

/** The zero address: the base token. */
export const BASE_TOKEN: Address = `0x${'0'.repeat(40)}`
/** Most hops of a path that are read. */
export const HOPS_MAX = 64

const ADDRESS_BYTES = 20
const HOP_BYTES = 23

/** A way through pools: its ends, and its text as in `SwapIntent.path`. */
export type Route = { tokenIn: Address; tokenOut: Address; path: string }

/** The route over V2 pairs; throws CalldataError for fewer than two tokens. */
export function v2Route(tokens: readonly Address[]): Route {
  return ercRoute(
    tokens,
    tokens.slice(1).map(() => 'v2'),
  )
}

/** The route through one V3 pool; throws CalldataError for a pool that cannot exist. */
export function v3Hop(tokenIn: Address, feePips: number, tokenOut: Address): Route {
  if (feePips >= 1 << 24) throw new CalldataError(`${feePips} is no fee`)
  return ercRoute([tokenIn, tokenOut], [String(feePips)])
}

/**
 * The route of a packed V3 path, `token fee token fee … token`; `EXACT_OUT` paths stand in reverse. A pool is named by
 * its fee behind `prefix`.
 * @throws CalldataError for another length, for too many hops or for a pool that cannot exist
 */
export function v3Route(packed: Data, kind: 'EXACT_IN' | 'EXACT_OUT', prefix = ''): Route {
  const bytes = packed.length / 2
  const hops = (bytes - ADDRESS_BYTES) / HOP_BYTES
  if (!Number.isInteger(hops) || hops > HOPS_MAX) throw new CalldataError(`${bytes} bytes are no path`)
  const digits = (start: number, length: number) => packed.slice(start * 2, (start + length) * 2)
  const tokens = Array.from({ length: hops + 1 }, (_, hop): Address => `0x${digits(hop * HOP_BYTES, ADDRESS_BYTES)}`)
  const fees = Array.from({ length: hops }, (_, hop) => {
    const feePips = Number.parseInt(digits(hop * HOP_BYTES + ADDRESS_BYTES, HOP_BYTES - ADDRESS_BYTES), 16)
    return `${prefix}${feePips}`
  })
  return kind === 'EXACT_IN' ? ercRoute(tokens, fees) : ercRoute(tokens.reverse(), fees.reverse())
}

/** The route from token to token through the named pools; throws CalldataError when it has none, or one of one token. */
export function routeOf(tokens: readonly Address[], pools: readonly string[]): Route {
  const [tokenIn] = tokens
  const tokenOut = tokens.at(-1)
  if (tokenIn === undefined || tokenOut === undefined || pools.length === 0)
    throw new CalldataError('a path of no pool')
  if (tokens.some((token, index) => token === tokens[index + 1])) throw new CalldataError('a pool of one token')
  return {
    tokenIn,
    tokenOut,
    path: tokens.map((token, hop) => (hop === 0 ? token : `${pools[hop - 1]} ${token}`)).join(' '),
  }
}

/**
 * The route over pools that hold no base token: here its address means something, and there it is a mistake.
 * @throws CalldataError as `routeOf`, and for the zero address
 */
export function ercRoute(tokens: readonly Address[], pools: readonly string[]): Route {
  if (tokens.includes(BASE_TOKEN)) throw new CalldataError('a path over the zero address')
  return routeOf(tokens, pools)
}
