import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../db/open.ts'
import { projectRoot } from '../../../db/root.ts'
import { createTestDatabase, testServer } from '../../support/databases.ts'
import { type FakeRpc, startFakeRpc } from '../../support/fakeRpc.ts'
import { runProgram } from '../../support/program.ts'

const DEAD_RPC = 'http://127.0.0.1:1'
const DEAD_DATABASE = 'postgres://user:secret@127.0.0.1:1/db'

let rpc: FakeRpc
let listener: Server
let takenPort: string

beforeAll(async () => {
  if (!existsSync(join(projectRoot(), 'dist/flowprint.js'))) {
    spawnSync('npm', ['run', '-s', 'build'], { cwd: projectRoot(), stdio: 'inherit' })
  }
  rpc = await startFakeRpc({ eth_chainId: () => '0x1' })
  listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  takenPort = String((listener.address() as { port: number }).port)
})

afterAll(async () => {
  await rpc?.close()
  listener?.close()
})

/** `RPC`, `DB` and `PORT` stand for the fake endpoint, a folder that does not exist, and a port that is taken. */
type BadInput = [string, string, Record<string, string>, RegExp]

const badInputs: BadInput[] = [
  [
    'a dead endpoint',
    `index --rpc ${DEAD_RPC} --database-url DB`,
    {},
    /^cannot use the RPC endpoint http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED.*; check --rpc or RPC_URL$/,
  ],
  [
    'a dead endpoint to start with',
    `start --rpc ${DEAD_RPC} --database-url DB --port 0`,
    {},
    /^cannot use the RPC endpoint/,
  ],
  ['a dead endpoint for the doctor', `doctor --rpc ${DEAD_RPC}`, {}, /^cannot use the RPC endpoint/],
  ['no endpoint', 'index --database-url DB', {}, /^no RPC endpoint is given; set --rpc or RPC_URL$/],
  [
    'an endpoint that is no http URL',
    'index --rpc localhost:8545 --database-url DB',
    {},
    /: it is not an http:\/\/ or https:\/\/ URL/,
  ],
  [
    'a chain that is not known',
    'index --rpc RPC --chain nowhere --database-url DB',
    {},
    /^there is no chain "nowhere"; known are zksync-era, /,
  ],
  [
    'the name of another chain',
    'index --rpc RPC --chain zksync-era --database-url DB',
    {},
    /serves chain 1, not 324 \(zksync-era\); check --rpc and --chain$/,
  ],
  [
    'a database nobody serves',
    `index --rpc RPC --database-url ${DEAD_DATABASE}`,
    {},
    /^cannot reach the database postgres:\/\/127\.0\.0\.1:1\/db: .*ECONNREFUSED/,
  ],
  ['a database nobody serves to migrate', `migrate --database-url ${DEAD_DATABASE}`, {}, /^cannot reach the database/],
  [
    'a database of another kind',
    'migrate --database-url mysql://root@127.0.0.1/db',
    {},
    /^DATABASE_URL starts with "mysql"; use postgres:\/\//,
  ],
  [
    'a database of another kind by the environment',
    'index --rpc RPC',
    { DATABASE_URL: 'mysql://x' },
    /^DATABASE_URL starts with "mysql"/,
  ],
  [
    'a start above the end',
    'index --rpc RPC --start 9 --end 8 --database-url DB',
    {},
    /^--start 9 is above --end 8; the range would be empty$/,
  ],
  [
    'a start that is no number',
    'index --rpc RPC --database-url DB',
    { START_BLOCK: 'latest' },
    /^--start \(START_BLOCK\) must be a block number .*, not "latest"$/,
  ],
  [
    'a port that cannot be',
    'serve --port 70000 --database-url DB',
    {},
    /^PORT must be a number from 0 to 65535, not "70000"$/,
  ],
  ['a log level that does not exist', 'migrate --log-level loud --database-url DB', {}, /^LOG_LEVEL must be one of /],
  [
    'a port in use to serve',
    'serve --port PORT --database-url DB',
    {},
    /^127\.0\.0\.1:\d+ is in use by another program; stop it, or choose another port/,
  ],
  ['a port in use to start', 'start --rpc RPC --port PORT --database-url DB', {}, /is in use by another program/],
  ['a port in use for the local chain', 'devnet --rpc-port PORT', {}, /is in use by another program/],
]

/** Runs the program with a folder of its own, in which `left` is put before; checks what is common to all bad input. */
const runBadly = async (line: string, environment: Record<string, string> = {}, left: Record<string, string> = {}) => {
  const parent = mkdtempSync(join(tmpdir(), 'flowprint-test-'))
  const folder = join(parent, 'data')
  for (const [name, content] of Object.entries(left)) writeFileSync(join(parent, name), content)
  const words: Record<string, string> = { RPC: rpc.url, DB: `pglite://${folder}`, PORT: takenPort }
  try {
    const startMs = performance.now()
    const result = await runProgram(
      line.split(' ').map((word) => words[word] ?? word),
      environment,
    )
    expect(performance.now() - startMs).toBeLessThan(10_000)
    expect(result.code, result.stderr).toBe(1)
    expect(result.stdout).toBe('')
    expect(result.stderr).not.toContain('    at ')
    expect(result.stderr).not.toContain('secret')
    expect(readdirSync(parent)).toEqual(Object.keys(left))
    return result.stderr.replaceAll(folder, 'FOLDER')
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

describe('bad input', () => {
  test.concurrent.each(badInputs)(
    '%s: one line says what to do, and nothing is written',
    async (_, line, environment, message) => {
      const stderr = await runBadly(line, environment)
      expect(stderr).toMatch(/^flowprint: .*\n$/)
      expect(stderr.slice('flowprint: '.length, -1)).toMatch(message)
    },
  )

  test('a folder that a live process has locked', async () => {
    const stderr = await runBadly('index --rpc RPC --database-url DB', {}, { 'data.lock': `${process.pid} -\n` })
    expect(stderr).toBe(
      `flowprint: the database folder FOLDER is in use by process ${process.pid}; stop that process, or choose another folder with --database-url pglite://<folder>\n`,
    )
  })

  test('with --json the line is JSON', async () => {
    const stderr = await runBadly(`index --rpc ${DEAD_RPC} --database-url DB --json`)
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(stderr)).toEqual({
      error: { name: 'EndpointUnreachableError', message: expect.stringMatching(/^cannot use the RPC endpoint/) },
    })
  })

  test.runIf(testServer)('a wrong chain leaves a Postgres database without tables', async () => {
    const home = await createTestDatabase('postgres')
    await runBadly(`index --rpc RPC --chain zksync-era --database-url ${home.url}`)
    const database = await openDatabase(home.url)
    const schemas = "select schema_name from information_schema.schemata where schema_name = 'drizzle'"
    const tables = "select table_name from information_schema.tables where table_schema = 'public'"
    expect(await database.query(schemas)).toEqual([])
    expect(await database.query(tables)).toEqual([])
    await database.close()
    await home.remove()
  })

  test.each([
    ['an option', 'index --bogus'],
    ['a command', 'frobnicate'],
  ])('%s that does not exist ends with a failure and names it', async (_, line) => {
    const stderr = await runBadly(line)
    expect(stderr).toMatch(/unknown (option|command) '(--bogus|frobnicate)'/)
  })

  // The words come from commander, as "error: …" and a hint in lines of their own.
  test.each([['index --bogus'], ['frobnicate'], ['index --start']])('"%s" is told in one line', async (line) => {
    expect(await runBadly(line)).toMatch(/^flowprint: .*\n$/)
  })

  test('with --json an option that does not exist is told as JSON', async () => {
    expect(JSON.parse(await runBadly('index --bogus --json'))).toMatchObject({ error: {} })
  })

  // The driver throws before there is a promise to catch, and the stack trace is shown.
  test('a Postgres URL that cannot be read is told in one line', async () => {
    expect(await runBadly('migrate --database-url postgres://user:secret@127.0.0.1:99999/db')).toMatch(
      /^flowprint: .*\n$/,
    )
  })
})
