// Our entries for the peer bench: the same work as the other indexers, see the README of the bench for the form.
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

// Our amounts are net and signed from the pool's side; on this chain each swap pays one token in and the other out.
const ROWS = `select count(*) swaps,
  sum(greatest(amount0, 0))::text a0i, sum(greatest(amount1, 0))::text a1i,
  sum(greatest(-amount0, 0))::text a0o, sum(greatest(-amount1, 0))::text a1o,
  sum(abs(amount1)::float8 / abs(amount0)::float8) price,
  (select count(*) from pools) pools,
  sum(block_number::numeric * 100000 + log_index)::text as position from swaps`

/** @param {'pg' | 'pglite'} store */
const ours = (store) => ({
  store,
  done: 'exit',
  rows: { kind: store, sql: ROWS, pgliteModule: root },
  /** @param {{ rpc: string, end: number, db: string, pglite: string }} context */
  cmd: ({ rpc, end, db, pglite }) => ({
    cwd: root,
    argv: [
      process.execPath,
      '--max-semi-space-size=64',
      path.join(root, 'dist/flowprint.js'),
      ...['index', '--rpc', rpc, '--start', '1', '--end', String(end)],
      ...['--database-url', store === 'pg' ? db : `pglite://${pglite}`],
    ],
    env: {},
  }),
})

export const variants = { 'flowprint-pg': ours('pg'), 'flowprint-pglite': ours('pglite') }
