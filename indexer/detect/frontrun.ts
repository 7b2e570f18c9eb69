import type { MevFinding, MevVictim } from '../types/mev.ts'
import type { Quality } from '../types/pool.ts'
import { groupByActor, identify, searcherOf, type WindowTransaction } from './actors.ts'
import { type Closing, findClosing } from './closing.ts'
import type { DetectContext } from './context.ts'
import { replayWithout, worse } from './counterfactual/index.ts'
import { flowsOfTransaction, listAmounts, sumFlows } from './flows.ts'
import { isOpposite, isSame, type Leg } from './legs.ts'
import { judgeVictim } from './victims.ts'
import { isRepeated, judgedTransactions, listJoined, sliceBetween, toLeg, type Window } from './window.ts'

/** What a victim has to have lost at least, in basis points of its trade. */
const LOSS_BPS_MIN = 5

/** Transactions of the actor before that are looked at, from the nearest back. */
const FRONTS_MAX = 20

/**
 * Naked frontruns that end in the last block of the window. One actor trades in a pool, somebody else right after in the same
 * direction and at least 5 basis points worse for it, and later the actor closes the position with a gain, but not in that pool: with a
 * way back there it is a sandwich. Who was first by skill and who by luck cannot be told from this, so it is never
 * more than probable. Races of which the loser reverted leave no log and are not told here.
 */
export function detectFrontruns(window: Window, context: DetectContext): MevFinding[] {
  return groupByActor(listRelated(window)).flatMap((group) =>
    group
      .filter(({ blockNumber }) => blockNumber >= window.judgedFrom)
      .flatMap((back): MevFinding[] => {
        const found = findFront(back, group, window, context)
        return found === null ? [] : [found]
      }),
  )
}

/** The transactions of everybody who has several, one of them judged, in order. */
function listRelated(window: Window): WindowTransaction[] {
  const related = new Set(judgedTransactions(window).filter((transaction) => isRepeated(window, transaction)))
  const seen = new Set<readonly WindowTransaction[]>()
  for (const transaction of related) {
    for (const joined of listJoined(window, transaction)) {
      if (seen.has(joined)) continue
      seen.add(joined)
      // Who is added while this goes on is gone through as well.
      for (const other of joined) related.add(other)
    }
  }
  return [...related].sort((a, b) => a.actions[0]!.order - b.actions[0]!.order)
}

/** The latest transaction of the actor before that this one closes elsewhere, with whom it made pay. */
function findFront(
  back: WindowTransaction,
  group: readonly WindowTransaction[],
  window: Window,
  context: DetectContext,
): MevFinding | null {
  const backLegs = back.legs
  const end = group.indexOf(back)
  const given = flowsOfTransaction(back, context)
  for (const front of group.slice(Math.max(0, end - FRONTS_MAX), end).toReversed()) {
    const [leg, ...others] = front.legs
    if (leg === undefined || others.length > 0) continue
    const closing = findClosing(flowsOfTransaction(front, context), given)
    if (closing === null || (closing.naive.naiveProfit ?? 0n) <= 0n) continue
    const isBackThere = backLegs.some(
      ({ swaps, ...other }) => swaps[0]!.pool === leg.swaps[0]!.pool && isOpposite({ swaps, ...other }, leg),
    )
    return isBackThere ? null : judge(leg, back, closing, window, context)
  }
  return null
}

function judge(
  leg: Leg,
  back: WindowTransaction,
  closing: Closing,
  window: Window,
  context: DetectContext,
): MevFinding | null {
  const front = leg.transaction
  const [from, to] = [front.actions[0]!.order, back.actions[0]!.order]
  const legs = window.legs.get(leg.swaps[0]!.pool.address)!
  const following = sliceBetween(legs, ({ swaps }) => swaps[0]!.order, from, to).filter(
    (other) => isSame(other, leg) && identify(front, other.transaction) === null,
  )
  if (following.length === 0) return null
  const counterfactual = replayWithout(
    window,
    [from, to],
    (transaction) => transaction === front.transaction,
    context.decimals,
  )
  const victims = following.flatMap(({ transaction }): MevVictim[] => {
    const victim = judgeVictim(transaction, counterfactual, context)
    return victim !== null && (victim.lossBps ?? 0) >= LOSS_BPS_MIN ? [victim] : []
  })
  if (victims.length === 0) return null
  const quality = victims.reduce<Quality>((worst, victim) => worse(worst, victim.quality), 'exact')
  const blocks = back.blockNumber - front.blockNumber
  const profits = listAmounts(sumFlows([front, back].map((transaction) => flowsOfTransaction(transaction, context))))
  const hurt = new Set(victims.map(({ transactionHash }) => transactionHash))
  return {
    kind: 'FRONTRUN',
    variants: blocks > 0 ? ['cross_block'] : [],
    facts: [
      ...[`identity-${identify(front, back) ?? 'same-contract'}`, 'no-back'],
      ...(quality === 'exact' ? ['losses-exact'] : []),
    ],
    searcher: searcherOf([front, back]),
    pools: [leg.swaps[0]!.pool.address],
    legs: [
      toLeg('FRONT', front.actions[0]!),
      ...following
        .filter(({ transaction }) => hurt.has(transaction.actions[0]!.transaction.hash))
        .map(({ transaction }) => toLeg('VICTIM', transaction.actions[0]!)),
      toLeg('BACK', back.actions[0]!),
    ],
    victims,
    profits,
    residuals: profits.filter(({ token }) => token === closing.asset),
    ownTransactions: [front, back].map(({ actions }) => actions[0]!.transaction.hash),
    evidence: { positionAsset: closing.asset, positionLeft: closing.left, blocks, ...closing.naive },
    quality,
  }
}
