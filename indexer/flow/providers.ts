import type { Address } from '../types/block.ts'
import { createFifo } from './fifo.ts'
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
  const queue = createFifo<Provision>()
  const counts = new Map<string, number>()
  const drop = () => {
    const { provider, pair } = queue.shift()
    const left = counts.get(provider + pair)! - 1
    if (left > 0) counts.set(provider + pair, left)
    else counts.delete(provider + pair)
  }
  return {
    add: (provision) => {
      queue.push(provision)
      const key = provision.provider + provision.pair
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (queue.size() > CHANGES_MAX) drop()
    },
    forget: (timestamp) => {
      while ((queue.oldest()?.timestamp ?? Number.POSITIVE_INFINITY) <= timestamp - MEMORY_SECONDS) drop()
    },
    isProvider: (account, pair) => counts.has(account + pair),
  }
}
