// The peer bench: where it is, and its installs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'

/**
 * Finds the folder of the peer bench.
 * @param {string} root the checkout
 */
export function findPeerBench(root) {
  const folder = process.env.PEER_BENCH ?? path.resolve(root, '../shared/peer-bench')
  if (!existsSync(path.join(folder, 'bench.mjs'))) {
    console.error(`bench: there is no peer bench in ${folder}; set PEER_BENCH to its folder`)
    process.exit(1)
  }
  return folder
}

/**
 * Installs what is missing of the peers.
 * @param {string} peerBench
 * @param {string} work
 * @param {readonly string[]} names
 */
export function installPeers(peerBench, work, names) {
  mkdirSync(work, { recursive: true })
  const missing = names.filter((name) => !existsSync(path.join(work, name, 'node_modules')))
  if (missing.length === 0) return
  const options = { cwd: peerBench, env: { ...process.env, WORK: work }, stdio: /** @type {const} */ ('inherit') }
  const { status } = spawnSync('bash', ['install.sh', ...missing], options)
  if (status !== 0) throw new Error(`the installation of ${missing.join(', ')} ended with ${status}`)
}
