import type { Curve } from '../derive/curve.ts'
import type { Hex } from '../types/block.ts'
import type { MevFinding, MevKind } from '../types/mev.ts'
import { groupByActor, listTransactions, type WindowTransaction } from './actors.ts'
import { detectArbitrages } from './arbitrage.ts'
import { detectBackruns } from './backrun.ts'
import type { DetectContext } from './context.ts'
import { replayReordered } from './counterfactual/index.ts'
import { detectJit } from './jit.ts'
import { weigh } from './profit.ts'
import { PROBABLE, score } from './rules.ts'
import { detectSandwiches } from './sandwich.ts'
import { type PoolAction, transactionKey, type Window } from './window.ts'

/** Kinds that are told by the order of transactions, so that another order tells how often chance makes them. */
export const CONTROLLED_KINDS: readonly MevKind[] = ['SANDWICH', 'JIT_LIQUIDITY', 'BACKRUN']

/** One block in so many, drawn by its hash, is judged in another order as well: what chance gives is a matter of sums. */
export const CONTROL_EVERY = 8

/** How many findings of a kind a window has that are likely, and how many it has in another order. */
export type Control = { kind: MevKind; observed: number; placebo: number }

/**
 * The same detectors over the same transactions in an order drawn anew from the hash of the judged block: what they find there is
 * chance. Only transactions that share a pool with an actor who trades there both ways, adds and removes, or makes a cycle are
 * drawn, as no other order of the rest could be found anything in. Empty where neither order has anything, and for the blocks that
 * are left out (CONTROL_EVERY).
 */
export function countControls(
  window: Window,
  context: DetectContext,
  all: ReadonlyMap<string, WindowTransaction>,
  findings: readonly MevFinding[],
): Control[] {
  const { hash } = window.blocks.at(-1)!.block
  if (Number.parseInt(hash.slice(-8), 16) % CONTROL_EVERY !== 0) return []
  const shuffled = shuffleWindow(window, context, all)
  const found = shuffled === null ? [] : detectOrdered(shuffled, context)
  return CONTROLLED_KINDS.flatMap((kind) => {
    const count = (all: readonly MevFinding[]) => all.filter((each) => each.kind === kind && isLikely(each)).length
    const [observed, placebo] = [count(findings), count(found)]
    return observed === 0 && placebo === 0 ? [] : [{ kind, observed, placebo }]
  })
}

/** By what is known before the gas is: the same for both orders. */
function isLikely({ kind, facts }: MevFinding): boolean {
  return score(kind, facts).confidence >= PROBABLE
}

function detectOrdered(window: Window, context: DetectContext): MevFinding[] {
  const all = listTransactions(window, context)
  const lastBlock = window.blocks.at(-1)!.block.number
  const last = [...all.values()].filter(({ blockNumber }) => blockNumber === lastBlock)
  return [
    ...detectSandwiches(window, context, all).map((finding) => weigh(finding, context)),
    ...detectJit(window, context, all),
    ...detectBackruns(window, context, all, detectArbitrages(context, last)),
  ]
}

/** The window with the transactions that matter in another order, on the curves that they meet then; null where none matter. */
function shuffleWindow(
  window: Window,
  context: DetectContext,
  all: ReadonlyMap<string, WindowTransaction>,
): Window | null {
  const drawn = listDrawn(window, all)
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
    for (const action of its) {
      const outcome = replayed.outcomes.get(action.order)
      const moved = { ...action, block, order: actions.length }
      const transaction = { ...action.transaction, transactionIndex: place.transactionIndex }
      curves.set(moved.order, replayed.before.get(action.order) ?? null)
      actions.push(
        action.kind === 'swap' && action.trade !== null && outcome !== undefined
          ? ({ ...moved, transaction, trade: { ...action.trade, ...amountsOf(outcome) } } as PoolAction)
          : ({ ...moved, transaction } as PoolAction),
      )
    }
  }
  const byPool = new Map<Hex, PoolAction[]>()
  for (const action of actions) {
    const known = byPool.get(action.pool.address)
    if (known === undefined) byPool.set(action.pool.address, [action])
    else known.push(action)
  }
  return { ...window, actions, byPool, curves }
}

function amountsOf({ amountIn, amountOut }: { amountIn: bigint; amountOut: bigint }) {
  return { amountIn, amountOut }
}

function listDrawn({ byPool }: Window, all: ReadonlyMap<string, WindowTransaction>): WindowTransaction[] {
  const drawn = new Set<WindowTransaction>()
  for (const actions of byPool.values()) {
    const transactions = [...new Set(actions.map(transactionKey))].map((key) => all.get(key)!)
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
