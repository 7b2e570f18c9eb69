import type { Curve } from '../derive/curve.ts'
import type { Address, Transaction } from '../types/block.ts'
import type { MevFinding } from '../types/mev.ts'
import type { Quality } from '../types/pool.ts'
import { identify, type WindowTransaction } from './actors.ts'
import { type Cycle, listCycles } from './arbitrage.ts'
import type { DetectContext } from './context.ts'
import { replayWithout, worse } from './counterfactual/index.ts'
import {
  curveBefore,
  judgedTransactions,
  type PoolAction,
  sliceTransactions,
  tokenAt,
  toLeg,
  type Window,
} from './window.ts'

/** A trigger takes along at least this part of what the arbitrage gained: 4 of 5. */
const SHARE_MIN = 0.8
/** Transactions looked at for each arbitrage, from the nearest back. */
const CANDIDATES_MAX = 24
/** Transactions that are done again in search of the triggers of one block; after that only the nearest is looked at. */
const REPLAYS_MAX = 20_000

type Swap = PoolAction & { kind: 'swap' }

/** How much of the gain of an arbitrage is due to an earlier transaction. */
type Attribution = { trigger: WindowTransaction; share: number; quality: Quality }

/**
 * Backruns: atomic arbitrages (`listCycles`) of the last block with the transaction that made them possible. A trigger is of somebody
 * else, comes before in the window, and moved a pool of the cycle the other way than the arbitrage moves it. Done again without
 * the trigger, the same cycle with the same input gains at most a fifth. Of several the nearest counts.
 * @param arbitrages the findings of `detectArbitrages` for the same block.
 * @returns findings that take the place of those arbitrages; an arbitrage without a trigger is left out.
 */
export function detectBackruns(
  window: Window,
  context: DetectContext,
  arbitrages: readonly MevFinding[],
): MevFinding[] {
  if (arbitrages.length === 0) return []
  const budget = { left: REPLAYS_MAX }
  const ofHash = new Map(judgedTransactions(window).map((each) => [each.actions[0]!.transaction.hash, each]))
  return arbitrages.flatMap((arbitrage): MevFinding[] => {
    const own = ofHash.get(arbitrage.ownTransactions[0]!)!
    const [cycle] = listCycles(own, context)
    const path = cycle === undefined ? null : pathOf(cycle, context)
    if (cycle === undefined || path === null) return []
    const found = findTrigger(window, context, own, path, budget)
    return found === null ? [] : [toBackrun(arbitrage, own, found)]
  })
}

/** Longer ways are no plain cycle. */
const PATH_MAX = 16

/** The swaps of a plain cycle from an asset gained back to it; null where legs are split or merged. */
function pathOf({ swaps, gains }: Cycle, { asset }: DetectContext): Swap[] | null {
  const rest = swaps.filter((swap): swap is Swap => swap.kind === 'swap')
  const [start] = gains.keys()
  if (swaps.length > PATH_MAX) return null
  const path: Swap[] = []
  let at = start
  while (path.length < swaps.length) {
    const next = rest.filter((swap) => !path.includes(swap) && asset(tokenAt(swap.pool, swap.trade!.tokenIn)) === at)
    if (next.length !== 1) return null
    path.push(next[0]!)
    at = asset(tokenAt(next[0]!.pool, next[0]!.trade!.tokenOut))
  }
  return at === start ? path : null
}

function findTrigger(
  window: Window,
  context: DetectContext,
  own: WindowTransaction,
  path: readonly Swap[],
  budget: { left: number },
): Attribution | null {
  const actual = gainOf(path, (swap) => curveBefore(window, swap, context.decimals), context)
  if (actual === null || actual.gain <= 0n) return null
  for (const [index, trigger] of candidates(window, own, path).entries()) {
    if (index > 0 && budget.left <= 0) return null
    const span = [trigger.actions[0]!.order, own.actions[0]!.order - 1] as const
    budget.left -= sliceTransactions(window, ...span).length
    const { curves } = replayWithout(
      window,
      span,
      (transaction) => transaction === trigger.transaction,
      context.decimals,
    )
    const curveOf = (swap: Swap) =>
      curves.has(swap.pool.address) ? curves.get(swap.pool.address)! : curveBefore(window, swap, context.decimals)
    const without = gainOf(path, curveOf, context)
    const share = without === null ? null : 1 - Number(without.gain) / Number(actual.gain)
    if (share !== null && share >= SHARE_MIN) {
      return { trigger, share: Math.min(1, share), quality: worse(actual.quality, without!.quality) }
    }
  }
  return null
}

/** Transactions of others before, the nearest first, that moved a pool of the path the other way. */
function candidates(
  { byPool, byTransaction }: Window,
  own: WindowTransaction,
  path: readonly Swap[],
): WindowTransaction[] {
  const begin = own.actions[0]!.order
  const found = new Map<Transaction, number>()
  for (const swap of path) {
    const actions = byPool.get(swap.pool.address)!
    // The nearest of each pool are among the nearest of all.
    let near = 0
    for (let index = actions.length - 1; index >= 0 && near < CANDIDATES_MAX; index--) {
      const action = actions[index]!
      if (action.order >= begin || action.kind !== 'swap' || action.trade === null) continue
      if (action.trade.tokenIn !== swap.trade!.tokenOut) continue
      const known = found.get(action.transaction)
      if (known === undefined) near++
      if (known === undefined || known < action.order) found.set(action.transaction, action.order)
    }
  }
  return [...found]
    .sort(([, a], [, b]) => b - a)
    .slice(0, CANDIDATES_MAX)
    .map(([transaction]) => byTransaction.get(transaction)!)
    .filter((other) => identify(own, other) === null)
}

/** What the path gains with the input it had; null where a pool cannot be quoted. */
function gainOf(
  path: readonly Swap[],
  curveOf: (swap: Swap) => Curve | null,
  { asset }: DetectContext,
): { gain: bigint; asset: Address; quality: Quality } | null {
  const [first] = path
  const amountIn = first!.trade!.amountIn
  let amount = amountIn
  let quality: Quality = 'exact'
  const moved = new Map<Address, Curve>()
  for (const swap of path) {
    const curve = moved.get(swap.pool.address) ?? curveOf(swap)
    const quote = curve?.quoteIn(swap.trade!.tokenIn, swap.trade!.tokenOut, amount) ?? null
    if (curve === null || quote === null) return null
    moved.set(swap.pool.address, quote.after)
    quality = worse(quality, curve.quality)
    amount = quote.amountOut
  }
  return { gain: amount - amountIn, asset: asset(tokenAt(first!.pool, first!.trade!.tokenIn)), quality }
}

function toBackrun(
  arbitrage: MevFinding,
  own: WindowTransaction,
  { trigger, share, quality }: Attribution,
): MevFinding {
  const shared = new Set(own.actions.map(({ pool }) => pool.address))
  const legs = trigger.actions
    .filter((action) => action.kind === 'swap' && shared.has(action.pool.address))
    .map((action) => toLeg('TRIGGER', action))
  const distance = own.blockNumber - trigger.blockNumber
  return {
    ...arbitrage,
    kind: 'BACKRUN',
    variants: [...arbitrage.variants, ...(distance > 0 ? ['cross_block'] : [])].sort(),
    legs: [...legs, ...arbitrage.legs],
    facts: [...arbitrage.facts, 'trigger', ...(quality === 'exact' ? ['trigger-exact'] : [])],
    evidence: {
      ...arbitrage.evidence,
      trigger: {
        transactionHash: trigger.actions[0]!.transaction.hash,
        blocks: distance,
        transactions:
          distance === 0
            ? own.actions[0]!.transaction.transactionIndex - trigger.actions[0]!.transaction.transactionIndex
            : null,
        share,
      },
    },
    quality,
  }
}
