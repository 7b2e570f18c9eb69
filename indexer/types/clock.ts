import type { Arrivals } from './arrival.ts'

/**
 * Finest clock known for the arrivals of a block: the sequencer's, that of a node that got the block later,
 * or none but the block's own timestamp.
 */
export type Clock = 'sequencer' | 'node' | 'block'

/** The clock of a block, and whether the block shows it by itself. */
export type BlockClock = { clock: Clock; tested: boolean }

/** A block whose clock is to be judged. */
export type TimedBlock = {
  number: number
  /** Unix seconds. */
  timestamp: number
  arrivals: Arrivals
}

/** A block that showed its clock by itself. */
export type TestedClock = { number: number; clock: Clock }

/** The tested ones among the last blocks, ascending. */
export type ClockMemory = TestedClock[]
