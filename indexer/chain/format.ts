import type { Address, Block, Hex, Log, Transaction } from '../types/block.ts'
import { ContradictionError } from './errors.ts'

/** A block as JSON-RPC gives it, the fields we read. */
export type RawBlock = {
  number: Hex
  hash: Hex
  parentHash: Hex
  timestamp: Hex
  gasUsed: Hex
  gasLimit: Hex
  baseFeePerGas?: Hex | null
  logsBloom?: Hex
  transactions: (RawTransaction | Hex)[]
}

/** A transaction of a block as JSON-RPC gives it, the fields we read. */
export type RawTransaction = {
  hash: Hex
  transactionIndex: Hex
  from: Address
  to: Address | null
  nonce: Hex
  value: Hex
  gas: Hex
  gasPrice?: Hex | null
  type?: Hex | null
  input: Hex
}

/** A log as JSON-RPC gives it, the fields we read. */
export type RawLog = {
  address: Address
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  transactionHash: Hex
  transactionIndex: Hex
  logIndex: Hex
}

/** A JSON-RPC quantity as a number. Throws ContradictionError when it is none or above 2^53-1. */
export function toNumber(quantity: unknown): number {
  const value = typeof quantity === 'string' && quantity.startsWith('0x') ? Number(quantity) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new ContradictionError(`${String(quantity)} is no JSON-RPC quantity`)
  return value
}

/** A JSON-RPC quantity as a bigint. Throws ContradictionError when it is none. */
export function toBigInt(quantity: unknown): bigint {
  if (typeof quantity !== 'string' || !/^0x[0-9a-fA-F]+$/.test(quantity)) {
    throw new ContradictionError(`${String(quantity)} is no JSON-RPC quantity`)
  }
  return BigInt(quantity)
}

/** A block of eth_getBlockByNumber. */
export function toBlock(raw: RawBlock): Block {
  return {
    number: toNumber(raw.number),
    hash: raw.hash,
    parentHash: raw.parentHash,
    timestamp: toNumber(raw.timestamp),
    gasUsed: toBigInt(raw.gasUsed),
    gasLimit: toBigInt(raw.gasLimit),
    baseFeePerGas: raw.baseFeePerGas ? toBigInt(raw.baseFeePerGas) : null,
    transactionCount: raw.transactions.length,
  }
}

/** A transaction of a full block. */
export function toTransaction(raw: RawTransaction): Transaction {
  return {
    hash: raw.hash,
    transactionIndex: toNumber(raw.transactionIndex),
    from: toLower(raw.from),
    to: raw.to ? toLower(raw.to) : null,
    nonce: toBigInt(raw.nonce),
    valueWei: toBigInt(raw.value),
    gasLimit: toBigInt(raw.gas),
    gasPriceWei: raw.gasPrice ? toBigInt(raw.gasPrice) : null,
    type: raw.type ? toNumber(raw.type) : 0,
    selector: raw.input.length >= 10 ? (raw.input.slice(0, 10) as Hex) : null,
  }
}

/** A log of eth_getLogs. */
export function toLog(raw: RawLog): Log {
  return {
    address: toLower(raw.address),
    topics: raw.topics,
    data: raw.data,
    logIndex: toNumber(raw.logIndex),
    transactionIndex: toNumber(raw.transactionIndex),
    transactionHash: raw.transactionHash,
  }
}

function toLower(address: Address): Address {
  return address.toLowerCase() as Address
}
