import type { Ordering } from '../contracts/chains/profile.ts'
import type { PlannedTransaction } from './agents/agent.ts'

/** The transactions that wait for a block, in the order in which the sequencer takes them. */
export type Queue = {
  /** Adds what has arrived, or what arrives while the block is being made: then it stands behind what has been taken. */
  add<Item extends Waiting>(item: Item): void
  /** The next one; null when there is none. */
  take(): Waiting | null
}

/** A waiting transaction and whose it is. */
export type Waiting = { planned: PlannedTransaction; agent: string }

/** The sequencer of ZKsync Era fills its pool from its database every 10 ms. */
const POLL_US = 10_000
const MILLISECOND = 1_000

/**
 * A queue for one block. `fifo` is the rule of ZKsync Era: among what one filling of the pool brings, operations from L1 come
 * first, then by the millisecond of arrival, in one millisecond the higher account first. `tip` is that of ZKsync OS: operations
 * from L1, then the highest priority fee, then arrival. What one rule leaves even stays in the order of planning.
 */
export function createQueue(ordering: Ordering): Queue {
  const compare = ordering === 'fifo' ? compareArrival : compareTip
  const items: Waiting[] = []
  let taken = 0
  return {
    add: (item) => {
      let [low, high] = [taken, items.length]
      while (low < high) {
        const middle = (low + high) >> 1
        if (compare(items[middle]!.planned, item.planned) <= 0) low = middle + 1
        else high = middle
      }
      items.splice(low, 0, item)
    },
    take: () => (taken < items.length ? items[taken++]! : null),
  }
}

function compareArrival(a: PlannedTransaction, b: PlannedTransaction): number {
  const polls = Math.floor(a.arrivalUs / POLL_US) - Math.floor(b.arrivalUs / POLL_US)
  if (polls !== 0) return polls
  if (a.isFromL1 !== b.isFromL1) return a.isFromL1 ? -1 : 1
  const milliseconds = Math.floor(a.arrivalUs / MILLISECOND) - Math.floor(b.arrivalUs / MILLISECOND)
  if (milliseconds !== 0 || a.isFromL1) return milliseconds
  return a.from > b.from ? -1 : a.from < b.from ? 1 : 0
}

function compareTip(a: PlannedTransaction, b: PlannedTransaction): number {
  if (a.isFromL1 !== b.isFromL1) return a.isFromL1 ? -1 : 1
  if (a.isFromL1 || a.tipWei === b.tipWei) return a.arrivalUs - b.arrivalUs
  return a.tipWei > b.tipWei ? -1 : 1
}
