import type { Address } from '../types/block.ts'
import { MEMORY_SECONDS } from './traders.ts'

/** No more changes of liquidity than this are remembered; the oldest go first. */
const CHANGES_MAX = 100_000

/** A change of liquidity: who, in which pair, when. */
export type Provision = { provider: Address; pair: string; timestamp: number }

/** Who has provided liquidity in the last day, and in which pairs. */
export type Providers = {
  add(provision: Provision): void
  forget(timestamp: number): void
  /** True for an account that changed liquidity in the pair within the last day. */
  isProvider(account: Address, pair: string): boolean
}

/** Begins with nobody. */
export function createProviders(): Providers {
  const queue: Provision[] = []
  const counts = new Map<string, number>()
  let forgotten = 0
  const drop = () => {
    const { provider, pair } = queue[forgotten++]!
    const left = counts.get(provider + pair)! - 1
    if (left > 0) counts.set(provider + pair, left)
    else counts.delete(provider + pair)
    if (forgotten * 2 > queue.length && forgotten > 1_000) {
      queue.splice(0, forgotten)
      forgotten = 0
    }
  }
  return {
    add: (provision) => {
      queue.push(provision)
      const key = provision.provider + provision.pair
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (queue.length - forgotten > CHANGES_MAX) drop()
    },
    forget: (timestamp) => {
      while (forgotten < queue.length && queue[forgotten]!.timestamp <= timestamp - MEMORY_SECONDS) drop()
    },
    isProvider: (account, pair) => counts.has(account + pair),
  }
}
