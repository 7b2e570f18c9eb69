// Watches how far an indexer is by the rows in its database.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { clock } from './rpcProxy.mjs'

/** Fine enough for delays of a poll, coarse enough not to disturb. */
const LOOK_MS = 20

/**
 * Looks again and again at the newest block in a table.
 * @param {string} databaseUrl
 * @param {string} table that the indexer may not have made yet
 * @param {string} block its column of block numbers
 */
export async function watchStored(databaseUrl, table, block) {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  /** @type {Map<number, number>} when each block was first found, see `clock` */
  const found = new Map()
  let newest = -1
  let isWatching = true

  async function watch() {
    while (isWatching) {
      const rows = await read(`select max(${block}) as newest from ${table}`)
      const at = clock()
      const number = Number(rows[0]?.newest ?? -1)
      for (let each = newest + 1; each <= number; each++) found.set(each, at)
      newest = Math.max(newest, number)
      await delay(LOOK_MS)
    }
  }

  /** @param {string} sql */
  async function read(sql) {
    try {
      return (await client.query(sql)).rows
    } catch (error) {
      if (/** @type {{ code?: string }} */ (error).code === '42P01' || !isWatching) return []
      throw error
    }
  }

  /** @type {unknown} */
  let failure = null
  const watching = watch().catch((error) => {
    failure = error
  })
  return {
    found,
    /** The newest block found; -1 before the first. Throws what ended the watching. */
    newest: () => {
      if (failure) throw failure
      return newest
    },
    /** Number of rows up to a block. */
    count: async (/** @type {number} */ last) => {
      const rows = await read(`select count(*) as rows from ${table} where ${block} <= ${last}`)
      return Number(rows[0]?.rows)
    },
    stop: async () => {
      isWatching = false
      await watching
      await client.end()
    },
  }
}
