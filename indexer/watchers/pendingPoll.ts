import type { Database } from '../../db/database.ts'
import { ChainError } from '../chain/errors.ts'
import { createBoundedMap } from '../chain/pending/boundedMap.ts'
import { fetchNextNonces, lookUp } from '../chain/pending/lookup.ts'
import type { Rpc } from '../chain/rpc.ts'
import { nowMicroseconds } from '../chain/webSocket.ts'
import { hasAccountNonce, type OpenPending, type OpenPosition, readOpenPending } from '../store/pending.ts'
import type { Hex } from '../types/block.ts'
import type { PendingLoss, PendingPlace, PendingSighting } from '../types/pending.ts'

/** How often open rows are asked about, in milliseconds. */
export type PollTiming = {
  /** Age before a row is asked about: the blocks tell of most before. */
  ageMs: number
  /** Least time from one walk through the open rows to the next. */
  walkMs: number
  /** Least time between the two answers by which a transaction is gone. */
  goneMs: number
}

/** What asking about open rows brought. */
export type PollNews = {
  /** Transactions that are in a block now. */
  places: PendingPlace[]
  /** What could not be read before. */
  sightings: PendingSighting[]
  losses: PendingLoss[]
}

/** Asks the endpoints about the rows without outcome, a page each time. */
export type PendingPoll = {
  /**
   * @param isKnown true for a hash that need not be asked about.
   * @throws the errors of the database.
   */
  next(isKnown: (hash: Hex) => boolean, signal: AbortSignal): Promise<PollNews>
  /** How many rows had no outcome when that was last read. */
  open(): number
}

const TIMING: PollTiming = { ageMs: 5_000, walkMs: 15_000, goneMs: 60_000 }
const PAGE_ROWS = 500
const REMEMBERED_MAX = 100_000

/** @param rpcs the endpoints; a row of another one is asked of the first. */
export function createPendingPoll(
  database: Database,
  chainId: number,
  rpcs: readonly Rpc[],
  timing: Partial<PollTiming> = {},
): PendingPoll {
  const times = { ...TIMING, ...timing }
  const unknownSinceMs = createBoundedMap<string, number>(REMEMBERED_MAX)
  let position: OpenPosition | null = null
  let walkStartedMs = Number.NEGATIVE_INFINITY
  let open = 0
  const readPage = async (): Promise<OpenPending[]> => {
    const nowMs = performance.now()
    if (position === null) {
      if (nowMs - walkStartedMs < times.walkMs) return []
      walkStartedMs = nowMs
    }
    const seenBefore = nowMicroseconds() - times.ageMs * 1000
    const { rows, total } = await readOpenPending(database, chainId, position, seenBefore, PAGE_ROWS)
    position = rows.length < PAGE_ROWS ? null : rows.at(-1)!
    open = total
    return rows
  }
  /** True at the second answer, late enough after the first, by which the endpoint does not know a row. */
  const isGone = (row: OpenPending): boolean => {
    const key = keyOf(row)
    const sinceMs = unknownSinceMs.get(key)
    if (sinceMs === undefined) unknownSinceMs.set(key, performance.now())
    return sinceMs !== undefined && performance.now() - sinceMs >= times.goneMs
  }
  const ask = async (rpc: Rpc, rows: readonly OpenPending[], news: PollNews, signal: AbortSignal): Promise<void> => {
    const hashes = rows.map(({ hash }) => hash)
    const answers = await lookUp(rpc, hashes, signal)
    const gone: OpenPending[] = []
    for (const [index, row] of rows.entries()) {
      const found = answers[index]!
      if (found === 'unknown' && isGone(row)) gone.push(row)
      if (typeof found === 'string') continue
      unknownSinceMs.delete(keyOf(row))
      if (found.place !== null) news.places.push({ hash: row.hash, ...found.place, includedAt: null })
      if (row.account === null) {
        const { hash, endpoint, stream, firstSeenAt } = row
        const seenUnmined = found.place === null ? true : null
        news.sightings.push({ hash, endpoint, stream, firstSeenAt, seenUnmined, body: found.body })
      }
    }
    const losses = await explain(rpc, gone, signal)
    for (const row of gone) unknownSinceMs.delete(keyOf(row))
    news.losses.push(...losses)
  }
  return {
    open: () => open,
    next: async (isKnown, signal) => {
      const news: PollNews = { places: [], sightings: [], losses: [] }
      const rows = (await readPage()).filter(({ hash }) => !isKnown(hash))
      const teller = ({ endpoint }: OpenPending) => rpcs.find(({ name }) => name === endpoint) ?? rpcs[0]
      const questions = rpcs.map((rpc) => ({ rpc, rows: rows.filter((row) => teller(row) === rpc) }))
      const asked = questions.filter((question) => question.rows.length > 0)
      // An endpoint that fails is asked again at the next walk; the others need not wait for it.
      await Promise.all(asked.map((question) => ask(question.rpc, question.rows, news, signal).catch(unlessChainError)))
      return news
    },
  }
}

/** Replaced when the sender has used the nonce since, else dropped. */
async function explain(rpc: Rpc, gone: readonly OpenPending[], signal: AbortSignal): Promise<PendingLoss[]> {
  const counted = gone.flatMap(({ account }) => (account && hasAccountNonce(account.type) ? [account.from] : []))
  const senders = [...new Set(counted)]
  const nonces = new Map<Hex, bigint | null>()
  const answers = await fetchNextNonces(rpc, senders, signal)
  for (const [index, sender] of senders.entries()) nonces.set(sender, answers[index]!)
  return gone.map(({ hash, endpoint, account }) => {
    const next = account && hasAccountNonce(account.type) ? (nonces.get(account.from) ?? null) : null
    return { hash, endpoint, outcome: next !== null && next > account!.nonce ? 'replaced' : 'dropped' }
  })
}

function keyOf({ hash, endpoint }: OpenPending): string {
  return `${hash} ${endpoint}`
}

function unlessChainError(error: unknown): void {
  if (!(error instanceof ChainError)) throw error
}
