import { Counter, Gauge, Registry } from 'prom-client'
import type { EndpointHealth, Endpoints } from '../chain/endpoints.ts'
import type { Heads } from '../chain/heads.ts'
import type { PendingMeasure } from '../watchers/pendingTally.ts'
import type { Tracker } from './tracker.ts'

/** What the figures are taken from; a process that only serves has no indexer. */
export type MetricSources = {
  tracker: Tracker
  /** Those of the chain, and those of its L1 where there is one. */
  endpoints: readonly Endpoints[]
  heads: Heads
  /** What the streams of pending transactions have shown. */
  pending: () => readonly PendingMeasure[]
} | null

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
    const { tracker, heads } = sources
    const healths = () => sources.endpoints.flatMap((endpoints) => endpoints.health())
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
    gauge('flowprint_finalized_block', 'Last stored block that was seen to be final.', () => {
      return tracker.status().finalizedBlock ?? -1
    })
    counter('flowprint_heads_announced_total', 'New blocks announced by WebSocket.', () => heads.status().announced)
    counter('flowprint_head_announcers_lost_total', 'Times that a WebSocket was lost or silent.', () => {
      return heads.status().lost
    })
    for (const [key, help] of Object.entries(ENDPOINT_COUNTS)) {
      new Counter({
        name: `flowprint_rpc_${snakeCase(key)}_total`,
        help,
        labelNames: ['endpoint'],
        registers: [registry],
        collect() {
          this.reset()
          for (const { name, counts } of healths())
            this.inc({ endpoint: name }, counts[key as keyof typeof ENDPOINT_COUNTS])
        },
      })
    }
    for (const [name, { help, read }] of Object.entries(ENDPOINT_GAUGES)) {
      new Gauge({
        name: `flowprint_rpc_${name}`,
        help,
        labelNames: ['endpoint'],
        registers: [registry],
        collect() {
          for (const health of healths()) this.set({ endpoint: health.name }, read(health))
        },
      })
    }
    for (const [key, help] of Object.entries(PENDING_COUNTS)) {
      new Counter({
        name: `flowprint_pending_${snakeCase(key)}_total`,
        help,
        labelNames: ['endpoint'],
        registers: [registry],
        collect() {
          this.reset()
          for (const measure of sources.pending())
            this.inc({ endpoint: measure.endpoint }, measure[key as keyof typeof PENDING_COUNTS])
        },
      })
    }
    new Counter({
      name: 'flowprint_rpc_faults_total',
      help: 'Faults of an endpoint that were met and borne, by kind.',
      labelNames: ['endpoint', 'fault'],
      registers: [registry],
      collect() {
        this.reset()
        for (const { name, counts } of healths()) {
          for (const [fault, times] of Object.entries(counts.faults)) this.inc({ endpoint: name, fault }, times)
        }
      },
    })
  }
  return () => registry.metrics()
}

const PENDING_COUNTS = {
  sightings: 'Transactions that an endpoint told of as pending.',
  seenUnmined: 'Those of them that were in no block as they were read.',
  seenMined: 'Those of them that were in a block already, so that the stream told too late.',
  unreadable: 'Those of them that could not be read.',
  included: 'Those of them that were included.',
  dropped: 'Those of them that the endpoint no longer knows.',
  replaced: 'Those of them whose nonce another transaction took.',
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

const ENDPOINT_GAUGES: Record<string, { help: string; read: (health: EndpointHealth) => number }> = {
  ready: { help: '1 when an endpoint is used, 0 while it rests.', read: ({ ready }) => Number(ready) },
  latency_ms: { help: 'Moving average of the answers of an endpoint.', read: ({ latencyMs }) => latencyMs ?? 0 },
  concurrency: { help: 'Requests that may be under way at once.', read: ({ limits }) => limits.concurrency },
  batch_calls: { help: 'Calls that an endpoint takes in one request.', read: ({ limits }) => limits.batchCalls },
}

const ENDPOINT_COUNTS = {
  httpRequests: 'HTTP requests sent to an endpoint.',
  calls: 'JSON-RPC calls sent to an endpoint.',
  retries: 'Requests to an endpoint that were sent again.',
  failures: 'Requests to an endpoint that failed for good.',
}
