import type { Address } from '../../address.ts'
import { DevnetError } from '../errors.ts'
import type { L1Operation } from '../proxy/l1Operation.ts'
import type { DevAccount, Hex } from '../types.ts'
import { diamondAddress, forwarderAddress } from './diamond.ts'
import type { L1 } from './index.ts'
import { l1ChainId, l1StartBlock } from './node.ts'

/** A transaction on L2 that is asked for on L1. */
export type L2TransactionRequest = {
  from: DevAccount
  to: Address
  data?: Hex
  valueWei?: bigint
  /** Gas on L2, at most 72 million; default 1 million. */
  gasLimit?: bigint
  /** `forwarder` sends through a contract, so that the sender on L2 is its alias; default `account`. */
  through?: 'account' | 'forwarder'
}

/** A request as L1 accepted it. */
export type PriorityRequest = {
  serialId: number
  /** Hash in the event on L1 and of the transaction on L2. */
  canonicalHash: Hex
  /** Sender on L2. */
  sender: Address
  l1TransactionHash: Hex
  l1BlockNumber: number
}

/** The L1 of a running devnet. */
export type DevnetL1 = {
  /** JSON-RPC endpoint of the L1 node. */
  url: string
  chainId: number
  /** The chain's contract, with the events and getters of a diamond proxy. */
  diamond: Address
  /** Contract that passes requests on. */
  forwarder: Address
  /** L1 block that deployed the diamond. */
  startBlock: number
  /** Number of the last L1 block. */
  head(): number
  /** Mines `blocks` L1 blocks (default 1) at the L2's time, with the settlement that is due, and returns the last number. */
  mine(blocks?: number): Promise<number>
  /**
   * Asks L1 for a transaction on L2 and mines the L1 block with it.
   * @throws DevnetError when the diamond refuses it
   */
  requestL2Transaction(request: L2TransactionRequest): Promise<PriorityRequest>
  /** Gives L2 the next `count` requests (default all) without any delay; the next L2 block holds them. */
  release(count?: number): void
}

const defaultGasLimit = 1_000_000n

/** Creates what a user of the devnet sees of its L1. */
export function createDevnetL1(l1: L1): DevnetL1 {
  return {
    ...{ url: l1.node.url, chainId: l1ChainId, diamond: diamondAddress, forwarder: forwarderAddress },
    ...{ startBlock: l1StartBlock, head: l1.node.head },
    async mine(blocks = 1) {
      for (let block = 0; block < blocks; block++) await l1.mine()
      return l1.node.head()
    },
    async requestL2Transaction({ from, to, data = '0x', valueWei = 0n, gasLimit = defaultGasLimit, through }) {
      const throughForwarder = through === 'forwarder'
      const accepted: L1Operation[] = []
      const hash = await l1.send({ from: from.address, to, data, valueWei, gasLimit, throughForwarder }, (operation) =>
        accepted.push(operation),
      )
      if (accepted.length === 0) await l1.mine()
      const [operation] = accepted
      if (!operation) throw new DevnetError(`L1 refused the request in transaction ${hash}`)
      const { serialId, hash: canonicalHash, from: sender, l1TransactionHash, l1BlockNumber } = operation
      return { serialId, canonicalHash, sender, l1TransactionHash, l1BlockNumber }
    },
    release: (count = Number.MAX_SAFE_INTEGER) => l1.release(count),
  }
}
