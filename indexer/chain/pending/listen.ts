import type { PendingStream } from '../../types/pending.ts'
import { pause } from '../pause.ts'
import { createFilterWay } from './filter.ts'
import { createSubscriptionWay } from './subscription.ts'
import { createTxpoolWay } from './txpool.ts'
import type { PendingMember, Way, WayEnd, WayHandlers } from './way.ts'

/** Listens to one endpoint, the best way it offers. */
export type PendingListener = {
  /** The way that is open now; null while none is. */
  stream(): PendingStream | null
  /** Why a better way, or any, is not open; null when nothing ever went wrong. */
  trouble(): string | null
  /** Says that the open way should have told something by now; it is closed and opened again. */
  doubt(): void
  close(): void
}

/** How a listener is patient, in milliseconds. */
export type ListenTiming = {
  filterPollMs: number
  txpoolPollMs: number
  /** First pause before a broken way is opened again; doubles. */
  backoffMs: number
  /** How often in a row a way may break before the next one is taken. */
  failuresMax: number
  /** How long a way that stays broken is left alone. */
  brokenRestMs: number
  /** How long a way that is not served is left alone. */
  refusedRestMs: number
}

const TIMING: ListenTiming = {
  filterPollMs: 400,
  txpoolPollMs: 1_000,
  backoffMs: 500,
  failuresMax: 3,
  brokenRestMs: 60_000,
  refusedRestMs: 600_000,
}
/** A way that lasted as long was not broken; what ends it is an accident, such as an idle line that is cut. */
const STEADY_MS = 30_000

/** A way and how it does. */
type Candidate = { way: Way; failures: number; restsUntilMs: number }

/** Begins to listen; goes on until `close`. A better way that was left alone is tried again after its rest. */
export function listenPending(
  { rpc, webSocketUrl }: PendingMember,
  onItems: (items: readonly unknown[], seenAt: number, stream: PendingStream) => void,
  timing: Partial<ListenTiming> = {},
): PendingListener {
  const times = { ...TIMING, ...timing }
  const ways = [createFilterWay(rpc, times.filterPollMs), createTxpoolWay(rpc, times.txpoolPollMs)]
  if (webSocketUrl !== null) ways.unshift(createSubscriptionWay(webSocketUrl))
  const candidates = ways.map((way): Candidate => ({ way, failures: 0, restsUntilMs: 0 }))
  const stop = new AbortController()
  let stream: PendingStream | null = null
  let trouble: string | null = null
  let doubted = new AbortController()
  /** One stretch of one way; ends early when a better one has rested. */
  const stretch = async (candidate: Candidate) => {
    const { way } = candidate
    const better = candidates.slice(0, candidates.indexOf(candidate))
    const limit = createLimit(better.map(({ restsUntilMs }) => restsUntilMs))
    doubted = new AbortController()
    const handlers: WayHandlers = {
      onOpen: () => {
        stream = way.stream
      },
      onItems: (items, seenAt) => onItems(items, seenAt, way.stream),
    }
    const startedMs = performance.now()
    const signal = AbortSignal.any([stop.signal, doubted.signal, limit.signal])
    const end = await way
      .listen(handlers, signal)
      .catch((error): WayEnd => ({ kind: 'broken', reason: reasonOf(error) }))
    stream = null
    limit.clear()
    if (stop.signal.aborted || limit.signal.aborted) return
    trouble = `${way.stream}: ${end.reason}`
    if (end.kind === 'refused') rest(candidate, times.refusedRestMs)
    else {
      const wasSteady = performance.now() - startedMs >= STEADY_MS && !doubted.signal.aborted
      candidate.failures = wasSteady ? 1 : candidate.failures + 1
      if (candidate.failures >= times.failuresMax) rest(candidate, times.brokenRestMs)
      else await pause(times.backoffMs * 2 ** (candidate.failures - 1), stop.signal)
    }
  }
  const listen = async () => {
    while (!stop.signal.aborted) {
      const rested = candidates.find(({ restsUntilMs }) => restsUntilMs <= performance.now())
      if (rested) await stretch(rested)
      else await pause(Math.min(...candidates.map(({ restsUntilMs }) => restsUntilMs)) - performance.now(), stop.signal)
    }
  }
  // Ends only by `close`, which rejects the pauses.
  listen().catch(() => {})
  return {
    stream: () => stream,
    trouble: () => trouble,
    doubt: () => doubted.abort(new Error('it tells nothing')),
    close: () => stop.abort(new Error('closed')),
  }
}

function rest(candidate: Candidate, ms: number): void {
  candidate.failures = 0
  candidate.restsUntilMs = performance.now() + ms
}

/** A signal that aborts at the earliest of the times; never when there is none. */
function createLimit(timesMs: readonly number[]) {
  const controller = new AbortController()
  if (timesMs.length === 0) return { signal: controller.signal, clear: () => {} }
  const waitMs = Math.max(0, Math.min(...timesMs) - performance.now())
  const timer = setTimeout(() => controller.abort(new Error('a better way has rested')), waitMs)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
