import { existsSync } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Ordering } from '../../../contracts/chains/profile.ts'
import { type ClockedBlock, type ClockKind, withClock } from '../../../simulator/clocks.ts'
import { createRandom } from '../../../simulator/random.ts'
import { createHistoryServer, type HistoryServer } from '../../../simulator/rpcServer.ts'
import { optionsOf, type ScenarioName, scenarioNames } from '../../../simulator/scenarios.ts'
import { createScorecard, type ScorecardResult } from '../../../simulator/scorecard/index.ts'
import { profileFor, type SimulateOptions, simulate } from '../../../simulator/simulate.ts'
import { defaultTokens } from '../../../simulator/tokens.ts'
import type { Config, Flags } from '../config.ts'
import { UsageError } from '../errors.ts'
import { createLog } from '../log.ts'
import { assertPortFree } from '../port.ts'
import { stopOnSignal, untilAborted } from '../stop.ts'

const FILES = ['blocks.ndjson', 'receipts.ndjson', 'arrivals.ndjson', 'labels.ndjson', 'profile.json'] as const
const ORDERINGS = ['fifo', 'tip'] as const satisfies readonly Ordering[]
const CLOCKS = ['sequencer', 'node', 'none'] as const satisfies readonly ClockKind[]
const BLOCKS = 3_600
const PORT = 8_545
/** Text that waits to be written to a file. */
const WAITING_BYTES = 1_000_000
/** Blocks between two looks at whether somebody wants to stop. */
const BREATH_BLOCKS = 200

type Settings = {
  scenario: ScenarioName
  clock: ClockKind
  options: SimulateOptions
  swaps: number | null
  out: string | null
  /** Null where nothing is served. */
  port: number | null
}

/** `flowprint simulate`: a history of labelled order flow, as files, as JSON-RPC, or for its scorecard alone. */
export async function runSimulate(config: Config, flags: Flags): Promise<void> {
  const settings = readSettings(config, flags)
  const { options, scenario, clock, out, port } = settings
  const log = await createLog(config)
  const signal = stopOnSignal()
  if (port !== null) await assertPortFree('127.0.0.1', port)
  const files = out === null ? null : await openFiles(out, settings)
  const served = { ordering: options.ordering, hasClock: clock !== 'none', tokens: options.tokens ?? defaultTokens }
  const server = port === null ? null : createHistoryServer(served)
  const startedMs = performance.now()
  let scorecard: ScorecardResult
  try {
    scorecard = await runHistory(settings, files, server, signal)
  } finally {
    await files?.close()
  }
  const url = server === null || signal.aborted ? null : await server.listen(port!)
  const seconds = Math.round((performance.now() - startedMs) / 10) / 100
  const { seed, ordering } = options
  const summary = { scenario, seed, ordering, clock, seconds, stopped: signal.aborted, out, url, ...scorecard }
  process.stdout.write(config.json ? `${JSON.stringify(summary)}\n` : describe(summary))
  if (signal.aborted) process.exitCode = 130
  if (url === null) return
  log.info({ rpc: url, blocks: scorecard.blocks }, 'the history is served; end it with Ctrl-C')
  await untilAborted(signal)
  await server?.close()
}

async function runHistory(
  { options, clock, swaps }: Settings,
  files: HistoryFiles | null,
  server: HistoryServer | null,
  signal: AbortSignal,
): Promise<ScorecardResult> {
  const scorecard = createScorecard(options.tokens)
  let blocks = 0
  for (const block of withClock(simulate(options), clock, createRandom(`${options.seed}/clock`))) {
    scorecard.add(block)
    server?.add(block)
    await files?.write(block)
    if (++blocks % BREATH_BLOCKS === 0) await setImmediate()
    if (signal.aborted || (swaps !== null && scorecard.swaps() >= swaps)) break
  }
  return scorecard.result()
}

/** Checks everything before anything is made. */
function readSettings(config: Config, flags: Flags): Settings {
  const swaps = wholeNumber(flags, 'swaps')
  const blocks = wholeNumber(flags, 'blocks')
  const scenario = oneOf(flags, 'scenario', scenarioNames, 'market')
  const ordering = oneOf(flags, 'ordering', ORDERINGS, 'fifo')
  const clock = oneOf(flags, 'clock', CLOCKS, 'sequencer')
  const given = { seed: String(flags.seed ?? 1), ordering }
  if (flags.port !== undefined && flags.serve !== true) throw new UsageError('--port is for --serve')
  return {
    ...{ scenario, clock, swaps },
    options: optionsOf(scenario, { ...given, blocks: blocks ?? (swaps === null ? BLOCKS : Number.POSITIVE_INFINITY) }),
    out: flags.out === undefined ? null : String(flags.out),
    port: flags.serve !== true ? null : flags.port === undefined ? PORT : config.port,
  }
}

function oneOf<Name extends string>(flags: Flags, flag: string, names: readonly Name[], otherwise: Name): Name {
  const found = names.find((name) => name === (flags[flag] ?? otherwise))
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${names.join(', ')}, not "${flags[flag]}"`)
  return found
}

function wholeNumber(flags: Flags, flag: string): number | null {
  const value = flags[flag]
  if (value === undefined) return null
  if (typeof value !== 'string' || !/^[1-9]\d{0,8}$/.test(value))
    throw new UsageError(`--${flag} must be a whole number above 0, not "${String(value)}"`)
  return Number(value)
}

type HistoryFiles = { write(block: ClockedBlock): Promise<void>; close(): Promise<void> }

/** Opens the files of a history; none of them may be there. */
async function openFiles(folder: string, { scenario, options, clock }: Settings): Promise<HistoryFiles> {
  const there = FILES.find((name) => existsSync(join(folder, name)))
  if (there !== undefined) throw new UsageError(`${join(folder, there)} is there already; give --out another folder`)
  const handles: FileHandle[] = []
  const close = async () => void (await Promise.all(handles.splice(0).map((handle) => handle.close())))
  try {
    await mkdir(folder, { recursive: true })
    for (const name of FILES) handles.push(await open(join(folder, name), 'wx'))
    const about = { scenario, seed: options.seed, clock, profile: profileFor(options) }
    await handles[FILES.indexOf('profile.json')]!.write(`${JSON.stringify(about, plain, 2)}\n`)
  } catch (error) {
    await close()
    throw new UsageError(`cannot write to ${folder}: ${(error as Error).message}`)
  }
  const waiting = FILES.map(() => [] as string[])
  let bytes = 0
  const flush = async () => {
    bytes = 0
    for (const [index, lines] of waiting.entries()) {
      if (lines.length > 0) await handles[index]!.writeFile(lines.splice(0).join(''))
    }
  }
  return {
    // Waits until the disk has it: what is not written yet is never more than a few megabytes.
    write: async ({ block, receipts, arrivals, labels }) => {
      const blockNumber = Number(block.number)
      const values = [block, receipts, { blockNumber, receivedAt: arrivals }, { blockNumber, ...labels }]
      for (const [index, value] of values.entries()) {
        const line = `${JSON.stringify(value, plain)}\n`
        bytes += line.length
        waiting[index]!.push(line)
      }
      if (bytes >= WAITING_BYTES) await flush()
    },
    close: async () => {
      try {
        await flush()
      } finally {
        await close()
      }
    },
  }
}

/** JSON has no bigint: decimals as text. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

type Summary = ScorecardResult & Pick<Settings, 'scenario' | 'clock' | 'out'> & { seconds: number; url: string | null }

function describe({ scenario, clock, blocks, transactions, swaps, seconds, out, facts, behaviours }: Summary): string {
  const figure = (value: number | null) => (value === null ? '-' : value.toFixed(3))
  const rows = facts.map(({ title, value, low, high, n, verdict }) => [
    ...[title, figure(value), `${low} to ${high}`, String(n), verdict],
  ])
  const table = [['measure', 'value', 'accepted', 'n', 'verdict'], ...rows]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const shares = Object.entries(behaviours).sort((a, b) => b[1] - a[1])
  return [
    `${scenario}: ${blocks} blocks, ${transactions} transactions, ${swaps} swaps in ${seconds} s; clock ${clock}`,
    ...(out === null ? [] : [`written to ${out}: ${FILES.join(', ')}`]),
    '',
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    '',
    `trades: ${shares.map(([name, share]) => `${name} ${(share * 100).toFixed(1)} %`).join(', ')}`,
    '',
  ].join('\n')
}
