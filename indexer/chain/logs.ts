import type { Hex } from '../types/block.ts'
import { ContradictionError, RpcError } from './errors.ts'
import type { RawLog } from './format.ts'
import type { Rpc } from './rpc.ts'

/** Servers refuse a range that is too large for them in many words and codes; these are the refusals of another kind. */
const METHOD_NOT_FOUND = -32601
const RATE_LIMIT = /\brate\b|too many requests|requests? per|per second|credits|quota/i

/**
 * Logs of the blocks `from` to `to` with one of `topics` as topic0, in chain order.
 * A range that the server finds too large is split where it says, or else in halves.
 * @throws RpcError when a single block is refused.
 */
export async function fetchLogs(
  rpc: Rpc,
  topics: readonly Hex[],
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<RawLog[]> {
  try {
    return toRawLogs(await rpc.request('eth_getLogs', [logFilter(topics, from, to)], signal))
  } catch (error) {
    if (!(error instanceof RpcError) || from === to || !mayBeTooLarge(error)) throw error
    const split = suggestedEnd(error.message, from, to) ?? Math.floor((from + to) / 2)
    const first = await fetchLogs(rpc, topics, from, split, signal)
    return first.concat(await fetchLogs(rpc, topics, split + 1, to, signal))
  }
}

/** Halving a range that is refused for another reason ends soon: at the first block, which is refused as well. */
function mayBeTooLarge({ code, message }: RpcError): boolean {
  return code !== METHOD_NOT_FOUND && !RATE_LIMIT.test(message)
}

/** The answer of eth_getLogs. Throws ContradictionError when it is no list. */
export function toRawLogs(answer: unknown): RawLog[] {
  if (!Array.isArray(answer)) throw new ContradictionError('eth_getLogs did not answer with a list')
  return answer
}

/** The parameter of eth_getLogs for a range and a set of topic0. */
export function logFilter(topics: readonly Hex[], from: number, to: number) {
  return { fromBlock: toQuantity(from), toBlock: toQuantity(to), topics: [topics] }
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
