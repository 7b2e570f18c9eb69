import type { Address } from '../types/block.ts'
import type { FlowEvent, FlowIntent, MetaorderEnd, Pair, Side, TransactionPlace } from '../types/flow.ts'
import type { FeatureValues } from './features.ts'
import { median } from './stats/summary.ts'

/** A gap this long ends a parent order, or ten times its median gap, whichever is longer. */
const GAP_SECONDS_MIN = 1_800
const GAP_MEDIANS = 10
/** Trading this part of the cumulated size the other way ends it. */
const OPPOSITE_PART = 0.2
/** It is cut after a day, so that what is open can be rebuilt from a day of trades. */
const AGE_SECONDS_MAX = 86_400
/** And after so many children. */
const CHILDREN_MAX = 5_000
/** Children of all open parent orders together; beyond, the one that has slept longest is cut. */
const OPEN_CHILDREN_MAX = 500_000
/** Of a parent order the last so many children tell its rhythm. */
export const RHYTHM_CHILDREN = 32
/** A parent order of fewer children is not called a metaorder. */
export const METAORDER_CHILDREN = 3

/** What the classifier reads of a trade alone. */
export type TradeShape = Pick<
  FlowIntent,
  'route' | 'slippageBps' | 'amountIn' | 'amountOut' | 'relativeSize' | 'valueUsd'
>

/** A child: a trade of the actor in the pair and on the side of its parent. */
export type Child = { event: FlowEvent; baseAmount: bigint; quoteAmount: bigint; shape: TradeShape }

/** A parent order that is open: trades of one account in one pair on one side that may belong together. */
export type OpenParent = {
  trader: Address
  pair: Pair
  side: Side
  /** Its first child, which names it. */
  first: TransactionPlace
  firstTimestamp: number
  /** In order. */
  children: FlowEvent[]
  /** The shape of the last one. */
  shape: TradeShape
  baseAmount: bigint
  quoteAmount: bigint
  oppositeAmount: bigint
  /** Null once the value of one child is not known. */
  valueUsd: number | null
  /** Unix seconds from which on a next child begins another parent. */
  deadline: number
  /** Unix seconds at which it is looked at whether it has ended. */
  lookAt: number
  /** Features as they were last listed, and how many trades of the account were known then; null before. */
  features: { events: number; values: FeatureValues } | null
}

/** A parent order that has ended. */
export type EndedParent = { parent: OpenParent; end: MetaorderEnd }

/** The open parent orders of everybody. */
export type Parents = {
  /** Takes in a trade; returns the parent it joins or begins, and those that it ends. */
  add(trader: Address, pair: Pair, side: Side, child: Child): { parent: OpenParent; ended: EndedParent[] }
  /** Ends what has waited too long at a block's time, in the order of their first children. */
  expire(timestamp: number): EndedParent[]
  /** Takes in a stored trade, in chain order: a child of the parent that is still open with this first child, or of none (null). */
  restore(trader: Address, pair: Pair, side: Side, child: Child, first: TransactionPlace | null): void
  /** The open ones, the one that slept longest first. */
  list(): Iterable<OpenParent>
}

/**
 * Groups trades into parent orders. Definition: same account, pair and side; each gap shorter than the longer of 30 minutes and ten
 * times the median gap so far; ended early by trades of more than a fifth of its size the other way. Times are those of the blocks,
 * so that every node finds the same. (Metaorders: Farmer and Lillo; the breaks are ours.)
 */
export function createParents(): Parents {
  // In the order of their last child.
  const open = new Map<string, OpenParent>()
  const due = createWheel()
  let children = 0

  function end(key: string, parent: OpenParent, reason: MetaorderEnd): EndedParent {
    open.delete(key)
    children -= parent.children.length
    return { parent, end: reason }
  }

  function append(key: string, parent: OpenParent, { event, baseAmount, quoteAmount, shape }: Child): void {
    open.delete(key)
    open.set(key, parent)
    children++
    parent.children.push(event)
    parent.shape = shape
    parent.features = null
    parent.baseAmount += baseAmount
    parent.quoteAmount += quoteAmount
    parent.valueUsd = addDollars(parent.valueUsd, shape.valueUsd)
    parent.deadline = deadlineOf(parent)
    // It is looked at where it stands, and put on then; only where its median gap has fallen it must be looked at sooner.
    if (parent.deadline < parent.lookAt) due.add(key, parent)
  }

  function begin(
    trader: Address,
    pair: Pair,
    side: Side,
    { event, shape }: Child,
    first: TransactionPlace,
  ): OpenParent {
    return {
      trader,
      pair,
      side,
      first,
      firstTimestamp: event.timestamp,
      children: [],
      shape,
      baseAmount: 0n,
      quoteAmount: 0n,
      oppositeAmount: 0n,
      valueUsd: 0,
      deadline: 0,
      lookAt: Number.POSITIVE_INFINITY,
      features: null,
    }
  }

  function oppose(trader: Address, pair: Pair, side: Side, baseAmount: bigint): EndedParent[] {
    const key = keyOf(trader, pair, side === 'BUY' ? 'SELL' : 'BUY')
    const other = open.get(key)
    if (other === undefined) return []
    other.oppositeAmount += baseAmount
    const isBroken = Number(other.oppositeAmount) > Number(other.baseAmount) * OPPOSITE_PART
    return isBroken ? [end(key, other, 'opposite')] : []
  }

  return {
    add: (trader, pair, side, child) => {
      const ended = oppose(trader, pair, side, child.baseAmount)
      const key = keyOf(trader, pair, side)
      let parent = open.get(key)
      if (parent !== undefined) {
        const reason = breakOf(parent, child.event.timestamp)
        if (reason !== null) {
          ended.push(end(key, parent, reason))
          parent = undefined
        }
      }
      const { blockNumber, transactionIndex } = child.event
      parent ??= begin(trader, pair, side, child, { blockNumber, transactionIndex })
      append(key, parent, child)
      if (children > OPEN_CHILDREN_MAX) {
        const [oldest, its] = open.entries().next().value!
        ended.push(end(oldest, its, 'overflow'))
      }
      return { parent, ended }
    },
    expire: (timestamp) => {
      const ended: EndedParent[] = []
      for (const [key, parent] of due.take(timestamp)) {
        if (open.get(key) !== parent) continue
        const reason = breakOf(parent, timestamp)
        if (reason === null) due.add(key, parent)
        else ended.push(end(key, parent, reason))
      }
      return ended.sort((a, b) => comparePlaces(a.parent.first, b.parent.first))
    },
    restore: (trader, pair, side, child, first) => {
      const opposite = open.get(keyOf(trader, pair, side === 'BUY' ? 'SELL' : 'BUY'))
      if (opposite !== undefined) opposite.oppositeAmount += child.baseAmount
      if (first === null) return
      const key = keyOf(trader, pair, side)
      append(key, open.get(key) ?? begin(trader, pair, side, child, first), child)
    },
    list: () => open.values(),
  }
}

/** Parents by the second at which they are looked at. */
function createWheel() {
  const slots = new Map<number, [string, OpenParent][]>()
  let first = Number.POSITIVE_INFINITY
  return {
    add: (key: string, parent: OpenParent): void => {
      parent.lookAt = parent.deadline
      const second = parent.deadline
      first = Math.min(first, second)
      const its = slots.get(second)
      if (its === undefined) slots.set(second, [[key, parent]])
      else its.push([key, parent])
    },
    /** Takes out everything whose deadline may have come at a time. */
    take: (timestamp: number): [string, OpenParent][] => {
      if (first > timestamp) return NOTHING
      const taken: [string, OpenParent][] = []
      for (const second of listSeconds(timestamp)) {
        const its = slots.get(second)
        if (its === undefined) continue
        for (const each of its) if (each[1].lookAt === second) taken.push(each)
        slots.delete(second)
      }
      first = timestamp + 1
      return taken
    },
  }

  function listSeconds(last: number): number[] {
    // After a long pause of the chain there are more seconds than parents.
    if (last - first > slots.size) return [...slots.keys()].filter((second) => second <= last)
    return Array.from({ length: last - first + 1 }, (_, index) => first + index)
  }
}

const NOTHING: [string, OpenParent][] = []

/** Null once one of them is not known, or the sum is beyond all measure. */
function addDollars(a: number | null, b: number | null): number | null {
  return a === null || b === null || !Number.isFinite(a + b) ? null : a + b
}

function keyOf(trader: Address, { id }: Pair, side: Side): string {
  return `${trader}${id}${side}`
}

/** Why a parent takes no child at this time; null when it does. */
function breakOf({ firstTimestamp, children, deadline }: OpenParent, timestamp: number): MetaorderEnd | null {
  if (timestamp < deadline && children.length < CHILDREN_MAX) return null
  if (children.length >= CHILDREN_MAX) return 'length'
  return timestamp >= firstTimestamp + AGE_SECONDS_MAX ? 'age' : 'gap'
}

function deadlineOf({ children, firstTimestamp }: OpenParent): number {
  const last = children.at(-1)!.timestamp
  if (children.length >= CHILDREN_MAX) return last
  const gaps: number[] = []
  for (let index = Math.max(1, children.length - RHYTHM_CHILDREN + 1); index < children.length; index++) {
    gaps.push(children[index]!.timestamp - children[index - 1]!.timestamp)
  }
  const longest = gaps.length === 0 ? 0 : (median(gaps) ?? 0) * GAP_MEDIANS
  return Math.min(last + Math.max(GAP_SECONDS_MIN, longest), firstTimestamp + AGE_SECONDS_MAX)
}

/** Orders places along the chain. */
export function comparePlaces(a: TransactionPlace, b: TransactionPlace): number {
  return a.blockNumber - b.blockNumber || a.transactionIndex - b.transactionIndex
}
