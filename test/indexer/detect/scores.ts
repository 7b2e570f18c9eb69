import { CONFIRMED } from '../../../indexer/detect/rules.ts'
import type { MevKind } from '../../../indexer/types/mev.ts'
import { isOf, type Labelled } from './labelled.ts'

/** How many attacks of a kind there were, how many of them are confirmed, how many bundles are, and how many of these are right. */
export type Score = { labelled: number; confirmed: number; sure: number; right: number }

/** How well bundles agree with the truth. */
export type Scores = {
  sandwiches: Score
  jit: Score
  arbitrages: Score
  /** Losses of swaps in sandwiches that were found: equal to the last unit, or not. */
  losses: { equal: number; other: number }
  /** Decoys of which a transaction is the actor's in a confirmed sandwich. */
  decoys: number
}

/** Compares what was found with the truth; an arbitrage counts whether or not its trigger was found. */
export function judgeFound(found: Labelled): Scores {
  const losses = { equal: 0, other: 0 }
  for (const attack of found.attacks) {
    const bundle = found.bundles.find((each) => each.kind === 'SANDWICH' && isOf(each, attack))
    for (const truth of bundle === undefined ? [] : attack.victims) {
      if (truth.mode === 'LIQUIDITY') continue
      const victim = bundle!.victims.find(({ transactionHash }) => transactionHash === truth.transactionHash)
      losses[victim?.lossAmount === truth.lossAmount ? 'equal' : 'other']++
    }
  }
  const own = new Set(
    found.bundles
      .filter(({ kind, confidence }) => kind === 'SANDWICH' && confidence >= CONFIRMED)
      .flatMap(({ ownTransactions }) => ownTransactions),
  )
  return {
    sandwiches: scoreOf(found, ['SANDWICH']),
    jit: scoreOf(found, ['JIT_LIQUIDITY']),
    arbitrages: scoreOf(found, ['ATOMIC_ARBITRAGE', 'BACKRUN']),
    losses,
    decoys: found.decoys.filter(({ transactionHashes }) => transactionHashes.some((hash) => own.has(hash))).length,
  }
}

function scoreOf({ attacks, bundles }: Labelled, kinds: readonly MevKind[]): Score {
  const labels = attacks.filter(({ kind }) => kinds.includes(kind))
  const sure = bundles.filter(({ kind, confidence }) => kinds.includes(kind) && confidence >= CONFIRMED)
  return {
    labelled: labels.length,
    confirmed: labels.filter((label) => sure.some((bundle) => isOf(bundle, label))).length,
    sure: sure.length,
    right: sure.filter((bundle) => labels.some((label) => isOf(bundle, label))).length,
  }
}
