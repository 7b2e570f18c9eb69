import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devAccounts } from './accounts.ts'
import { type DevnetContracts, devnetContracts } from './contracts.ts'
import { type Core, devnetChainId, startCore } from './core.ts'
import { createDriver, type Driver, nextTimestamp, tipTimestamp } from './driver.ts'
import { createLabelWriter, type LabelWriter } from './labels.ts'
import { type DevnetPool, devnetPools, type PoolName } from './pools.ts'
import type { ProxyContext } from './proxy/context.ts'
import type { LogLimits } from './proxy/getLogs.ts'
import { createPendingFeed } from './proxy/pendingFeed.ts'
import { type ProxyServer, startServer } from './proxy/server.ts'
import { runSetup } from './setup.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import type { DevAccount, LogFunction, Mode } from './types.ts'

export type { DevnetContracts } from './contracts.ts'
export type { DevnetPool, PoolName } from './pools.ts'
export type { DevAccount, Mode } from './types.ts'

/** Settings of a devnet; every one has a default. */
export type DevnetOptions = {
  /** Kind of chain to play; default `era`. */
  mode?: Mode
  /** Port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number
  /** Seed of everything the agents do; default 1. */
  seed?: number
  /** Folder for the labels file; default a temporary one, removed on close. */
  dataDir?: string
  /** Mean time between blocks in milliseconds; default 500, in `evm` mode 1000. */
  blockTimeMs?: number
  /** Blocks with transactions per L1 batch; default 10. */
  batchBlocks?: number
  /** Blocks from a batch's end to commit, proof and execution on L1; default 10, 20 and 30. */
  settlementBlocks?: { commit: number; prove: number; execute: number }
  /** True makes agents trade live; default false. */
  traffic?: boolean
  /** `interval` makes blocks by the clock, `manual` only on `mine`; default `interval` with traffic, else `manual`. */
  mining?: 'interval' | 'manual'
  /** Blocks of agents' trades to write before the devnet is ready; default 0. */
  history?: number
  /** Unix seconds of block 0; default 1750000000, with traffic so that the history ends now. */
  genesisTimestamp?: number
  /** How many of the last blocks answer `eth_call`; default all, with traffic the history and 150 more. */
  keptStates?: number
  /** Limits of `eth_getLogs`; default 10000 results and 10000 blocks. */
  logLimits?: Partial<LogLimits>
  log?: LogFunction
}

/** A running devnet. */
export type Devnet = {
  /** JSON-RPC endpoint of the proxy; the only one an indexer may know. */
  url: string
  /** The same over WebSocket, with `eth_subscribe`. */
  webSocketUrl: string
  /** anvil behind the proxy, for tests that compare. */
  anvilUrl: string
  chainId: number
  mode: Mode
  contracts: DevnetContracts
  pools: Record<PoolName, DevnetPool>
  /** Funded accounts that no agent uses; the setup leaves them at nonce 6. */
  accounts: readonly DevAccount[]
  /** NDJSON with the truth about each agent's transaction; see `readLabels` in `labels.ts`. Emptied on start. */
  labelsPath: string
  /** Number of the last block that the proxy shows. */
  head(): number
  /** Number of the last block that exists. */
  tip(): number
  /** Makes `blocks` blocks (default 1) from the pool and returns the last one's number; closing blocks come on top. */
  mine(options?: { timestamp?: number; blocks?: number }): Promise<number>
  /** Writes `blocks` blocks of agents' trades, as `history` does, and returns the tip's number. */
  write(blocks: number): Promise<number>
  /** Replaces the last `depth` blocks by different ones and returns the tip's number. */
  reorg(depth: number): Promise<number>
  /** Makes the proxy pretend that `blockNumber` is the head; null shows everything again. */
  revealTo(blockNumber: number | null): void
  close(): Promise<void>
}

/** A request to the devnet itself that makes no sense. */
export class DevnetError extends Error {
  override name = 'DevnetError'
}

const defaultGenesisTimestamp = 1_750_000_000
const setupSeconds = 5

/**
 * anvil copies the whole state for every block: half a megabyte, and 160 bytes more for each block
 * before it. A chain that never ends must let go.
 */
const liveKeptStates = 150
const unlimitedStates = 1_000_000

/**
 * Starts anvil with the DEX contracts, writes the history and serves it as the played chain.
 * @throws AnvilError when anvil does not start, SetupError when the contracts do not deploy
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const { mode = 'era', seed = 1, history = 0, traffic: hasTraffic = false, log = () => {} } = options
  const blockTimeMs = options.blockTimeMs ?? (mode === 'evm' ? 1000 : 500)
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'flowprint-devnet-'))
  mkdirSync(dataDir, { recursive: true })
  const genesisTimestamp =
    options.genesisTimestamp ?? (hasTraffic ? liveGenesis(history, blockTimeMs) : defaultGenesisTimestamp)
  const removeData = () => options.dataDir === undefined && rmSync(dataDir, { recursive: true, force: true })
  const core = await startCore({
    ...{ mode, dataDir, genesisTimestamp, log, batchBlocks: options.batchBlocks ?? 10 },
    keptStates: options.keptStates ?? (hasTraffic ? history + liveKeptStates : unlimitedStates),
    settlementBlocks: options.settlementBlocks ?? { commit: 10, prove: 20, execute: 30 },
  })
  try {
    const labels = createLabelWriter(join(dataDir, 'labels.ndjson'))
    await runSetup(core, labels)
    const driver = createDriver({ core, labels, seed, blockTimeMs })
    for (let block = 0; block < history; block++) await driver.writeBlock()
    const server = await startServer(proxyContext(core, options), options.port ?? 0)
    const mining = options.mining ?? (hasTraffic ? 'interval' : 'manual')
    const agents = hasTraffic ? driver : null
    const traffic =
      mining === 'interval' ? startTraffic({ core, driver: agents, labels, url: server.url, blockTimeMs }) : null
    log('devnet ready', { url: server.url, mode, blocks: core.chain.tip(), traffic: hasTraffic })
    return createDevnet({ core, driver, labels, server, traffic, removeData })
  } catch (error) {
    await core.stop()
    removeData()
    throw error
  }
}

type Parts = {
  core: Core
  driver: Driver
  labels: LabelWriter
  server: ProxyServer
  traffic: Traffic | null
  removeData: () => void
}

function createDevnet({ core, driver, labels, server, traffic, removeData }: Parts): Devnet {
  const { chain, producer } = core
  /** Runs with the live traffic standing still, so that nothing is sent on nonces about to change. */
  async function quietly<T>(work: () => Promise<T>): Promise<T> {
    await traffic?.pause()
    try {
      return await work()
    } finally {
      traffic?.resume()
    }
  }
  return {
    ...{
      url: server.url,
      webSocketUrl: server.webSocketUrl,
      anvilUrl: core.anvil.url,
      chainId: devnetChainId,
      mode: core.mode,
    },
    ...{ contracts: devnetContracts(), pools: devnetPools(), accounts: devAccounts().spare },
    labelsPath: labels.path,
    ...{ head: chain.head, tip: chain.tip, revealTo: chain.reveal },
    async mine({ timestamp, blocks = 1 } = {}) {
      for (let block = 0; block < blocks; block++)
        await producer.produce(timestamp ?? nextTimestamp(core, Math.floor(Date.now() / 1000)))
      return chain.tip()
    },
    write: (blocks) =>
      quietly(async () => {
        for (let block = 0; block < blocks; block++) await driver.writeBlock()
        return chain.tip()
      }),
    reorg: (depth) => quietly(() => reorg(core, driver, depth)),
    async close() {
      await traffic?.stop()
      await server.close()
      await core.stop()
      removeData()
    },
  }
}

async function reorg(core: Core, driver: Driver, depth: number): Promise<number> {
  const { chain, producer } = core
  const tip = chain.tip()
  if (!Number.isInteger(depth) || depth < 1 || depth > tip)
    throw new DevnetError(`cannot reorg ${depth} of ${tip} blocks`)
  await producer.rollback(tip - depth)
  driver.resync()
  // A second later than before: even an empty closing block gets another hash.
  await producer.closeBatch(tipTimestamp(core) + 1)
  while (chain.tip() < tip) await driver.writeBlock()
  return chain.tip()
}

function liveGenesis(history: number, blockTimeMs: number): number {
  return Math.floor(Date.now() / 1000) - setupSeconds - Math.ceil((history * blockTimeMs) / 1000)
}

function proxyContext(core: Core, options: DevnetOptions): ProxyContext {
  return {
    ...{ mode: core.mode, chainId: devnetChainId, anvil: core.anvil.rpc, chain: core.chain },
    ...{ sequencer: core.sequencer, plan: core.plan, fixedBaseFeePerGas: core.fixedBaseFeePerGas, log: core.log },
    logLimits: { maxResults: 10_000, maxBlockRange: 10_000, ...options.logLimits },
    ...{ keptStates: core.keptStates, pending: createPendingFeed(), filters: new Map() },
  }
}
