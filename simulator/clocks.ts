import type { Random } from './random.ts'
import type { SimulatedBlock } from './simulate.ts'

/** Whose clock the arrivals are by. */
export type ClockKind = 'sequencer' | 'node' | 'none' | 'backwards'

/** A block with the arrivals that an endpoint would tell; null for a time that it does not know. */
export type ClockedBlock = Omit<SimulatedBlock, 'arrivals'> & { arrivals: (number | null)[] }

const SECOND_US = 1_000_000
/** From the request to the row in the API's database: median and spread of the logarithm. */
const JITTER_US = 30_000
const JITTER_SIGMA = 0.6
/** A transaction is in the database at most so long after one that runs behind it: the pool is filled every 10 ms. */
const OVERTAKEN_US = 10_000
/** No arrival is told later than so long after a block's timestamp (the rule of indexer/derive/clock.ts). */
const AFTER_TIMESTAMP_US = 2 * SECOND_US - 1
/** From the end of a block until another node has it: median and spread of the logarithm. */
const SYNC_US = 700_000
const SYNC_SIGMA = 0.5
/** How often a clock is set back, by how much, and what is left of it a block later. */
const STEPS_PER_TRANSACTION = 0.01
const STEP_US = [100_000, 3 * SECOND_US] as const
const STEP_DECAY = 0.9

/**
 * The blocks with arrivals by another clock than the exact one.
 * - `sequencer`: as stored by the sequencer's API, a little after they came, in the order in which they ran.
 * - `node`: as stored by a node that has got the block later: all the same, after the block.
 * - `none`: not told.
 * - `backwards`: a clock that is set back now and then, and catches up.
 * @yields the same blocks, new objects.
 */
export function* withClock(
  blocks: Iterable<SimulatedBlock>,
  kind: ClockKind,
  random: Random,
): Generator<ClockedBlock, void, undefined> {
  const clock = CLOCKS[kind](random)
  for (const block of blocks) yield { ...block, arrivals: clock(block) }
}

type Clock = (block: SimulatedBlock) => (number | null)[]

const CLOCKS: Readonly<Record<ClockKind, (random: Random) => Clock>> = {
  sequencer: (random) => (block) => {
    const latest = timestampUs(block) + AFTER_TIMESTAMP_US
    let next = Number.POSITIVE_INFINITY
    return block.arrivals
      .map((arrival): number => arrival + Math.round(random.logNormal(JITTER_US, JITTER_SIGMA)))
      .reduceRight<number[]>((told, jittered, index) => {
        // One-sided: never before it came.
        next = Math.max(block.arrivals[index]!, Math.min(jittered, latest, next + OVERTAKEN_US))
        told[index] = next
        return told
      }, [])
  },
  node: (random) => (block) => {
    const sealed = block.arrivals.reduce((last, arrival) => Math.max(last, arrival), timestampUs(block) + SECOND_US)
    const stored = sealed + Math.round(random.logNormal(SYNC_US, SYNC_SIGMA))
    return block.arrivals.map(() => stored)
  },
  none: () => (block) => block.arrivals.map(() => null),
  backwards: (random) => {
    let behind = 0
    return (block) => {
      behind = Math.round(behind * STEP_DECAY)
      return block.arrivals.map((arrival) => {
        if (random.chance(STEPS_PER_TRANSACTION)) behind += random.int(...STEP_US)
        return arrival - behind
      })
    }
  },
}

function timestampUs({ block }: SimulatedBlock): number {
  return Number(block.timestamp) * SECOND_US
}
