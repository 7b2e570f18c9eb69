import { Gauge, Registry } from 'prom-client'
import type { Rpc } from '../chain/rpc.ts'
import type { Tracker } from './tracker.ts'

/** What the figures are taken from; a process that only serves has no indexer. */
export type MetricSources = { tracker: Tracker; rpc: Rpc } | null

/** Prometheus text of the process: how far the index is, what was written, what was asked of the endpoint. */
export function createMetrics(sources: MetricSources): () => Promise<string> {
  const registry = new Registry()
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('flowprint_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage().rss)
  if (sources !== null) {
    const { tracker, rpc } = sources
    gauge('flowprint_indexed_block', 'Last block whose rows are committed.', () => tracker.status().indexedBlock)
    gauge('flowprint_head_block', 'Newest block of the chain that is known.', () => tracker.status().headBlock ?? -1)
    gauge('flowprint_blocks_total', 'Blocks committed since the process began.', () => tracker.totals.blocks)
    gauge('flowprint_swaps_total', 'Swaps committed since the process began.', () => tracker.totals.swaps)
    gauge('flowprint_commits_total', 'Steps committed since the process began.', () => tracker.totals.commits)
    gauge('flowprint_undecoded_logs', 'Stored logs that could not be used.', () => tracker.totals.undecoded)
    gauge('flowprint_reorgs_total', 'Reorganisations met since the process began.', () => tracker.totals.reorgs)
    gauge('flowprint_failures_total', 'Failures waited out since the process began.', () => tracker.totals.failures)
    gauge('flowprint_rpc_requests_total', 'HTTP requests sent to the endpoint.', () => rpc.counts.httpRequests)
    gauge('flowprint_rpc_calls_total', 'JSON-RPC calls sent to the endpoint.', () => rpc.counts.calls)
    gauge('flowprint_rpc_retries_total', 'Requests to the endpoint that were sent again.', () => rpc.counts.retries)
    gauge('flowprint_rpc_failures_total', 'Requests to the endpoint that failed for good.', () => rpc.counts.failures)
  }
  return () => registry.metrics()
}
