import type { Random } from '../random.ts'
import type { Slot } from './agent.ts'

/** A place in the order of transactions. */
export type Place = { arrivalUs: number; tipWei: bigint }

/**
 * How the transactions of a plan lie: one right after the other; within a block with others between; or in blocks apart, the
 * offset of each in blocks.
 */
export type Spread = 'tight' | 'wide' | readonly number[]

const MILLISECOND = 1_000
/** Tips are about this many wei per gas. */
const TIP_MEDIAN = 150_000_000
/** Between the transactions of one plan where nobody is to come between. */
const TIGHT_TIP = 3n

/** Any moment of the slot. */
export function anyPlace(slot: Slot): Place {
  const { random, startUs, endUs } = slot
  return { arrivalUs: random.int(startUs, endUs - 1), tipWei: ordinaryTip(random) }
}

/** What an ordinary transaction tips. */
export function ordinaryTip(random: Random): bigint {
  return BigInt(Math.round(random.logNormal(TIP_MEDIAN, 0.8)))
}

/** Places for `count` transactions in this order. Those in one block are in it whole. */
export function placesFor(slot: Slot, count: number, spread: Spread): Place[] {
  const offsets = typeof spread === 'string' ? Array.from({ length: count }, () => 0) : spread
  const arrivals = slot.ordering === 'tip' ? anyArrivals(slot, offsets) : arrivalsInOrder(slot, offsets, spread)
  const tips = tipsInOrder(slot.random, count, spread)
  return arrivals.map((arrivalUs, index) => ({ arrivalUs, tipWei: tips[index]! }))
}

/** The end of the last block that a plan with this spread reaches. */
export function endOf({ startUs, endUs }: Slot, spread: Spread): number {
  const offset = typeof spread === 'string' ? 0 : Math.max(...spread)
  return endUs + offset * (endUs - startUs)
}

function anyArrivals({ random, startUs, endUs }: Slot, offsets: readonly number[]): number[] {
  const length = endUs - startUs
  return offsets.map((offset) => random.int(startUs, endUs - 1) + offset * length)
}

function arrivalsInOrder({ random, startUs, endUs }: Slot, offsets: readonly number[], spread: Spread): number[] {
  const length = endUs - startUs
  const gaps = offsets.map(() => (spread === 'tight' ? random.int(1, 3) : random.int(4, 40)) * MILLISECOND)
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  // A plan that does not fit is pressed together.
  const scale = Math.min(1, (length - 2 * MILLISECOND * gaps.length) / total)
  const stretched = spread === 'wide' ? (length * random.between(0.3, 0.9)) / total : scale
  let sum = 0
  const steps = gaps.map((gap) => {
    sum += Math.max(MILLISECOND, Math.floor(gap * Math.min(stretched, (length * 0.95) / total)))
    return sum
  })
  const begin = startUs + random.int(0, Math.max(0, length - sum - MILLISECOND))
  return offsets.map((offset, index) => begin + offset * length + steps[index]! - steps[0]!)
}

function tipsInOrder(random: Random, count: number, spread: Spread): bigint[] {
  const top = ordinaryTip(random) * 3n
  if (spread === 'tight') return Array.from({ length: count }, (_, index) => top - BigInt(index) * TIGHT_TIP)
  const tips = Array.from({ length: count }, () => ordinaryTip(random))
  return tips.sort((a, b) => (a > b ? -1 : a < b ? 1 : 0))
}
