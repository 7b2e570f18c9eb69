import { toFeePips } from '../../../contracts/families.ts'
import type { LiquidityEvent } from '../../types/event.ts'
import type { InnerState, Pool } from '../../types/pool.ts'
import { type WeightedState, weighted } from '../amm/weighted.ts'
import { bindCurve } from '../curve.ts'
import { DOUBTS_AFTER_GAP, doubtsAfter, replayTrade } from '../replay.ts'
import { type Applied, changed, type Decimals, type FamilyRules, type Moment, unchanged } from './rules.ts'

/** What is known of a weighted pool in Balancer's Vault, each list in the order of the pool's tokens. */
export type WeightedInner = {
  balances: readonly bigint[]
  /** Parts of 1e18. */
  weights: readonly bigint[]
  /** Parts of 1e18. */
  swapFee: bigint
  /** False where weights move with time. */
  isPlain: boolean
}

const MAX_DECIMALS = 18

/**
 * Rules of weighted pools of Balancer V2: weights, fee and first balances are read by calls, then the balances follow from
 * the Vault's swaps and changes of balances. Pools of other kinds, which have no weights, are not followed.
 */
export const weightedRules: FamilyRules = {
  begin: () => null,
  curve: (pool, state, decimals) => {
    if (state.kind !== 'inner') return null
    const known = ammState(pool, innerOf(state), decimals)
    return known === null ? null : bindCurve(weighted, known, innerOf(state).isPlain ? 'exact' : 'approximate')
  },
  apply: (pool, state, event, moment) => {
    if (state?.kind !== 'inner') return unchanged(state, event.kind === 'swap' ? pool.feePips : null)
    if (event.kind === 'swap') return applySwap(pool, state, moment)
    if (event.kind === 'mint' || event.kind === 'burn') return applyChange(pool, state, event)
    if (event.kind !== 'fee') return unchanged(state)
    return changed(toWeightedState({ ...innerOf(state), swapFee: event.fee0 }, state.doubts))
  },
}

/** A state of a weighted pool. */
export function toWeightedState(inner: WeightedInner, doubts = 0): InnerState {
  return { kind: 'inner', inner, doubts }
}

function innerOf({ inner }: InnerState): WeightedInner {
  return inner as WeightedInner
}

function ammState({ tokens }: Pool, inner: WeightedInner, decimals: Decimals): WeightedState | null {
  const { balances, weights, swapFee } = inner
  const places = tokens.map((token) => decimals(token) ?? -1)
  if (tokens.length !== balances.length || places.some((place) => place < 0 || place > MAX_DECIMALS)) return null
  return { balances, weights, swapFee, scalingFactors: places.map((place) => 10n ** BigInt(36 - place)) }
}

function withBalances(state: InnerState, balances: readonly bigint[], doubts: number): InnerState {
  const isPossible = balances.every((balance) => balance >= 0n)
  const held = balances.map((balance) => (balance > 0n ? balance : 0n))
  return toWeightedState({ ...innerOf(state), balances: held }, isPossible ? doubts : DOUBTS_AFTER_GAP)
}

function applySwap(pool: Pool, state: InnerState, { trade, decimals }: Moment): Applied {
  const inner = innerOf(state)
  const feePips = toFeePips(pool.family, inner.swapFee)
  if (trade === null) return changed({ ...state, doubts: DOUBTS_AFTER_GAP }, null, feePips)
  const known = ammState(pool, inner, decimals)
  const replay = known === null ? null : replayTrade(bindCurve(weighted, known, 'exact'), trade)
  const doubts = known === null ? state.doubts : doubtsAfter(state.doubts, replay?.gap ?? 1n, false)
  const { tokenIn, tokenOut, amountIn, amountOut } = trade
  const balances = inner.balances.map((balance, position) =>
    position === tokenIn ? balance + amountIn : position === tokenOut ? balance - amountOut : balance,
  )
  return changed(withBalances(state, balances, doubts), replay?.gap ?? null, feePips)
}

/** What the protocol takes as a fee leaves the pool with the change. */
function applyChange(pool: Pool, state: InnerState, { changes, coins }: LiquidityEvent): Applied {
  const balances = [...innerOf(state).balances]
  for (const [index, { token, amount }] of (changes ?? []).entries()) {
    const position = typeof token === 'number' ? token : pool.tokens.indexOf(token)
    if (position < 0 || position >= balances.length) return changed({ ...state, doubts: DOUBTS_AFTER_GAP })
    balances[position]! += amount - (coins?.fees?.[index] ?? 0n)
  }
  return changed(withBalances(state, balances, state.doubts))
}
