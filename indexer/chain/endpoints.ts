import { ChainError, ContradictionError, EndpointError, RpcError } from './errors.ts'
import type { Witness } from './logs.ts'
import { isPassingError } from './refusals.ts'
import { createRpc, type Rpc, type RpcCounts } from './rpc.ts'

/** How one endpoint does. */
export type EndpointHealth = {
  name: string
  /** False while it rests after a failure. */
  ready: boolean
  /** Moving average over its answers; null before the first. */
  latencyMs: number | null
  failures: number
  lastError: string | null
  /** What has been sent to it so far. */
  counts: RpcCounts
  /** What it was found to bear. */
  limits: { concurrency: number; batchCalls: number }
}

/** Several endpoints of one chain, used as one. */
export type Endpoints = {
  /** Names of the endpoints, for messages. */
  name: string
  /** Runs `run` on the best endpoint; when that one fails or contradicts itself, on the next, until all were tried. */
  use<T>(run: (rpc: Rpc) => Promise<T>): Promise<T>
  /** Lets an endpoint rest that was found to be wrong by the others, and has it verified before it is used again. */
  blame(rpc: Rpc, error: ContradictionError): void
  /** Another endpoint that does well, to confirm what `rpc` says; `rpc` itself when there is none. */
  witness(rpc: Rpc): Witness
  /** The endpoint that answered last serves another block than the one that was read. */
  countReplaced(): void
  /** All endpoints, in the order given. */
  all: readonly Rpc[]
  /** The heads of the endpoints as they were asked at one moment: those that are behind are used when no other is left. */
  noteHeads(heads: ReadonlyMap<Rpc, number>): void
  health(): EndpointHealth[]
  close(): Promise<void>
}

type Member = {
  rpc: Rpc
  latencyMs: number | null
  failures: number
  inRow: number
  restsUntilMs: number
  lastError: string | null
  /** True when its head was far below the highest one. */
  lags: boolean
  /** False until it was verified, and again after each failure: who answers next may be another. */
  verified: boolean
}

/** What may be set. */
export type EndpointsOptions = {
  /** Throws when the endpoint must not be used; asked before its first use and after each of its failures. */
  verify?: (rpc: Rpc) => Promise<void>
  /** A clock in milliseconds. */
  now?: () => number
}

/** With another endpoint at hand it is quicker to ask that one than to try again often. */
const ATTEMPTS_OF_SEVERAL = 2
const WAIT_MAX_OF_SEVERAL_MS = 1_000
const REST_MS = 1_000
/** Endpoints of one chain are never quite at the same block. */
const LAG_BLOCKS_MAX = 5
const REST_MAX_MS = 60_000
/** Weight of the newest answer in the average latency. */
const LATENCY_WEIGHT = 0.2

/** Endpoints in the order of preference; the first is used while it is no slower than the others. */
export function createEndpoints(urls: readonly string[], options: EndpointsOptions = {}): Endpoints {
  const { verify, now = () => performance.now() } = options
  const patience = urls.length > 1 ? { attempts: ATTEMPTS_OF_SEVERAL, waitMaxMs: WAIT_MAX_OF_SEVERAL_MS } : {}
  const members: Member[] = urls.map((url) => ({
    rpc: createRpc(url, patience),
    latencyMs: null,
    failures: 0,
    inRow: 0,
    restsUntilMs: 0,
    lastError: null,
    lags: false,
    verified: verify === undefined,
  }))
  let last = members[0]
  const fail = (member: Member, error: Error) => {
    recordFailure(member, error, now())
    member.verified = verify === undefined
  }
  return {
    name: members.map(({ rpc }) => rpc.name).join(', '),
    use: async (run) => {
      let failure: unknown
      for (const member of byPreference(members, now())) {
        const startedMs = now()
        try {
          if (!member.verified) await verify?.(member.rpc)
          member.verified = true
          const result = await run(member.rpc)
          last = member
          recordSuccess(member, now() - startedMs)
          return result
        } catch (error) {
          if (!(error instanceof ChainError)) throw error
          failure ??= error
          // Another one may hold what this one refuses, such as older blocks.
          if (error instanceof RpcError && !isPassingError(error)) continue
          if (error instanceof ContradictionError) member.rpc.countFault(error.fault)
          fail(member, error)
        }
      }
      throw failure
    },
    countReplaced: () => last?.rpc.countFault('replaced'),
    blame: (rpc, error) => {
      const member = members.find((each) => each.rpc === rpc)
      if (member === undefined) return
      rpc.countFault(error.fault)
      fail(member, error)
    },
    witness: (rpc) => {
      const others = byPreference(members, now()).filter((member) => member.rpc !== rpc)
      const other = others.find(({ restsUntilMs, lags }) => restsUntilMs <= now() && !lags)
      if (other === undefined) return { rpc, onFailure: () => {} }
      return { rpc: other.rpc, onFailure: (error) => fail(other, error) }
    },
    all: members.map(({ rpc }) => rpc),
    noteHeads: (heads) => {
      // Of three or more the second highest: one alone may be on another chain, or lie.
      const [first = 0, second = first, third] = [...heads.values()].sort((a, b) => b - a)
      const highest = third === undefined ? first : second
      for (const member of members) {
        const head = heads.get(member.rpc)
        member.lags = head !== undefined && highest - head > LAG_BLOCKS_MAX
        if (member.lags) member.rpc.countFault('lagging')
      }
    },
    health: () =>
      members.map(({ rpc, latencyMs, failures, restsUntilMs, lastError }) => ({
        name: rpc.name,
        ready: restsUntilMs <= now(),
        latencyMs: latencyMs === null ? null : Math.round(latencyMs),
        failures,
        lastError,
        counts: rpc.counts,
        limits: rpc.limits(),
      })),
    close: async () => {
      await Promise.all(members.map(({ rpc }) => rpc.close()))
    },
  }
}

/** The rested before the resting, those at the head before those behind, the quick before the slow; one that was never asked counts as quick. */
function byPreference(members: readonly Member[], nowMs: number): Member[] {
  const rests = (member: Member) => Number(member.restsUntilMs > nowMs)
  const lags = (member: Member) => Number(member.lags)
  return [...members].sort(
    (a, b) => rests(a) - rests(b) || lags(a) - lags(b) || (a.latencyMs ?? 0) - (b.latencyMs ?? 0),
  )
}

function recordSuccess(member: Member, elapsedMs: number): void {
  member.inRow = 0
  member.restsUntilMs = 0
  member.lastError = null
  member.latencyMs =
    member.latencyMs === null ? elapsedMs : member.latencyMs * (1 - LATENCY_WEIGHT) + elapsedMs * LATENCY_WEIGHT
}

function recordFailure(member: Member, error: Error, nowMs: number): void {
  member.failures++
  member.inRow++
  member.lastError = error.message
  const askedFor = error instanceof EndpointError ? (error.retryAfterMs ?? 0) : 0
  member.restsUntilMs = nowMs + Math.max(askedFor, Math.min(REST_MAX_MS, REST_MS * 2 ** (member.inRow - 1)))
}
