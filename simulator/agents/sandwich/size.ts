import type { Call } from '../../execute/call.ts'
import { execute } from '../../execute/index.ts'
import { type Hop, type Ledger, openLedger, swapRoute, type World } from '../../pools/world.ts'

/** What an attacker knows of what will come. */
export type Prospect = { hops: readonly Hop[]; victims: readonly Call[]; least: bigint }

const GROWTH_PARTS = [17n, 10n] as const
const TRIALS = 22
const REFINEMENTS = 8

/**
 * The most profitable payment of a front that lets all victims pass; null when none gains. As an attacker would find it: by
 * trying out on the pools as they stand what front, victims and back come to.
 */
export function bestFront(world: World, prospect: Prospect): bigint | null {
  let best: { amount: bigint; gain: bigint } | null = null
  let tooMuch: bigint | null = null
  let amount = prospect.least
  const tryOut = (trial: bigint): boolean => {
    const gain = gainOf(world, prospect, trial)
    if (gain !== null && gain > 0n && (best === null || gain > best.gain)) best = { amount: trial, gain }
    return gain !== null
  }
  for (let trial = 0; trial < TRIALS && tooMuch === null; trial++) {
    if (!tryOut(amount)) tooMuch = amount
    amount = (amount * GROWTH_PARTS[0]) / GROWTH_PARTS[1]
  }
  if (best === null || tooMuch === null) return (best as { amount: bigint } | null)?.amount ?? null
  let low: bigint = (tooMuch * GROWTH_PARTS[1]) / GROWTH_PARTS[0]
  for (let step = 0; step < REFINEMENTS; step++) {
    const middle: bigint = (low + tooMuch) / 2n
    if (tryOut(middle)) low = middle
    else tooMuch = middle
  }
  return (best as { amount: bigint }).amount
}

/** What the attack gains in the token that the front pays; null when a victim would revert. */
function gainOf(world: World, { hops, victims }: Prospect, amount: bigint): bigint | null {
  const ledger = openLedger(world)
  const front = swapRoute(ledger, { hops, mode: 'EXACT_IN', amount, limit: null })
  if (front === null) return null
  for (const victim of victims) if (!apply(ledger, victim)) return null
  const back = swapRoute(ledger, {
    hops: reversed(hops),
    mode: 'EXACT_IN',
    amount: front.at(-1)!.amountOut,
    limit: null,
  })
  return back === null ? null : back.at(-1)!.amountOut - amount
}

function apply(ledger: Ledger, call: Call): boolean {
  const { isReverted, changes } = execute(ledger, call)
  for (const pool of changes.values()) ledger.set(pool)
  return !isReverted
}

/** The way back over the same pools. */
export function reversed(hops: readonly Hop[]): Hop[] {
  return hops.toReversed().map(({ pool, tokenIn, tokenOut }) => ({ pool, tokenIn: tokenOut, tokenOut: tokenIn }))
}
