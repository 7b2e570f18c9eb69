// Databases of a bench's own on a real Postgres.
import pg from 'pg'

/** Where databases may be made. */
export const adminUrl = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/**
 * Makes an empty database, in the place of one that an earlier run left behind.
 * @param {string} name
 * @returns {Promise<{ url: string, drop: () => Promise<void> }>}
 */
export async function createDatabase(name) {
  await run(adminUrl, `drop database if exists ${name} with (force)`)
  await run(adminUrl, `create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(adminUrl, `drop database if exists ${name} with (force)`) }
}

/**
 * Runs one statement on a connection of its own.
 * @param {string} url
 * @param {string} sql
 */
async function run(url, sql) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
