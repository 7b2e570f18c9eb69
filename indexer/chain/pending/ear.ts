import type { Hex } from '../../types/block.ts'
import type { PendingSighting, PendingStream } from '../../types/pending.ts'
import { createBoundedMap } from './boundedMap.ts'
import { type ListenTiming, listenPending, type PendingListener } from './listen.ts'
import { tryRead } from './lookup.ts'
import { createReader } from './reader.ts'
import { createShelf, type ShelfLimits } from './shelf.ts'
import type { PendingMember } from './way.ts'

/** What an endpoint has told so far, by transactions. */
export type PendingCounts = {
  sightings: number
  /** In no block as they were read. */
  seenUnmined: number
  /** In a block already as they were read at once: told too late. */
  seenMined: number
  /** Known by their hash alone. */
  unreadable: number
  /** Not kept, or kept without their body, for lack of room. */
  lost: number
  /** Messages that were neither a hash nor a transaction. */
  garbage: number
}

/** One endpoint that is listened to, and what it told that nobody has taken yet. */
export type PendingEar = {
  member: PendingMember
  counts: Readonly<PendingCounts>
  stream: PendingListener['stream']
  trouble: PendingListener['trouble']
  /** Takes away what is ready, oldest first, up to `max` sightings. */
  take(max: number): PendingSighting[]
  /** Puts back what could not be written. */
  giveBack(sightings: readonly PendingSighting[]): void
  /** Sightings whose transaction is still being read. */
  reading(): number
  /** Says what the chain has included, which shows whether the stream has fallen silent. */
  noteIncluded(hashes: readonly Hex[]): void
  close(): void
}

/** How an ear listens and what it holds. */
export type EarOptions = { timing?: Partial<ListenTiming>; limits?: Partial<EarLimits> }

/** How much an ear holds. */
export type EarLimits = ShelfLimits & {
  /** Hashes remembered, so that none is taken twice. */
  remembered: number
  /** Hashes whose transaction waits to be read. */
  waiting: number
  /** Items of one message. */
  items: number
}

const LIMITS: EarLimits = {
  remembered: 50_000,
  waiting: 5_000,
  items: 10_000,
  sightings: 20_000,
  calldataBytes: 32 * 1024 * 1024,
}
/** A stream that told nothing for so long, while so many transactions were included, is taken for dead. */
const SILENT_MS = 60_000
const SILENT_TRANSACTIONS = 20

/** Begins to listen to an endpoint and to read the transactions it tells of. */
export function openEar(member: PendingMember, options: EarOptions = {}): PendingEar {
  const limits = { ...LIMITS, ...options.limits }
  const counts: PendingCounts = { sightings: 0, seenUnmined: 0, seenMined: 0, unreadable: 0, lost: 0, garbage: 0 }
  const remembered = createBoundedMap<Hex, true>(limits.remembered)
  const lose = (count: number) => {
    counts.lost += count
  }
  const shelf = createShelf(limits, lose)
  const finish = (sighting: PendingSighting) => {
    if (sighting.body === null) counts.unreadable++
    if (sighting.seenUnmined === true) counts.seenUnmined++
    if (sighting.seenUnmined === false) counts.seenMined++
    shelf.put(sighting)
  }
  const reader = createReader(member.rpc, limits.waiting, finish, lose)
  let heardAtMs = performance.now()
  let unheard = 0
  const hear = (item: unknown, seenAt: number, stream: PendingStream) => {
    const hash = hashOf(item)
    if (hash === null) {
      counts.garbage++
      return
    }
    if (remembered.has(hash)) return
    const told = typeof item === 'object' ? tryRead(item) : null
    if (typeof item === 'object' && told === null) {
      counts.garbage++
      return
    }
    remembered.set(hash, true)
    counts.sightings++
    const sighting = { hash, endpoint: member.rpc.name, stream, firstSeenAt: seenAt }
    if (told === null) reader.read(sighting)
    else finish({ ...sighting, seenUnmined: told.place === null, body: told.body })
  }
  const hearAll = (items: readonly unknown[], seenAt: number, stream: PendingStream) => {
    heardAtMs = performance.now()
    unheard = 0
    lose(Math.max(0, items.length - limits.items))
    for (const item of items.slice(0, limits.items)) hear(item, seenAt, stream)
  }
  const listener = listenPending(member, hearAll, options.timing)
  return {
    member,
    counts,
    stream: listener.stream,
    trouble: listener.trouble,
    take: shelf.take,
    giveBack: shelf.giveBack,
    reading: reader.waiting,
    noteIncluded: (hashes) => {
      unheard += hashes.filter((hash) => !remembered.has(hash)).length
      if (listener.stream() !== 'subscription' || unheard < SILENT_TRANSACTIONS) return
      if (performance.now() - heardAtMs < SILENT_MS) return
      heardAtMs = performance.now()
      unheard = 0
      listener.doubt()
    },
    close: () => {
      listener.close()
      reader.close()
    },
  }
}

const HASH = /^0x[0-9a-fA-F]{64}$/

/** The hash that an item is or carries; null when it is neither a hash nor a transaction. */
function hashOf(item: unknown): Hex | null {
  const hash = typeof item === 'object' && item !== null ? (item as { hash?: unknown }).hash : item
  return typeof hash === 'string' && HASH.test(hash) ? (hash.toLowerCase() as Hex) : null
}
