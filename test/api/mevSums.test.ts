import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../db/database.ts'
import { blocks } from '../../db/schema/blocks.ts'
import { mevBundles, mevControls } from '../../db/schema/mev.ts'
import { type Ask, createAsk, dataOf, errorOf } from './ask.ts'
import { mevBundleRow } from './mevRows.ts'
import { address, CHAIN_ID, hash, insert, insertAll, rowsOf } from './rows.ts'
import { type TestDatabase, testDatabases } from './testDatabase.ts'

/** A day long after that of the other rows. */
const DAY = Date.parse('2030-01-02T00:00:00Z') / 1000
const FIRST = 5_000_000

/** The first and the last second of the day, and the first of the next; the second and third are one block apart, in no time. */
const times = [DAY, DAY + 86_399, DAY + 86_399, DAY + 86_400]
const blockRows = times.map(
  (timestamp, index): Row => ({
    ...{ ...rowsOf.blocks[0], number: FIRST + index, hash: hash(5_000 + index, 1), timestamp },
  }),
)

const unpriced = { grossProfitUsd: null, gasCostUsd: null, netProfitUsd: null }
const searcher = (byte: number) => ({ searcherAddress: address(byte) })
const bundleRows: Row[] = [
  [0, { ...searcher(0x81), victimCount: 2, victimLossUsd: 1.5 }],
  [1, { ...searcher(0x81), ...unpriced, band: 'probable', victimCount: 1 }],
  [2, { ...searcher(0x82), ...unpriced, kind: 'BACKRUN', band: 'probable' }],
  [2, { ...searcher(0x81), kind: 'JIT_LIQUIDITY', grossProfitUsd: -1, netProfitUsd: -1.5 }],
  [2, { ...searcher(0x83), band: 'candidate', netProfitUsd: 1_000, victimCount: 5, victimLossUsd: 9 }],
  [3, { ...searcher(0x83), kind: 'ATOMIC_ARBITRAGE', grossProfitUsd: 8, netProfitUsd: 7.5 }],
].map(([block, more], index) =>
  mevBundleRow(hash(850, index), FIRST + (block as number), { timestamp: times[block as number], ...(more as Row) }),
)

const controlRows: Row[] = [
  [0, 'SANDWICH', 2, 1],
  [2, 'SANDWICH', 1, 0],
  [2, 'FRONTRUN', 0, 2],
  [3, 'SANDWICH', 5, 5],
].map(([block, kind, observed, placebo]) => ({
  ...{ chainId: CHAIN_ID, blockNumber: FIRST + (block as number), kind, observed, placebo },
}))

describe.each(testDatabases)('sums over bundles on %s', (_, open) => {
  let home: TestDatabase
  let ask: Ask
  beforeAll(async () => {
    home = await open()
    await insertAll(home.database)
    await insert(home.database, blocks, blockRows)
    await insert(home.database, mevBundles, bundleRows)
    await insert(home.database, mevControls, controlRows)
    // Another chain with the same blocks.
    const elsewhere = (row: Row) => ({ ...row, chainId: 300 })
    await insert(home.database, blocks, blockRows.map(elsewhere))
    await insert(home.database, mevBundles, bundleRows.map(elsewhere))
    await insert(home.database, mevControls, controlRows.map(elsewhere))
    ask = createAsk(home.database)
  })
  afterAll(() => home.drop())

  describe('searchers', () => {
    const SUMS = 'pricedBundles grossProfitUsd gasCostUsd netProfitUsd victims victimLossUsd'
    const KINDS = 'sandwiches frontruns backruns atomicArbitrages jitLiquidity liquidations probes'
    const searchers = async (args: string, fields = 'searcherAddress') =>
      (await dataOf(ask(`{ searchers(${args}) { ${fields} } }`))).searchers
    const noKinds = {
      ...{ sandwiches: 0, frontruns: 0, backruns: 0, atomicArbitrages: 0, jitLiquidity: 0, liquidations: 0, probes: 0 },
    }

    test('by net profit, what is not known last, candidates left out', async () => {
      const found = await searchers(`fromBlock: ${FIRST}`, `searcherAddress bundles ${KINDS} ${SUMS}`)
      expect(found).toEqual([
        {
          ...{ ...searcher(0x83), bundles: 1, ...noKinds, atomicArbitrages: 1, pricedBundles: 1 },
          ...{ grossProfitUsd: 8, gasCostUsd: 0.5, netProfitUsd: 7.5, victims: 0, victimLossUsd: null },
        },
        {
          ...{ ...searcher(0x81), bundles: 3, ...noKinds, sandwiches: 2, jitLiquidity: 1, pricedBundles: 2 },
          ...{ grossProfitUsd: 1.5, gasCostUsd: 1, netProfitUsd: 0.5, victims: 3, victimLossUsd: 1.5 },
        },
        {
          ...{ ...searcher(0x82), bundles: 1, ...noKinds, backruns: 1, pricedBundles: 0 },
          ...{ grossProfitUsd: null, gasCostUsd: null, netProfitUsd: null, victims: 0, victimLossUsd: null },
        },
      ])
    })

    test.each([
      [`fromBlock: ${FIRST}, orderBy: bundles`, [0x81, 0x82, 0x83]],
      [`fromBlock: ${FIRST}, orderBy: grossProfitUsd`, [0x83, 0x81, 0x82]],
      [`fromBlock: ${FIRST}, orderBy: gasCostUsd`, [0x81, 0x83, 0x82]],
      [`fromBlock: ${FIRST}, orderBy: victimLossUsd`, [0x81, 0x82, 0x83]],
      [`fromBlock: ${FIRST}, orderBy: bundles, first: 1`, [0x81]],
      [`fromBlock: ${FIRST}, toBlock: ${FIRST + 1}`, [0x81]],
      [`fromBlock: ${FIRST + 3}, toBlock: ${FIRST + 3}`, [0x83]],
      [`toBlock: ${FIRST - 1}`, [0x72, 0x71, 0x73]],
      ['first: 2', [0x72, 0x83]],
      ['fromBlock: 104, toBlock: 105', []],
    ])('%s', async (args, bytes) => {
      expect(await searchers(args)).toEqual(bytes.map(searcher))
    })

    test('each kind in its own count', async () => {
      const [arbitrageur, attacker, prober] = await searchers(`toBlock: ${FIRST - 1}`, `bundles ${KINDS}`)
      expect(arbitrageur).toEqual({ bundles: 1, ...noKinds, atomicArbitrages: 1 })
      expect(attacker).toEqual({ bundles: 1, ...noKinds, sandwiches: 1 })
      expect(prober).toEqual({ bundles: 1, ...noKinds, probes: 1 })
    })

    test.each(['first: 0', 'first: 1001', 'fromBlock: 5, toBlock: 4'])('%s is refused', async (args) => {
      expect(await errorOf(ask(`{ searchers(${args}) { bundles } }`))).toMatchObject({ code: 'BAD_USER_INPUT' })
    })
  })

  describe('mevDays', () => {
    const FIELDS = `day kind confirmed probable pricedBundles victims victimLossUsd grossProfitUsd gasCostUsd netProfitUsd
      observed placebo lift`
    const days = async (from: string, to: string) =>
      (await dataOf(ask(`{ mevDays(from: "${from}", to: "${to}") { ${FIELDS} } }`))).mevDays
    const day = '2030-01-02T00:00:00.000000Z'
    const nothing = {
      ...{ confirmed: 0, probable: 0, pricedBundles: 0, victims: 0, victimLossUsd: null },
      ...{ grossProfitUsd: null, gasCostUsd: null, netProfitUsd: null, observed: 0, placebo: 0, lift: null },
    }

    test('bundles of a whole day by kind, beside the control', async () => {
      expect(await days('2030-01-02T00:00:00Z', '2030-01-03T00:00:00Z')).toEqual([
        { day, kind: 'BACKRUN', ...nothing, probable: 1 },
        { day, kind: 'FRONTRUN', ...nothing, placebo: 2, lift: 0 },
        {
          ...{ day, kind: 'JIT_LIQUIDITY', ...nothing, confirmed: 1, pricedBundles: 1 },
          ...{ grossProfitUsd: -1, gasCostUsd: 0.5, netProfitUsd: -1.5 },
        },
        {
          ...{ day, kind: 'SANDWICH', confirmed: 1, probable: 1, pricedBundles: 1, victims: 3, victimLossUsd: 1.5 },
          ...{ grossProfitUsd: 2.5, gasCostUsd: 0.5, netProfitUsd: 2, observed: 3, placebo: 1, lift: 3 },
        },
      ])
    })

    test('the days of a range, each apart', async () => {
      const found = await days('2023-11-01T00:00:00Z', '2024-10-31T00:00:00Z')
      const first = '2023-11-14T00:00:00.000000Z'
      expect(found.map((each: Row) => [each.day, each.kind, each.observed])).toEqual([
        [first, 'ATOMIC_ARBITRAGE', 0],
        [first, 'PROBE', 0],
        [first, 'SANDWICH', 1],
      ])
      const both = await days('2030-01-01T00:00:00Z', '2030-01-04T00:00:00Z')
      expect(both.slice(4)).toEqual([
        {
          ...{ day: '2030-01-03T00:00:00.000000Z', kind: 'ATOMIC_ARBITRAGE', ...nothing, confirmed: 1 },
          ...{ pricedBundles: 1, grossProfitUsd: 8, gasCostUsd: 0.5, netProfitUsd: 7.5 },
        },
        { ...nothing, day: '2030-01-03T00:00:00.000000Z', kind: 'SANDWICH', observed: 5, placebo: 5, lift: 1 },
      ])
    })

    test('from is within, to is not, and all blocks of a second count', async () => {
      const found = await days('2030-01-02T23:59:59Z', '2030-01-03T00:00:00Z')
      expect(found.map((each: Row) => [each.kind, each.confirmed, each.probable, each.observed])).toEqual([
        ['BACKRUN', 0, 1, 0],
        ['FRONTRUN', 0, 0, 0],
        ['JIT_LIQUIDITY', 1, 0, 0],
        ['SANDWICH', 0, 1, 1],
      ])
      expect(await days('2030-01-02T00:00:01Z', '2030-01-02T23:59:59Z')).toEqual([])
    })

    test('days without blocks', async () => {
      expect(await days('2031-01-01T00:00:00Z', '2031-06-01T00:00:00Z')).toEqual([])
      expect(await days('2001-01-01T00:00:00Z', '2001-06-01T00:00:00Z')).toEqual([])
    })

    test.each([
      ['2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z'],
      ['2030-01-01T00:00:00Z', '2031-01-02T00:00:01Z'],
    ])('from %s to %s is refused', async (from, to) => {
      expect(await errorOf(ask(`{ mevDays(from: "${from}", to: "${to}") { day } }`))).toMatchObject({
        code: 'BAD_USER_INPUT',
      })
    })
  })
})
