import type { PendingSighting } from '../../types/pending.ts'

/** How much a shelf holds. */
export type ShelfLimits = {
  sightings: number
  /** Bytes of calldata over all sightings. */
  calldataBytes: number
}

/** Sightings that wait to be written, in the order they came to be ready. */
export type Shelf = {
  put(sighting: PendingSighting): void
  /** Takes away the oldest, up to `max`. */
  take(max: number): PendingSighting[]
  /** Puts back what was taken, before everything else. */
  giveBack(sightings: readonly PendingSighting[]): void
}

/**
 * An empty shelf. When it is full the oldest bodies go first, then the oldest sightings.
 * @param onLost is told how many sightings lost their body or went altogether.
 */
export function createShelf(limits: ShelfLimits, onLost: (count: number) => void): Shelf {
  let sightings: PendingSighting[] = []
  let bytes = 0
  /** Sightings before this one have no body left to drop. */
  let stripped = 0
  const trim = () => {
    for (; bytes > limits.calldataBytes && stripped < sightings.length; stripped++) {
      const sighting = sightings[stripped]!
      if (sighting.body === null) continue
      bytes -= bytesOf(sighting)
      sightings[stripped] = { ...sighting, body: null }
      onLost(1)
    }
    if (sightings.length > limits.sightings * SLACK) remove(sightings.length - limits.sightings, onLost)
  }
  const remove = (count: number, onRemoved: (count: number) => void = () => {}) => {
    const removed = sightings.splice(0, count)
    for (const sighting of removed) bytes -= bytesOf(sighting)
    stripped = Math.max(0, stripped - removed.length)
    if (removed.length > 0) onRemoved(removed.length)
    return removed
  }
  return {
    put: (sighting) => {
      sightings.push(sighting)
      bytes += bytesOf(sighting)
      trim()
    },
    take: (max) => remove(max),
    giveBack: (returned) => {
      sightings = [...returned, ...sightings]
      for (const sighting of returned) bytes += bytesOf(sighting)
      stripped = 0
      trim()
    },
  }
}

/** Trimmed in strides, so that a flood does not move the whole list for each sighting. */
const SLACK = 1.25

function bytesOf({ body }: PendingSighting): number {
  return body?.calldata ? (body.calldata.length - 2) / 2 : 0
}
