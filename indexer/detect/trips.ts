import type { Address } from '../types/block.ts'
import type { WindowTransaction } from './actors.ts'
import { type Closing, findClosing, findPartlyClosing } from './closing.ts'
import type { DetectContext } from './context.ts'
import { addFlows, type Flows, flowsOfTransaction, sumFlows } from './flows.ts'
import { isOpposite, isSame, type Leg } from './legs.ts'
import type { Window } from './window.ts'

/** How a position came back. */
export type Trip = { fronts: Leg[]; backs: Leg[]; closing: Closing }

/** A sandwich as far as one or more pools show it. */
export type Part = Trip & {
  pools: Address[]
  /** Transactions in between in the direction of the front. */
  victims: WindowTransaction[]
  /** Round trips of the actor in the window without anybody in between. */
  idleTrips: number
  /** The position did not come back whole while the window lasted. */
  isImbalanced: boolean
}

/** Legs of one actor that are looked at for one trip; sandwiches of 67 layers have been seen. */
const LEGS_MAX = 200
/** Fewer where an actor has so many in one pool that all of these together would be more. */
const CHECKS_MAX = 100_000

/** Whoever stands between two legs. */
export type Between = (first: Leg, last: Leg) => WindowTransaction[]

/** The round trips of one actor that end in the last block and have somebody in between. */
export function findTrips(own: readonly Leg[], between: Between, window: Window, context: DetectContext): Part[] {
  const flows = new Map(own.map((leg) => [leg, flowsOfTransaction(leg.transaction, context)]))
  const parts: Part[] = []
  const reach = Math.max(2, Math.min(LEGS_MAX, Math.floor(CHECKS_MAX / costOf(own, flows))))
  let idleTrips = 0
  // Legs before this one belong to trips that are found already.
  let begin = 0
  for (const [index, last] of own.entries()) {
    const trip = closeTrip(own.slice(Math.max(begin, index + 1 - reach), index + 1), flows)
    if (trip === null) continue
    begin = index + 1
    const victims = between(trip.fronts[0]!, last)
    if (victims.length === 0) idleTrips++
    else if (last.transaction.blockNumber >= window.judgedFrom) {
      parts.push({ ...trip, pools: [last.swaps[0]!.pool.address], victims, idleTrips, isImbalanced: false })
    }
  }
  const open = own.slice(begin)
  if (open[0]?.transaction.blockNumber !== window.leavingBlock) return parts
  const trip = giveUpTrip(open, flows)
  const victims = trip === null ? [] : between(trip.fronts[0]!, trip.backs.at(-1)!)
  if (trip !== null && victims.length > 0) {
    parts.push({ ...trip, pools: [open[0].swaps[0]!.pool.address], victims, idleTrips, isImbalanced: true })
  }
  return parts
}

/** What one look at each leg costs: a check goes through all assets of the transactions, and is done again in each of their pools. */
function costOf(own: readonly Leg[], flows: ReadonlyMap<Leg, Flows>): number {
  return own.reduce((cost, leg) => cost + (leg.transaction.legs.length * flows.get(leg)!.size) / 2, 0)
}

/** What of a position that leaves the window came back, though not nearly all; null when less than a fifth did. */
function giveUpTrip(open: readonly Leg[], flows: ReadonlyMap<Leg, Flows>): Trip | null {
  const [first] = open
  const fronts = open.filter((leg) => isSame(leg, first!))
  const backs = open.filter((leg) => isOpposite(leg, first!))
  const [front, back] = [fronts, backs].map((legs) => sumFlows(legs.map((leg) => flows.get(leg)!)))
  const closing = findPartlyClosing(front!, back!)
  return closing === null ? null : { fronts, backs, closing }
}

/** The fewest legs, counted back from the last, that close a position; null when they do not. */
function closeTrip(own: readonly Leg[], flows: ReadonlyMap<Leg, Flows>): Trip | null {
  const last = own.at(-1)!
  const backs: Leg[] = [last]
  const fronts: Leg[] = []
  const [front, back]: [Flows, Flows] = [new Map(), new Map(flows.get(last)!)]
  for (const leg of own.slice(0, -1).toReversed()) {
    if (isSame(leg, last)) {
      backs.push(leg)
      addFlows(back, flows.get(leg)!)
    } else if (isOpposite(leg, last)) {
      fronts.push(leg)
      addFlows(front, flows.get(leg)!)
      const closing = findClosing(front, back)
      if (closing !== null) return { fronts: fronts.reverse(), backs: backs.reverse(), closing }
    }
  }
  return null
}
