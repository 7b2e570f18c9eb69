import type { Address } from '../../../indexer/types/block.ts'
import type { Hop } from '../../pools/world.ts'
import type { Random } from '../../random.ts'

/** A parent order that an algorithm works off. */
export type Parent = {
  id: string
  from: Address
  /** The desk's own contract; null when it sends over routers. */
  executor: Address | null
  /** Over an aggregator rather than a router; only without an executor. */
  isAggregated: boolean
  /** The pools of its pair, all in the same direction. */
  hops: readonly Hop[]
  usd: number
  children: number
  /** From its first to its last child, in seconds. */
  seconds: number
  /** Slippage that each child allows. */
  slippageBps: number
  /** Significant digits of its children's amounts; null where they are not rounded. */
  roundDigits: number | null
  random: Random
}

/** A child to be sent: when, how many US dollars, and through which of the parent's pools. */
export type Child = {
  atUs: number
  usd: number
  hop: number
  route?: 'router' | 'aggregator' | 'executor'
  slippageBps?: number
}

/** What a parent asks at each of its turns. */
export type View = {
  nowUs: number
  /** US dollars that its pools have traded since the last turn that sent something. */
  volumeUsd: number
  /** By how much the price is worse for it than when it sent last, as a part; 0 before. */
  worse: number
}

/** A way to work off a parent: says at each turn which children are due in the coming block. */
export type Schedule = {
  due(view: View, untilUs: number): Child[]
  isDone(): boolean
}

/** Creates the schedule of a parent that begins at a moment in Unix microseconds. */
export type Family = (parent: Parent, startUs: number) => Schedule

const SECOND = 1e6

/**
 * A schedule whose moments and sizes are drawn beforehand.
 * @param gapOf seconds from child to child, for its number from 1.
 * @param weightOf part of the size relative to the others.
 */
export function plannedSchedule(
  parent: Parent,
  startUs: number,
  gapOf: (child: number, mean: number) => number,
  weightOf: (child: number) => number,
): Schedule {
  const { children, seconds, usd } = parent
  const mean = seconds / children
  const weights = Array.from({ length: children }, (_, index) => weightOf(index))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const plan: Child[] = []
  let atUs = startUs
  for (const [index, weight] of weights.entries()) {
    plan.push({ atUs: Math.round(atUs), usd: (usd * weight) / all, hop: 0 })
    atUs += gapOf(index + 1, mean) * SECOND
  }
  return fromPlan(plan)
}

/** A schedule of children that are known beforehand. */
export function fromPlan(plan: Child[]): Schedule {
  plan.sort((a, b) => a.atUs - b.atUs)
  let next = 0
  return {
    due: (_, untilUs) => {
      const due: Child[] = []
      while (next < plan.length && plan[next]!.atUs < untilUs) due.push(plan[next++]!)
      return due
    },
    isDone: () => next >= plan.length,
  }
}
