import type { Method, ProxyContext } from './context.ts'
import { ProxyError } from './errors.ts'
import { findLogs } from './getLogs.ts'
import { type Json, toQuantity } from './json.ts'
import { resolveBlockNumber } from './tags.ts'

/** A poller's filter: what it wants and how far it has read. */
export type Filter =
  | { kind: 'blocks'; nextBlock: number }
  | { kind: 'pending'; position: number }
  | { kind: 'logs'; nextBlock: number; lastBlock: number; query: Json }

/** Filters by id. */
export type Filters = Map<string, Filter>

/** `eth_` filter methods: polled, like the servers' own. */
export const filterMethods: Readonly<Record<string, Method>> = {
  eth_newBlockFilter: (context) => install(context, { kind: 'blocks', nextBlock: context.chain.head() + 1 }),
  eth_newPendingTransactionFilter: (context) =>
    install(context, { kind: 'pending', position: context.pending.position() }),
  eth_newFilter: (context, [query]) => install(context, logFilter(context, (query ?? {}) as Json)),
  eth_uninstallFilter: ({ filters }, [id]) => `${filters.delete(String(id))}`,
  eth_getFilterChanges: (context, [id]) => changes(context, find(context, id)),
  eth_getFilterLogs(context, [id]) {
    const filter = find(context, id)
    if (filter.kind !== 'logs') throw filterNotFound()
    const from = resolveBlockNumber(context, filter.query.fromBlock)
    return findLogs(context.chain, filter.query, { from, to: filter.lastBlock }, context.mode, context.logLimits)
  },
}

let installed = 0

function install({ filters }: ProxyContext, filter: Filter): string {
  const id = toQuantity(BigInt(++installed) * 0x9e3779b97f4a7c15n)
  filters.set(id, filter)
  return `"${id}"`
}

function logFilter(context: ProxyContext, query: Json): Filter {
  const { toBlock } = query
  const isOpen = toBlock === undefined || toBlock === null || toBlock === 'latest' || toBlock === 'pending'
  const lastBlock = isOpen ? Number.MAX_SAFE_INTEGER : resolveBlockNumber(context, toBlock)
  return { kind: 'logs', nextBlock: context.chain.head() + 1, lastBlock, query }
}

function find({ filters }: ProxyContext, id: unknown): Filter {
  const filter = filters.get(String(id))
  if (!filter) throw filterNotFound()
  return filter
}

function filterNotFound(): ProxyError {
  return new ProxyError(-32602, 'Filter not found')
}

function changes(context: ProxyContext, filter: Filter): string {
  const { chain, pending } = context
  if (filter.kind === 'pending') {
    const hashes = pending.since(filter.position)
    filter.position = pending.position()
    return JSON.stringify(hashes)
  }
  const head = chain.head()
  const range = { from: filter.nextBlock, to: head }
  // After a reorg or a lowered head the poller goes on from the new head.
  filter.nextBlock = head + 1
  if (filter.kind === 'logs')
    return findLogs(
      chain,
      filter.query,
      { from: range.from, to: Math.min(head, filter.lastBlock) },
      context.mode,
      context.logLimits,
    )
  const count = Math.max(0, range.to - range.from + 1)
  return JSON.stringify(Array.from({ length: count }, (_, index) => chain.block(range.from + index)?.hash))
}
