import type { SwapAction } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { MevFinding } from '../types/mev.ts'
import type { Pool, Quality } from '../types/pool.ts'
import type { WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import { type Flows, flowsOf, flowsOfTransaction, listAmounts, magnitude } from './flows.ts'
import { type PoolAction, tokenAt, toLeg } from './window.ts'

/** An amount below this part of what went through a token counts as nothing: 1 of 10,000. */
const DUST_PART = 10_000n

/** A transaction with more swaps is no arbitrage, but made to keep us busy. */
const SWAPS_MAX = 4_000

/** A closed cycle of swaps in one transaction. */
export type Cycle = {
  swaps: readonly PoolAction[]
  /** In the order of the swaps. */
  pools: readonly Address[]
  /** Assets that came back as much as they went. */
  through: readonly Address[]
  /** What it gained, by asset. */
  gains: Flows
}

/**
 * Atomic arbitrage: the cycles of one transaction that gain. Over all its swaps the transaction gives no asset and gains at
 * least one. Assets that come out even (to 1 of 10,000 of what went through) join the swaps that they go through; each set of
 * joined swaps over two or more pools that leads back to an asset gained is a cycle. Split and merged legs, and cycles inside
 * cycles, are joined by the same assets. Where more is left on the way than that, all assets that were paid and got join. Two swaps of one pool that take each other back join nothing. No paths are searched. Empty for transactions of public routers, whose gains are their users'.
 */
export function listCycles({ actions, contract, from }: WindowTransaction, context: DetectContext): Cycle[] {
  const { to } = actions[0]!.transaction
  if (contract === null && to !== null && to !== from && context.isPublic(to)) return []
  const swaps = actions.filter((action) => action.kind === 'swap' && action.trade !== null)
  if (swaps.length < 2) return []
  if (swaps.length > SWAPS_MAX) return []
  const byPool = new Map<Pool, PoolAction[]>()
  for (const swap of swaps) {
    const known = byPool.get(swap.pool)
    if (known === undefined) byPool.set(swap.pool, [swap])
    else known.push(swap)
  }
  const edges = swaps.filter((swap) => !byPool.get(swap.pool)!.some((other) => isTakenBack(swap, other)))
  if (new Set(edges.map(({ pool }) => pool.address)).size < 2) return []
  const flows = flowsOf(swaps, context)
  const volumes = volumesOf(swaps, context)
  const isEven = (asset: Address) => magnitude(flows.get(asset) ?? 0n) * DUST_PART <= volumes.get(asset)!
  for (const [asset, amount] of flows) if (amount < 0n && !isEven(asset)) return []
  const find = (isJoining: (asset: Address) => boolean) =>
    joinByAssets(edges, isJoining, context).flatMap((joined) => {
      const cycle = toCycle(joined, isEven, context)
      return cycle === null ? [] : [cycle]
    })
  const cycles = find(isEven)
  if (cycles.length > 0) return cycles
  // Something is left on the way as well: then every asset that came and went leads on.
  const sides = edges.map((swap) => assetsOf(swap, context))
  const [paid, got] = [0, 1].map((side) => new Set(sides.map((each) => each[side]!)))
  return find((asset) => paid!.has(asset) && got!.has(asset))
}

function isTakenBack(a: PoolAction, b: PoolAction): boolean {
  if (a === b || a.kind !== 'swap' || b.kind !== 'swap' || a.trade === null || b.trade === null) return false
  const isInverse = a.trade.tokenIn === b.trade.tokenOut && a.trade.tokenOut === b.trade.tokenIn
  return isInverse && (a.trade.amountOut === b.trade.amountIn || b.trade.amountOut === a.trade.amountIn)
}

function volumesOf(swaps: readonly PoolAction[], { asset }: DetectContext): Flows {
  const volumes: Flows = new Map()
  for (const swap of swaps) {
    if (swap.kind !== 'swap' || swap.trade === null) continue
    const { pool } = swap
    const { tokenIn, tokenOut, amountIn, amountOut } = swap.trade
    for (const [position, amount] of [[tokenIn, amountIn] as const, [tokenOut, amountOut] as const]) {
      const key = asset(tokenAt(pool, position))
      volumes.set(key, (volumes.get(key) ?? 0n) + amount)
    }
  }
  return volumes
}

function assetsOf(swap: PoolAction, { asset }: DetectContext): [Address, Address] {
  const { pool, trade } = swap as SwapAction
  const { tokenIn, tokenOut } = trade!
  return [asset(tokenAt(pool, tokenIn)), asset(tokenAt(pool, tokenOut))]
}

/** Sets of swaps that the assets which come out even lead through. */
function joinByAssets(
  swaps: readonly PoolAction[],
  isEven: (asset: Address) => boolean,
  context: DetectContext,
): PoolAction[][] {
  const setOf = new Map<Address, Set<PoolAction>>()
  const sets = new Set<Set<PoolAction>>()
  for (const swap of swaps) {
    const joined = new Set([swap])
    sets.add(joined)
    for (const asset of assetsOf(swap, context).filter(isEven)) {
      const other = setOf.get(asset)
      if (other === undefined || other === joined) {
        setOf.set(asset, joined)
        continue
      }
      for (const each of other) joined.add(each)
      sets.delete(other)
      for (const [known, set] of setOf) if (set === other) setOf.set(known, joined)
      setOf.set(asset, joined)
    }
  }
  return [...sets].map((set) => [...set].sort((a, b) => a.order - b.order))
}

function toCycle(
  swaps: readonly PoolAction[],
  isEven: (asset: Address) => boolean,
  context: DetectContext,
): Cycle | null {
  const pools = [...new Set(swaps.map(({ pool }) => pool.address))]
  const flows = flowsOf(swaps, context)
  const through = [...flows.keys()].filter(isEven).sort()
  const gains: Flows = new Map([...flows].filter(([asset, amount]) => amount > 0n && !isEven(asset)))
  if (pools.length < 2 || gains.size === 0) return null
  // An asset gained has to have been paid as well: else it was bought.
  const paid = new Set(swaps.map((swap) => assetsOf(swap, context)[0]))
  return [...gains.keys()].some((asset) => paid.has(asset)) ? { swaps, pools, through, gains } : null
}

/** Atomic arbitrages among transactions, one finding for each with a cycle. See `listCycles`. */
export function detectArbitrages(context: DetectContext, transactions: readonly WindowTransaction[]): MevFinding[] {
  return transactions.flatMap((transaction): MevFinding[] => {
    const cycles = listCycles(transaction, context)
    if (cycles.length === 0) return []
    const { actions, from } = transaction
    const { hash, to } = actions[0]!.transaction
    // Some have many accounts that call one contract.
    const contract = to === null || to === from || context.isPublic(to) ? null : to
    const swaps = cycles.flatMap((cycle) => cycle.swaps).sort((a, b) => a.order - b.order)
    return [
      {
        kind: 'ATOMIC_ARBITRAGE',
        variants: variantsOf(cycles),
        facts: ['closed-cycle', contract === null ? 'called-by-account' : 'own-contract'],
        searcher: contract ?? from,
        pools: [...new Set(swaps.map(({ pool }) => pool.address))],
        legs: swaps.map((swap) => toLeg('ARBITRAGE', swap)),
        victims: [],
        profits: listAmounts(flowsOfTransaction(transaction, context)),
        residuals: [],
        ownTransactions: [hash],
        evidence: {
          cycles: cycles.map(({ pools, through, gains }) => ({
            pools,
            through,
            gains: listAmounts(gains).map(({ token, amount }) => ({ token, amount })),
          })),
        },
        quality: 'exact' as Quality,
      },
    ]
  })
}

function variantsOf(cycles: readonly Cycle[]): string[] {
  const [{ through, swaps }] = cycles as [Cycle]
  // As many assets as a plain cycle has swaps.
  const length = through.length + 1
  const shape = length === 2 ? 'two_pool' : length === 3 ? 'triangle' : 'n_cycle'
  const isSplit = swaps.length > length
  return [...(cycles.length > 1 ? ['multi_cycle'] : [shape]), ...(isSplit ? ['split'] : [])].sort()
}
