// npm run bench [-- --blocks 10000 --reps 3]: our ingest beside other indexers on the same chain, in one interleaved run each
// without and with 30 ms of network latency, and what each asked of the endpoint for a block. Needs the peer bench (PEER_BENCH,
// or ../shared/peer-bench) and Postgres binaries.
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { printTable, showMethods } from './support/figures.mjs'
import { findPeerBench, installPeers } from './support/peerBench.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const peerBench = findPeerBench(root)
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    blocks: { type: 'string', default: '10000' },
    reps: { type: 'string', default: '3' },
    latencies: { type: 'string', default: '0,30' },
  },
})
const variants = positionals.length > 0 ? positionals : ['floor-pg', 'flowprint-pg', 'ponder17-pg', 'squid-pg']
const INSTALLS = ['ponder16', 'ponder17', 'node22', 'squid']

const work = process.env.WORK ?? path.join(os.tmpdir(), 'flowprint-bench')
const environment = {
  ...process.env,
  WORK: work,
  // Postgres refuses to run as root and its user must be able to reach its folder.
  PGDATA: process.env.PGDATA ?? path.join(os.tmpdir(), 'flowprint-bench-pg'),
  VARIANTS_FILE: path.join(root, 'bench/peers.mjs'),
}
/** @param {string} command @param {string[]} args */
const run = (command, ...args) => {
  const { status } = spawnSync(command, args, { cwd: peerBench, env: environment, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}`)
}

/**
 * What the runs asked of the endpoint, by block; every run of a variant asks nearly the same, the first is shown.
 * @param {string} file with the results of the peer bench
 */
function printRequests(file) {
  /** @type {{ runs: { name: string, rep: number, failed?: string, http: number, rpc_calls: number, calls: Record<string, number> }[] }} */
  const { runs } = JSON.parse(readFileSync(file, 'utf8'))
  const blocks = Number(values.blocks)
  const first = runs.filter(({ rep, failed }) => rep === 1 && failed === undefined)
  console.log('')
  printTable(
    ['peer', 'requests/block', 'calls/block', 'calls by method and block'],
    first.map(({ name, http, rpc_calls: calls, calls: methods }) => [
      ...[name, (http / blocks).toFixed(3), (calls / blocks).toFixed(3), showMethods(methods, blocks)],
    ]),
  )
}

installPeers(peerBench, work, INSTALLS)
run('bash', 'pg.sh', 'start')
try {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  for (const latency of values.latencies.split(',')) {
    console.log(
      `\n${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.version}, commit ${commit}, latency ${latency} ms`,
    )
    const options = ['--blocks', values.blocks, '--reps', values.reps, '--latency', latency]
    const out = path.join(work, `results-${latency}.json`)
    run(process.execPath, 'bench.mjs', ...options, '--out', out, ...variants)
    printRequests(out)
  }
} finally {
  spawnSync('bash', ['pg.sh', 'stop'], { cwd: peerBench, env: environment, stdio: 'inherit' })
}
