import type { Curve } from '../derive/curve.ts'
import type { Hex } from '../types/block.ts'
import type { MevFinding, MevKind } from '../types/mev.ts'
import { groupByActor, type WindowTransaction } from './actors.ts'
import { detectArbitrages } from './arbitrage.ts'
import { detectBackruns } from './backrun.ts'
import type { DetectContext } from './context.ts'
import { replayReordered } from './counterfactual/index.ts'
import { detectJit } from './jit.ts'
import { PROBABLE, score } from './rules.ts'
import { detectSandwiches } from './sandwich.ts'
import { judgedTransactions, otherWindow, type PoolAction, type Window } from './window.ts'

/** Kinds that are told by the order of transactions, so that another order tells how often chance makes them. */
export const CONTROLLED_KINDS: readonly MevKind[] = ['SANDWICH', 'JIT_LIQUIDITY', 'BACKRUN']

/** One block in so many is at the end of a window that is judged in another order as well: what chance gives is a matter of sums. */
const CONTROLLED_PART = 16

/** How many findings of a kind a window has that are likely, and how many it has in another order. */
export type Control = { kind: MevKind; observed: number; placebo: number }

/**
 * All that the detectors find in a window, by themselves and with its transactions in an order drawn anew from the hash of the
 * last block: what they find there is chance. Only transactions that share a pool with an actor who trades there both ways, or adds and
 * removes, are drawn, as no other order of the rest could be found anything in. Which windows are judged so, the hash draws too: each block
 * is in such a window as often as in 1 of 16 cases. Empty where neither order has anything, and for the windows that are left out.
 */
export function countControls(window: Window, context: DetectContext): Control[] {
  const { blocks } = window
  const { hash } = blocks.at(-1)!.block
  if (Number.parseInt(hash.slice(-8), 16) % (CONTROLLED_PART * blocks.length) !== 0) return []
  const found = detectOrdered({ ...window, judgedFrom: blocks[0]!.block.number }, context)
  const shuffled = shuffleWindow(window, context)
  const drawn = shuffled === null ? [] : detectOrdered(shuffled, context)
  return CONTROLLED_KINDS.flatMap((kind) => {
    const count = (all: readonly MevFinding[]) => all.filter((each) => each.kind === kind && isLikely(each)).length
    const [observed, placebo] = [count(found), count(drawn)]
    return observed === 0 && placebo === 0 ? [] : [{ kind, observed, placebo }]
  })
}

/** By what is known before the gas is: the same for both orders. */
function isLikely({ kind, facts }: MevFinding): boolean {
  return score(kind, facts).confidence >= PROBABLE
}

function detectOrdered(window: Window, context: DetectContext): MevFinding[] {
  // Bundles that are told already count in both orders.
  const fresh = { ...context, isUsed: () => false }
  return [
    ...detectSandwiches(window, fresh),
    ...detectJit(window, fresh),
    ...detectBackruns(window, fresh, detectArbitrages(fresh, judgedTransactions(window))),
  ]
}

/** The window with the transactions that matter in another order, on the curves that they meet then; null where none matter. */
function shuffleWindow(window: Window, context: DetectContext): Window | null {
  const drawn = listDrawn(window)
  if (drawn.length < 3) return null
  const order = shuffle(drawn, window.blocks.at(-1)!.block.hash)
  const replayed = replayReordered(
    window,
    order.map(({ actions }) => actions),
    context.decimals,
  )
  const actions: PoolAction[] = []
  const curves = new Map<number, Curve | null>()
  for (const [slot, { actions: its }] of order.entries()) {
    // Each takes the place of another, in its block.
    const { block, transaction: place } = drawn[slot]!.actions[0]!
    const transaction = { ...its[0]!.transaction, transactionIndex: place.transactionIndex }
    for (const action of its) {
      const outcome = replayed.outcomes.get(action.order)
      const moved = { ...action, block, order: actions.length, transaction }
      curves.set(moved.order, replayed.before.get(action.order) ?? null)
      actions.push(
        moved.kind === 'swap' && moved.trade !== null && outcome !== undefined
          ? ({ ...moved, trade: { ...moved.trade, ...amountsOf(outcome) } } as PoolAction)
          : moved,
      )
    }
  }
  return otherWindow(window, actions, curves, context)
}

function amountsOf({ amountIn, amountOut }: { amountIn: bigint; amountOut: bigint }) {
  return { amountIn, amountOut }
}

function listDrawn({ byPool, byTransaction }: Window): WindowTransaction[] {
  const drawn = new Set<WindowTransaction>()
  for (const actions of byPool.values()) {
    const transactions = [...new Set(actions.map(({ transaction }) => byTransaction.get(transaction)!))]
    if (transactions.length < 3 || !hasPosition(actions, transactions)) continue
    for (const transaction of transactions) drawn.add(transaction)
  }
  return [...drawn].sort((a, b) => a.actions[0]!.order - b.actions[0]!.order)
}

/** True where somebody trades both ways in several transactions, or adds and removes liquidity. */
function hasPosition(actions: readonly PoolAction[], transactions: readonly WindowTransaction[]): boolean {
  const pool = actions[0]!.pool
  return groupByActor(transactions).some((group) => {
    if (group.length < 2) return false
    const sides = new Set<string>()
    for (const action of group.flatMap((each) => each.actions)) {
      if (action.pool !== pool) continue
      if (action.kind === 'swap' && action.trade !== null) sides.add(`swap ${action.trade.tokenIn}`)
      if (action.kind === 'liquidity') sides.add(action.event.kind)
    }
    return sides.size > 1
  })
}

/** In another order that depends on nothing but the seed (Fisher-Yates over xorshift32). */
function shuffle<Item>(items: readonly Item[], seed: Hex): Item[] {
  let state = Number.parseInt(seed.slice(2, 10), 16) | 1
  const draw = (below: number) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = draw(last + 1)
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}
