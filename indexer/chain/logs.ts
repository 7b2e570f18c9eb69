import type { Address, Hex } from '../types/block.ts'
import { linkAbort } from './abort.ts'
import { ContradictionError, EndpointError, RpcError } from './errors.ts'
import type { RawLog } from './format.ts'
import type { Rpc } from './rpc.ts'

/** Which logs: one of `topics` as topic0, and one of `addresses` as emitter unless there are none. */
export type LogQuery = { topics: readonly Hex[]; addresses?: readonly Address[] }

/** Servers refuse a range that is too large for them in many words and codes; these are the refusals of another kind. */
const METHOD_NOT_FOUND = -32601
const RATE_LIMIT = /\brate\b|too many requests|requests? per|per second|credits|quota/i

/** What an endpoint was found to bear in one eth_getLogs. */
type RangeLimit = { blocksMax: number; granted: number }

/** A limit may have been that of one busy stretch: after so many answers twice as many blocks are tried. */
const WIDEN_AFTER = 12
const limits = new WeakMap<Rpc, RangeLimit>()

/** How many blocks the endpoint bears in one eth_getLogs, as far as it was found out; null = it never refused. */
export function rangeLimit(rpc: Rpc): number | null {
  const { blocksMax } = limits.get(rpc) ?? { blocksMax: Number.POSITIVE_INFINITY }
  return Number.isFinite(blocksMax) ? blocksMax : null
}

/**
 * Logs of the blocks `from` to `to`, in chain order. A range that the server finds too large is split where it says, or
 * else in halves; what it bears is remembered for the next ranges.
 * @throws RpcError when a single block is refused.
 */
export function fetchLogs(
  rpc: Rpc,
  query: LogQuery,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RawLog[]> {
  return inParts(rpc, from, to, async (first, last) =>
    toRawLogs(await rpc.request('eth_getLogs', [logFilter(query, first, last)], signal)),
  )
}

/** A question is asked until two answers are the same, but not more often than this. */
const ANSWERS_MAX = 8
/** A witness that takes longer is done without. */
const WITNESS_MS = 5_000

/** Who confirms what an endpoint says. */
export type Witness = {
  /** The same or another endpoint of the chain. */
  rpc: Rpc
  /** Is told when it fails, so that it may rest. */
  onFailure: (error: Error) => void
}

/**
 * As `fetchLogs`, each part asked twice: a log that is missing from an answer leaves no trace in it, and blooms only tell
 * when all logs of a kind are missing. One endpoint has to give the same answer twice. Where two endpoints differ, the one is
 * believed that has all the other has and more: logs get lost, they are not invented.
 * @throws ContradictionError when no two answers agree.
 */
export function fetchConfirmedLogs(
  rpc: Rpc,
  witness: Witness,
  query: LogQuery,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RawLog[]> {
  return inParts(rpc, from, to, async (first, last) => {
    const params = [logFilter(query, first, last)]
    const before: RawLog[][] = []
    for (let asked = 0; asked < ANSWERS_MAX; asked += 2) {
      const [answer, second] = await Promise.all([
        rpc.requestBytes('eth_getLogs', params, signal),
        askWitness(rpc, witness, params, signal),
      ])
      // The same bytes are the same answer; others may still be, from another kind of server.
      if (second.answer.bytes.equals(answer.bytes)) return toRawLogs(answer.result)
      const ours = toRawLogs(answer.result)
      const theirs = readLogs(second.answer)
      if (theirs === null) continue
      if (second.from !== rpc) {
        const fuller = fullerOf(ours, theirs)
        if (fuller !== ours) rpc.countFault('otherAnswer')
        if (fuller !== theirs && !areEqual(ours, theirs)) second.from.countFault('otherAnswer')
        if (fuller !== null) return fuller
      } else {
        for (const logs of [ours, theirs]) {
          if (before.some((known) => areEqual(known, logs))) return logs
          before.push(logs)
        }
        rpc.countFault('otherAnswer')
      }
    }
    throw new ContradictionError(`eth_getLogs of blocks ${first} to ${last} is answered differently each time`)
  })
}

type Unread = Awaited<ReturnType<Rpc['requestUnread']>>

/** The second answer, and whose it is: the endpoint itself takes the place of a witness that fails. */
async function askWitness(
  rpc: Rpc,
  witness: Witness,
  params: readonly unknown[],
  signal: AbortSignal | undefined,
): Promise<{ answer: Unread; from: Rpc }> {
  const askItself = async () => ({ answer: await rpc.requestUnread('eth_getLogs', params, signal), from: rpc })
  if (witness.rpc === rpc) return askItself()
  const link = linkAbort(signal)
  const timer = setTimeout(() => link.abort(), WITNESS_MS)
  try {
    const answer = await witness.rpc.requestUnread('eth_getLogs', params, link.signal)
    if (readLogs(answer) === null) throw new EndpointError(witness.rpc.name, 'eth_getLogs did not answer with a list')
    return { answer, from: witness.rpc }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    const late = link.signal.aborted
    witness.onFailure(
      late ? new EndpointError(witness.rpc.name, 'too slow to confirm logs', { fault: 'timeout' }) : (error as Error),
    )
    return await askItself()
  } finally {
    clearTimeout(timer)
    link.release()
  }
}

/** Null for an answer that is none, or no list of logs. */
function readLogs(answer: Unread): RawLog[] | null {
  try {
    return toRawLogs(answer.read())
  } catch {
    return null
  }
}

function areEqual(a: readonly RawLog[], b: readonly RawLog[]): boolean {
  return a.length === b.length && a.every((log, index) => describeLog(log) === describeLog(b[index]!))
}

/** The answer that holds all of the other, the first when they are equal; null when neither does. */
function fullerOf(a: RawLog[], b: RawLog[]): RawLog[] | null {
  const [ours, theirs] = [new Set(a.map(describeLog)), new Set(b.map(describeLog))]
  if ([...theirs].every((text) => ours.has(text))) return a
  return [...ours].every((text) => theirs.has(text)) ? b : null
}

/** What a log says, whatever its spelling. */
function describeLog({ blockHash, logIndex, address, topics, data }: RawLog): string {
  return [blockHash, Number(logIndex), address, topics, data].join().toLowerCase()
}

/** Asks for the parts of a range, each as large as the endpoint bears. */
async function inParts(
  rpc: Rpc,
  from: number,
  to: number,
  ask: (first: number, last: number) => Promise<RawLog[]>,
): Promise<RawLog[]> {
  const limit = limits.get(rpc) ?? { blocksMax: Number.POSITIVE_INFINITY, granted: 0 }
  limits.set(rpc, limit)
  const parts: RawLog[][] = []
  for (let first = from; first <= to; ) {
    const last = Math.min(to, first + limit.blocksMax - 1)
    try {
      parts.push(await ask(first, last))
    } catch (error) {
      if (!(error instanceof RpcError) || first === last || !mayBeTooLarge(error)) throw error
      rpc.countFault('tooLarge')
      const end = suggestedEnd(error.words, first, last) ?? Math.floor((first + last) / 2)
      // Ranges that were sent before a smaller limit was found are refused after it.
      limit.blocksMax = Math.min(limit.blocksMax, end - first + 1)
      limit.granted = 0
      continue
    }
    if (last - first + 1 === limit.blocksMax && ++limit.granted >= WIDEN_AFTER) {
      limit.blocksMax *= 2
      limit.granted = 0
    }
    first = last + 1
  }
  return parts.length === 1 ? parts[0]! : parts.flat()
}

/** Halving a range that is refused for another reason ends soon: at the first block, which is refused as well. */
function mayBeTooLarge({ code, words }: RpcError): boolean {
  return code !== METHOD_NOT_FOUND && !RATE_LIMIT.test(words)
}

/** The answer of eth_getLogs. Throws ContradictionError when it is no list of logs. */
export function toRawLogs(answer: unknown): RawLog[] {
  if (!Array.isArray(answer)) throw new ContradictionError('eth_getLogs did not answer with a list')
  for (const log of answer) {
    if (typeof log !== 'object' || log === null || !Array.isArray(log.topics)) {
      throw new ContradictionError(`eth_getLogs answered with ${JSON.stringify(log)?.slice(0, 80)}, which is no log`)
    }
  }
  return answer
}

/** The parameter of eth_getLogs for a range. */
export function logFilter({ topics, addresses }: LogQuery, from: number, to: number) {
  const address = addresses === undefined ? {} : { address: addresses }
  return { fromBlock: toQuantity(from), toBlock: toQuantity(to), topics: [topics], ...address }
}

/** A number as a JSON-RPC quantity. */
export function toQuantity(value: number): Hex {
  return `0x${value.toString(16)}`
}

/**
 * Last block of the range that a refusal suggests, such as "Try with this block range [0x1, 0x9]." (ZKsync Era)
 * or "retry with the range 1-9" (ZKsync OS); null when there is none inside the range asked for.
 */
export function suggestedEnd(message: string, from: number, to: number): number | null {
  const match = /range(?: should work:?)? \[?\s*(0x[0-9a-f]+|\d+)\s*(?:,|-)\s*(0x[0-9a-f]+|\d+)/i.exec(message)
  if (match === null || Number(match[1]) !== from) return null
  const end = Number(match[2])
  return end >= from && end < to ? end : null
}
