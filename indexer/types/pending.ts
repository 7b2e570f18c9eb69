import type { Address, Hex } from './block.ts'

/** How an endpoint tells of pending transactions. */
export type PendingStream = 'subscription' | 'filter' | 'txpool'

/** The fields of a transaction that is in no block yet. */
export type PendingBody = {
  from: Address
  /** Null for a contract creation. */
  to: Address | null
  nonce: bigint
  valueWei: bigint
  gasLimit: bigint
  /** `gasPrice` for the types without it. */
  maxFeePerGasWei: bigint
  /** Null for the types without it. */
  maxPriorityFeePerGasWei: bigint | null
  type: number
  /** Null when it is longer than we keep (128 KiB). */
  calldata: Hex | null
}

/** One endpoint told of one transaction. */
export type PendingSighting = {
  hash: Hex
  /** Name of the endpoint, without credentials. */
  endpoint: string
  stream: PendingStream
  /** Unix microseconds by the clock of this machine. */
  firstSeenAt: number
  /** True when it was in no block as it was read, false when it was; null when that is not known. */
  seenUnmined: boolean | null
  /** Null when it could not be read. */
  body: PendingBody | null
}

/** Where a transaction stands on the chain. */
export type PendingPlace = {
  hash: Hex
  blockNumber: number
  blockHash: Hex
  transactionIndex: number
  /** When this machine read the block, in Unix microseconds; null when that was not noted. */
  includedAt: number | null
}

/** How a pending transaction ends without being in a block. */
export type PendingLoss = { hash: Hex; endpoint: string; outcome: 'dropped' | 'replaced' }
