import type { Hex } from '../types.ts'

/** The stream of accepted transaction hashes, in order of arrival. */
export type PendingFeed = {
  add(hash: Hex): void
  /** Place after the last hash; give it to `since` later. */
  position(): number
  /** Returns the hashes that arrived after a position, as far as they are still remembered. */
  since(position: number): Hex[]
  /** Calls back on every hash; returns how to stop. */
  onHash(listener: (hash: Hex) => void): () => void
}

/** Hashes kept for pollers; more than any poll interval of a test or demo brings. */
const rememberedHashes = 10_000

/** Creates an empty feed. */
export function createPendingFeed(): PendingFeed {
  const listeners = new Set<(hash: Hex) => void>()
  const hashes: Hex[] = []
  let dropped = 0
  return {
    add(hash) {
      hashes.push(hash)
      if (hashes.length > rememberedHashes) dropped += hashes.splice(0, rememberedHashes / 2).length
      for (const listener of listeners) listener(hash)
    },
    position: () => dropped + hashes.length,
    since: (position) => hashes.slice(Math.max(0, position - dropped)),
    onHash(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
