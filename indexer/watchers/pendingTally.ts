import type { PendingCounts, PendingEar } from '../chain/pending/ear.ts'
import type { PendingStream } from '../types/pending.ts'

/** What the stream of one endpoint has shown since this process listens; counts are of transactions. */
export type PendingMeasure = PendingCounts & {
  endpoint: string
  /** How it tells now; null when it does not. */
  stream: PendingStream | null
  included: number
  dropped: number
  replaced: number
  /** Median time from first seen to read in a block, of the last thousand; null when there was none. */
  medianDelayMs: number | null
  /** Why it tells in no better way; null when nothing went wrong. */
  trouble: string | null
}

/** Counts what becomes of the transactions that endpoints told of. */
export type PendingTally = {
  count(endpoint: string, outcome: 'included' | 'dropped' | 'replaced', delayMicroseconds: number | null): void
  /** Sightings that were not stored for lack of room, or because they fit no column. */
  lose(endpoint: string, count: number): void
  measure(ear: PendingEar): PendingMeasure
}

type Counters = { included: number; dropped: number; replaced: number; lost: number; delays: number[] }

const DELAYS_MAX = 1_001

/** Nothing counted yet. */
export function createPendingTally(): PendingTally {
  const tally = new Map<string, Counters>()
  const of = (endpoint: string): Counters => {
    const counters = tally.get(endpoint) ?? { included: 0, dropped: 0, replaced: 0, lost: 0, delays: [] }
    tally.set(endpoint, counters)
    return counters
  }
  return {
    count: (endpoint, outcome, delayMicroseconds) => {
      const counters = of(endpoint)
      counters[outcome]++
      if (delayMicroseconds === null) return
      counters.delays.push(delayMicroseconds)
      if (counters.delays.length > DELAYS_MAX) counters.delays.shift()
    },
    lose: (endpoint, count) => {
      of(endpoint).lost += count
    },
    measure: (ear) => {
      const endpoint = ear.member.rpc.name
      const { delays, lost, ...outcomes } = of(endpoint)
      const heard = { ...ear.counts, lost: ear.counts.lost + lost }
      const state = { stream: ear.stream(), trouble: ear.trouble() }
      return { endpoint, ...state, ...heard, ...outcomes, medianDelayMs: median(delays) }
    },
  }
}

/** The median of microseconds in milliseconds; null of none. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return null
  const both = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return both / 1000
}
