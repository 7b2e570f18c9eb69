// The indexers of the head-requests bench: how each is started, and where it keeps its swaps.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { freePort, start, startFlowprint } from './program.mjs'

/**
 * @typedef {{ root: string, peerBench: string, work: string, program: string }} Places
 * @typedef {{ rpc: string, webSocket: string, databaseUrl: string, log: string }} Run
 * @typedef {{ child: import('node:child_process').ChildProcess, table: string, block: string }} Follower
 *   The process, and the table and column in which the blocks of its swaps stand.
 * @typedef {{ peer: string, table: string, edit?: { file: string, text: string, by: (run: Run) => string } }} Peer
 *   A variant of the peer bench; `edit` replaces a text in its copy of the configuration.
 */

/** How often the eager variants ask for the head, in milliseconds: Ponder refuses less than 100. */
const EAGER_MS = 200
const PONDER_CHAIN = 'id: Number(process.env.CHAIN_ID ?? 324),'
const SQUID_RANGE = '.setFinalityConfirmation(10)'

/** @type {Record<string, Peer>} */
const PEERS = {
  ponder: { peer: 'ponder17-pg', table: 'app.swap' },
  'ponder-websocket': ponder(({ webSocket }) => `ws: '${webSocket}',`),
  'ponder-eager': ponder(() => `pollingInterval: ${EAGER_MS},`),
  squid: { peer: 'squid-pg', table: 'swap' },
  'squid-eager': squid(() => `.setRpcDataIngestionSettings({ headPollInterval: ${EAGER_MS} })`),
}

/**
 * @param {(run: Run) => string} setting
 * @returns {Peer}
 */
function ponder(setting) {
  const edit = {
    file: 'ponder.config.ts',
    text: PONDER_CHAIN,
    by: (/** @type {Run} */ run) => PONDER_CHAIN + setting(run),
  }
  return { peer: 'ponder17-pg', table: 'app.swap', edit }
}

/**
 * @param {(run: Run) => string} setting
 * @returns {Peer}
 */
function squid(setting) {
  const edit = { file: 'main.js', text: SQUID_RANGE, by: (/** @type {Run} */ run) => SQUID_RANGE + setting(run) }
  return { peer: 'squid-pg', table: 'swap', edit }
}

/** Ours poll unless they are given a WebSocket URL. */
export const FOLLOWERS = ['flowprint', 'flowprint-websocket', ...Object.keys(PEERS)]

/**
 * Starts an indexer on an empty database.
 * @param {string} name one of FOLLOWERS
 * @param {Places} places
 * @param {Run} run
 * @returns {Promise<Follower>}
 */
export async function startFollower(name, places, run) {
  const { root, peerBench, work, program } = places
  const { rpc, webSocket, databaseUrl, log } = run
  const peer = PEERS[name]
  if (!peer) {
    const urls = name === 'flowprint-websocket' ? `${rpc},${webSocket}` : rpc
    const args = ['--rpc', urls, '--start', '1', '--database-url', databaseUrl]
    const { child } = await startFlowprint({ program, root, args, log })
    return { child, table: 'swaps', block: 'block_number' }
  }
  const { variants } = await import(pathToFileURL(path.join(peerBench, 'variants.mjs')).href)
  // The end is far beyond the head: the indexer goes on following.
  const context = { here: peerBench, work, rpc, end: 1_000_000, db: databaseUrl, port: await freePort() }
  const { cwd, argv, env } = variants[peer.peer].cmd(context)
  if (peer.edit) {
    const file = path.join(cwd, peer.edit.file)
    const text = readFileSync(file, 'utf8')
    if (!text.includes(peer.edit.text)) throw new Error(`${file} has no "${peer.edit.text}" any more`)
    writeFileSync(file, text.replace(peer.edit.text, peer.edit.by(run)))
  }
  return { child: start(argv, { cwd, env, log }), table: peer.table, block: 'block' }
}
