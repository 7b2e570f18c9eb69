import type { Arrival } from '../types/arrival.ts'
import type { BlockClock, Clock, ClockMemory, TimedBlock } from '../types/clock.ts'

/** A block with one L2 transaction takes its clock from the tested ones among so many blocks before it. */
export const CLOCK_MEMORY_BLOCKS = 1_000
/** Share of the L2 transactions that may hold the same time. */
const SAME_TIME_SHARE = 1 / 2
/** Share of the neighbouring L2 transactions that may stand against the order of arrival. */
const INVERTED_SHARE = 1 / 4
/** The sequencer's pool is filled from its database every 10 ms: what came this close together may change places. */
const INVERSION_SLACK = 20_000
/** A block's timestamp is cut to the second, and transactions go on arriving until it is sealed, up to a second later. */
const AFTER_TIMESTAMP_MAX = 2_000_000
const MICROSECONDS = 1_000_000

/**
 * The clock that a block shows by itself; null when fewer than two of its L2 transactions have a time.
 *
 * `sequencer` when the times can be those of a sequencer that takes transactions in the order of their arrival:
 * 1. No time is after the block: at most its timestamp, and one second because that is cut, and one until it is sealed.
 * 2. No time is shared by more than half of the transactions, rounded up; two differ. A node that is not the
 *    sequencer's enters a whole block at one instant. Some ties are honest, as times may be cut to milliseconds:
 *    a thousand arrivals in a second leave groups of five, far from half.
 * 3. At most a quarter of the neighbours are inverted, by more than the 20 ms in which the pool is filled twice. A
 *    transaction that had to wait for one of its sender's before it, counts from when that one had arrived. What is left
 *    are accounts that had offered too low a fee, and the operator's own. In any other order half would be inverted.
 *
 * Operations from L1 run before all others and their times are of their import, so they do not count.
 */
export function testClock(block: TimedBlock): Exclude<Clock, 'block'> | null {
  const timed = timedTransactions(block)
  if (timed.length < 2) return null
  return isBeforeItsBlock(block, timed) && hasFewTies(timed) && isInOrder(timed) ? 'sequencer' : 'node'
}

/**
 * The clock of the next block, which `memory` takes up, in place. A block that shows none by itself has that of most of the
 * tested blocks among the last 1,000 (`node` when they are even, `block` when there are none), and `node` when its time is
 * after it.
 */
export function judgeClock(memory: ClockMemory, block: TimedBlock): BlockClock {
  while (memory.length > 0 && memory[0]!.number < block.number - CLOCK_MEMORY_BLOCKS) memory.shift()
  const clock = testClock(block)
  if (clock === null) return { clock: inheritedClock(block, memory), tested: false }
  memory.push({ number: block.number, clock })
  return { clock, tested: true }
}

function inheritedClock(block: TimedBlock, tested: Readonly<ClockMemory>): Clock {
  if (!block.arrivals?.some(({ receivedAt }) => receivedAt !== null)) return 'block'
  if (!isBeforeItsBlock(block, timedTransactions(block))) return 'node'
  if (tested.length === 0) return 'block'
  const bySequencer = tested.filter(({ clock }) => clock === 'sequencer').length
  return bySequencer > tested.length / 2 ? 'sequencer' : 'node'
}

type TimedTransaction = Arrival & { receivedAt: number }

function timedTransactions({ arrivals }: TimedBlock): TimedTransaction[] {
  return (arrivals ?? []).filter(
    (arrival): arrival is TimedTransaction => !arrival.isFromL1 && arrival.receivedAt !== null,
  )
}

function isBeforeItsBlock({ timestamp }: TimedBlock, timed: readonly TimedTransaction[]): boolean {
  const latest = timestamp * MICROSECONDS + AFTER_TIMESTAMP_MAX
  return timed.every(({ receivedAt }) => receivedAt <= latest)
}

function hasFewTies(timed: readonly TimedTransaction[]): boolean {
  const counts = new Map<number, number>()
  for (const { receivedAt } of timed) counts.set(receivedAt, (counts.get(receivedAt) ?? 0) + 1)
  return Math.max(...counts.values()) <= Math.ceil(timed.length * SAME_TIME_SHARE)
}

function isInOrder(timed: readonly TimedTransaction[]): boolean {
  const runnableAt = new Map<string, number>()
  const times = timed.map(({ from, receivedAt }) => {
    const time = Math.max(receivedAt, runnableAt.get(from) ?? receivedAt)
    runnableAt.set(from, time)
    return time
  })
  const inverted = times.filter((time, index) => index > 0 && times[index - 1]! - time > INVERSION_SLACK).length
  return inverted <= (times.length - 1) * INVERTED_SHARE
}
