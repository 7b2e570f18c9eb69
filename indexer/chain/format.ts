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

/** A 32-byte hash in lower case. Throws ContradictionError when it is none. */
export function toHash(value: unknown): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) {
    throw new ContradictionError(`${String(value)} is no hash`)
  }
  return value.toLowerCase() as Hex
}

/** A block of eth_getBlockByNumber. Throws ContradictionError when a field is missing or none of its kind. */
export function toBlock(raw: RawBlock): Block {
  if (!Array.isArray(raw.transactions)) throw new ContradictionError(`block ${raw.number} came without transactions`)
  return {
    number: toNumber(raw.number),
    hash: toHash(raw.hash),
    parentHash: toHash(raw.parentHash),
    timestamp: toNumber(raw.timestamp),
    gasUsed: toBigInt(raw.gasUsed),
    gasLimit: toBigInt(raw.gasLimit),
    baseFeePerGas: raw.baseFeePerGas ? toBigInt(raw.baseFeePerGas) : null,
    transactionCount: raw.transactions.length,
  }
}

/** A transaction of a full block. Throws ContradictionError when a field is missing or none of its kind. */
export function toTransaction(raw: RawTransaction): Transaction {
  const input = toBytes(raw.input)
  return {
    hash: toHash(raw.hash),
    transactionIndex: toNumber(raw.transactionIndex),
    from: toAddress(raw.from),
    to: raw.to ? toAddress(raw.to) : null,
    nonce: toBigInt(raw.nonce),
    valueWei: toBigInt(raw.value),
    gasLimit: toBigInt(raw.gas),
    gasPriceWei: raw.gasPrice ? toBigInt(raw.gasPrice) : null,
    type: raw.type ? toNumber(raw.type) : 0,
    selector: input.length >= 10 ? (input.slice(0, 10).toLowerCase() as Hex) : null,
  }
}

/** A log of eth_getLogs. Throws ContradictionError when a field is missing or none of its kind. */
export function toLog(raw: RawLog): Log {
  if (!Array.isArray(raw.topics)) throw new ContradictionError(`log ${raw.logIndex} came without topics`)
  return {
    address: toAddress(raw.address),
    topics: raw.topics,
    data: toBytes(raw.data),
    logIndex: toNumber(raw.logIndex),
    transactionIndex: toNumber(raw.transactionIndex),
    transactionHash: raw.transactionHash,
  }
}

function toAddress(value: unknown): Address {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) {
    throw new ContradictionError(`${String(value)} is no address`)
  }
  return value.toLowerCase() as Address
}

function toBytes(value: unknown): Hex {
  if (typeof value !== 'string' || !HEX_TEXT.test(value)) {
    throw new ContradictionError(`${String(value).slice(0, 80)} are no bytes`)
  }
  return value as Hex
}

const HEX_TEXT = /^0x[0-9a-fA-F]*$/
