import { createBoundedMap } from '../chain/pending/boundedMap.ts'
import type { Hex } from '../types/block.ts'
import type { PendingPlace } from '../types/pending.ts'

/** Where the transactions of the last blocks stand, so that most outcomes need no request. */
export type PendingPlaces = {
  add(places: readonly PendingPlace[]): void
  /** The places that have not been settled, of blocks up to `committed`. */
  due(committed: number): PendingPlace[]
  /** The known places of some hashes: a stream may tell of a transaction after its block was read. */
  find(hashes: readonly Hex[]): PendingPlace[]
  /** True while a hash has a place that is not settled. */
  isDue(hash: Hex): boolean
  /** Says that places have been compared with the stored rows. */
  settled(places: readonly PendingPlace[]): void
}

/** A busy minute; what is forgotten is found by asking. */
const PLACES_MAX = 50_000

/** No places yet. */
export function createPendingPlaces(): PendingPlaces {
  const known = createBoundedMap<Hex, PendingPlace>(PLACES_MAX)
  const waiting = createBoundedMap<Hex, PendingPlace>(PLACES_MAX)
  return {
    add: (places) => {
      for (const place of places) {
        // A block that replaces another one is the newer news.
        known.delete(place.hash)
        if (place.includedAt !== null) known.set(place.hash, place)
        waiting.delete(place.hash)
        waiting.set(place.hash, place)
      }
    },
    due: (committed) => [...waiting.values()].filter(({ blockNumber }) => blockNumber <= committed),
    find: (hashes) => hashes.flatMap((hash) => known.get(hash) ?? []),
    isDue: (hash) => waiting.has(hash),
    settled: (places) => {
      for (const place of places) if (waiting.get(place.hash) === place) waiting.delete(place.hash)
    },
  }
}
