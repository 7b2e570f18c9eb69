import type { Address } from '../../address.ts'
import { type Anvil, startAnvil } from '../anvil.ts'
import type { RpcLog } from '../proxy/block.ts'
import { operator } from '../proxy/eraView.ts'
import { toQuantity } from '../proxy/json.ts'
import { batchAll } from '../rpc.ts'
import type { Hex } from '../types.ts'
import { diamondAddress, l1CreationCodes, newPriorityRequestTopic } from './diamond.ts'

/** A transaction of the devnet itself failed on L1. */
export class L1Error extends Error {
  override name = 'L1Error'
}

/** Chain id of the L1: the usual one of a development chain. */
export const l1ChainId = 31_337

/** Block that deploys the diamond. */
export const l1StartBlock = 1

/** A transaction from any account; the node signs for all. */
export type L1Transaction = { from: Address; to: Address | null; data: Hex; valueWei?: bigint }

/** A block just mined: what happened to its transactions, and the requests in it. */
export type L1Block = {
  number: number
  /** Unix seconds. */
  timestamp: number
  succeeded(transactionHash: Hex): boolean
  /** `NewPriorityRequest` logs of this block and of any that was mined without us, in their order. */
  requests: readonly RpcLog[]
}

/** The L1 chain. */
export type L1Node = {
  url: string
  /** Number of the last block. */
  head(): number
  /** Hands a transaction to the pool and returns its hash; it waits for `mine`. */
  send(transaction: L1Transaction): Promise<Hex>
  /** Mines a block at `timestamp`, or a second after the last one if that is later. */
  mine(timestamp: number): Promise<L1Block>
  stop(): Promise<void>
}

/** Seconds between blocks before anything happens, as on Ethereum. */
const slotSeconds = 12
const gasLimit = 60_000_000
const transactionGas = 15_000_000n
const startBalance = 10n ** 24n

/**
 * Starts anvil as L1 and deploys the diamond and the forwarder in its first block.
 * @param genesisTimestamp Unix seconds of the L2's block 0, which L1 is a little older than
 * @throws AnvilError when anvil does not start, L1Error when a deployment fails
 */
export async function startL1Node(
  genesisTimestamp: number,
  isZksyncOs: boolean,
  l2GasPriceWei: bigint,
): Promise<L1Node> {
  const anvil = await startAnvil({
    ...{ chainId: l1ChainId, genesisTimestamp: genesisTimestamp - 2 * slotSeconds, keptStates: 1_000_000 },
    // Epochs of one slot: a block is final two blocks later, which a test can wait for.
    ...{ baseFeePerGas: 10n ** 9n, gasLimit, slotsInEpoch: 1 },
  })
  try {
    const node = createL1Node(anvil, genesisTimestamp - 2 * slotSeconds)
    await anvil.rpc.call('anvil_setBalance', [operator, toQuantity(startBalance)])
    const hashes: Hex[] = []
    for (const data of l1CreationCodes(isZksyncOs, l2GasPriceWei))
      hashes.push(await node.send({ from: operator, to: null, data }))
    const block = await node.mine(genesisTimestamp - slotSeconds)
    if (!hashes.every(block.succeeded)) throw new L1Error('the L1 contracts do not deploy')
    return node
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

function createL1Node({ url, rpc, stop }: Anvil, genesisTimestamp: number): L1Node {
  let number = 0
  let lastTimestamp = genesisTimestamp
  return {
    ...{ url, stop },
    head: () => number,
    send({ from, to, data, valueWei = 0n }) {
      const request = {
        ...{ from, ...(to === null ? {} : { to }), data, value: toQuantity(valueWei), gas: toQuantity(transactionGas) },
        // Named, because anvil's own suggestion depends on when it is asked.
        ...{ maxFeePerGas: toQuantity(100n * 10n ** 9n), maxPriorityFeePerGas: toQuantity(10n ** 9n) },
      }
      return rpc.call<Hex>('eth_sendTransaction', [request])
    },
    async mine(timestamp) {
      const before = number
      lastTimestamp = Math.max(timestamp, lastTimestamp + 1)
      await rpc.call('evm_mine', [{ timestamp: lastTimestamp }])
      number = Number(await rpc.call<Hex>('eth_blockNumber'))
      // Whoever reorganises the L1 behind our back leaves it shorter.
      const from = Math.min(before + 1, number)
      const range = { fromBlock: toQuantity(from), toBlock: toQuantity(number) }
      const [receipts, logs] = await batchAll(rpc, [
        { method: 'eth_getBlockReceipts', params: [toQuantity(number)] },
        { method: 'eth_getLogs', params: [{ ...range, address: diamondAddress, topics: [newPriorityRequestTopic] }] },
      ])
      const succeeded = new Set(
        (receipts as { transactionHash: Hex; status: Hex }[])
          .filter(({ status }) => status === '0x1')
          .map(({ transactionHash }) => transactionHash),
      )
      return {
        ...{ number, timestamp: lastTimestamp, requests: logs as RpcLog[] },
        succeeded: (hash) => succeeded.has(hash),
      }
    },
  }
}
