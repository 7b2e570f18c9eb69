import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ExportFileError, ExportReorganisedError } from '../../../api/export/errors.ts'
import { type FileOptions, writeExport } from '../../../api/export/file.ts'
import { readJournal } from '../../../api/export/journal.ts'
import { FORMATS, planExport } from '../../../api/export/plan.ts'
import type { Database } from '../../../db/database.ts'
import { rowsOf } from '../rows.ts'
import { type TestDatabase, testDatabases } from '../testDatabase.ts'
import { insertForExport } from './rows.ts'

const PAGE_ROWS = 7
const PAGES = Math.ceil(rowsOf.swaps.length / PAGE_ROWS)

/** The same database, which fails once so many pages were read. */
function failingAfter(database: Database, pages: number): Database {
  let left = pages
  const query: Database['query'] = async (text, parameters) => {
    if (text.includes('string_agg') && left-- === 0) throw new Error('the connection broke')
    return database.query(text, parameters)
  }
  return { ...database, query }
}

describe.each(testDatabases)('files on %s', (_, open) => {
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
  const newPath = () => join(folder, `${++files}`)
  const write = async (
    path: string,
    format: string,
    { database = store.database, to, ...more }: Partial<FileOptions> & { database?: Database; to?: string } = {},
  ) => {
    const plan = await planExport(database, { dataset: 'swaps', format, to })
    return writeExport(database, plan, { path, version: '1', pageRows: PAGE_ROWS, notedPages: 1, ...more })
  }

  describe.each(FORMATS)('%s', (format) => {
    test.each(Array.from({ length: PAGES }, (_, page) => page))('interrupted after %i pages', async (page) => {
      const whole = newPath()
      const manifest = await write(whole, format)
      const path = newPath()
      await expect(write(path, format, { database: failingAfter(store.database, page) })).rejects.toThrow('broke')
      expect(existsSync(path)).toBe(false)
      expect(readJournal(path)?.written?.rows ?? 0).toBe(page * PAGE_ROWS)
      // What was written after the last note may be there in part.
      appendFileSync(`${path}.part`, 'torn')
      appendFileSync(`${path}.progress.jsonl`, '{"last":["1')
      const notes: string[] = []
      expect(await write(path, format, { onNote: (note) => notes.push(note) })).toEqual(manifest)
      expect(notes).toEqual(page === 0 ? [] : [`${path}.part goes on after ${page * PAGE_ROWS} rows`])
      expect(readFileSync(path).equals(readFileSync(whole))).toBe(true)
      expect(readFileSync(`${path}.manifest.json`)).toEqual(readFileSync(`${whole}.manifest.json`))
      expect(readdirSync(folder).filter((name) => name.includes('.part') || name.includes('.progress'))).toEqual([])
    })

    test('interrupted several times, noted every other page, and before the end alone', async () => {
      const whole = newPath()
      await write(whole, format)
      const path = newPath()
      for (const pages of [3, 0, 1]) {
        const options = { database: failingAfter(store.database, pages), notedPages: 2 }
        await write(path, format, options).catch(() => {})
      }
      const changed = { ...store.database, query: failingAtEnd(store.database) }
      await expect(write(path, format, { database: changed })).rejects.toThrow('the end')
      expect(readJournal(path)?.written?.complete).toBe(true)
      await write(path, format)
      expect(readFileSync(path).equals(readFileSync(whole))).toBe(true)
    })
  })

  /** Fails when the block is looked at again after the last page. */
  function failingAtEnd(database: Database): Database['query'] {
    let pages = 0
    return async (text, parameters) => {
      if (text.includes('string_agg')) pages++
      if (pages > 0 && text.includes('encode("blocks"."hash", \'hex\')')) throw new Error('the end')
      return database.query(text, parameters)
    }
  }

  test('the manifest tells size, hash and schema of the file', async () => {
    const path = newPath()
    const manifest = await write(path, 'csv', { to: '105' })
    const bytes = readFileSync(path)
    expect(manifest).toMatchObject({
      ...{ dataset: 'swaps', format: 'csv', chainId: 324, rows: 18, bytes: bytes.length },
      sha256: createHash('sha256').update(bytes).digest('hex'),
      blocks: { asked: { from: null, to: 105 }, covered: { from: 100, to: 105 }, asOf: 111 },
      order: ['block_number', 'log_index'],
      program: { name: 'flowprint', version: '1' },
    })
    expect(manifest?.schema[0]).toEqual({
      ...{ name: 'chain_id', type: 'int64', nullable: false, description: 'Chain id.' },
    })
    expect(JSON.parse(readFileSync(`${path}.manifest.json`, 'utf8'))).toEqual(manifest)
  })

  test('a finished file is only replaced by force', async () => {
    const path = newPath()
    await write(path, 'csv')
    await expect(write(path, 'ndjson')).rejects.toThrow(ExportFileError)
    await write(path, 'ndjson', { force: true })
    expect(readFileSync(path, 'utf8').startsWith('{')).toBe(true)
  })

  test('a folder that is not there is told', async () => {
    await expect(write(join(folder, 'none/file'), 'csv')).rejects.toThrow(/cannot write .*none.file/)
  })

  test('an unfinished file of another request begins anew, and says so', async () => {
    const path = newPath()
    await write(path, 'csv', { database: failingAfter(store.database, 2) }).catch(() => {})
    const notes: string[] = []
    const manifest = await write(path, 'csv', { to: '105', onNote: (note) => notes.push(note) })
    expect(notes).toEqual([`${path}.part is of another request; it begins anew`])
    expect(manifest?.rows).toBe(18)
  })

  test('a journal that is no journal is not believed', async () => {
    const path = newPath()
    writeFileSync(`${path}.progress.jsonl`, 'x\n')
    writeFileSync(`${path}.part`, 'x'.repeat(1000))
    expect((await write(path, 'csv'))?.rows).toBe(rowsOf.swaps.length)
  })

  test('a signal keeps what is written for the next time', async () => {
    const path = newPath()
    const controller = new AbortController()
    const database = { ...store.database }
    let pages = 0
    database.query = async (text, parameters) => {
      if (text.includes('string_agg') && ++pages === 3) controller.abort()
      return store.database.query(text, parameters)
    }
    expect(await write(path, 'parquet', { database, signal: controller.signal })).toBeNull()
    expect((await write(path, 'parquet'))?.rows).toBe(rowsOf.swaps.length)
  })

  test('a file begins anew when its last block was replaced since', async () => {
    const path = newPath()
    await write(path, 'csv', { database: failingAfter(store.database, 2) }).catch(() => {})
    await store.database.query(`update blocks set hash = '\\x01' where number = 111`)
    const notes: string[] = []
    await write(path, 'csv', { onNote: (note) => notes.push(note) })
    expect(notes).toEqual([`block 111 was replaced since ${path}.part was begun; it begins anew`])
  })

  test('a block that is replaced meanwhile fails the export, and nothing is kept', async () => {
    const path = newPath()
    let done = false
    const database: Database = {
      ...store.database,
      query: async (text, parameters) => {
        if (text.includes('string_agg') && !done) {
          done = true
          await store.database.query(`update blocks set hash = '\\x02' where number = 111`)
        }
        return store.database.query(text, parameters)
      },
    }
    await expect(write(path, 'csv', { database })).rejects.toThrow(ExportReorganisedError)
    expect(readdirSync(folder).filter((name) => name.includes('.part') || name.includes('.progress'))).toEqual([])
  })
})
