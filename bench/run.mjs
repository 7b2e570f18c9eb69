// npm run bench [-- --blocks 10000 --reps 3]: our ingest beside other indexers on the same chain, in one interleaved run each
// without and with 30 ms of network latency. Needs the peer bench (PEER_BENCH, or ../shared/peer-bench) and Postgres binaries.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const peerBench = process.env.PEER_BENCH ?? path.resolve(root, '../shared/peer-bench')
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

if (!existsSync(path.join(peerBench, 'bench.mjs'))) {
  console.error(`bench: there is no peer bench in ${peerBench}; set PEER_BENCH to its folder`)
  process.exit(1)
}
const work = process.env.WORK ?? path.join(os.tmpdir(), 'flowprint-bench')
mkdirSync(work, { recursive: true })
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

const missing = INSTALLS.filter((name) => !existsSync(path.join(work, name, 'node_modules')))
if (missing.length > 0) run('bash', 'install.sh', ...missing)
run('bash', 'pg.sh', 'start')
try {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  for (const latency of values.latencies.split(',')) {
    console.log(
      `\n${os.cpus()[0]?.model}, ${os.cpus().length} cores, Node ${process.version}, commit ${commit}, latency ${latency} ms`,
    )
    const options = ['--blocks', values.blocks, '--reps', values.reps, '--latency', latency]
    run(process.execPath, 'bench.mjs', ...options, '--out', path.join(work, `results-${latency}.json`), ...variants)
  }
} finally {
  spawnSync('bash', ['pg.sh', 'stop'], { cwd: peerBench, env: environment, stdio: 'inherit' })
}
