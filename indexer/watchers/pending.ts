import type { Database } from '../../db/database.ts'
import { type EarOptions, openEar, type PendingEar } from '../chain/pending/ear.ts'
import type { PendingMember } from '../chain/pending/way.ts'
import { losePending, type PendingRow, readCommitted, settlePending, writePending } from '../store/pending.ts'
import type { BlockId, Hex } from '../types/block.ts'
import type { DecodeIntent, SwapIntent } from '../types/intent.ts'
import type { PendingLoss, PendingPlace, PendingSighting } from '../types/pending.ts'
import { createPendingPlaces } from './pendingPlaces.ts'
import { createPendingPoll, type PollTiming } from './pendingPoll.ts'
import { createPendingTally, type PendingMeasure } from './pendingTally.ts'
import type { Watcher } from './watcher.ts'

/** What to listen to, and where to write. */
export type PendingWatcherOptions = {
  members: readonly PendingMember[]
  database: Database
  chainId: number
  decodeIntent: DecodeIntent
  ear?: EarOptions
  poll?: Partial<PollTiming>
  /** Rows without outcome that are kept; while there are more, what is heard is not stored. Default 50 000. */
  openMax?: number
}

/** Listens for pending transactions and notes what becomes of them. */
export type PendingWatcher = Watcher & {
  /**
   * Tells of a block at the head that was just read, so that its transactions need not be asked about.
   * @param transactionHashes of all its transactions, in order.
   * @param seenAt when it was read, in Unix microseconds by the clock of this machine.
   */
  onBlock(block: BlockId, transactionHashes: readonly Hex[], seenAt: number): void
  /** What each stream has shown so far, in the order of the members. */
  measures(): PendingMeasure[]
}

const ROUND_MS = 1_000
/** Sightings of one endpoint in a round. */
const ROUND_SIGHTINGS = 5_000
const OPEN_MAX = 50_000

/** Begins to listen at once; each round writes what was heard and settles what has been included. */
export function createPendingWatcher(options: PendingWatcherOptions): PendingWatcher {
  const { members, database, chainId, decodeIntent, openMax = OPEN_MAX } = options
  const ears = members.map((member) => openEar(member, options.ear))
  const places = createPendingPlaces()
  const tally = createPendingTally()
  const rpcs = members.map(({ rpc }) => rpc)
  const poll = createPendingPoll(database, chainId, rpcs, options.poll)
  const toRow = (sighting: PendingSighting): PendingRow => ({ sighting, intent: decodeSafely(sighting, decodeIntent) })
  const write = async (sightings: readonly PendingSighting[]): Promise<void> => {
    const refused = await writePending(database, chainId, sightings.map(toRow))
    for (const { sighting } of refused) tally.lose(sighting.endpoint, 1)
  }
  /** Writes what an ear has heard; returns the hashes. */
  const writeHeard = async (ear: PendingEar): Promise<Hex[]> => {
    const sightings = ear.take(ROUND_SIGHTINGS)
    if (poll.open() > openMax) {
      tally.lose(ear.member.rpc.name, sightings.length)
      return []
    }
    try {
      if (sightings.length > 0) await write(sightings)
    } catch (error) {
      ear.giveBack(sightings)
      throw error
    }
    return sightings.map(({ hash }) => hash)
  }
  const writeAllHeard = async (): Promise<Hex[]> => {
    const hashes: Hex[] = []
    for (const ear of ears) hashes.push(...(await writeHeard(ear)))
    return hashes
  }
  const settle = async (heard: readonly Hex[]): Promise<void> => {
    const due = places.due(await readCommitted(database, chainId))
    // Those in a block that is not committed match no stored block, and are due later.
    const candidates = new Map<Hex, PendingPlace>([...places.find(heard), ...due].map((place) => [place.hash, place]))
    const settled = await settlePending(database, chainId, [...candidates.values()])
    places.settled(due)
    for (const row of settled) tally.count(row.endpoint, row.outcome, row.inclusionDelayMicroseconds)
  }
  const lose = async (losses: readonly PendingLoss[]): Promise<void> => {
    for (const { endpoint, outcome } of await losePending(database, chainId, losses))
      tally.count(endpoint, outcome, null)
  }
  return {
    name: 'pending transactions',
    onBlock: ({ number: blockNumber, hash: blockHash }, transactionHashes, seenAt) => {
      const place = (hash: Hex, transactionIndex: number): PendingPlace => ({
        ...{ hash, blockNumber, blockHash, transactionIndex, includedAt: seenAt },
      })
      places.add(transactionHashes.map(place))
      for (const ear of ears) ear.noteIncluded(transactionHashes)
    },
    measures: () => ears.map(tally.measure),
    round: async (signal) => {
      await settle(await writeAllHeard())
      const news = await poll.next(places.isDue, signal)
      places.add(news.places)
      await write(news.sightings)
      await lose(news.losses)
      return ROUND_MS
    },
    close: async () => {
      for (const ear of ears) ear.close()
      // What was heard in the last second; a database that fails now would have failed the round, too.
      await writeAllHeard().catch(() => {})
    },
  }
}

/** A decoder that fails at some calldata must not keep all others from being written. */
function decodeSafely({ body }: PendingSighting, decodeIntent: DecodeIntent): SwapIntent | null {
  if (body === null || body.calldata === null) return null
  try {
    return decodeIntent(body.to, body.calldata, body.valueWei, body.from)
  } catch {
    return null
  }
}
