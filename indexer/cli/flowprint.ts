#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { Command, type CommanderError, Option } from 'commander'
import { type Config, type Flags, readConfig } from './config.ts'
import { isExpected, UsageError } from './errors.ts'
import { readVersion } from './version.ts'

if (existsSync('.env')) process.loadEnvFile()

const program = new Command('flowprint')
  .description('Reads order flow and MEV on ZKsync and every EVM chain into Postgres, and serves it over GraphQL.')
  .version(readVersion())
  .exitOverride()
  .configureOutput({ outputError: () => {} })

type Run = (config: Config, flags: Flags) => Promise<void>

/** Options by name; each command takes the ones it uses. Flags win over the environment variable in brackets. */
const OPTIONS = {
  rpc: new Option(
    '--rpc <urls>',
    'JSON-RPC endpoints separated by commas: http(s) to ask, ws(s) beside them to hear of new blocks [RPC_URL]',
  ),
  l1: new Option(
    '--l1-rpc <urls>',
    'endpoints of the L1 below the chain, for batches and its priority queue [L1_RPC_URL]',
  ),
  chain: new Option('--chain <name>', 'name of the chain, checked against the endpoint [CHAIN]'),
  start: new Option(
    '--start <block>',
    'first block to index; default: where the stored rows begin, or 0 [START_BLOCK]',
  ),
  end: new Option('--end <block>', 'last block to index; default: follow the chain [END_BLOCK]'),
  database: new Option(
    '--database-url <url>',
    'postgres://… or pglite://<folder>; default: pglite://./.flowprint [DATABASE_URL]',
  ),
  noPending: new Option('--no-pending', 'do not listen for pending transactions'),
  host: new Option('--host <address>', 'address to listen on; default: 127.0.0.1 [HOST]'),
  port: new Option('--port <port>', 'port to listen on; default: 4000 [PORT]'),
  logLevel: new Option(
    '--log-level <level>',
    'fatal, error, warn, info, debug, trace or silent; default: info [LOG_LEVEL]',
  ),
  json: new Option('--json', 'machine-readable output: one JSON document a line'),
  mode: new Option('--mode <stack>', 'what the local chain plays: era, zksync-os or evm; default: era'),
  rpcPort: new Option('--rpc-port <port>', 'port of the local chain; default: 8545'),
  seed: new Option('--seed <number>', 'seed of the traffic; the same seed gives the same history'),
  history: new Option('--history <blocks>', 'blocks to write before the chain is opened'),
  withL1: new Option('--l1', 'with an L1 below: batches are settled there, and requests for L2 come from there'),
  noTraffic: new Option('--no-traffic', 'without the trading agents'),
  scenario: new Option(
    '--scenario <name>',
    'what is simulated: market, attacks, noise, thin, wash, evasive; default: market',
  ),
  blocks: new Option('--blocks <number>', 'blocks to simulate; default: 3600, or what --swaps takes'),
  swaps: new Option('--swaps <number>', 'stop once so many swaps were made'),
  ordering: new Option('--ordering <rule>', 'fifo as on ZKsync Era or tip as on ZKsync OS; default: fifo'),
  clock: new Option('--clock <whose>', 'whose arrival times: sequencer, node or none; default: sequencer'),
  out: new Option('--out <folder>', 'folder to write the history to'),
  serve: new Option('--serve', 'serve the history as JSON-RPC on 127.0.0.1'),
  from: new Option('--from <block>', 'first block to export; default: the first indexed'),
  to: new Option('--to <block>', 'last block to export; default: the last indexed'),
  format: new Option('--format <format>', 'parquet, csv or ndjson; default: by the ending of --out, or parquet'),
  file: new Option('--out <file>', 'file to write; a manifest is written beside it'),
  resume: new Option(
    '--resume',
    'go on with an unfinished file, which is done in any case when it is of the same request',
  ),
  force: new Option('--force', 'replace a file that exists, and begin an unfinished one anew'),
  chainId: new Option('--chain-id <id>', 'id of the chain, where the database holds several'),
  chainName: new Option('--chain <name>', 'name of the chain, where the database holds several [CHAIN]'),
  servePort: new Option('--port <port>', 'port of --serve; default: 8545'),
} as const

const INDEXING = ['rpc', 'l1', 'chain', 'start', 'end', 'noPending'] as const
const SERVING = ['host', 'port'] as const
const COMMON = ['logLevel', 'json'] as const

add(
  'start',
  'index and serve; without an endpoint, start the local chain first',
  [...INDEXING, 'database', ...SERVING],
  async () => (await import('./commands/start.ts')).runStart,
)
add(
  'index',
  'read a chain into the database; with --end, exit once that block is committed',
  [...INDEXING, 'database'],
  async () => (await import('./commands/index.ts')).runIndex,
)
add(
  'serve',
  'serve what a database holds',
  ['database', ...SERVING],
  async () => (await import('./commands/serve.ts')).runServe,
)
add(
  'doctor',
  'show what the endpoints can do, and what that means for indexing',
  ['rpc', 'l1', 'chain'],
  async () => (await import('./commands/doctor.ts')).runDoctor,
)
add(
  'migrate',
  'bring the tables of a database to this version',
  ['database'],
  async () => (await import('./commands/migrate.ts')).runMigrate,
)
add(
  'devnet',
  'run the local chain alone',
  ['mode', 'rpcPort', 'seed', 'history', 'withL1', 'noTraffic'],
  async () => (await import('./commands/devnet.ts')).runDevnet,
)
add(
  'simulate',
  'make a labelled history of order flow: as files, as JSON-RPC, or for its scorecard alone',
  ['scenario', 'seed', 'blocks', 'swaps', 'ordering', 'clock', 'out', 'serve', 'servePort'],
  async () => (await import('./commands/simulate.ts')).runSimulate,
)
add(
  'export <dataset>',
  'write a data set (swaps, flow-buckets, batch-flow, metaorders, mev-bundles, liquidations, pools, blocks, batches) to a file',
  ['from', 'to', 'format', 'file', 'resume', 'force', 'chainName', 'chainId', 'database'],
  async () => (await import('./commands/export.ts')).runExport,
)

try {
  await program.parseAsync()
} catch (error) {
  // Help and version are no failures, though commander ends by throwing for them, too.
  const { exitCode, message } = error as CommanderError
  const words = message.replace(/^error: /, '').split('\n')[0]
  if (exitCode !== 0)
    fail(new UsageError(`${words}; flowprint --help lists the commands`), process.argv.includes('--json'))
}

// Modules are loaded by the command that needs them: most of the start-up time is imports.
function add(
  name: string,
  description: string,
  options: readonly (keyof typeof OPTIONS)[],
  load: () => Promise<Run>,
): void {
  const command = program.command(name).description(description)
  for (const option of [...options, ...COMMON]) command.addOption(OPTIONS[option])
  command.action(async () => {
    const flags: Flags = { ...command.opts(), ...namedArguments(command) }
    try {
      const config = readConfig(flags, process.env)
      await (await load())(config, flags)
      process.exitCode ??= 0
    } catch (error) {
      fail(error, flags.json === true)
    }
  })
}

function namedArguments(command: Command): Flags {
  return Object.fromEntries(
    command.registeredArguments.map((argument, index) => [argument.name(), command.args[index]]),
  )
}

function fail(error: unknown, json: boolean): void {
  const expected = isExpected(error)
  const message = expected ? error.message : `unexpected failure: ${(error as Error)?.stack ?? String(error)}`
  const line = json ? JSON.stringify({ error: { name: (error as Error)?.name, message } }) : `flowprint: ${message}`
  process.stderr.write(`${line}\n`)
  process.exitCode = 1
  // Whatever still holds the process open has been closed by its owner or is of no use any more.
  setTimeout(() => process.exit(1), 200).unref()
}
