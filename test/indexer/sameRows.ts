import type { Devnet } from '../../contracts/devnet/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/databases.ts'
import { dumpTables } from '../support/dump.ts'
import { openMigrated, runIndexer } from '../support/indexing.ts'
import { startProgram } from '../support/program.ts'

/** Tables of a database as text; two indexers did the same when theirs are equal. */
export type Dump = Record<string, string[]>

/** Lets `run` fill a new database and returns what is then in it. */
export async function dumpAfter(kind: TestDatabase['kind'], run: (url: string) => Promise<void>): Promise<Dump> {
  const home = await createTestDatabase(kind)
  try {
    await run(home.url)
    const database = await openMigrated(home.url)
    try {
      return await dumpTables(database)
    } finally {
      await database.close()
    }
  } finally {
    await home.remove()
  }
}

/** Indexes the chain from `start` in one go. */
export function backfill(devnet: Devnet, start = 0): (url: string) => Promise<void> {
  return async (url) => {
    const database = await openMigrated(url)
    await runIndexer({ rpcUrl: devnet.url, database, start, end: devnet.tip() }).finally(() => database.close())
  }
}

/** Follows the head from the first block on, while the chain shows its blocks a few at a time. */
export function followLive(devnet: Devnet, random: () => number, start = 0): (url: string) => Promise<void> {
  return async (url) => {
    const database = await openMigrated(url)
    let shown = start
    devnet.revealTo(shown)
    const showMore = () => {
      shown = Math.min(devnet.tip(), shown + 1 + Math.floor(random() * 7))
      devnet.revealTo(shown)
    }
    await runIndexer({
      rpcUrl: devnet.url,
      database,
      start,
      end: devnet.tip(),
      pollMs: 1,
      onEvent: (event) => event.kind === 'caught-up' && event.block === shown && showMore(),
    }).finally(() => database.close())
    devnet.revealTo(null)
  }
}

/** Follows the head while the chain replaces its last blocks, each depth once the indexer has caught up. */
export function followThroughReorgs(devnet: Devnet, depths: readonly number[]): (url: string) => Promise<void> {
  return async (url) => {
    const database = await openMigrated(url)
    const stop = new AbortController()
    const left = [...depths]
    let busy = false
    const met: number[] = []
    await runIndexer({
      rpcUrl: devnet.url,
      database,
      pollMs: 1,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.kind === 'reorg') met.push(event.depth)
        // While a reorg is being made the old tip may still be served.
        if (
          event.kind !== 'caught-up' ||
          busy ||
          event.block !== devnet.tip() ||
          met.length + left.length < depths.length
        )
          return
        const depth = left.shift()
        if (depth === undefined) return stop.abort()
        busy = true
        devnet.reorg(depth).finally(() => (busy = false))
      },
    })
    // It was stopped in the middle of its work: what is left is done by the next run.
    await runIndexer({ rpcUrl: devnet.url, database, end: devnet.tip() }).finally(() => database.close())
    if (met.join() !== depths.join()) throw new Error(`reorgs of depth ${depths.join()} were met as ${met.join()}`)
  }
}

/** Indexes with the built program, killed at random moments, then once to the end. Returns how many kills found it alive. */
export async function indexThroughKills(
  devnet: Devnet,
  url: string,
  kills: number,
  random: () => number,
  start = 0,
): Promise<number> {
  const index = (end: number) =>
    startProgram([
      'index',
      '--rpc',
      devnet.url,
      '--start',
      String(start),
      '--end',
      String(end),
      '--database-url',
      url,
      '--json',
    ])
  let alive = 0
  let lifeMs = LIFE_MS_AT_FIRST
  for (let kill = 1; kill <= kills; kill++) {
    const startedMs = performance.now()
    const { child, ended } = index(start + Math.floor(((devnet.tip() - start) * kill) / kills))
    const timer = setTimeout(() => child.kill('SIGKILL'), random() * lifeMs)
    if ((await ended).signal === 'SIGKILL') alive++
    // A run that came to its end shows how long a life is here.
    else lifeMs = (performance.now() - startedMs) * 0.9
    clearTimeout(timer)
  }
  const { code, stderr } = await index(devnet.tip()).ended
  if (code !== 0) throw new Error(`the last run ended with ${code}: ${stderr}`)
  return alive
}

/** Longer than a run of the program on PGlite, which is the slower of the two. */
const LIFE_MS_AT_FIRST = 2_500
