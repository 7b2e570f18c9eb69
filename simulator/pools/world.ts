import type { Address } from '../../indexer/types/block.ts'
import { swapPair } from './pair.ts'
import { swapRange, withFees } from './range.ts'
import type { RangePool, SimulatedPool, SwapMode, SwapStep } from './types.ts'

/** All pools as they stand. */
export type World = Map<Address, SimulatedPool>

/** The pools as they stand, to look at or to try something out: what is set does not change the world. */
export type Ledger = {
  /** @throws when there is no such pool. */
  get(address: Address): SimulatedPool
  set(pool: SimulatedPool): void
  /** What was set, by address. */
  changes: ReadonlyMap<Address, SimulatedPool>
  /** Whether the fees of swaps are shared among the positions, which quotes can do without. */
  sharesFees: boolean
}

/** One pool on the way of a swap. */
export type Hop = { pool: Address; tokenIn: Address; tokenOut: Address }

/** A swap through one or more pools. */
export type Route = {
  hops: readonly Hop[]
  mode: SwapMode
  /** What is paid (EXACT_IN) or got (EXACT_OUT), in base units. */
  amount: bigint
  /** The least that must come out (EXACT_IN), or the most that may be paid (EXACT_OUT); null for no limit. */
  limit: bigint | null
}

/** A ledger over a world or over another ledger. */
export function openLedger(base: World | Ledger, sharesFees = false): Ledger {
  const changes = new Map<Address, SimulatedPool>()
  return {
    changes,
    sharesFees,
    get: (address) => {
      const pool = changes.get(address) ?? base.get(address)
      if (pool === undefined) throw new Error(`no pool ${address}`)
      return pool
    },
    set: (pool) => changes.set(pool.address, pool),
  }
}

/** Does a swap in one pool; null where it would revert. */
export function swapIn(
  ledger: Ledger,
  { pool: address, tokenIn, tokenOut }: Hop,
  mode: SwapMode,
  amount: bigint,
): SwapStep | null {
  const before = ledger.get(address)
  const position = before.token0 === tokenIn ? 0 : 1
  const swapped =
    before.kind === 'pair' ? swapPair(before, position, mode, amount) : swapRange(before, position, mode, amount)
  if (swapped === null) return null
  const { amountIn, amountOut } = swapped
  const isShared = ledger.sharesFees && before.kind === 'range' && swapped.after.kind === 'range'
  const after = isShared ? withFees(before, swapped.after as RangePool, amountIn) : swapped.after
  ledger.set(after)
  return { before, after, tokenIn, tokenOut, amountIn, amountOut }
}

/** Does the swaps of a route, in the order of its hops; null where one would revert or the limit is not kept. */
export function swapRoute(ledger: Ledger, { hops, mode, amount, limit }: Route): SwapStep[] | null {
  const steps: SwapStep[] = []
  let next = amount
  for (const hop of mode === 'EXACT_IN' ? hops : hops.toReversed()) {
    const step = swapIn(ledger, hop, mode, next)
    if (step === null) return null
    steps.push(step)
    next = mode === 'EXACT_IN' ? step.amountOut : step.amountIn
  }
  if (limit !== null && (mode === 'EXACT_IN' ? next < limit : next > limit)) return null
  return mode === 'EXACT_IN' ? steps : steps.reverse()
}

/** What a route gives (EXACT_IN) or costs (EXACT_OUT) as the pools stand, whatever its limit; null where it would revert. */
export function quoteRoute(base: World | Ledger, route: Route): bigint | null {
  const steps = swapRoute(openLedger(base), { ...route, limit: null })
  if (steps === null) return null
  return route.mode === 'EXACT_IN' ? steps.at(-1)!.amountOut : steps[0]!.amountIn
}

/** Marginal price in base units: of `tokenOut` for one of `tokenIn`, without fees. */
export function priceOf(pool: SimulatedPool, tokenIn: Address): number {
  const price1 =
    pool.kind === 'pair' ? Number(pool.reserve1) / Number(pool.reserve0) : (Number(pool.sqrtPriceX96) / 2 ** 96) ** 2
  return tokenIn === pool.token0 ? price1 : 1 / price1
}

/** What the pool holds about its price, as a constant product pool of the same depth, in base units of both tokens. */
export function virtualReserves(pool: SimulatedPool): readonly [number, number] {
  if (pool.kind === 'pair') return [Number(pool.reserve0), Number(pool.reserve1)]
  const root = Number(pool.sqrtPriceX96) / 2 ** 96
  return [Number(pool.liquidity) / root, Number(pool.liquidity) * root]
}
