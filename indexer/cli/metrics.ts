import { Counter, Gauge, Registry } from 'prom-client'
import type { Endpoints } from '../chain/endpoints.ts'
import type { Tracker } from './tracker.ts'

/** What the figures are taken from; a process that only serves has no indexer. */
export type MetricSources = { tracker: Tracker; endpoints: Endpoints } | null

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
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  gauge('flowprint_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage().rss)
  if (sources !== null) {
    const { tracker, endpoints } = sources
    gauge('flowprint_indexed_block', 'Last block whose rows are committed.', () => tracker.status().indexedBlock)
    gauge('flowprint_head_block', 'Newest block of the chain that is known.', () => tracker.status().headBlock ?? -1)
    gauge(
      'flowprint_undecoded_logs',
      'Logs that could not be used: stored at the start, and met since.',
      () => tracker.totals.undecoded,
    )
    counter('flowprint_blocks_total', 'Blocks committed.', () => tracker.totals.blocks)
    counter('flowprint_swaps_total', 'Swaps committed.', () => tracker.totals.swaps)
    counter('flowprint_commits_total', 'Steps committed.', () => tracker.totals.commits)
    counter('flowprint_reorgs_total', 'Reorganisations met.', () => tracker.totals.reorgs)
    counter('flowprint_failures_total', 'Failures waited out.', () => tracker.totals.failures)
    for (const [key, help] of Object.entries(ENDPOINT_COUNTS)) {
      new Counter({
        name: `flowprint_rpc_${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_total`,
        help,
        labelNames: ['endpoint'],
        registers: [registry],
        collect() {
          this.reset()
          for (const { name, counts } of endpoints.health())
            this.inc({ endpoint: name }, counts[key as keyof typeof counts])
        },
      })
    }
  }
  return () => registry.metrics()
}

const ENDPOINT_COUNTS = {
  httpRequests: 'HTTP requests sent to an endpoint.',
  calls: 'JSON-RPC calls sent to an endpoint.',
  retries: 'Requests to an endpoint that were sent again.',
  failures: 'Requests to an endpoint that failed for good.',
}
