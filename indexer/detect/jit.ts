import type { LiquidityAction, SwapAction } from '../types/action.ts'
import type { MevFinding } from '../types/mev.ts'
import { identify, searcherOf } from './actors.ts'
import type { DetectContext } from './context.ts'
import { flowsOfTransaction, listAmounts, magnitude, sumFlows } from './flows.ts'
import { isRepeated, judgedTransactions, type PoolAction, toLeg, type Window } from './window.ts'

/** What is taken out counts as what was put in up to this part of it: 1 of 100. */
const SAME_PART = 100n

type Liquidity = LiquidityAction
type Swap = SwapAction

/**
 * Just-in-time liquidity that is taken out in the last block of the window. One actor adds liquidity to a pool, others swap there, and he
 * takes the same liquidity (to 1 %, of the same range) out again, in another transaction. With a range, at least one of these
 * swaps has to run through it while the liquidity added is half or more of what is active. Whoever swaps between is no victim:
 * the price he gets is better. Those who lose are the other providers, whose fees are shared.
 */
export function detectJit(window: Window, context: DetectContext): MevFinding[] {
  const used = new Set<Liquidity>()
  const repeated = judgedTransactions(window).filter((transaction) => isRepeated(window, transaction))
  const burns = repeated.flatMap(({ actions }) => actions.filter(isBurn))
  return burns.flatMap((burn): MevFinding[] => {
    const found = findMint(burn, window.byPool.get(burn.pool.address)!, used, window.byTransaction)
    if (found === null) return []
    used.add(found.mint)
    return [toFinding(found.mint, burn, found.swaps, context, window.byTransaction)]
  })
}

function isBurn(action: PoolAction): action is Liquidity {
  return action.kind === 'liquidity' && action.event.kind === 'burn' && size(action) !== 0n
}

/** Liquidity of a range, or the amount of token0 for pools without ranges. */
function size({ event, amounts }: Liquidity): bigint {
  return magnitude(event.range?.liquidity ?? amounts?.[0] ?? 0n)
}

/** Liquidity of the same position that is looked at for one that is taken out, from the nearest back. */
const MINTS_MAX = 20

function findMint(
  burn: Liquidity,
  actions: readonly PoolAction[],
  used: ReadonlySet<Liquidity>,
  byTransaction: Window['byTransaction'],
): { mint: Liquidity; swaps: Swap[] } | null {
  const own = byTransaction.get(burn.transaction)!
  const swaps: Swap[] = []
  let looked = 0
  for (let index = actions.length - 1; index >= 0 && looked < MINTS_MAX; index--) {
    const action = actions[index]!
    if (action.order >= burn.order) continue
    const other = byTransaction.get(action.transaction)!
    if (action.kind === 'swap' && identify(own, other) === null) swaps.push(action)
    if (action.kind !== 'liquidity' || action.event.kind !== 'mint') continue
    if (used.has(action) || other === own || !isSamePosition(action, burn) || identify(own, other) === null) continue
    looked++
    if (swaps.some((swap) => isServed(swap, action))) {
      return { mint: action, swaps: swaps.filter((swap) => isThrough(swap, action)).reverse() }
    }
  }
  return null
}

function isSamePosition(mint: Liquidity, burn: Liquidity): boolean {
  const [a, b] = [mint.event.range, burn.event.range]
  if (a?.tickLower !== b?.tickLower || a?.tickUpper !== b?.tickUpper) return false
  const [added, removed] = [size(mint), size(burn)]
  return magnitude(added - removed) * SAME_PART <= added
}

/** True when the swap begins or ends in the range, or passes over it; where it began is not known, when it ends in it. */
function isThrough({ before, event }: Swap, { event: { range } }: Liquidity): boolean {
  if (range === null) return true
  if (event.after === null) return false
  if (before?.kind !== 'ticks') return range.tickLower <= event.after.tick && event.after.tick < range.tickUpper
  const [low, high] = before.tick < event.after.tick ? [before.tick, event.after.tick] : [event.after.tick, before.tick]
  return low < range.tickUpper && high >= range.tickLower
}

function isServed(swap: Swap, mint: Liquidity): boolean {
  const { range } = mint.event
  if (range === null) return true
  const active = swap.before?.kind === 'ticks' ? swap.before.liquidity : 0n
  const reached = swap.event.after?.liquidity ?? 0n
  const most = active > reached ? active : reached
  return isThrough(swap, mint) && range.liquidity * 2n >= most
}

function toFinding(
  mint: Liquidity,
  burn: Liquidity,
  swaps: readonly Swap[],
  context: DetectContext,
  byTransaction: Window['byTransaction'],
): MevFinding {
  const own = [byTransaction.get(mint.transaction)!, byTransaction.get(burn.transaction)!]
  const blocks = burn.block.number - mint.block.number
  const shares = swaps.flatMap(({ before }) =>
    before?.kind === 'ticks' && before.liquidity > 0n && mint.event.range !== null
      ? [Math.min(1, Number(mint.event.range.liquidity) / Number(before.liquidity))]
      : [],
  )
  return {
    kind: 'JIT_LIQUIDITY',
    variants: blocks > 0 ? ['cross_block'] : [],
    facts: [
      `identity-${identify(own[0]!, own[1]!)!}`,
      blocks === 0 ? 'same-block' : blocks === 1 ? 'next-block' : 'blocks-apart',
      'same-position',
    ],
    searcher: searcherOf(own),
    pools: [mint.pool.address],
    legs: [toLeg('MINT', mint), ...swaps.map((swap) => toLeg('TRIGGER', swap)), toLeg('BURN', burn)],
    victims: [],
    profits: listAmounts(sumFlows(own.map((transaction) => flowsOfTransaction(transaction, context)))),
    residuals: [],
    ownTransactions: own.map(({ actions }) => actions[0]!.transaction.hash),
    evidence: { liquidityShare: shares.length === 0 ? null : Math.max(...shares), swaps: swaps.length },
    quality: 'exact',
  }
}
