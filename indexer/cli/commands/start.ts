import type { Logger } from 'pino'
import { startApi } from '../../../api/server.ts'
import type { Devnet } from '../../../contracts/devnet/index.ts'
import { openDatabase, openForReading } from '../../../db/open.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { assertPortFree } from '../port.ts'
import { showProgress } from '../progress.ts'
import { openSession } from '../session.ts'
import { stopOnSignal, untilAborted } from '../stop.ts'
import { readVersion } from '../version.ts'

/** `flowprint start`: indexes and serves; without an endpoint it starts the local chain and follows that. */
export async function runStart(config: Config): Promise<void> {
  const log = await createLog(config)
  const signal = stopOnSignal()
  await assertPortFree(config.host, config.port)
  const local = config.rpc.length > 0 ? null : { database: openDatabase(config.databaseUrl) }
  // A failure is met where the database is needed.
  local?.database.catch(() => {})
  const chain = local === null ? null : await startLocalChain(log)
  const closing: (() => Promise<void>)[] = chain === null ? [] : [chain.close]
  try {
    const session = await openSession(chain === null ? config : followLocal(config, chain), log, local)
    closing.push(session.close)
    const { profile, database, tracker, metrics } = session
    const version = readVersion()
    const status = () => ({ version, chains: [tracker.status()] })
    const readers = await openForReading(database, config.databaseUrl)
    closing.push(readers.close)
    const api = await startApi({ database: readers, host: config.host, port: config.port, status, metrics, log })
    closing.push(api.close)
    log.info({ chain: profile.name, chainId: profile.id, database: database.location }, 'indexing')
    log.info({ graphql: `${api.url}/graphql`, status: `${api.url}/status` }, `open ${api.url}`)
    if (config.json) process.stdout.write(`${JSON.stringify({ url: api.url })}\n`)
    const progress = showProgress(tracker, config.end ?? null, log, config.json)
    closing.push(async () => progress.stop())
    await session.run(signal)
    // With an end block the index is complete; what it holds goes on being served.
    await untilAborted(signal)
  } finally {
    for (const close of closing.reverse()) await close().catch(() => {})
  }
}

/** Share of the retail swaps that come through the priority queue of the local chain's L1. */
const L1_SWAP_SHARE = 0.05

function followLocal(config: Config, { url, webSocketUrl, l1 }: Devnet): Config {
  return { ...config, rpc: [url, webSocketUrl], l1Rpc: l1 === null ? [] : [l1.url] }
}

async function startLocalChain(log: Logger): Promise<Devnet> {
  const { startDevnet } = await import('../../../contracts/devnet/index.ts')
  log.info('no RPC endpoint is given: starting the local chain')
  const devnet = await startDevnet({
    traffic: true,
    l1: { swapShare: L1_SWAP_SHARE },
    log: (message, fields) => log.debug(fields, message),
  })
  log.info({ rpc: devnet.url, l1: devnet.l1?.url, mode: devnet.mode }, 'local chain is up')
  return devnet
}
