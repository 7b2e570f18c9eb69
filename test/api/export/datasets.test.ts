import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { datasetNamed, datasets } from '../../../api/export/datasets.ts'
import { dictionaryPath, renderDictionary } from '../../../api/export/dictionary.ts'
import { planExport } from '../../../api/export/plan.ts'
import { type TestDatabase, testDatabases } from '../testDatabase.ts'

test('docs/data.md is up to date (else: npm run data-dictionary)', () => {
  expect(readFileSync(dictionaryPath, 'utf8')).toBe(renderDictionary())
})

test.each(['flow_buckets', 'flow-buckets', 'Flow-Buckets'])('%s names a data set', (name) => {
  expect(datasetNamed(name).name).toBe('flow_buckets')
})

describe.each([...datasets.values()].map((dataset) => [dataset.name, dataset] as const))('%s', (_, { fields }) => {
  test('has columns with names of their own and a sentence each', () => {
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length)
    for (const { description } of fields) expect(description).toMatch(/\S/)
  })
})

const [, open] = testDatabases[0]!

describe('an empty database', () => {
  let store: TestDatabase
  beforeAll(async () => {
    store = await open()
  })
  afterAll(() => store.drop())

  test('has nothing to export', async () => {
    await expect(planExport(store.database, { dataset: 'swaps', format: 'csv' })).rejects.toThrow(
      'the database holds no indexed blocks',
    )
  })

  test('batch_flow has the columns and sentences of the view', async () => {
    const rows = await store.database.query(
      `select attname as name, col_description(attrelid, attnum) as text from pg_attribute
        where attrelid = 'batch_flow'::regclass and attnum > 0 order by attnum`,
    )
    const columns = datasetNamed('batch_flow').source.columns
    expect(columns.map(({ name }) => name)).toEqual(rows.map(({ name }) => name))
    const described = datasetNamed('batch_flow').fields.filter(({ name }) => !name.endsWith('_float'))
    described.forEach(({ description }, index) => {
      if (rows[index]!.text !== null) expect(description).toBe(rows[index]!.text)
    })
  })

  test('asks which chain is meant where there are several', async () => {
    for (const [id, name] of [
      [1, 'one'],
      [2, 'two'],
    ]) {
      await store.database.query(`insert into chains values (${id}, '${name}', 'evm', 'tip', 'ETH')`)
      await store.database.query(`insert into cursors values (${id}, 0, 0, '\\x00')`)
      await store.database.query(`insert into blocks values (${id}, 0, '\\x00', '\\x00', 0, 0, 0, null, 0)`)
    }
    const request = { dataset: 'blocks', format: 'csv' }
    await expect(planExport(store.database, request)).rejects.toThrow(
      'the database holds several chains; choose one of one (1), two (2)',
    )
    expect((await planExport(store.database, { ...request, chain: 'two' })).scope.chainId).toBe(2)
    expect((await planExport(store.database, { ...request, chainId: '1' })).scope.chainId).toBe(1)
    await expect(planExport(store.database, { ...request, chain: 'one', chainId: '2' })).rejects.toThrow(
      'chain "one with id 2" is not in the database',
    )
  })
})
