import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { datasets } from '../../../api/export/datasets.ts'
import { writeExport } from '../../../api/export/file.ts'
import type { Manifest } from '../../../api/export/manifest.ts'
import { FORMATS, planExport } from '../../../api/export/plan.ts'
import { rowsOf } from '../rows.ts'
import { type TestDatabase, testDatabases } from '../testDatabase.ts'
import { opened, query } from './duckdb.ts'
import { AWKWARD, insertForExport } from './rows.ts'

describe.each(testDatabases)('exports on %s', (_, open) => {
  let store: TestDatabase
  const folder = mkdtempSync(join(tmpdir(), 'flowprint-export-'))
  beforeAll(async () => {
    store = await open()
    await insertForExport(store.database)
  })
  afterAll(async () => {
    await store.drop()
    rmSync(folder, { recursive: true, force: true })
  })

  let files = 0
  const exportTo = async (dataset: string, format: string, more: { from?: string; to?: string; pageRows?: number }) => {
    const path = join(folder, `${++files}.${format}`)
    const plan = await planExport(store.database, { dataset, format, ...more })
    const options = { path, version: '1', pageRows: more.pageRows ?? 7 }
    return { path, manifest: (await writeExport(store.database, plan, options)) as Manifest }
  }
  const readLines = (path: string): Record<string, unknown>[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))

  test('swaps as NDJSON hold the stored values to the digit', async () => {
    const { path } = await exportTo('swaps', 'ndjson', {})
    const rows = readLines(path)
    expect(rows).toHaveLength(rowsOf.swaps.length)
    rows.forEach((row, index) => {
      const swap = rowsOf.swaps[index]!
      const text = (value: unknown) => (value === null ? null : String(value))
      expect(row).toMatchObject({
        ...{ chain_id: 324, block_number: swap.blockNumber, log_index: swap.logIndex, tick: swap.tick },
        ...{ transaction_hash: swap.transactionHash, recipient_address: swap.recipientAddress },
        ...{ amount0: text(swap.amount0), amount0_float: Number(swap.amount0), reserve1: text(swap.reserve1) },
        ...{ sqrt_price_x96: text(swap.sqrtPriceX96), replay_gap: text(swap.replayGap), value_usd: swap.valueUsd },
        timestamp: `${new Date(Number(swap.timestamp) * 1000).toISOString().slice(0, 19)}Z`,
      })
    })
    expect(rows.some((row) => row.amount0 === String(2n ** 256n - 1n))).toBe(true)
  })

  test('swaps have the tags of their block, and what was settled by the blocks indexed', async () => {
    const { path } = await exportTo('swaps', 'ndjson', {})
    const [first, second] = readLines(path)
    expect(first).toMatchObject({ flow_class: 'RETAIL_DIRECT', p_institutional_at_block: null, side: 'BUY' })
    expect(first).toMatchObject({ settled_flow_class: 'WASH', p_institutional: 0.25 })
    expect(second).toMatchObject({ p_institutional_at_block: 1.1, settled_flow_class: null, p_institutional: null })
    expect(readLines(path).at(-1)).toMatchObject({ flow_class: null, side: null })
  })

  test('CSV is RFC 4180: quotes doubled, lines ended by CR LF, absent values empty, empty texts in quotes', async () => {
    const { path } = await exportTo('metaorders', 'csv', {})
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(`,"${AWKWARD.replaceAll('"', '""')}",`)
    expect(text).toContain(',104,"",0x')
    expect(text.endsWith('\r\n')).toBe(true)
    expect(text).toContain(`,${2n ** 256n - 1n},1.157920892373162e+77,`)
  })

  test.each([...datasets.keys()])('%s: DuckDB reads the same from all three formats', async (dataset) => {
    const files = await Promise.all(FORMATS.map((format) => exportTo(dataset, format, {})))
    const counts = files.map(({ manifest }) => manifest.rows)
    expect(counts[0]).toBeGreaterThan(0)
    expect(new Set(counts).size).toBe(1)
    const [parquet, csv, ndjson] = files.map(({ path }, index) => opened(dataset, FORMATS[index]!, path))
    const rows = await query(`select * from ${parquet}`)
    expect(await query(`select * from ${ndjson}`)).toEqual(rows)
    // DuckDB takes a quoted empty text for null.
    const emptied = rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v === '' ? null : v])))
    expect(await query(`select * from ${csv}`)).toEqual(emptied)
  })

  test('Parquet is typed, and what is no number is null', async () => {
    const { path } = await exportTo('flow-buckets', 'PARQUET', {})
    const types = await query(`describe select * from read_parquet('${path}')`)
    const typeOf = (name: string) => types.find((row) => row.column_name === name)?.column_type
    expect([typeOf('start_timestamp'), typeOf('decided_block'), typeOf('buy_base'), typeOf('buy_base_float')]).toEqual([
      ...['TIMESTAMP WITH TIME ZONE', 'BIGINT', 'VARCHAR', 'DOUBLE'],
    ])
    const rows = await query(`select theta, vpin, by_class, scope_key, trader_count_exact from read_parquet('${path}')`)
    expect(rows[0]).toMatchObject({ theta: null, vpin: null, scope_key: '0x', trader_count_exact: false })
    expect(rows[1]).toMatchObject({ theta: -1e-300 })
    expect(JSON.parse(String(rows[0]!.by_class))).toEqual({ [AWKWARD]: [AWKWARD, null] })
  })

  test('row groups tell the smallest and largest block', async () => {
    const { path } = await exportTo('swaps', 'parquet', {})
    const groups = await query(
      `select row_group_num_rows as rows, stats_min_value as low, stats_max_value as high
        from parquet_metadata('${path}') where path_in_schema = 'block_number' order by row_group_id`,
    )
    expect(groups[0]).toMatchObject({ rows: '7', low: '100', high: '102' })
    expect(groups.at(-1)).toMatchObject({ high: '110' })
  })

  test.each(FORMATS)('%s: an empty range gives a file without rows', async (format) => {
    const { path, manifest } = await exportTo('swaps', format, { from: '111', to: '111' })
    expect(manifest).toMatchObject({ rows: 0, blocks: { covered: { from: 111, to: 111 } } })
    expect(await query(`select count(*) as rows from ${opened('swaps', format, path)}`)).toEqual([{ rows: '0' }])
  })

  test.each(FORMATS)('%s: the same request gives the same bytes and manifest', async (format) => {
    const [one, other] = [await exportTo('swaps', format, {}), await exportTo('swaps', format, {})]
    expect(readFileSync(one.path).equals(readFileSync(other.path))).toBe(true)
    expect(one.manifest).toEqual(other.manifest)
  })

  test.each(['csv', 'ndjson'])('%s: pages do not show', async (format) => {
    const sizes = [1, 2, 33, 34, 1000]
    const hashes = await Promise.all(
      sizes.map(async (pageRows) => (await exportTo('swaps', format, { pageRows })).manifest.sha256),
    )
    expect(new Set(hashes).size).toBe(1)
  })

  test.each([...datasets.keys()])('%s: ranges that follow each other share no row and miss none', async (dataset) => {
    const all = await exportTo(dataset, 'ndjson', {})
    const parts = [await exportTo(dataset, 'ndjson', { to: '103' }), await exportTo(dataset, 'ndjson', { from: '104' })]
    const lines = (path: string) => readFileSync(path, 'utf8').split('\n').filter(Boolean)
    expect(parts.flatMap(({ path }) => lines(path)).sort()).toEqual(lines(all.path).sort())
  })
})
