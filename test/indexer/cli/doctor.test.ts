import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Devnet, type DevnetOptions, startDevnet } from '../../../contracts/devnet/index.ts'
import { EndpointUnreachableError } from '../../../indexer/chain/errors.ts'
import { runDoctor } from '../../../indexer/cli/commands/doctor.ts'
import { readConfig } from '../../../indexer/cli/config.ts'
import { checks } from '../../../indexer/cli/doctor/checks.ts'
import type { Finding } from '../../../indexer/cli/doctor/finding.ts'
import { toTable } from '../../../indexer/cli/doctor/table.ts'
import { type FakeMethods, FakeRefusal, startFakeRpc } from '../../support/fakeRpc.ts'
import { address, hash } from '../../support/logs.ts'

const DEAD_RPC = 'http://127.0.0.1:1'
const LINE_MAX = 150

type Report = { endpoint: string; findings: Finding[] }

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the doctor writes to standard output, and the error it ends with. */
async function run(flags: { rpc: string; l1Rpc?: string; json?: boolean }): Promise<{ text: string; error: unknown }> {
  let text = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  const error = await runDoctor(readConfig(flags, {})).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  vi.restoreAllMocks()
  return { text, error }
}

async function examine(rpc: string, l1Rpc?: string): Promise<Report[]> {
  const { text, error } = await run({ rpc, ...(l1Rpc === undefined ? {} : { l1Rpc }), json: true })
  expect(error).toBeNull()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report)
}

const names = checks.map(({ name }) => name)
const find = ({ findings }: Report, check: string) => findings.find((each) => each.check === check)

/** What is found whatever the machine: check -> result, good. */
type Stable = Record<string, [RegExp, boolean]>

const always: Stable = {
  client: [/^\S.*/, true],
  latency: [/^\d+\.\d ms \(median of 7\), at most \d+\.\d ms$/, true],
  'block bodies': [/^served$/, true],
  'receipts by block': [/^served$/, true],
  'batches of calls': [/^100 calls in one request$/, true],
  'state of old blocks': [/^served from block 1 on$/, true],
  tags: [/^safe \d+, finalized \d+$/, true],
  'announced blocks': [/^served at ws:\/\/127\.0\.0\.1:\d+$/, true],
  'announced logs': [/^served at ws:\/\/127\.0\.0\.1:\d+$/, true],
}
const logs = /^one topic over \d+ blocks: served; all logs of \d+ blocks: served$/

describe.each<[DevnetOptions, Stable]>([
  [
    { mode: 'era', l1: true },
    {
      chain: [/^\d+ \(.+\), era$/, true],
      logs: [logs, true],
      'arrival times': [/^zks_getRawBlockTransactions; \d+ of \d+ blocks .* show the sequencer's clock$/, true],
      'L1 batches': [/^sealed up to \d+$/, true],
      L1: [/^chain \d+, contract 0x[0-9a-f]{40}, block \d+, final \d+$/, true],
    },
  ],
  [
    { mode: 'zksync-os' },
    {
      chain: [/^\d+ \(.+\), zksync-os$/, true],
      logs: [logs, true],
      'arrival times': [/^no method of zksync-os tells them$/, false],
      'L1 batches': [/^the server tells nothing of them$/, false],
    },
  ],
  [
    { mode: 'evm' },
    {
      chain: [/^\d+ \(.+\), evm$/, true],
      logs: [logs, true],
      'arrival times': [/^no method of evm tells them$/, false],
      'L1 batches': [/^none: no ZKsync chain$/, true],
    },
  ],
])('the local chain as %j', (options, own) => {
  let devnet: Devnet
  let report: Report
  beforeAll(async () => {
    devnet = await startDevnet({ ...options, history: 30 })
    const reports = await examine(`${devnet.url},${devnet.webSocketUrl}`, devnet.l1?.url)
    expect(reports).toHaveLength(1)
    report = reports[0]!
  })
  afterAll(() => devnet?.close())

  test('every check has a line', () => {
    expect(report.endpoint).toBe(devnet.url)
    expect(report.findings.map(({ check }) => check)).toEqual([...names, ...(devnet.l1 === null ? [] : ['L1'])])
  })

  test.each(Object.entries({ ...always, ...own }))('%s', (check, [result, good]) => {
    expect(find(report, check)).toMatchObject({ result: expect.stringMatching(result), good })
  })
})

const refuse = (code: number, message: string) => () => {
  throw new FakeRefusal(code, message)
}
const WORDS = `not available on the Free tier. ${'Upgrade your plan to use this method. '.repeat(5)}`
const blockOf = (number: number) => ({
  ...{ number: `0x${number.toString(16)}`, hash: hash(number), parentHash: hash(number - 1), timestamp: '0x64b0e914' },
  ...{ gasUsed: '0x1', gasLimit: '0x2', transactions: [{ hash: hash(100 + number) }] },
})
const barely: FakeMethods = {
  eth_chainId: () => '0x144',
  eth_getBlockByNumber: (tag: string) => {
    if (tag === 'latest') return { ...blockOf(200), transactions: [] }
    if (tag === '0xc8') return refuse(-32000, WORDS)()
    return Number(tag) % 2 === 0 ? null : refuse(-32000, WORDS)()
  },
}

describe('an endpoint that refuses nearly everything', () => {
  test.each<[string, FakeMethods, Record<string, string>]>([
    ['as unknown methods', barely, { traces: 'not served', logs: 'not served', 'L1 batches': 'none: no ZKsync chain' }],
    [
      'in other words, on Era',
      {
        ...barely,
        ...{ zks_L1BatchNumber: () => '0x1', zks_getRawBlockTransactions: refuse(-32000, WORDS) },
        ...{ zks_getTransactionDetails: refuse(-32000, WORDS), debug_traceBlockByNumber: refuse(-32000, WORDS) },
        ...{ web3_clientVersion: refuse(-32000, WORDS), eth_getLogs: refuse(-32000, WORDS) },
        ...{ eth_getBlockReceipts: () => null, eth_getBalance: refuse(-32000, WORDS) },
      },
      {
        client: 'failed: "not available on the Free tier.',
        'receipts by block': 'null',
        logs: 'failed: "not available on the Free tier.',
        'arrival times': 'not known: no transactions can be read in the last 100 blocks',
        'L1 batches': 'sealed up to 1',
        traces: 'refused: "not available on the Free tier.',
      },
    ],
    [
      'but for its blocks, on Era',
      {
        ...{ eth_chainId: () => '0x144', zks_L1BatchNumber: () => '0x1' },
        eth_getBlockByNumber: (tag: string) => blockOf(tag.startsWith('0x') ? Number(tag) : 200),
        zks_getRawBlockTransactions: refuse(-32000, WORDS),
        zks_getTransactionDetails: refuse(-32000, WORDS),
      },
      { 'arrival times': 'zks_getRawBlockTransactions is refused', logs: 'not served' },
    ],
    [
      'but for some blocks, on Era',
      {
        ...{ eth_chainId: () => '0x144', zks_L1BatchNumber: () => '0x1' },
        eth_getBlockByNumber: (tag: string) =>
          Number(tag) % 2 === 0 ? null : blockOf(tag.startsWith('0x') ? Number(tag) : 200),
        zks_getRawBlockTransactions: (number: number) => [
          {
            common_data: { L2: { initiatorAddress: address(7), input: { hash: hash(100 + number) } } },
            received_timestamp_ms: 1_000,
          },
        ],
      },
      { 'arrival times': 'zks_getRawBlockTransactions; 0 of 0 blocks' },
    ],
  ])(
    '%s: every check has a line',
    async (_, methods, expected) => {
      const server = await startFakeRpc(methods)
      try {
        const [report] = await examine(server.url)
        expect(report!.findings.map(({ check }) => check)).toEqual(names)
        for (const [check, result] of Object.entries(expected)) {
          const found = find(report!, check)
          expect(found!.result.slice(0, result.length), check).toBe(result)
        }
        for (const line of toTable(report!.findings).split('\n')) expect(line.length).toBeLessThanOrEqual(LINE_MAX)
      } finally {
        await server.close()
      }
    },
    30_000,
  )
})

describe('several endpoints', () => {
  test('one that is unreachable does not hide the others', async () => {
    const server = await startFakeRpc(barely)
    try {
      const reports = await examine(`${DEAD_RPC},${server.url}`)
      expect(reports.map(({ endpoint, findings }) => [endpoint, findings.length])).toEqual([
        [DEAD_RPC, 1],
        [server.url, names.length],
      ])
      expect(reports[0]!.findings[0]).toMatchObject({
        ...{ check: 'connection', good: false, result: expect.stringMatching(/^failed: .*ECONNREFUSED/) },
      })
    } finally {
      await server.close()
    }
  }, 30_000)

  test('none that can be reached is a failure, with a table each', async () => {
    const { text, error } = await run({ rpc: `${DEAD_RPC},http://127.0.0.1:2` })
    expect(error).toBeInstanceOf(EndpointUnreachableError)
    expect((error as Error).message).toContain(DEAD_RPC)
    expect(text.split('\n').filter((line) => line.startsWith('http'))).toEqual([DEAD_RPC, 'http://127.0.0.1:2'])
  })

  test('the only one, when it cannot be reached, is a failure without a table', async () => {
    const { text, error } = await run({ rpc: DEAD_RPC })
    expect(error).toBeInstanceOf(EndpointUnreachableError)
    expect(text).toBe('')
  })
})

describe('the table', () => {
  const row = (check: string, result: string, consequence: string, good = true): Finding => ({
    ...{ check, result, consequence, good },
  })

  test('columns are as wide as what stands in them', () => {
    expect(toTable([row('a', 'served', 'none'), row('longer', 'no', 'much', false)])).toBe(
      ['  + a       served  none', '  - longer  no      much'].join('\n'),
    )
  })

  test.each<[string, string, string]>([
    ['a long result', 'word '.repeat(60).trim(), 'none'],
    ['a long consequence', 'served', 'word '.repeat(60).trim()],
    ['both', 'word '.repeat(40).trim(), 'other '.repeat(60).trim()],
    ['a word that is longer than a column', 'f'.repeat(400), 'none'],
  ])('%s goes on below, in its column', (_, result, consequence) => {
    const lines = toTable([row('check', result, consequence), row('next', 'served', 'end')]).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(LINE_MAX)
    const column = lines.at(-1)!.indexOf('end')
    const cells = lines.slice(0, -1).map((line) => [line.slice(11, column).trim(), line.slice(column).trim()])
    const textOf = (cell: 0 | 1) =>
      cells
        .map((each) => each[cell])
        .join('')
        .replaceAll(' ', '')
    expect([textOf(0), textOf(1)]).toEqual([result.replaceAll(' ', ''), consequence.replaceAll(' ', '')])
    for (const line of lines.slice(1, -1)) expect(line.slice(0, 11).trim()).toBe('')
  })
})
