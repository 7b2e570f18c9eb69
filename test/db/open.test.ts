import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Database } from '../../db/database.ts'
import { DatabaseFolderError, DatabaseUnreachableError, DatabaseUrlError } from '../../db/errors.ts'
import { openDatabase } from '../../db/open.ts'
import { withoutCredentials } from '../../db/postgres/open.ts'
import { createTestDatabase, type TestDatabase, testKinds, testServer } from '../support/databases.ts'

describe('openDatabase', () => {
  test.each([
    [
      'mysql://root@127.0.0.1/db',
      'DATABASE_URL starts with "mysql"; use postgres://user@host:5432/database or pglite://',
    ],
    ['./folder', 'DATABASE_URL starts with "./folder"'],
    ['', 'DATABASE_URL starts with ""'],
    ['POSTGRES://127.0.0.1/db', 'DATABASE_URL starts with "POSTGRES"'],
  ])('another scheme: "%s"', async (url, message) => {
    await expect(openDatabase(url)).rejects.toBeInstanceOf(DatabaseUrlError)
    await expect(openDatabase(url)).rejects.toThrow(message)
  })

  test.each([
    [
      'nobody listens',
      'postgres://user:secret@127.0.0.1:1/db',
      /the database postgres:\/\/127\.0\.0\.1:1\/db: .*ECONNREFUSED/,
    ],
    [
      'a host that cannot be',
      'postgres://user:secret@nowhere.invalid/db',
      /the database postgres:\/\/nowhere\.invalid\/db: /,
    ],
  ])('a server where %s', async (_, url, message) => {
    const failure = await openDatabase(url).then(
      () => null,
      (error: Error) => error,
    )
    expect(failure).toBeInstanceOf(DatabaseUnreachableError)
    expect(failure!.message).toMatch(message)
    expect(failure!.message).toMatch(/; check DATABASE_URL or --database-url, or leave it out/)
    expect(failure!.message).not.toContain('secret')
    expect(failure!.message).not.toContain('\n')
  })

  // The driver throws before there is a promise to catch.
  test('a URL that cannot be read', async () => {
    const failure = await openDatabase('postgres://user:secret@127.0.0.1:99999/db').catch((error) => error)
    expect(failure).toBeInstanceOf(DatabaseUnreachableError)
  })

  test.runIf(testServer)('a database that the server does not have', async () => {
    const url = new URL(testServer!)
    url.pathname = '/flowprint_no_such_database'
    await expect(openDatabase(url.href)).rejects.toThrow(/flowprint_no_such_database: .* does not exist/)
  })

  test('a folder that is a file: refused, and no lock stays', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'flowprint-test-'))
    const path = join(parent, 'data')
    writeFileSync(path, 'a file')
    await expect(openDatabase(`pglite://${path}`)).rejects.toBeInstanceOf(DatabaseFolderError)
    expect(existsSync(`${path}.lock`)).toBe(false)
    rmSync(parent, { recursive: true })
  })
})

describe('withoutCredentials', () => {
  test.each([
    ['postgres://user:secret@host:5432/db?sslmode=require', 'postgres://host:5432/db'],
    ['postgresql://host/db', 'postgresql://host/db'],
    ['postgres://user:sec ret@ho st/db', 'postgres://(unreadable URL)'],
  ])('%s', (url, shown) => {
    expect(withoutCredentials(url)).toBe(shown)
  })
})

describe.each(testKinds)('a database on %s', (kind) => {
  let home: TestDatabase
  let database: Database

  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openDatabase(home.url)
    await database.execute('create table t (n int primary key); create table u (n int primary key, s text)')
  })

  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  const numbers = async () => (await database.query('select n from t order by n')).map(({ n }) => n)

  test('a transaction commits when it resolves and leaves nothing when it throws', async () => {
    const result = await database.transaction(async ({ query }) => query('insert into t values (1) returning n'))
    expect(result).toEqual([{ n: 1 }])
    const failing = database.transaction(async ({ query }) => {
      await query('insert into t values (2)')
      await query('insert into t values (1)')
    })
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect(await numbers()).toEqual([1])
  })

  test('a bulk insert whose last table fails leaves nothing, and the next one works', async () => {
    const copy = (table: string, columns: string[], lines: string) => ({ table, columns, lines })
    const tables = (last: string) => [copy('t', ['n'], '10\n11\n'), copy('u', ['n', 's'], last)]
    await expect(database.bulkInsert('insert into t values (9)', tables('1\ta\nx\tb\n'))).rejects.toMatchObject({
      code: '22P02',
    })
    expect(await numbers()).toEqual([1])
    await database.bulkInsert('insert into t values (9)', tables('1\ta\n2\t\\N\n'))
    expect(await numbers()).toEqual([1, 9, 10, 11])
    expect(await database.query('select s from u order by n')).toEqual([{ s: 'a' }, { s: null }])
  })

  test('a bulk insert whose first statement fails leaves nothing', async () => {
    const before = await numbers()
    const tables = [{ table: 't', columns: ['n'], lines: '20\n' }]
    await expect(database.bulkInsert('select 1 / 0', tables)).rejects.toMatchObject({ code: '22012' })
    expect(await numbers()).toEqual(before)
  })

  test('a bulk insert of many megabytes', async () => {
    const lines = Array.from({ length: 200_000 }, (_, index) => `${index + 1_000}\n`).join('')
    await database.bulkInsert('select 1', [{ table: 't', columns: ['n'], lines }])
    const [row] = await database.query('select count(*)::int as n from t where n >= 1000')
    expect(row).toEqual({ n: 200_000 })
  })

  test('the right to write a chain', async () => {
    const first = await database.claimWriter(324)
    expect(first).not.toBeNull()
    const second = await database.claimWriter(324)
    // PGlite has no second process, since its folder is locked.
    if (kind === 'postgres') expect(second).toBeNull()
    const other = await database.claimWriter(325)
    expect(other).not.toBeNull()
    await first!()
    const again = await database.claimWriter(324)
    expect(again).not.toBeNull()
    for (const release of [second, other, again]) await release?.()
  })
})

describe('an embedded database', () => {
  test('a folder that is open is locked, and no longer once it is closed', async () => {
    const home = await createTestDatabase('pglite')
    const lock = `${home.url.slice('pglite://'.length)}.lock`
    const database = await openDatabase(home.url)
    await expect(openDatabase(home.url)).rejects.toThrow(`is in use by process ${process.pid};`)
    expect(existsSync(lock)).toBe(true)
    await database.close()
    expect(existsSync(lock)).toBe(false)
    await home.remove()
  })

  // The thread is gone, and a question to it waits for ever.
  test('a query after the database thread has died is refused', async () => {
    const home = await createTestDatabase('pglite')
    let thread: Worker | undefined
    const { postMessage } = Worker.prototype
    const spy = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...message) {
      thread = this
      postMessage.apply(this, message)
    })
    const database = await openDatabase(home.url)
    await database.query('select 1')
    spy.mockRestore()
    await thread!.terminate()
    const waited = new Promise((resolve) => setTimeout(() => resolve('no answer'), 1_000))
    const answer = await Promise.race([database.query('select 1').catch(() => 'refused'), waited])
    await home.remove()
    expect(answer).toBe('refused')
  })
})
