import type { Trade } from '../types/action.ts'
import type { Pool } from '../types/pool.ts'
import type { WindowTransaction } from './actors.ts'
import type { PoolAction } from './window.ts'

/** What one transaction did to one pool, all of its swaps there together. */
export type Leg = {
  transaction: WindowTransaction
  swaps: (PoolAction & { kind: 'swap'; trade: Trade })[]
  tokenIn: number
  tokenOut: number
  amountIn: bigint
  amountOut: bigint
}

/** A transaction that takes back in the same pool more than this part of what it did there has no direction: 1 of 20. */
const NET_PART = 20n

/** The legs of a transaction, by pool in the order of first use; those without one direction are left out. */
export function listLegs(transaction: WindowTransaction): Leg[] {
  const { actions } = transaction
  if (actions.length === 1) {
    const [action] = actions as [PoolAction]
    return isTrade(action) ? [toLeg(transaction, [action])!] : []
  }
  const swapsOf = new Map<Pool, Leg['swaps']>()
  for (const action of actions) {
    if (!isTrade(action)) continue
    const swaps = swapsOf.get(action.pool)
    if (swaps === undefined) swapsOf.set(action.pool, [action])
    else swaps.push(action)
  }
  return [...swapsOf.values()].flatMap((swaps) => toLeg(transaction, swaps) ?? [])
}

function isTrade(action: PoolAction): action is Leg['swaps'][number] {
  return action.kind === 'swap' && action.trade !== null
}

function toLeg(transaction: WindowTransaction, swaps: Leg['swaps']): Leg | null {
  if (swaps.length === 1) return { transaction, swaps, ...swaps[0]!.trade }
  const net = new Map<number, { sum: bigint; gross: bigint }>()
  const add = (position: number, amount: bigint) => {
    const { sum, gross } = net.get(position) ?? { sum: 0n, gross: 0n }
    net.set(position, { sum: sum + amount, gross: gross + (amount < 0n ? -amount : amount) })
  }
  for (const { trade } of swaps) {
    add(trade.tokenIn, trade.amountIn)
    add(trade.tokenOut, -trade.amountOut)
  }
  const changed = [...net].filter(([, { sum, gross }]) => (sum < 0n ? -sum : sum) * NET_PART > gross)
  const paid = changed.filter(([, { sum }]) => sum > 0n)
  const got = changed.filter(([, { sum }]) => sum < 0n)
  if (paid.length !== 1 || got.length !== 1) return null
  const [[tokenIn, { sum: amountIn }], [tokenOut, { sum }]] = [paid[0]!, got[0]!]
  return { transaction, swaps, tokenIn, tokenOut, amountIn, amountOut: -sum }
}

/** True when two legs trade the same two tokens against each other in opposite directions. */
export function isOpposite(a: Leg, b: Leg): boolean {
  return a.tokenIn === b.tokenOut && a.tokenOut === b.tokenIn
}

/** True when two legs trade in the same direction. */
export function isSame(a: Leg, b: Leg): boolean {
  return a.tokenIn === b.tokenIn && a.tokenOut === b.tokenOut
}
