import type { Address } from '../../address.ts'
import type { Hex, Mode } from '../types.ts'
import type { RpcLog } from './block.ts'
import type { ChainCopy } from './chainCopy.ts'
import { invalidParams, type ProxyError } from './errors.ts'
import { type Json, toQuantity } from './json.ts'

/** Which logs a filter wants, made ready for comparison. */
export type LogMatcher = (log: RpcLog) => boolean

/** Limits of `eth_getLogs`. */
export type LogLimits = { maxResults: number; maxBlockRange: number }

/**
 * Returns the predicate of a filter's `address` and `topics`.
 * @throws ProxyError on more than four topics
 */
export function createLogMatcher(filter: Json): LogMatcher {
  const addresses = toSet<Address>(filter.address)
  const topics = ((filter.topics ?? []) as unknown[]).map((topic) => toSet<Hex>(topic))
  if (topics.length > 4) throw invalidParams('More than four topics in filter')
  return (log) =>
    (!addresses || addresses.has(log.address)) &&
    topics.every((wanted, i) => {
      const topic = log.topics[i]
      return !wanted ? i < log.topics.length || isOptionalTail(topics, i) : topic !== undefined && wanted.has(topic)
    })
}

/** A trailing null asks for nothing, not even that the topic exists. */
function isOptionalTail(topics: readonly (Set<Hex> | null)[], index: number): boolean {
  return topics.slice(index).every((topic) => topic === null)
}

/**
 * Answers `eth_getLogs` from the copy, as JSON text.
 * @param range first and last block, both included
 * @throws ProxyError in the played server's words when a limit is exceeded
 */
export function findLogs(
  chain: ChainCopy,
  filter: Json,
  range: { from: number; to: number },
  mode: Mode,
  limits: LogLimits,
): string {
  const { from, to } = range
  if (mode === 'zksync-os' && to - from > limits.maxBlockRange)
    throw invalidParams(`query exceeds max block range ${limits.maxBlockRange}`)
  const matches = createLogMatcher(filter)
  const limit = mode === 'evm' || from === to ? Number.POSITIVE_INFINITY : limits.maxResults
  const found: string[] = []
  for (let number = from; number <= Math.min(to, chain.head()); number++) {
    const view = chain.block(number)
    if (!view) break
    for (const [index, log] of view.logs.entries()) {
      if (!matches(log)) continue
      if (found.length === limit) throw tooManyLogs(mode, limit, from, number - 1)
      found.push(chain.render(view).logs[index] ?? '')
    }
  }
  return `[${found.join(',')}]`
}

/** Each server names the widest range that would have fitted, in its own format. */
function tooManyLogs(mode: Mode, limit: number, from: number, fitting: number): ProxyError {
  const to = Math.max(from, fitting)
  if (mode === 'zksync-os')
    return invalidParams(`query exceeds max results ${limit}, retry with the range ${from}-${to}`)
  return invalidParams(
    `Query returned more than ${limit} results. Try with this block range [${toQuantity(from)}, ${toQuantity(to)}].`,
  )
}

function toSet<T extends string>(value: unknown): Set<T> | null {
  if (value === undefined || value === null) return null
  const list = (Array.isArray(value) ? value : [value]) as string[]
  // An empty list means the same as no filter at all.
  return list.length === 0 ? null : new Set(list.map((item) => item.toLowerCase() as T))
}
