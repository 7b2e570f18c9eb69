import type { Trade } from '../types/action.ts'
import type { Address } from '../types/block.ts'
import type { SwapIntent } from '../types/intent.ts'
import type { MevVictim } from '../types/mev.ts'
import type { Quality } from '../types/pool.ts'
import type { WindowTransaction } from './actors.ts'
import type { DetectContext } from './context.ts'
import { type Counterfactual, type Outcome, worse } from './counterfactual/index.ts'
import type { PoolAction } from './window.ts'

type Swap = PoolAction & { kind: 'swap'; trade: Trade }
type Judged = { swap: Swap; outcome: Outcome }

const BPS = 10_000

/**
 * What a transaction lost against a counterfactual, over all of its swaps that come out otherwise: an exact input in the
 * token that its path ends with, an exact output in the token that it begins with. Null when none of its swaps is affected.
 */
export function judgeVictim(
  { actions, from, blockNumber }: WindowTransaction,
  { outcomes }: Counterfactual,
  context: DetectContext,
): MevVictim | null {
  const swaps = actions.filter((action): action is Swap => action.kind === 'swap' && action.trade !== null)
  const judged = swaps.flatMap((swap): Judged[] => {
    const outcome = outcomes.get(swap.order)
    return outcome === undefined ? [] : [{ swap, outcome }]
  })
  if (judged.length === 0) return null
  const isExactOut = judged.every(({ outcome }) => outcome.mode === 'EXACT_OUT')
  const ends = judged.filter(({ swap }) => !judged.some((other) => isJoined(swap, other.swap, isExactOut)))
  const token = tokenOf(ends.at(-1)!.swap, isExactOut)
  // Parts of a split that end with one token are added up.
  const parts = ends.filter(({ swap }) => tokenOf(swap, isExactOut) === token)
  const quality = judged.reduce<Quality>((worst, { outcome }) => worse(worst, outcome.quality), 'exact')
  const was = total(parts.map(({ swap }) => (isExactOut ? swap.trade.amountIn : swap.trade.amountOut)))
  const wouldBe = total(parts.map(({ outcome }) => (isExactOut ? outcome.amountIn : outcome.amountOut)))
  const loss = quality === 'unknown' ? null : isExactOut ? was - wouldBe : wouldBe - was
  const { swap } = parts.at(isExactOut ? 0 : -1)!
  return {
    ...{ blockNumber, transactionHash: swap.transaction.hash, logIndex: swap.event.logIndex, trader: from },
    ...{ mode: isExactOut ? 'EXACT_OUT' : 'EXACT_IN', lossToken: token, lossAmount: loss, quality },
    lossBps: loss === null || wouldBe === 0n ? null : (Number(loss) / Number(wouldBe)) * BPS,
    lossUsd: loss === null ? null : context.valueUsd(token, loss),
    counterfactualAmount: loss === null ? null : wouldBe,
  }
}

/** A limit that leaves more than this part of the amount open shapes no attack, as capital and depth end before it: 1 of 10. */
const LIMIT_PART = 10n

/**
 * How much of the slippage that a victim allowed was taken from it, as a part: an attacker who seeks the most takes nearly all.
 * Null when the loss or the limit is not known, or the limit is no real one.
 */
export function usedSlippage(
  { mode, lossAmount, counterfactualAmount: fair }: MevVictim,
  intent: SwapIntent | undefined,
): number | null {
  if (lossAmount === null || fair === null || fair <= 0n || intent?.kind !== mode) return null
  const limit = mode === 'EXACT_IN' ? intent.amountOut : intent.amountIn
  if (limit === null || limit <= 0n) return null
  const room = mode === 'EXACT_IN' ? fair - limit : limit - fair
  if (room * LIMIT_PART > fair) return null
  return room <= 0n ? 1 : Math.max(0, Number(lossAmount) / Number(room))
}

/**
 * Whoever provided liquidity on one side in one of the pools meanwhile; what that lost would take the maths of its shares, so it is not
 * known. Null for transactions that did not.
 */
export function judgeProvider(
  { actions, from, blockNumber }: WindowTransaction,
  pools: readonly Address[],
): MevVictim | null {
  const provided = actions.find((action) => action.kind === 'liquidity' && pools.includes(action.pool.address))
  if (provided?.kind !== 'liquidity') return null
  const { transaction, event, pool, amounts } = provided
  const moved = event.changes?.find(({ amount }) => amount !== 0n)?.token ?? (amounts?.[0] === 0n ? 1 : 0)
  return {
    ...{ blockNumber, transactionHash: transaction.hash, logIndex: event.logIndex, trader: from, mode: 'LIQUIDITY' },
    lossToken: typeof moved === 'number' ? pool.tokens[moved]! : moved,
    ...{ lossAmount: null, lossBps: null, lossUsd: null, counterfactualAmount: null, quality: 'unknown' },
  }
}

/** True when `other` takes over what a swap gives, or for exact outputs gives what it takes. */
function isJoined({ pool, trade, order }: Swap, other: Swap, isExactOut: boolean): boolean {
  const [first, second] = isExactOut ? [other, { pool, trade, order }] : [{ pool, trade, order }, other]
  return (
    first.order < second.order &&
    first.pool.tokens[first.trade.tokenOut] === second.pool.tokens[second.trade.tokenIn] &&
    first.trade.amountOut === second.trade.amountIn
  )
}

function tokenOf({ pool, trade }: Swap, isExactOut: boolean) {
  return pool.tokens[isExactOut ? trade.tokenIn : trade.tokenOut]!
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
