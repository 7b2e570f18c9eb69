import { ContradictionError } from '../chain/errors.ts'
import type { L1Events, L1Source, L1Tip } from '../chain/l1/source.ts'
import type { L1View } from '../derive/batches.ts'
import type { SettlementEvent } from '../types/batch.ts'
import type { PriorityRequest } from '../types/priority.ts'

/** What has been read of L1 and is still needed. */
export type L1State = {
  /** The stored cursor that this goes on from. */
  cursor: number
  /** Last final L1 block that has been read. */
  readTo: number
  /** Events about batches after the cursor, up to `readTo`. */
  held: readonly SettlementEvent[]
  /** What is not final, as it was read last; null when it was not. */
  fresh: { tip: L1Tip; events: L1Events } | null
}

/** What one look at L1 gave. */
export type L1Reading = {
  state: L1State
  /** Every event about batches after the cursor, up to `upTo`. */
  settlement: readonly SettlementEvent[]
  /** The L1 block with which `settlement` ends; null = the end of L1: what is not there is nowhere. */
  upTo: number | null
  /** The requests of the L1 blocks after `after` up to `upTo` (null = the end); null when nothing has changed since the last look. */
  requests: { after: number; upTo: number | null; list: readonly PriorityRequest[] } | null
  view: L1View
  /** False when there is more to read at once. */
  complete: boolean
}

const MICROSECONDS = 1_000_000
/** L1 blocks of one look: some thousand requests and batches on the busiest chains. */
const RANGE_BLOCKS = 20_000
/** Events of batches whose blocks are not indexed yet wait for them; with so many of them L1 has been read far enough. */
const HELD_MAX = 20_000

/** The state of a reader that begins after the stored cursor. */
export function startAfter(cursor: number): L1State {
  return { cursor, readTo: cursor, held: [], fresh: null }
}

/** The state once the stored cursor has moved on: what it stands for is stored. */
export function moveOn(state: L1State, cursor: number): L1State {
  return { ...state, cursor, held: state.held.filter(({ l1Block }) => l1Block > cursor) }
}

/**
 * Reads the next L1 blocks: the final ones once, what may still change again each time, so that what an L1
 * reorganisation took away is simply not there any more.
 * @returns what was read, and the state to go on from once it is written.
 */
export async function readL1(source: L1Source, state: L1State, signal: AbortSignal): Promise<L1Reading> {
  const tip = await source.fetchTip(signal)
  if (tip.latest.number < state.readTo) {
    throw new ContradictionError(
      `L1 ends with block ${tip.latest.number}, but block ${state.readTo} was final`,
      'lagging',
    )
  }
  const final = Math.max(state.readTo, tip.final.number)
  if (state.readTo < final && state.held.length < HELD_MAX) return readFinal(source, state, tip, final, signal)
  if (state.readTo < final) return stopHere(source, state, final, signal)
  return readFresh(source, state, tip, signal)
}

async function readFinal(
  source: L1Source,
  state: L1State,
  tip: L1Tip,
  final: number,
  signal: AbortSignal,
): Promise<L1Reading> {
  const end = Math.min(final, state.readTo + RANGE_BLOCKS)
  const last = end === tip.final.number ? tip.final : await source.fetchBlock(end, signal)
  const events = await source.fetchEvents(state.readTo + 1, last, signal)
  const held = [...state.held, ...events.settlement]
  return {
    state: { cursor: state.cursor, readTo: end, held, fresh: null },
    settlement: held,
    upTo: end,
    requests: { after: state.readTo, upTo: end, list: events.requests },
    view: { chainId: source.chainId, finalBlock: final, readTo: last.timestamp * MICROSECONDS },
    complete: false,
  }
}

async function stopHere(source: L1Source, state: L1State, final: number, signal: AbortSignal): Promise<L1Reading> {
  const { timestamp } = await source.fetchBlock(state.readTo, signal)
  const view = { chainId: source.chainId, finalBlock: final, readTo: timestamp * MICROSECONDS }
  return { state, settlement: state.held, upTo: state.readTo, requests: null, view, complete: true }
}

async function readFresh(source: L1Source, state: L1State, tip: L1Tip, signal: AbortSignal): Promise<L1Reading> {
  const isSame = state.fresh?.tip.latest.hash === tip.latest.hash
  const events = isSame ? state.fresh!.events : await source.fetchEvents(state.readTo + 1, tip.latest, signal)
  return {
    state: { ...state, fresh: { tip, events } },
    settlement: [...state.held, ...events.settlement],
    upTo: null,
    requests: isSame ? null : { after: state.readTo, upTo: null, list: events.requests },
    view: { chainId: source.chainId, finalBlock: state.readTo, readTo: tip.latest.timestamp * MICROSECONDS },
    complete: true,
  }
}
