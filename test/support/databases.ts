import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** A database of one test file: its URL, and how to get rid of it. */
export type TestDatabase = { kind: 'pglite' | 'postgres'; url: string; remove(): Promise<void> }

/** Server for tests on Postgres, such as postgres://postgres@127.0.0.1:5432/postgres; undefined = those tests are skipped. */
export const testServer = process.env.TEST_DATABASE_URL

/** The kinds of database that tests can run on here; says so when Postgres is left out. */
export const testKinds: readonly TestDatabase['kind'][] = testServer ? ['pglite', 'postgres'] : ['pglite']
if (!testServer) console.info('tests on Postgres are skipped: TEST_DATABASE_URL is not set')

/** Makes an empty database of its own. */
export async function createTestDatabase(kind: TestDatabase['kind']): Promise<TestDatabase> {
  return kind === 'pglite' ? createFolder() : createPostgres(testServer!)
}

function createFolder(): TestDatabase {
  const parent = mkdtempSync(join(tmpdir(), 'flowprint-test-'))
  return {
    kind: 'pglite',
    url: `pglite://${join(parent, 'data')}`,
    remove: async () => rmSync(parent, { recursive: true, force: true }),
  }
}

async function createPostgres(server: string): Promise<TestDatabase> {
  const name = `flowprint_test_${randomBytes(6).toString('hex')}`
  await runOn(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    kind: 'postgres',
    url: url.href,
    remove: () => runOn(server, `drop database if exists ${name} with (force)`),
  }
}

async function runOn(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
