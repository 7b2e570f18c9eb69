import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devAccounts } from './accounts.ts'
import { type DevnetContracts, devnetContracts } from './contracts.ts'
import { type Core, devnetChainId, startCore } from './core.ts'
import { createDriver, type Driver, nextTimestamp } from './driver.ts'
import { createDevnetL1, type DevnetL1 } from './l1/facade.ts'
import { createLabelWriter, type LabelWriter } from './labels.ts'
import { type DevnetOptions, l1Settings } from './options.ts'
import { type DevnetPool, devnetPools, type PoolName } from './pools.ts'
import type { ProxyContext } from './proxy/context.ts'
import { createPendingFeed } from './proxy/pendingFeed.ts'
import { type ProxyServer, startServer } from './proxy/server.ts'
import { reorg, revertBatches } from './rewrite.ts'
import { runSetup } from './setup.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import type { DevAccount, Mode } from './types.ts'

export type { DevnetContracts } from './contracts.ts'
export { DevnetError } from './errors.ts'
export type { DevnetL1, L2TransactionRequest, PriorityRequest } from './l1/facade.ts'
export type { DevnetOptions, L1Settings } from './options.ts'
export type { DevnetPool, PoolName } from './pools.ts'
export type { DevAccount, Mode } from './types.ts'

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
  /** The chain below, when the devnet was started with one. */
  l1: DevnetL1 | null
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
  /**
   * Replaces the last `depth` blocks by different ones and returns the tip's number.
   * @throws DevnetError when there are not so many, or L1 has executed one of them
   */
  reorg(depth: number): Promise<number>
  /**
   * Removes every block above an L1 batch, with a BlocksRevert on L1, and returns the tip's number;
   * whatever is written next differs from what stood there.
   * @throws DevnetError without an L1, for a batch that is not sealed, or below an executed one
   */
  revertBatches(keepBatch: number): Promise<number>
  /** Makes the proxy pretend that `blockNumber` is the head; null shows everything again. */
  revealTo(blockNumber: number | null): void
  close(): Promise<void>
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
 * @throws AnvilError when anvil does not start, SetupError when the contracts do not deploy,
 *   DevnetError for an L1 below a chain of kind `evm`
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const { mode = 'era', seed = 1, history = 0, traffic: hasTraffic = false, log = () => {} } = options
  const l1 = l1Settings(options)
  const blockTimeMs = options.blockTimeMs ?? (mode === 'evm' ? 1000 : 500)
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'flowprint-devnet-'))
  mkdirSync(dataDir, { recursive: true })
  const genesisTimestamp =
    options.genesisTimestamp ?? (hasTraffic ? liveGenesis(history, blockTimeMs) : defaultGenesisTimestamp)
  const removeData = () => {
    process.off('exit', removeData)
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  // A process that ends before it has closed the devnet leaves nothing behind either.
  process.once('exit', removeData)
  const core = await startCore({
    ...{ mode, dataDir, genesisTimestamp, log, batchBlocks: options.batchBlocks ?? 10 },
    keptStates: options.keptStates ?? (hasTraffic ? history + liveKeptStates : unlimitedStates),
    settlementBlocks: options.settlementBlocks ?? { commit: 10, prove: 20, execute: 30 },
    l1Timing: l1 && { ...l1, priorityDelay: l1.priorityDelay === 'manual' ? null : l1.priorityDelay },
    smartAccounts: options.smartAccounts ?? l1 !== null,
  })
  try {
    const labels = createLabelWriter(join(dataDir, 'labels.ndjson'))
    // The genesis upgrade, the only operation there is so far, gets a block of its own.
    if (core.l1) await core.producer.produce(genesisTimestamp)
    await runSetup(core, labels)
    const driver = createDriver({ core, labels, seed, blockTimeMs, agents: { l1SwapShare: l1?.swapShare ?? 0 } })
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
    l1: core.l1 && createDevnetL1(core.l1),
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
    revertBatches: (keepBatch) => quietly(() => revertBatches(core, driver, keepBatch)),
    async close() {
      await traffic?.stop()
      await server.close()
      await core.stop()
      removeData()
    },
  }
}

function liveGenesis(history: number, blockTimeMs: number): number {
  return Math.floor(Date.now() / 1000) - setupSeconds - Math.ceil((history * blockTimeMs) / 1000)
}

function proxyContext(core: Core, options: DevnetOptions): ProxyContext {
  const pending = createPendingFeed()
  // The era server's stream tells of every transaction it knows; that of ZKsync OS only of its L2 pool's.
  if (core.mode === 'era') core.l1?.onRelease(({ hash }) => pending.add(hash))
  return {
    ...{ mode: core.mode, chainId: devnetChainId, anvil: core.anvil.rpc, chain: core.chain },
    ...{
      sequencer: core.sequencer,
      plan: core.plan,
      settlement: core.settlement,
      l1: core.l1?.view ?? null,
      fixedBaseFeePerGas: core.fixedBaseFeePerGas,
      log: core.log,
    },
    logLimits: { maxResults: 10_000, maxBlockRange: 10_000, ...options.logLimits },
    ...{ keptStates: core.keptStates, pending, filters: new Map() },
  }
}
