// npm run bench:export [-- --rows 1000000 --server postgres://…]: how fast swaps are exported from Postgres in each format,
// with what memory, and whether a killed export goes on to the same bytes.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    server: { type: 'string', default: 'postgres://postgres@127.0.0.1:5432/postgres' },
  },
})
const rows = Number(values.rows)
const SWAPS_PER_BLOCK = 10
const blocks = Math.ceil(rows / SWAPS_PER_BLOCK)
const FORMATS = ['parquet', 'csv', 'ndjson'] as const

/** Bytes that look like a hash of a number. */
const bytes = (of: string, length: number) =>
  `decode(substr(md5('a' || ${of}) || md5('b' || ${of}), 1, ${length * 2}), 'hex')`
/** A whole number of up to so many digits that looks like chance. */
const amount = (of: string, factor: string) => `(hashint8(${of})::numeric * ${factor})`

const SCRIPT = `
insert into chains values (324, 'zksync-era', 'era', 'fifo', 'ETH');
insert into cursors values (324, 0, ${blocks - 1}, ${bytes(`${blocks - 1}`, 32)});
insert into blocks select 324, n, ${bytes('n', 32)}, ${bytes('(n - 1)', 32)}, 1700000000 + n, 10000000, 80000000, 25000000, 10,
  'sequencer', true from generate_series(0, ${blocks - 1}) n;
insert into swaps (chain_id, block_number, log_index, transaction_index, transaction_hash, timestamp, pool_address, protocol,
  trader_address, sender_address, recipient_address, amount0, amount1, reserve0, reserve1, sqrt_price_x96, tick, liquidity,
  token0_address, token1_address, fee, replay_gap, price_usd, value_usd)
select 324, n / 10, n % 10, n % 10, ${bytes('n', 32)}, 1700000000 + n / 10, ${bytes('n % 200', 20)},
  case when n % 2 = 0 then 'uniswap-v2' else 'uniswap-v3' end,
  ${bytes('n % 5000', 20)}, ${bytes('n % 20', 20)}, ${bytes('n % 5000', 20)},
  ${amount('n', '100000300000007')}, -${amount('n + 7', '10007')},
  case when n % 2 = 0 then abs(${amount('n', '100000000003000')}) end, case when n % 2 = 0 then abs(${amount('n + 3', '1000003')}) end,
  case when n % 2 = 1 then 79228162514264337593543950336 + abs(${amount('n', '1000000014000000049')}) end,
  case when n % 2 = 1 then hashint8(n / 1000) % 100000 end,
  case when n % 2 = 1 then abs(${amount('n / 100', '1000003007000021')}) end,
  ${bytes('n % 50', 20)}, ${bytes('n % 50 + 50', 20)}, case when n % 2 = 0 then 3000 else 500 end,
  case when n % 10 = 0 then null else 0 end, 1800 + (hashint8(n) % 100000) / 7.0, abs(hashint8(n + 1) % 1000000) / 13.0
from generate_series(0, ${rows - 1}) n;
insert into swap_tags select 324, n / 10, n % 10, n % 10, (array['RETAIL_DIRECT', 'ARBITRAGE_MEV', 'EXECUTION_ALGORITHM', 'UNKNOWN'])[n % 4 + 1],
  case when n % 4 = 3 then null else abs(hashint8(n) % 10000) / 10000.0 end, case when n % 2 = 0 then 'BUY' else 'SELL' end, n
from generate_series(0, ${rows - 1}) n;
insert into settled_tags (chain_id, block_number, transaction_index, decided_block, flow_class, p_institutional)
select 324, n / 10, n % 10, n / 10, 'RETAIL_DIRECT', abs(hashint8(n + 5) % 10000) / 10000.0 from generate_series(0, ${rows - 1}) n;
vacuum analyze swaps; vacuum analyze swap_tags; vacuum analyze settled_tags; vacuum analyze blocks;
`

/** Runs a program to its end, or kills it when `when` says so; gives its time in seconds and its highest memory in MB. */
async function run(args: readonly string[], when?: () => boolean): Promise<{ seconds: number; peakMb: number }> {
  const startedMs = performance.now()
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/flowprint.js', ...args], { stdio: 'inherit' })
  let peakMb = 0
  const watch = setInterval(() => {
    const status = existsSync(`/proc/${child.pid}/status`) ? readFileSync(`/proc/${child.pid}/status`, 'utf8') : ''
    peakMb = Math.max(peakMb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024)
    if (when?.()) child.kill('SIGKILL')
  }, 20)
  const code = await new Promise((resolve) => child.once('exit', resolve))
  clearInterval(watch)
  if (when === undefined && code !== 0) throw new Error(`flowprint ${args.join(' ')} ended with ${code}`)
  return { seconds: (performance.now() - startedMs) / 1_000, peakMb }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const part of createReadStream(path)) hash.update(part)
  return hash.digest('hex')
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: values.server })
  await client.connect()
  await client.query(statement)
  await client.end()
}

const name = `flowprint_bench_${randomBytes(4).toString('hex')}`
const url = new URL(values.server)
url.pathname = `/${name}`
const folder = mkdtempSync(join(os.tmpdir(), 'flowprint-bench-'))
await onServer(`create database ${name}`)
try {
  const database = await openDatabase(url.href)
  await migrate(database)
  for (const statement of SCRIPT.split(';\n')
    .flatMap((part) => part.split('; '))
    .filter((part) => part.trim() !== ''))
    await database.query(statement)
  await database.close()
  console.log(`${rows} swaps on ${os.cpus()[0]?.model}, ${os.cpus().length} processors, Node ${process.version}`)
  const args = (format: string, file: string) => [
    ...['export', 'swaps', '--format', format, '--out', join(folder, file), '--database-url', url.href],
    ...['--log-level', 'warn'],
  ]
  for (const format of FORMATS) {
    const { seconds, peakMb } = await run(args(format, format))
    const megabytes = Math.round(statSync(join(folder, format)).size / 1e6)
    const speed = Math.round(rows / seconds)
    console.log(
      `${format}: ${seconds.toFixed(1)} s, ${speed} rows/s, ${megabytes} MB, peak memory ${Math.round(peakMb)} MB`,
    )
    if (format !== 'parquet') rmSync(join(folder, format))
  }
  const journal = join(folder, 'killed.progress.jsonl')
  // Once it is well on its way.
  const killed = await run(args('parquet', 'killed'), () => existsSync(journal) && statSync(journal).size > 100_000)
  const resumed = await run(args('parquet', 'killed'))
  const same = (await sha256(join(folder, 'killed'))) === (await sha256(join(folder, 'parquet')))
  console.log(
    `killed after ${killed.seconds.toFixed(1)} s and taken up for ${resumed.seconds.toFixed(1)} s: ${same ? 'the same bytes' : 'OTHER BYTES'}`,
  )
  if (!same) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  await onServer(`drop database if exists ${name} with (force)`)
}
