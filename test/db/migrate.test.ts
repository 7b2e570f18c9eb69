import { getTableName } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../db/database.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { documentedColumns } from '../../db/schema/columns.ts'
import { tableDocs } from '../../db/schema/index.ts'
import { createTestDatabase, type TestDatabase, testKinds } from '../support/databases.ts'

describe.each(testKinds)('migrate on %s', (kind) => {
  let home: TestDatabase
  let database: Database
  let statements: number

  beforeAll(async () => {
    home = await createTestDatabase(kind)
    database = await openDatabase(home.url)
    statements = await migrate(database)
  })

  afterAll(async () => {
    await database?.close()
    await home?.remove()
  })

  test('an empty database gets its tables; a second time nothing is done', async () => {
    expect(statements).toBeGreaterThan(tableDocs.length)
    expect(await migrate(database)).toBe(0)
    const [row] = await database.query('select count(*)::int as n from drizzle.__drizzle_migrations')
    expect(row).toEqual({ n: 5 })
  })

  test('the tables are those that are documented', async () => {
    const rows = await database.query(
      "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    )
    const names = tableDocs.map(({ table }) => getTableName(table))
    expect(rows.map(({ table_name }) => table_name).sort()).toEqual(names.sort())
  })

  test.each(tableDocs.map((docs) => [getTableName(docs.table), docs] as const))(
    'comments and key of %s are its documentation',
    async (name, docs) => {
      const [table] = await database.query('select obj_description($1::regclass) as text', [name])
      expect(table!.text).toBe(docs.row)
      const columns = await database.query(
        `select a.attname as name, col_description(a.attrelid, a.attnum) as text
         from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
        [name],
      )
      expect(columns).toEqual(documentedColumns(docs).map(({ column, text }) => ({ name: column.name, text })))
      expect(columns.filter(({ text }) => !text)).toEqual([])
      const key = await database.query(
        `select a.attname as name from pg_index i
         cross join lateral unnest(i.indkey) with ordinality as k(attnum, position)
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
         where i.indrelid = $1::regclass and i.indisprimary order by k.position`,
        [name],
      )
      expect(/Key: ([a-z0-9_, ]+)\.$/.exec(docs.row)?.[1]).toBe(key.map((column) => column.name).join(', '))
      const [declared] = getTableConfig(docs.table).primaryKeys
      expect(declared!.columns.map((column) => column.name)).toEqual(key.map((column) => column.name))
    },
  )

  test('a failing migration leaves nothing of it', async () => {
    const broken = {
      ...database,
      transaction: ((run) =>
        database.transaction((transaction) =>
          run({
            query: (text, parameters) =>
              transaction.query(text.startsWith('comment on') ? 'select 1 / 0' : text, parameters),
          }),
        )) as Database['transaction'],
    }
    await database.execute('drop schema public cascade; create schema public; drop schema drizzle cascade')
    await expect(migrate(broken)).rejects.toThrow('division by zero')
    const tables = "select table_name from information_schema.tables where table_schema = 'public'"
    expect(await database.query(tables)).toEqual([])
    expect(await migrate(database)).toBe(statements)
  })
})

describe.runIf(testKinds.includes('postgres'))('two processes migrate at the same time', () => {
  // drizzle's CREATE SCHEMA IF NOT EXISTS runs before the lock is taken, and loses the race with a duplicate key.
  test('an empty database', async () => {
    const rounds = 5
    for (let round = 0; round < rounds; round++) {
      const home = await createTestDatabase('postgres')
      const databases = await Promise.all([openDatabase(home.url), openDatabase(home.url), openDatabase(home.url)])
      try {
        const done = await Promise.all(databases.map(migrate))
        expect(done.filter((statements) => statements > 0)).toHaveLength(1)
      } finally {
        await Promise.all(databases.map((database) => database.close()))
        await home.remove()
      }
    }
  })
})
