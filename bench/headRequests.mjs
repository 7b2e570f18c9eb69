// npm run bench:head-requests [-- --seconds 60 --paces 1,5 --json flowprint squid …]: what an indexer asks for each new block.
//
// The replay server of the peer bench holds a finished chain; a gate in front of it hides the blocks above a head that moves at
// a given pace, and counts. Each indexer first catches up, then follows; counted is a stretch in the middle of its following.
// Beside it stands what it is bought with: how long a block is visible before its swaps are in the database.
//
// Ponder and SQD run as the peer bench configures them, with their own defaults at the head: Ponder 0.17 polls every second, SQD
// every five. The eager variants poll five times a second, the WebSocket variants are given a URL that announces heads.
// Needs the peer bench (PEER_BENCH, or ../shared/peer-bench), its installs (made in WORK when missing) and a Postgres
// (TEST_DATABASE_URL, or the one on 127.0.0.1:5432).
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { interrupted, pause, waitFor, withCleanup } from './support/cleanup.mjs'
import { createDatabase } from './support/database.mjs'
import { describeMachine, printTable, quantile, showMethods, shown } from './support/figures.mjs'
import { FOLLOWERS, startFollower } from './support/followers.mjs'
import { startGate } from './support/gate.mjs'
import { findPeerBench, installPeers } from './support/peerBench.mjs'
import { awaitFrom, freePort, start, stop } from './support/program.mjs'
import { watchStored } from './support/stored.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    paces: { type: 'string', default: '1,5' },
    program: { type: 'string', default: path.join(root, 'dist/flowprint.js') },
    json: { type: 'boolean', default: false },
  },
})
const names = positionals.length > 0 ? positionals : FOLLOWERS
for (const name of names) {
  if (!FOLLOWERS.includes(name)) throw new Error(`there is no variant ${name}; there are ${FOLLOWERS.join(' ')}`)
}
const seconds = Number(options.seconds)
const paces = options.paces.split(',').map(Number)
/** At each pace the head moves this long before anything is counted. */
const WARM_UP_SECONDS = 5
const SWAPS_PER_BLOCK = 20
/** An indexer may take this long to begin to follow; meanwhile a block a second comes. */
const CATCH_UP_SECONDS = 120
/** One that polls every few seconds is never nearer. */
const NEAR_BLOCKS = 10
/** How long the last block may take. */
const LATE_MS = 60_000
const pacedBlocks = paces.reduce((sum, pace) => sum + Math.ceil(pace * WARM_UP_SECONDS) + Math.ceil(pace * seconds), 0)
const newBlocks = CATCH_UP_SECONDS + pacedBlocks
/** The pools appear in the first half of the chain: in what is counted there are only swaps. */
const history = Math.max(200, newBlocks)

/**
 * @typedef {import('./support/rpcProxy.mjs').Counts & { pace: number, blocks: number, p50: number, p99: number }} Stretch
 * @typedef {{ name: string, stretches: Stretch[], rows: string }} Result `rows` says whether all swaps came
 */

const peerBench = findPeerBench(root)
const work = process.env.WORK ?? path.join(os.tmpdir(), 'flowprint-bench')
const places = { root, peerBench, work, program: path.resolve(options.program) }
if (names.some((name) => !name.startsWith('flowprint'))) installPeers(peerBench, work, ['ponder17', 'node22', 'squid'])

/** @type {Result[]} */
const results = []
try {
  await withCleanup(async (defer) => {
    const server = await startReplayServer(defer)
    for (const name of names) results.push(await withCleanup((deferOne) => measureOrFail(name, server, deferOne)))
  })
} catch (error) {
  if (!interrupted.aborted) throw error
  console.error(`bench: ${String(interrupted.reason?.message)}`)
}
if (options.json) console.log(JSON.stringify({ machine: describeMachine(root), seconds, results }))
else printResults()
process.exit()

/** @param {import('./support/cleanup.mjs').Defer} defer */
async function startReplayServer(defer) {
  const port = await freePort()
  const log = path.join(os.tmpdir(), 'flowprint-bench-replay.log')
  const blocks = history + newBlocks
  const env = { PORT: String(port), BLOCKS: String(blocks), SWAPS: String(SWAPS_PER_BLOCK), TAIL: '0' }
  /** @type {(line: string) => void} */
  let tell = () => {}
  const argv = [process.execPath, path.join(peerBench, 'server/rpc-server.mjs')]
  const child = start(argv, { cwd: peerBench, env, log, onLine: (line) => tell(line) })
  defer(() => stop(child))
  await awaitFrom(
    child,
    (resolve) => {
      tell = resolve
    },
    `the replay server does not start, see ${log}`,
  )
  return `http://127.0.0.1:${port}`
}

/**
 * One indexer that fails leaves the figures of the others.
 * @param {string} name
 * @param {string} server
 * @param {import('./support/cleanup.mjs').Defer} defer
 * @returns {Promise<Result>}
 */
async function measureOrFail(name, server, defer) {
  try {
    return await measure(name, server, defer)
  } catch (error) {
    if (interrupted.aborted) throw error
    console.error(`bench: ${String(error)}`)
    process.exitCode = 1
    return { name, stretches: [], rows: `failed: ${String(error)}` }
  }
}

/**
 * @param {string} name
 * @param {string} server
 * @param {import('./support/cleanup.mjs').Defer} defer
 * @returns {Promise<Result>}
 */
async function measure(name, server, defer) {
  const gate = await startGate(server, { head: history, webSocket: name.endsWith('-websocket') })
  defer(gate.close)
  const database = await createDatabase(`flowprint_bench_${name.replaceAll('-', '_')}_${process.pid}`)
  defer(database.drop)
  const log = path.join(os.tmpdir(), `flowprint-bench-requests-${name}.log`)
  const run = { rpc: gate.url, webSocket: gate.webSocketUrl, databaseUrl: database.url, log }
  const { child, table, block } = await startFollower(name, places, run)
  defer(() => stop(child))
  const stored = await watchStored(database.url, table, block)
  defer(stored.stop)
  const isWithin = (/** @type {number} */ distance) => () => {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended, see ${log}`)
    return stored.newest() >= gate.head() - distance
  }
  // Some begin to follow only when they hear of a new block.
  for (let second = 0; second < CATCH_UP_SECONDS && !isWithin(NEAR_BLOCKS)(); second++) await advance(gate, 1, 1)

  /** @type {(Stretch & { first: number })[]} */
  const counted = []
  for (const pace of paces) {
    await advance(gate, Math.ceil(pace * WARM_UP_SECONDS), pace)
    gate.reset()
    const [first, blocks] = [gate.head() + 1, Math.ceil(pace * seconds)]
    await advance(gate, blocks, pace)
    counted.push({ pace, blocks, first, p50: Number.NaN, p99: Number.NaN, ...gate.counts() })
  }
  await waitFor(isWithin(0), { everyMs: 50, timeoutMs: LATE_MS, what: `${name} falls behind, see ${log}` })
  const stretches = counted.map(({ first, ...stretch }) => {
    const numbers = Array.from({ length: stretch.blocks }, (_, offset) => first + offset)
    const delays = numbers.map((each) => (Number(stored.found.get(each)) - Number(gate.shownAt.get(each))) / 1000)
    return { ...stretch, p50: quantile(delays, 0.5), p99: quantile(delays, 0.99) }
  })
  const [swaps, wanted] = [await stored.count(gate.head()), gate.head() * SWAPS_PER_BLOCK]
  return { name, stretches, rows: swaps === wanted ? 'ok' : `WRONG: ${swaps} of ${wanted}` }
}

/**
 * Moves the head on by a number of blocks, each followed by the pause of the pace.
 * @param {import('./support/gate.mjs').ChainGate} gate
 * @param {number} count
 * @param {number} pace blocks a second
 */
async function advance(gate, count, pace) {
  const begun = performance.now()
  for (let block = 1; block <= count; block++) {
    await gate.advance()
    await pause(Math.max(0, begun + (block * 1000) / pace - performance.now()))
  }
}

function printResults() {
  console.log(`${describeMachine(root)}; ${seconds} s at each pace, blocks of ${SWAPS_PER_BLOCK} swaps\n`)
  printTable(
    [
      'indexer',
      'blocks/s',
      'requests/block',
      'calls/block',
      'stored after ms, p50',
      'p99',
      'swaps',
      'calls by method and block',
    ],
    results.flatMap(({ name, stretches, rows }) =>
      stretches.map(({ pace, blocks, requests, calls, methods, p50, p99 }) => [
        ...[
          name,
          pace,
          (requests / blocks).toFixed(2),
          (calls / blocks).toFixed(2),
          shown(p50, 0),
          shown(p99, 0),
          rows,
        ],
        showMethods(methods, blocks),
      ]),
    ),
  )
}
