import { join } from 'node:path'
import { type Anvil, startAnvil } from './anvil.ts'
import type { BatchPlan } from './proxy/batches.ts'
import type { RpcBlock } from './proxy/block.ts'
import { createBlockList } from './proxy/blockList.ts'
import { type ChainCopy, createChainCopy } from './proxy/chainCopy.ts'
import { createEraView } from './proxy/eraView.ts'
import { evmView, zksyncOsView } from './proxy/plainViews.ts'
import { createProducer, type Producer } from './proxy/producer.ts'
import { createSequencer, type Sequencer } from './proxy/sequencer.ts'
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
  log: LogFunction
}

/** anvil, the proxy's copy of it and the producer between them. */
export type Core = CoreOptions & {
  anvil: Anvil
  chain: ChainCopy
  sequencer: Sequencer
  producer: Producer
  plan: BatchPlan
  fixedBaseFeePerGas: bigint | null
  stop(): Promise<void>
}

/** Starts anvil and copies its block 0. */
export async function startCore(options: CoreOptions): Promise<Core> {
  const { mode, log } = options
  const isEra = mode === 'era'
  const fixedBaseFeePerGas = mode === 'evm' ? null : zksyncBaseFeePerGas
  const plan: BatchPlan = {
    blocksPerBatch: options.batchBlocks + (isEra ? 1 : 0),
    hasClosingBlock: isEra,
    commitAfter: options.settlementBlocks.commit,
    proveAfter: options.settlementBlocks.prove,
    executeAfter: options.settlementBlocks.execute,
  }
  const anvil = await startAnvil({
    ...{ chainId: devnetChainId, genesisTimestamp: options.genesisTimestamp, keptStates: options.keptStates },
    ...{ baseFeePerGas: zksyncBaseFeePerGas, gasLimit: 0xffffffff },
  })
  const view = isEra ? createEraView(plan) : mode === 'evm' ? evmView : zksyncOsView
  const blocks = createBlockList(join(options.dataDir, 'old-blocks.bin'), hotBlocks)
  const chain = createChainCopy(view, plan, blocks)
  const block = await anvil.rpc.call<RpcBlock>('eth_getBlockByNumber', ['0x0', true])
  chain.append({ block, receipts: [], receivedAtUs: [] })
  const sequencer = createSequencer(isEra ? 'fifo' : 'tip')
  const producer = createProducer({ anvil: anvil.rpc, chain, sequencer, plan, fixedBaseFeePerGas, log })
  async function stop(): Promise<void> {
    await anvil.stop()
    blocks.close()
  }
  return { ...options, anvil, chain, sequencer, producer, plan, fixedBaseFeePerGas, stop }
}
