import type { Clock } from '../types/clock.ts'
import type { FlowEvent, Timing } from '../types/flow.ts'
import { finiteBurstiness, jitterRatio, memory } from './stats/burstiness.ts'
import { cadence } from './stats/cadence.ts'

/** Intervals of less than this are a burst: no hand is so fast. */
const BURST_US = 50_000
const MICROSECONDS = 1e6
/** Intervals below which nothing is said. */
const INTERVALS_MIN = 5

const RANK: Readonly<Record<Clock, number>> = { sequencer: 0, node: 1, block: 2 }

/** When something happened, and by which clock. */
export type Timed = Pick<FlowEvent, 'timestamp' | 'timeUs' | 'clock'>

/** The worst clock of a series. */
export function clockOf(events: readonly Pick<FlowEvent, 'clock'>[]): Clock {
  let worst: Clock = 'sequencer'
  for (const { clock } of events) if (RANK[clock] > RANK[worst]) worst = clock
  return worst
}

/**
 * Seconds between neighbouring events: to the microsecond where all are on the sequencer's clock, else between the whole seconds of
 * their blocks. A clock that runs backwards gives 0, never a negative interval.
 */
export function listIntervals(events: readonly Timed[]): number[] {
  const isFine = clockOf(events) === 'sequencer'
  const intervals: number[] = []
  for (let index = 1; index < events.length; index++) {
    const [before, after] = [events[index - 1]!, events[index]!]
    const seconds = isFine ? (after.timeUs - before.timeUs) / MICROSECONDS : after.timestamp - before.timestamp
    intervals.push(Math.max(0, seconds))
  }
  return intervals
}

/** Share of the intervals of less than 50 ms; null below five, and without the sequencer's clock. */
export function burstShare(events: readonly Timed[], intervals: readonly number[]): number | null {
  if (intervals.length < INTERVALS_MIN || clockOf(events) !== 'sequencer') return null
  let short = 0
  for (const seconds of intervals) if (seconds * MICROSECONDS < BURST_US) short++
  return short / intervals.length
}

/** The timing of a series in the order of the chain. */
export function timingOf(events: readonly FlowEvent[]): Timing {
  const intervals = listIntervals(events)
  const isFine = clockOf(events) === 'sequencer'
  const first = events[0]
  const rhythm =
    first === undefined
      ? null
      : cadence(
          events.map(({ timeUs, timestamp }) =>
            isFine ? (timeUs - first.timeUs) / MICROSECONDS : timestamp - first.timestamp,
          ),
        )
  return {
    events: events.length,
    clock: clockOf(events),
    burstiness: finiteBurstiness(intervals),
    memory: memory(intervals),
    jitter: intervals.length < INTERVALS_MIN ? null : jitterRatio(intervals),
    burstShare: burstShare(events, intervals),
    periodSeconds: rhythm?.periodSeconds ?? null,
    periodFalseAlarm: rhythm?.falseAlarm ?? null,
  }
}
