import type { Address, Hex } from '../types/block.ts'
import { ContradictionError, RpcError } from './errors.ts'
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

/**
 * As `fetchLogs`, each part asked twice: a log that is missing from an answer leaves no trace in it, and blooms only tell
 * when all logs of a kind are missing.
 * @param witness asked in turns with `rpc`; the same or another endpoint of the chain.
 * @throws ContradictionError when no two answers agree.
 */
export function fetchConfirmedLogs(
  rpc: Rpc,
  witness: Rpc,
  query: LogQuery,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RawLog[]> {
  return inParts(rpc, from, to, async (first, last) => {
    const params = [logFilter(query, first, last)]
    const ask = () => rpc.requestText('eth_getLogs', params, signal)
    const askWitness =
      witness === rpc
        ? ask()
        : witness
            .requestText('eth_getLogs', params, signal)
            // What a witness fails at is no fault of the endpoint.
            .then((answer) => (Array.isArray(answer.result) ? answer : null))
            .catch(() => null)
    const answers = (await Promise.all([ask(), askWitness])).filter((answer) => answer !== null)
    if (answers.length === 2 && areSame(answers[0]!, answers[1]!)) return toRawLogs(answers[0]!.result)
    while (answers.length < ANSWERS_MAX) {
      if (answers.length > 1) rpc.countFault('otherAnswer')
      const next = await ask()
      if (answers.some((answer) => areSame(answer, next))) return toRawLogs(next.result)
      answers.push(next)
    }
    throw new ContradictionError(`eth_getLogs of blocks ${first} to ${last} answers differently each time`)
  })
}

type Answered = { result: unknown; text: string }

/** The same text is the same answer; another text may still be, from another kind of server. */
function areSame(a: Answered, b: Answered): boolean {
  return a.text === b.text || describeLogs(a.result) === describeLogs(b.result)
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
      const end = suggestedEnd(error.message, first, last) ?? Math.floor((first + last) / 2)
      limit.blocksMax = end - first + 1
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
function mayBeTooLarge({ code, message }: RpcError): boolean {
  return code !== METHOD_NOT_FOUND && !RATE_LIMIT.test(message)
}

/** What an answer says, whatever its spelling. */
function describeLogs(answer: unknown): string {
  return toRawLogs(answer)
    .map((log) => [log?.blockHash, Number(log?.logIndex), log?.address, log?.topics, log?.data].join())
    .join('\n')
    .toLowerCase()
}

/** The answer of eth_getLogs. Throws ContradictionError when it is no list. */
export function toRawLogs(answer: unknown): RawLog[] {
  if (!Array.isArray(answer)) throw new ContradictionError('eth_getLogs did not answer with a list')
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
  const match = /range \[?\s*(0x[0-9a-f]+|\d+)\s*(?:,|-)\s*(0x[0-9a-f]+|\d+)/i.exec(message)
  if (match === null || Number(match[1]) !== from) return null
  const end = Number(match[2])
  return end >= from && end < to ? end : null
}
