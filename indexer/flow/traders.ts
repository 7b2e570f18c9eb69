import type { Address } from '../types/block.ts'
import type { FlowEvent, TransactionPlace } from '../types/flow.ts'
import { createFifo } from './fifo.ts'
import { comparePlaces } from './metaorders.ts'

/** For so long it is remembered who has traded. */
export const MEMORY_SECONDS = 86_400
/** No more trades than this are remembered, whoever they are of; the oldest go first. */
export const MEMORY_EVENTS = 200_000
/** Of one trader the last so many count. */
export const TRADER_EVENTS = 32
/** A contract with more callers than this serves others. */
const OWN_CALLERS_MAX = 3
const SHARED_CALLERS_MIN = 9

/** The last trades of everybody: at most a day of them, and at most 200,000. */
export type Traders = {
  /** Takes in the next trade, in chain order. */
  add(event: FlowEvent): void
  /** Forgets what is older than a day at this Unix time. */
  forget(timestamp: number): void
  /** The last 32 trades of somebody, oldest first; empty for a stranger. */
  eventsOf(trader: Address): readonly FlowEvent[]
  /** Whether a contract is called by few (three at most), by many (nine or more), or by some number that says neither. */
  callersOf(contract: Address): 'few' | 'some' | 'many'
  /** Notes that a trade was a part of what somebody gained by order. */
  mark(place: TransactionPlace): void
  size(): number
}

/** Begins with nobody. */
export function createTraders(): Traders {
  const queue = createFifo<FlowEvent>()
  const events = new Map<Address, FlowEvent[]>()
  const callers = new Map<Address, Map<Address, number>>()

  function drop(): void {
    const event = queue.shift()
    const { trader } = event
    const its = events.get(trader)!
    // Of somebody with many trades the oldest have gone already.
    if (its[0] === event) its.shift()
    if (its.length === 0) events.delete(trader)
    if (event.contract !== null) {
      const who = callers.get(event.contract)!
      const left = who.get(trader)! - 1
      if (left > 0) who.set(trader, left)
      else if (who.size > 1) who.delete(trader)
      else callers.delete(event.contract)
    }
  }

  return {
    add: (event) => {
      const { trader } = event
      queue.push(event)
      const its = events.get(trader)
      if (its === undefined) events.set(trader, [event])
      else {
        its.push(event)
        if (its.length > TRADER_EVENTS) its.shift()
      }
      if (event.contract !== null) {
        const who = callers.get(event.contract)
        if (who === undefined) callers.set(event.contract, new Map([[trader, 1]]))
        else who.set(trader, (who.get(trader) ?? 0) + 1)
      }
      if (queue.size() > MEMORY_EVENTS) drop()
    },
    forget: (timestamp) => {
      while ((queue.oldest()?.timestamp ?? Number.POSITIVE_INFINITY) <= timestamp - MEMORY_SECONDS) drop()
    },
    eventsOf: (trader) => events.get(trader) ?? NOTHING,
    callersOf: (contract) => {
      const count = callers.get(contract)?.size ?? 0
      return count <= OWN_CALLERS_MAX ? 'few' : count >= SHARED_CALLERS_MIN ? 'many' : 'some'
    },
    mark: (place) => {
      let [low, high] = [0, queue.size()]
      while (low < high) {
        const middle = (low + high) >> 1
        if (comparePlaces(queue.at(middle)!, place) < 0) low = middle + 1
        else high = middle
      }
      const found = queue.at(low)
      if (found !== undefined && comparePlaces(found, place) === 0) found.isMev = true
    },
    size: queue.size,
  }
}

const NOTHING: readonly FlowEvent[] = []
