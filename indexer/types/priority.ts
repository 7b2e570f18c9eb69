import type { Address, Hex } from './block.ts'

/** A transaction for L2 that was asked for on L1. Source: NewPriorityRequest of the diamond. */
export type PriorityRequest = {
  serialId: number
  /** Hash of the transaction on L2. */
  transactionHash: Hex
  l1BlockNumber: number
  l1LogIndex: number
  /** Unix seconds. */
  l1Timestamp: number
  l1TransactionHash: Hex
  /** `from`, or the L1 contract whose alias that is. */
  l1Sender: Address
  from: Address
  to: Address
  valueWei: bigint
  gasLimit: bigint
  gasPerPubdata: bigint
  maxFeePerGasWei: bigint
  toMintWei: bigint
  refundRecipient: Address
  /** Unix seconds. */
  expirationTimestamp: number
  factoryDependencyCount: number
  calldata: Hex
}

/** Where and how a request ran on L2. */
export type PriorityInclusion = {
  blockNumber: number
  transactionIndex: number
  /** Unix seconds. */
  timestamp: number
  succeeded: boolean
}

/** Where the receipt of a request says that it ran. */
export type RequestReceipt = {
  transactionHash: Hex
  blockNumber: number
  blockHash: Hex
  transactionIndex: number
  succeeded: boolean
}
