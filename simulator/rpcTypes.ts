import type { Address, Hex } from '../indexer/types/block.ts'

/** A log as JSON-RPC gives it. */
export type RpcLog = {
  address: Address
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
  removed: boolean
}

/** A transaction as eth_getBlockByNumber gives it, without its signature. */
export type RpcTransaction = {
  hash: Hex
  blockHash: Hex
  blockNumber: Hex
  transactionIndex: Hex
  from: Address
  to: Address | null
  nonce: Hex
  value: Hex
  gas: Hex
  gasPrice: Hex
  maxFeePerGas: Hex
  maxPriorityFeePerGas: Hex
  input: Hex
  type: Hex
  chainId: Hex
}

/** A block as eth_getBlockByNumber gives it with full transactions. */
export type RpcBlock = {
  number: Hex
  hash: Hex
  parentHash: Hex
  timestamp: Hex
  gasUsed: Hex
  gasLimit: Hex
  baseFeePerGas: Hex
  miner: Address
  logsBloom: Hex
  transactions: RpcTransaction[]
}

/** A receipt as eth_getBlockReceipts gives it. */
export type RpcReceipt = {
  transactionHash: Hex
  transactionIndex: Hex
  blockHash: Hex
  blockNumber: Hex
  from: Address
  to: Address | null
  contractAddress: null
  status: Hex
  gasUsed: Hex
  cumulativeGasUsed: Hex
  effectiveGasPrice: Hex
  type: Hex
  logs: RpcLog[]
  logsBloom: Hex
}
