import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runSimulate } from '../../../indexer/cli/commands/simulate.ts'
import { type Flags, readConfig } from '../../../indexer/cli/config.ts'
import { withClock } from '../../../simulator/clocks.ts'
import { createRandom } from '../../../simulator/random.ts'
import { createHistoryServer } from '../../../simulator/rpcServer.ts'
import { optionsOf } from '../../../simulator/scenarios.ts'
import { simulate } from '../../../simulator/simulate.ts'
import { defaultTokens } from '../../../simulator/tokens.ts'
import { createTestDatabase } from '../../support/databases.ts'
import { openMigrated, runIndexer } from '../../support/indexing.ts'

let folder: string
let printed: string
const listeners = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flowprint-simulate-'))
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    for (const listener of process.listeners(signal)) {
      if (!listeners[signal].includes(listener)) process.off(signal, listener)
    }
  }
})

const run = (flags: Flags) => runSimulate(readConfig({ logLevel: 'silent', ...flags }, {}), flags)
const linesOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('flowprint simulate', () => {
  test('writes a history line by line, and tells of it as JSON', async () => {
    await run({ scenario: 'attacks', blocks: '40', seed: '7', out: folder, json: true })
    const summary = JSON.parse(printed)
    expect(summary).toMatchObject({ scenario: 'attacks', seed: '7', ordering: 'fifo', clock: 'sequencer', blocks: 41 })
    const [blocks, receipts, arrivals, labels] = ['blocks', 'receipts', 'arrivals', 'labels'].map((name) =>
      linesOf(`${name}.ndjson`),
    )
    expect([blocks, receipts, arrivals, labels].map((lines) => lines!.length)).toEqual([41, 41, 41, 41])
    for (const [index, block] of blocks!.entries()) {
      const count = block.transactions.length
      expect(receipts![index].map((each: { transactionHash: string }) => each.transactionHash)).toEqual(
        block.transactions.map(({ hash }: { hash: string }) => hash),
      )
      expect(arrivals![index]).toMatchObject({ blockNumber: Number(block.number), receivedAt: { length: count } })
      expect(labels![index].transactions).toHaveLength(count)
    }
    expect(JSON.parse(readFileSync(join(folder, 'profile.json'), 'utf8'))).toMatchObject({ profile: { id: 90_271 } })
  })

  test('a folder that holds a history is left alone', async () => {
    await run({ blocks: '3', out: folder })
    const before = readFileSync(join(folder, 'blocks.ndjson'), 'utf8')
    await expect(run({ blocks: '4', out: folder })).rejects.toThrow(
      /blocks\.ndjson is there already; give --out another folder$/,
    )
    expect(readFileSync(join(folder, 'blocks.ndjson'), 'utf8')).toBe(before)
    expect(readdirSync(folder)).toHaveLength(5)
  })

  test('stops once so many swaps were made, and shows the scorecard', async () => {
    await run({ scenario: 'noise', swaps: '100' })
    const swaps = Number(/ (\d+) swaps in /.exec(printed)![1])
    expect(swaps).toBeGreaterThanOrEqual(100)
    expect(swaps).toBeLessThan(150)
    expect(printed).toContain('tail exponent of sizes')
  })

  test.each([
    [{ scenario: 'nothing' }, /^--scenario must be one of market, .*, not "nothing"$/],
    [{ ordering: 'random' }, /^--ordering must be one of fifo, tip, not "random"$/],
    [{ clock: 'wall' }, /^--clock must be one of sequencer, node, none, not "wall"$/],
    [{ blocks: '0' }, /^--blocks must be a whole number above 0, not "0"$/],
    [{ swaps: 'many' }, /^--swaps must be a whole number above 0, not "many"$/],
    [{ port: '1' }, /^--port is for --serve$/],
    [{ out: '/dev/null/x' }, /^cannot write to \/dev\/null\/x: /],
  ] as [Flags, RegExp][])('%j is refused', async (flags, message) => {
    await expect(run(flags)).rejects.toThrow(message)
    expect(printed).toBe('')
  })
})

describe('a served history', () => {
  test.each([
    ['fifo', 'sequencer', 'sequencer'],
    ['fifo', 'node', 'node'],
    ['fifo', 'none', 'block'],
    ['tip', 'sequencer', 'block'],
  ] as const)('ordered by %s with the clock of the %s is indexed, with the clock %s', async (ordering, kind, shown) => {
    const options = optionsOf('attacks', { seed: 1, blocks: 30, ordering })
    const server = createHistoryServer({ ordering, hasClock: kind !== 'none', tokens: defaultTokens })
    let swaps = 0
    for (const block of withClock(simulate(options), kind, createRandom('clock'))) {
      server.add(block)
      swaps += block.receipts
        .flatMap(({ logs }) => logs)
        .filter(({ topics: [topic] }) => /^0x(d78ad95f|c42079f9)/.test(topic!)).length
    }
    const rpcUrl = await server.listen(0)
    const place = await createTestDatabase('pglite')
    const database = await openMigrated(place.url)
    try {
      await runIndexer({ rpcUrl, database, end: 31 })
      const [row] = await database.query('select count(*) as n from swaps')
      expect(Number(row!.n)).toBe(swaps)
      const clocks = await database.query(
        'select distinct clock from blocks where transaction_count > 1 and number > 1',
      )
      expect(clocks.map(({ clock }) => clock)).toEqual([shown])
    } finally {
      await database.close()
      await server.close()
      await place.remove()
    }
  })
})
