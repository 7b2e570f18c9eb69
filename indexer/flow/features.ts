import type { FlowEvent } from '../types/flow.ts'
import { type OpenParent, RHYTHM_CHILDREN, type TradeShape } from './metaorders.ts'
import { finiteBurstiness, jitterRatio } from './stats/burstiness.ts'
import { burstShare, listIntervals } from './timing.ts'

/** What the classifier reads, in the order of its bins. Adding one is a line here and in `listFeatures`, and training anew. */
export const FEATURES = [
  'route',
  'slippage',
  'roundAmount',
  'relativeSize',
  'valueUsd',
  'actorTrades',
  'actorBurstiness',
  'actorJitter',
  'actorBurstShare',
  'actorSameBlock',
  'actorPairs',
  'actorTurns',
  'actorSizeVariation',
  'actorActiveHours',
  'actorLongestGap',
  'parentChildren',
  'parentBurstiness',
  'parentJitter',
  'parentSizeVariation',
] as const

/** A feature of a trade. */
export type FeatureName = (typeof FEATURES)[number]

/** The value of each feature: a number, a name, or null where it is not known. */
export type FeatureValues = { readonly [Name in FeatureName]: number | string | null }

/** Trades of one parent order from which on its rhythm and sizes count. */
const SIZES_MIN = 3

/**
 * The features of a trade, from itself, what its account did in the last day (32 trades at most, this one among them), and its parent
 * order so far. Nothing from outcomes: what the price did later is not asked.
 * @param events of the account, oldest first.
 * @param parent null for a trade without a direction.
 */
export function listFeatures(
  intent: TradeShape,
  events: readonly FlowEvent[],
  parent: Pick<OpenParent, 'children'> | null,
): FeatureValues {
  const intervals = listIntervals(events)
  const children = parent === null ? NOTHING : lastOf(parent.children)
  const isAll = children.length === events.length && children[0] === events[0]
  const gaps = isAll ? intervals : listIntervals(children)
  const [burstiness, jitter] = [finiteBurstiness(intervals), jitterRatio(intervals)]
  return {
    route: intent.route,
    slippage: intent.slippageBps,
    roundAmount: isRound(intent.amountIn) || isRound(intent.amountOut) ? 1 : 0,
    relativeSize: intent.relativeSize,
    valueUsd: intent.valueUsd,
    actorTrades: events.length,
    actorBurstiness: burstiness,
    actorJitter: jitter,
    actorBurstShare: burstShare(events, intervals),
    actorSameBlock: sameBlockShare(events),
    actorPairs: new Set(events.map(({ pair }) => pair)).size,
    actorTurns: turnShare(events),
    actorSizeVariation: variation(events.map(({ size, pair }) => (pair === events.at(-1)!.pair ? size : 0))),
    actorActiveHours: new Set(events.map(({ timestamp }) => Math.floor(timestamp / HOUR))).size,
    actorLongestGap: events.length < SIZES_MIN ? null : longest(intervals) / HOUR,
    parentChildren: parent?.children.length ?? null,
    parentBurstiness: isAll ? burstiness : finiteBurstiness(gaps),
    parentJitter: isAll ? jitter : jitterRatio(gaps),
    parentSizeVariation: variation(children.map(({ size }) => size)),
  }
}

const HOUR = 3_600
const NOTHING: readonly FlowEvent[] = []

function lastOf(children: readonly FlowEvent[]): readonly FlowEvent[] {
  return children.length > RHYTHM_CHILDREN ? children.slice(-RHYTHM_CHILDREN) : children
}

/** Two significant digits at most: what people type. */
function isRound(amount: bigint | null): boolean {
  if (amount === null || amount === 0n) return false
  const digits = amount.toString()
  return digits.length > 4 && /^\d\d?0+$/.test(digits)
}

function sameBlockShare(events: readonly FlowEvent[]): number | null {
  if (events.length < SIZES_MIN) return null
  let same = 0
  for (let index = 1; index < events.length; index++) {
    if (events[index]!.blockNumber === events[index - 1]!.blockNumber) same++
  }
  return same / (events.length - 1)
}

/** Share of the trades that go the other way than the one before them in the same pair. */
function turnShare(events: readonly FlowEvent[]): number | null {
  const sides = new Map<string, FlowEvent['side']>()
  let [turns, chances] = [0, 0]
  for (const { pair, side } of events) {
    if (side === null) continue
    const before = sides.get(pair)
    if (before !== undefined) {
      chances++
      if (before !== side) turns++
    }
    sides.set(pair, side)
  }
  return chances < SIZES_MIN - 1 ? null : turns / chances
}

/** Coefficient of variation of the sizes that are known; null below three. */
export function variation(sizes: readonly number[]): number | null {
  let [count, sum, squares] = [0, 0, 0]
  for (const size of sizes) {
    if (size <= 0) continue
    count++
    sum += size
    squares += size * size
  }
  if (count < SIZES_MIN || !Number.isFinite(squares)) return null
  const mean = sum / count
  return Math.sqrt(Math.max(0, squares / count - mean * mean)) / mean
}

function longest(intervals: readonly number[]): number {
  let most = 0
  for (const interval of intervals) if (interval > most) most = interval
  return most
}
