import { join } from 'node:path'
import { devAccounts } from './accounts.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import { type L1, startL1 } from './l1/index.ts'
import type { BatchPlan } from './proxy/batches.ts'
import type { BlockView, RpcBlock } from './proxy/block.ts'
import { createBlockList } from './proxy/blockList.ts'
import { type ChainCopy, createChainCopy } from './proxy/chainCopy.ts'
import { createEraView } from './proxy/eraView.ts'
import { evmView, zksyncOsView } from './proxy/plainViews.ts'
import { createProducer, type Producer } from './proxy/producer.ts'
import { createSequencer, type Sequencer } from './proxy/sequencer.ts'
import { createPlannedSettlement, type SettlementView } from './proxy/settlement.ts'
import type { LogFunction, Mode } from './types.ts'

/** Chain id of the devnet in every mode. */
export const devnetChainId = 271

/** Base fee of the ZKsync modes, which do not follow EIP-1559: 0.025 gwei. */
export const zksyncBaseFeePerGas = 25_000_000n

/** Blocks kept in memory, about 100 kB each with their JSON texts: half an hour of live blocks. */
const hotBlocks = 4096

/** Settings of a chain. */
export type CoreOptions = {
  mode: Mode
  dataDir: string
  /** Unix seconds of block 0. */
  genesisTimestamp: number
  /** How many of the last blocks keep their state. */
  keptStates: number
  /** Blocks with transactions per L1 batch. */
  batchBlocks: number
  /** Blocks from a batch's end to its commit, proof and execution. */
  settlementBlocks: { commit: number; prove: number; execute: number }
  /** Cadence of the L1 and its requests' delay; null for a chain without one. */
  l1Timing: { blockEvery: number; priorityDelay: number | null } | null
  /** True shows some accounts' transactions with the account-abstraction type. */
  smartAccounts: boolean
  log: LogFunction
}

/** anvil, the proxy's copy of it and the producer between them. */
export type Core = CoreOptions & {
  anvil: Anvil
  chain: ChainCopy
  sequencer: Sequencer
  producer: Producer
  plan: BatchPlan
  settlement: SettlementView
  l1: L1 | null
  fixedBaseFeePerGas: bigint | null
  stop(): Promise<void>
}

/** Starts anvil and copies its block 0, and starts the L1 if there is to be one. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { mode, log, genesisTimestamp } = options
  const fixedBaseFeePerGas = mode === 'evm' ? null : zksyncBaseFeePerGas
  const plan = batchPlan(options)
  const anvil = await startAnvil({
    ...{ chainId: devnetChainId, genesisTimestamp, keptStates: options.keptStates },
    ...{ baseFeePerGas: zksyncBaseFeePerGas, gasLimit: 0xffffffff },
  })
  const blocks = createBlockList(join(options.dataDir, 'old-blocks.bin'), hotBlocks)
  let l1: L1 | null = null
  async function stop(): Promise<void> {
    await anvil.stop()
    await l1?.node.stop()
    blocks.close()
  }
  try {
    const chain = createChainCopy(blockView(options, plan), plan, blocks)
    const block = await anvil.rpc.call<RpcBlock>('eth_getBlockByNumber', ['0x0', true])
    chain.append({ block, receipts: [], receivedAtUs: [], operations: [] })
    if (options.l1Timing)
      l1 = await startL1({
        ...options.l1Timing,
        chain,
        plan,
        mode,
        genesisTimestamp,
        l2GasPriceWei: zksyncBaseFeePerGas,
      })
    const sequencer = createSequencer(mode === 'era' ? 'fifo' : 'tip')
    const link = l1?.link ?? null
    const producer = createProducer({
      anvil: anvil.rpc,
      chain,
      sequencer,
      plan,
      fixedBaseFeePerGas,
      mode,
      l1: link,
      log,
    })
    const settlement = l1?.settlement ?? createPlannedSettlement(chain, plan)
    return { ...options, anvil, chain, sequencer, producer, plan, settlement, l1, fixedBaseFeePerGas, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function batchPlan({ mode, batchBlocks, settlementBlocks }: CoreOptions): BatchPlan {
  const isEra = mode === 'era'
  return {
    blocksPerBatch: batchBlocks + (isEra ? 1 : 0),
    hasClosingBlock: isEra,
    commitAfter: settlementBlocks.commit,
    proveAfter: settlementBlocks.prove,
    executeAfter: settlementBlocks.execute,
  }
}

function blockView({ mode, smartAccounts }: CoreOptions, plan: BatchPlan): BlockView {
  if (mode !== 'era') return mode === 'evm' ? evmView : zksyncOsView
  const accounts = smartAccounts ? devAccounts().aggregatorRetail : []
  return createEraView(plan, new Set(accounts.map(({ address }) => address)))
}
