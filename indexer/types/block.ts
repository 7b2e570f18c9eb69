import type { Arrivals } from './arrival.ts'

/** Bytes as `0x` and lower-case hex digits. */
export type Hex = `0x${string}`

/** A 20-byte account or contract address in lower case. */
export type Address = Hex

/** Header of an L2 block, with the number of its transactions. */
export type Block = {
  number: number
  hash: Hex
  parentHash: Hex
  /** Unix time in whole seconds; several blocks may share one. */
  timestamp: number
  gasUsed: bigint
  gasLimit: bigint
  /** Wei per gas; null before EIP-1559. */
  baseFeePerGas: bigint | null
  transactionCount: number
}

/** The fields of a transaction that are kept. */
export type Transaction = {
  hash: Hex
  /** Position in the block, from 0. */
  transactionIndex: number
  from: Address
  /** Null for a contract creation. */
  to: Address | null
  nonce: bigint
  valueWei: bigint
  gasLimit: bigint
  /** Wei per gas; null when not served. */
  gasPriceWei: bigint | null
  type: number
  /** First four bytes of the calldata; null when there are fewer. */
  selector: Hex | null
  /** The calldata; `0x` for none. */
  input: Hex
}

/** An event log as the node gives it, not decoded. */
export type Log = {
  address: Address
  topics: readonly Hex[]
  data: Hex
  /** Position in the block, from 0. */
  logIndex: number
  transactionIndex: number
  /** All zeros for a system log of ZKsync. */
  transactionHash: Hex
}

/** What running a transaction came to. */
export type Receipt = {
  transactionHash: Hex
  /** Position in the block, from 0. */
  transactionIndex: number
  from: Address
  /** Null for a contract creation. */
  to: Address | null
  /** Address of the contract that the transaction created; null when it created none. */
  contractAddress: Address | null
  /** False when the transaction was included but reverted; null in blocks from before EIP-658, which do not say. */
  succeeded: boolean | null
  gasUsed: bigint
  /** Wei paid per gas; null when not served. */
  effectiveGasPriceWei: bigint | null
  type: number
  /** By logIndex ascending. */
  logs: readonly Log[]
  /** Bloom over `logs`, 256 bytes; null when not served, all zeros on old blocks of ZKsync Era. */
  logsBloom: Hex | null
}

/** A transaction without one of our logs. */
export type IdleCall = {
  hash: Hex
  transactionIndex: number
  from: Address
  /** Null for a contract creation. */
  to: Address | null
}

/** One block with what the stages need of it, verified against itself. */
export type BlockBundle = {
  block: Block
  /** The transactions that emitted one of `logs`, by transaction index. */
  transactions: ReadonlyMap<number, Transaction>
  /** The logs with a known topic0, by logIndex ascending. */
  logs: readonly Log[]
  /** Hashes of all transactions of the block, in order; null when the block was read without them. */
  transactionHashes: readonly Hex[] | null
  /** The other transactions, in order; empty for a block without one of our logs. */
  idle: readonly IdleCall[]
  /** When the node took the transactions in; null where it does not tell, and for blocks without one of our logs. */
  arrivals: Arrivals
  /** What `transactions` have paid in wei, by transaction hash, as far as receipts were read; left out where none were. */
  feesWei?: ReadonlyMap<Hex, bigint>
}

/** A position on the chain: a block and the hash it had. */
export type BlockId = { number: number; hash: Hex }
