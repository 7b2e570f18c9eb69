// npm run bench:head [-- --seconds 60 --json]: from the moment a block is visible at the RPC to the moment a GraphQL query sees it.
//
// The local chain makes blocks with traffic, our program follows it, and a reader asks `_meta { block { number } }` without a break.
// Variants: Postgres or PGlite; heads announced over WebSocket, or polled. Behind the polling variants stands a proxy that serves
// HTTP only; with --counted the others' HTTP requests pass it, too. It counts by method and says when each block was asked for and
// answered, at the price of a hop on every request, which is measured. Without it the program's own counters are shown.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { interrupted, pause, waitFor, withCleanup } from './support/cleanup.mjs'
import { createDatabase } from './support/database.mjs'
import { describeMachine, printTable, quantile, showMethods, shown } from './support/figures.mjs'
import { startReader } from './support/graphqlReader.mjs'
import { readMetrics } from './support/metrics.mjs'
import { awaitFrom, startFlowprint, stop, track } from './support/program.mjs'
import { clock, post, startRpcProxy } from './support/rpcProxy.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const VARIANTS = ['postgres-websocket', 'postgres-polling', 'pglite-websocket', 'pglite-polling']
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    variants: { type: 'string', default: VARIANTS.join(',') },
    'block-time': { type: 'string', default: '200' },
    mode: { type: 'string', default: 'era' },
    /** Pause between two questions of the reader, in milliseconds. */
    'reader-pause': { type: 'string', default: '0' },
    program: { type: 'string', default: path.join(root, 'dist/flowprint.js') },
    counted: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const seconds = Number(options.seconds)
/** Blocks that are there before the program starts: enough for its queries to be planned as later on. */
const HISTORY_BLOCKS = 50
const WARM_UP_MS = 5_000
const START_MS = 120_000
/** How long the last block measured may take. */
const LATE_MS = 10_000

/** @typedef {import('./support/devnetProcess.mjs').DevnetMessage} DevnetMessage */
/** @typedef {Awaited<ReturnType<typeof measure>>} Result */

/** @type {Result[]} */
const results = []
try {
  if (!options.json)
    console.log(`${describeMachine(root)}, a block every ${options['block-time']} ms, ${seconds} s each\n`)
  for (const variant of options.variants.split(',')) {
    const result = await withCleanup((defer) => measure(variant, defer)).catch(reportFailure)
    if (result) results.push(result)
  }
} catch (error) {
  if (!interrupted.aborted) throw error
  console.error(`bench: ${String(interrupted.reason?.message)}`)
}
if (options.json) console.log(JSON.stringify({ machine: describeMachine(root), seconds, results }))
else printResults(results)
process.exit()

/**
 * One variant that fails leaves the figures of the others.
 * @param {unknown} error
 */
function reportFailure(error) {
  if (interrupted.aborted) throw error
  console.error(`bench: ${String(error)}`)
  process.exitCode = 1
  return null
}

/**
 * @param {string} variant
 * @param {import('./support/cleanup.mjs').Defer} defer
 */
async function measure(variant, defer) {
  const [store, heads] = variant.split('-')
  if (!VARIANTS.includes(variant)) throw new Error(`there is no variant ${variant}; there are ${VARIANTS.join(' ')}`)
  const folder = mkdtempSync(path.join(os.tmpdir(), 'flowprint-bench-head-'))
  defer(() => rmSync(folder, { recursive: true, force: true }))
  const devnet = await startChain(defer)
  const proxy = heads === 'polling' || options.counted ? await startRpcProxy(devnet.url) : null
  if (proxy) defer(proxy.close)
  const database = store === 'postgres' ? await createDatabase(`flowprint_bench_head_${process.pid}`) : null
  if (database) defer(database.drop)
  const http = proxy?.url ?? devnet.url
  const rpc = heads === 'polling' ? http : `${http},${devnet.webSocketUrl}`
  const databaseUrl = database?.url ?? `pglite://${path.join(folder, 'pglite')}`
  const log = path.join(os.tmpdir(), `flowprint-bench-head-${variant}.log`)
  const args = ['--rpc', rpc, '--database-url', databaseUrl, '--log-level', 'info']
  const { url, child } = await startFlowprint({ program: path.resolve(options.program), root, args, log })
  defer(() => stop(child))
  const reader = startReader(url, Number(options['reader-pause']))
  defer(reader.stop)
  const isCaughtUp = () => reader.newest() >= devnet.newest()
  await waitFor(isCaughtUp, { everyMs: 20, timeoutMs: START_MS, what: `${variant} does not catch up, see ${log}` })
  await pause(WARM_UP_MS)

  const hopMs = proxy ? await measureHop(devnet.url, proxy.url) : null
  const [from, before] = [clock(), await readMetrics(url)]
  proxy?.reset()
  await pause(seconds * 1000)
  const [to, after, counts] = [clock(), await readMetrics(url), proxy?.counts() ?? null]
  const blocks = [...devnet.visible].filter(([, at]) => at >= from && at < to)
  const last = blocks.at(-1)?.[0] ?? 0
  const isAllSeen = () => reader.newest() >= last
  await waitFor(isAllSeen, { everyMs: 20, timeoutMs: LATE_MS, what: `${variant} falls behind, see ${log}` })
  const latencies = blocks.map(([number, at]) => ((reader.seen.get(number) ?? Number.NaN) - at) / 1000)
  const own = Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]))
  const announced = own.flowprint_heads_announced_total ?? 0
  if ((heads === 'websocket') !== announced > blocks.length / 2) {
    throw new Error(`${variant}: ${announced} of ${blocks.length} heads were announced to the program, see ${log}`)
  }
  const stages = proxy ? measureStages(blocks, proxy.passages, reader.seen) : null
  return {
    ...{ variant, blocks: blocks.length, log },
    ms: summarize(latencies),
    queryMs: summarize(reader.roundTrips.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms)),
    ...{ stages, hopMs, counts },
    /** What the program says of itself; null where it does not count. */
    own: {
      requests: own.flowprint_rpc_http_requests_total ?? null,
      calls: own.flowprint_rpc_calls_total ?? null,
      failures: own.flowprint_failures_total ?? null,
    },
    latencies,
  }
}

/** @param {import('./support/cleanup.mjs').Defer} defer */
async function startChain(defer) {
  const settings = {
    ...{ mode: options.mode, traffic: true, blockTimeMs: Number(options['block-time']), history: HISTORY_BLOCKS },
  }
  const child = track(
    fork(path.join(root, 'bench/support/devnetProcess.mjs'), [JSON.stringify(settings)], {
      cwd: root,
      execArgv: ['--import', 'tsx'],
    }),
  )
  defer(() => stop(child))
  /** @type {Map<number, number>} when each block became visible, see `clock` */
  const visible = new Map()
  let newest = -1
  child.on('message', (/** @type {DevnetMessage} */ message) => {
    if (message.kind !== 'head') return
    visible.set(message.number, message.at)
    newest = message.number
  })
  const { url, webSocketUrl } = await awaitFrom(
    child,
    (/** @type {(ready: { url: string, webSocketUrl: string }) => void} */ resolve) =>
      child.on('message', (/** @type {DevnetMessage} */ message) => message.kind === 'ready' && resolve(message)),
    'the local chain does not start',
  )
  return { url, webSocketUrl, visible, newest: () => newest }
}

/**
 * What the proxy adds to a small request, in milliseconds (medians, alternating).
 * @param {string} direct
 * @param {string} proxied
 */
async function measureHop(direct, proxied) {
  const agent = new Agent({ keepAlive: true })
  const body = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}')
  /** @type {Record<string, number[]>} */
  const times = { [direct]: [], [proxied]: [] }
  for (let round = 0; round < 100; round++) {
    for (const url of [direct, proxied]) {
      const start = clock()
      await post(url, body, agent)
      times[url]?.push((clock() - start) / 1000)
    }
    await pause(3)
  }
  agent.destroy()
  return quantile(times[proxied] ?? [], 0.5) - quantile(times[direct] ?? [], 0.5)
}

/**
 * Medians of the way of a block, in milliseconds since it was visible: when it was first asked for by number, when the first such
 * request was answered, and the last one before the query saw the block. What is asked beside the way of the block counts, too.
 * @param {readonly (readonly [number, number])[]} blocks
 * @param {ReadonlyMap<number, import('./support/rpcProxy.mjs').Passage>} passages
 * @param {ReadonlyMap<number, number>} seen
 */
function measureStages(blocks, passages, seen) {
  const ways = blocks.flatMap(([number, visible]) => {
    const [passage, end] = [passages.get(number), seen.get(number)]
    const answers = passage?.answers.filter((at) => end !== undefined && at <= end) ?? []
    const times = [passage?.asked, answers.at(0), answers.at(-1)]
    return [times.map((at) => (Number(at) - visible) / 1000)].filter(([, first]) => !Number.isNaN(first))
  })
  const median = (/** @type {number} */ index) =>
    quantile(
      ways.map((way) => way[index] ?? Number.NaN),
      0.5,
    )
  return { blocks: ways.length, asked: median(0), firstAnswer: median(1), lastAnswer: median(2) }
}

/** @param {readonly number[]} values */
function summarize(values) {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => quantile(values, share))
  return { count: values.length, p50, p90, p99, max: quantile(values, 1) }
}

/** @param {readonly Result[]} results */
function printResults(results) {
  printTable(
    ['variant', 'blocks', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms', 'query p50 ms', 'requests/block', 'calls/block'],
    results.map(({ variant, blocks, ms, queryMs, counts, own }) => [
      ...[variant, blocks],
      ...[ms.p50, ms.p90, ms.p99, ms.max, queryMs.p50].map((value) => shown(value ?? null, 1)),
      ...[counts?.requests ?? own.requests, counts?.calls ?? own.calls].map((count) =>
        shown(perBlock(count, blocks), 2),
      ),
    ]),
  )
  const counted = results.filter(({ counts }) => counts !== null)
  if (counted.length === 0) return
  console.log('\nBehind the proxy: medians since the block was visible, and calls per block by method')
  printTable(
    [
      'variant',
      'asked for ms',
      'first answer ms',
      'last answer ms',
      'hop ms',
      'own count of requests, calls',
      'methods',
    ],
    counted.map(({ variant, blocks, stages, hopMs, counts, own }) => [
      ...[variant, ...[stages?.asked, stages?.firstAnswer, stages?.lastAnswer].map((value) => shown(value ?? null, 1))],
      ...[shown(hopMs, 2), [own.requests, own.calls].map((count) => shown(perBlock(count, blocks), 2)).join(', ')],
      showMethods(counts?.methods ?? {}, blocks),
    ]),
  )
}

/**
 * @param {number | null} count
 * @param {number} blocks
 */
function perBlock(count, blocks) {
  return count === null ? null : count / blocks
}
