import type { Address } from '../../address.ts'
import type { Hex } from '../types.ts'
import type { Json } from './json.ts'
import type { L1Operation } from './l1Operation.ts'

/** A log as every server writes it; the rest of its fields differ by server. */
export type RpcLog = Json & { address: Address; topics: Hex[]; data: Hex }

/** A receipt as anvil writes it, as far as the views read it. */
export type RpcReceipt = Json & {
  transactionHash: Hex
  from: Address
  to: Address | null
  status: Hex
  gasUsed: Hex
  effectiveGasPrice: Hex
  type: Hex
  logs: RpcLog[]
}

/** A transaction as anvil writes it, as far as the views read it. */
export type RpcTransaction = Json & {
  hash: Hex
  from: Address
  to: Address | null
  nonce: Hex
  gas: Hex
  value: Hex
  input: Hex
  type: Hex
}

/** A block with full transactions as anvil writes it. */
export type RpcBlock = Json & {
  number: Hex
  hash: Hex
  parentHash: Hex
  timestamp: Hex
  baseFeePerGas: Hex
  transactions: RpcTransaction[]
}

/** One block of anvil with everything the proxy needs to show it. */
export type MinedBlock = {
  block: RpcBlock
  receipts: RpcReceipt[]
  /** When each transaction reached the sequencer, Unix microseconds, by transaction index. */
  receivedAtUs: bigint[]
  /** What L1 ordered: the first transactions of the block, in their order. */
  operations: readonly L1Operation[]
}

/** A block as the played server shows it, before its L1 batch is sealed. */
export type ViewBlock = {
  number: number
  hash: Hex
  parentHash: Hex
  /** Unix seconds. */
  timestamp: number
  /** The block object without `transactions`. */
  header: Json
  transactions: RpcTransaction[]
  receipts: RpcReceipt[]
  /** Every log of the block by `logIndex`, those that stand in no receipt included. */
  logs: RpcLog[]
  receivedAtUs: bigint[]
  /** Transactions of the same L1 batch in earlier blocks. */
  batchTxOffset: number
}

/** Turns anvil's block into the played server's. */
export type BlockView = (mined: MinedBlock, batchTxOffset: number) => ViewBlock
