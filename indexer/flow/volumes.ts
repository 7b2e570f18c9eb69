import { createFifo } from './fifo.ts'
import { MEMORY_SECONDS } from './traders.ts'

const MINUTE = 60

/** Seconds for which volumes are remembered: a day, and what its first minute may have had before. */
export const VOLUME_SECONDS = MEMORY_SECONDS + 2 * MINUTE

/** What was traded of each pair, by the minute, for a day. */
export type Volumes = {
  add(pair: string, timestamp: number, amount: bigint): void
  /** The part that an amount is of everything traded in a pair, from the minute of one Unix time to that of another; null for nothing. */
  partOf(pair: string, from: number, to: number, amount: bigint): number | null
}

/** Begins with nothing. */
export function createVolumes(): Volumes {
  const pairs = new Map<string, Map<number, bigint>>()
  const queue = createFifo<{ pair: string; minute: number }>()
  const forget = (timestamp: number) => {
    while ((queue.oldest()?.minute ?? Number.POSITIVE_INFINITY) * MINUTE < timestamp - VOLUME_SECONDS) {
      const { pair, minute } = queue.shift()
      const minutes = pairs.get(pair)!
      minutes.delete(minute)
      if (minutes.size === 0) pairs.delete(pair)
    }
  }
  return {
    add: (pair, timestamp, amount) => {
      forget(timestamp)
      const minute = Math.floor(timestamp / MINUTE)
      let minutes = pairs.get(pair)
      if (minutes === undefined) {
        minutes = new Map()
        pairs.set(pair, minutes)
      }
      const known = minutes.get(minute)
      if (known === undefined) queue.push({ pair, minute })
      minutes.set(minute, (known ?? 0n) + amount)
    },
    partOf: (pair, from, to, amount) => {
      let all = 0n
      for (const [minute, traded] of pairs.get(pair) ?? []) {
        if (minute >= Math.floor(from / MINUTE) && minute <= Math.floor(to / MINUTE)) all += traded
      }
      return all === 0n ? null : Number(amount) / Number(all)
    },
  }
}
