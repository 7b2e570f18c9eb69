import type { PendingStream } from '../../types/pending.ts'
import { pause } from '../pause.ts'
import { openEar } from './ear.ts'
import type { PendingMember } from './way.ts'

/** What an endpoint tells of pending transactions, as heard for a few seconds. */
export type PendingProbe = {
  /** The way it serves; null when it serves none. */
  stream: PendingStream | null
  /** Transactions it told of. */
  heard: number
  unmined: number
  mined: number
  /** Share of those that were in no block as they were read, 0 to 1; null when none was read. */
  unminedShare: number | null
  /** All of that in words. */
  words: string
}

/** From the one share on a stream tells before inclusion, up to the other after it. */
const MOST = 0.9
const FEW = 0.1
const READ_AFTER_MS = 2_000

/**
 * Listens to an endpoint for `seconds` and says what its stream shows.
 * Throws the reason of `signal` when it aborts; an endpoint that does not answer is one that serves nothing.
 */
export async function probePending(
  member: PendingMember,
  seconds: number,
  signal?: AbortSignal,
): Promise<PendingProbe> {
  const ear = openEar(member, { timing: { failuresMax: 1 } })
  try {
    let stream: PendingStream | null = null
    const untilMs = performance.now() + seconds * 1_000
    while (performance.now() < untilMs) {
      await pause(Math.min(50, untilMs - performance.now()), signal)
      stream = ear.stream() ?? stream
    }
    for (const endMs = performance.now() + READ_AFTER_MS; ear.reading() > 0 && performance.now() < endMs; ) {
      await pause(20, signal)
    }
    const { sightings: heard, seenUnmined: unmined, seenMined: mined } = ear.counts
    const read = unmined + mined
    const unminedShare = read === 0 ? null : unmined / read
    const words =
      stream === null ? silent(ear.trouble()) : `${WAYS[stream]}: ${describe(heard, read, unminedShare, seconds)}`
    return { stream, heard, unmined, mined, unminedShare, words }
  } finally {
    ear.close()
  }
}

const WAYS: Record<PendingStream, string> = {
  subscription: 'by WebSocket subscription',
  filter: 'by polling a filter',
  txpool: 'by polling the pool',
}

function silent(trouble: string | null): string {
  return trouble === null ? 'none served' : `none served (${trouble})`
}

function describe(heard: number, read: number, unminedShare: number | null, seconds: number): string {
  if (heard === 0) return `heard nothing in ${seconds} s`
  if (unminedShare === null) return `told of ${heard} in ${seconds} s, none of which can be read`
  const share = `${Math.round(unminedShare * 100)} % of ${read} were in no block when read`
  if (unminedShare >= MOST) return `tells of transactions before inclusion (${share})`
  if (unminedShare <= FEW) return `tells of transactions after inclusion (${share})`
  return `tells of some transactions before inclusion, of some after (${share})`
}
