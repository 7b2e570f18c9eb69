import type { Address, Block, Hex, Log, Receipt, Transaction } from '../types/block.ts'
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
  removed?: boolean
}

/** A receipt as JSON-RPC gives it, the fields we read. */
export type RawReceipt = {
  transactionHash: Hex
  transactionIndex: Hex
  blockHash: Hex
  blockNumber: Hex
  from: Address
  to: Address | null
  contractAddress?: Address | null
  /** Of receipts from before EIP-658 there is none, but the root of the state. */
  status?: Hex | null
  gasUsed: Hex
  effectiveGasPrice?: Hex | null
  type?: Hex | null
  logs: RawLog[]
  logsBloom?: Hex | null
}

/** Highest type a transaction can have: its one leading byte (EIP-2718; ZKsync Era goes on above 0x7f). */
const TYPE_MAX = 0xff
/** LOG0 to LOG4 are all there is. */
const TOPICS_MAX = 4
const QUANTITY = /^0x[0-9a-fA-F]+$/
const HASH = /^0x[0-9a-fA-F]{64}$/
const ADDRESS = /^0x[0-9a-fA-F]{40}$/
const BYTES = /^0x[0-9a-fA-F]*$/
const BLOOM = /^0x[0-9a-fA-F]{512}$/

/**
 * A JSON-RPC quantity as a number.
 * @param field what is read, for the message.
 * @throws ContradictionError when it is none or above 2^53-1.
 */
export function toNumber(quantity: unknown, field?: string): number {
  const value = typeof quantity === 'string' && QUANTITY.test(quantity) ? Number(quantity) : Number.NaN
  if (!Number.isSafeInteger(value)) throw unreadable(field, quantity, 'is no JSON-RPC quantity')
  return value
}

/** A JSON-RPC quantity as a bigint. Throws ContradictionError, which names `field`, when it is none. */
export function toBigInt(quantity: unknown, field?: string): bigint {
  if (typeof quantity !== 'string' || !QUANTITY.test(quantity)) {
    throw unreadable(field, quantity, 'is no JSON-RPC quantity')
  }
  return BigInt(quantity)
}

/** A 32-byte hash in lower case. Throws ContradictionError, which names `field`, when it is none. */
export function toHash(value: unknown, field?: string): Hex {
  if (typeof value !== 'string' || !HASH.test(value)) throw unreadable(field, value, 'is no hash')
  return value.toLowerCase() as Hex
}

/** A 20-byte address in lower case. Throws ContradictionError, which names `field`, when it is none. */
export function toAddress(value: unknown, field?: string): Address {
  if (typeof value !== 'string' || !ADDRESS.test(value)) throw unreadable(field, value, 'is no address')
  return value.toLowerCase() as Address
}

/**
 * A block of eth_getBlockByNumber, of any stack. The L1 batch fields of ZKsync Era are not read: they are null until
 * the batch is sealed, so that they would depend on when the block is asked for.
 * @throws ContradictionError when a field is missing or none of its kind.
 */
export function toBlock(raw: RawBlock): Block {
  requireObject(raw, 'block')
  if (!Array.isArray(raw.transactions)) throw unreadable('block.transactions', raw.transactions, 'is no list')
  for (const transaction of raw.transactions) {
    toHash(typeof transaction === 'string' ? transaction : transaction?.hash, 'block.transactions')
  }
  return {
    number: toNumber(raw.number, 'block.number'),
    hash: toHash(raw.hash, 'block.hash'),
    parentHash: toHash(raw.parentHash, 'block.parentHash'),
    timestamp: toNumber(raw.timestamp, 'block.timestamp'),
    gasUsed: toBigInt(raw.gasUsed, 'block.gasUsed'),
    gasLimit: toBigInt(raw.gasLimit, 'block.gasLimit'),
    baseFeePerGas: isAbsent(raw.baseFeePerGas) ? null : toBigInt(raw.baseFeePerGas, 'block.baseFeePerGas'),
    transactionCount: raw.transactions.length,
  }
}

/**
 * A transaction of a block, of any type. Operations from L1 (0xff, 0xfe, 0x7f, 0x7e) and system transactions (0x7d)
 * may lack a signature, which is not read; their nonce says nothing about the account.
 * @throws ContradictionError when a field is missing or none of its kind, as in a transaction that is still pending.
 */
export function toTransaction(raw: RawTransaction): Transaction {
  requireObject(raw, 'transaction')
  const input = toBytes(raw.input, 'transaction.input')
  return {
    hash: toHash(raw.hash, 'transaction.hash'),
    transactionIndex: toNumber(raw.transactionIndex, 'transaction.transactionIndex'),
    from: toAddress(raw.from, 'transaction.from'),
    to: raw.to === null ? null : toAddress(raw.to, 'transaction.to'),
    nonce: toBigInt(raw.nonce, 'transaction.nonce'),
    valueWei: toBigInt(raw.value, 'transaction.value'),
    gasLimit: toBigInt(raw.gas, 'transaction.gas'),
    gasPriceWei: isAbsent(raw.gasPrice) ? null : toBigInt(raw.gasPrice, 'transaction.gasPrice'),
    type: toType(raw.type, 'transaction.type'),
    selector: input.length >= 10 ? (input.slice(0, 10) as Hex) : null,
    input,
  }
}

/**
 * A log of eth_getLogs or of a receipt; of ZKsync's additions none is read.
 * @throws ContradictionError when a field is missing or none of its kind, or the log is no longer on the chain.
 */
export function toLog(raw: RawLog): Log {
  requireObject(raw, 'log')
  if (!Array.isArray(raw.topics) || raw.topics.length > TOPICS_MAX) {
    throw unreadable('log.topics', raw.topics, 'is no list of up to four topics')
  }
  if (raw.removed === true) throw unreadable('log.removed', raw.removed, 'marks a log of a block that was replaced')
  return {
    address: toAddress(raw.address, 'log.address'),
    topics: raw.topics.map((topic) => toHash(topic, 'log.topics')),
    data: toBytes(raw.data, 'log.data'),
    logIndex: toNumber(raw.logIndex, 'log.logIndex'),
    transactionIndex: toNumber(raw.transactionIndex, 'log.transactionIndex'),
    transactionHash: toHash(raw.transactionHash, 'log.transactionHash'),
  }
}

/**
 * A receipt of eth_getBlockReceipts, of any stack. `cumulativeGasUsed` is not read: on ZKsync Era it is always zero.
 * Receipts from before EIP-658 have no status, so that `succeeded` is null.
 * @throws ContradictionError when another field is missing, or one is none of its kind.
 */
export function toReceipt(raw: RawReceipt): Receipt {
  requireObject(raw, 'receipt')
  if (!Array.isArray(raw.logs)) throw unreadable('receipt.logs', raw.logs, 'is no list')
  return {
    transactionHash: toHash(raw.transactionHash, 'receipt.transactionHash'),
    transactionIndex: toNumber(raw.transactionIndex, 'receipt.transactionIndex'),
    from: toAddress(raw.from, 'receipt.from'),
    to: raw.to === null ? null : toAddress(raw.to, 'receipt.to'),
    contractAddress: isAbsent(raw.contractAddress) ? null : toAddress(raw.contractAddress, 'receipt.contractAddress'),
    succeeded: isAbsent(raw.status) ? null : toStatus(raw.status),
    gasUsed: toBigInt(raw.gasUsed, 'receipt.gasUsed'),
    effectiveGasPriceWei: isAbsent(raw.effectiveGasPrice)
      ? null
      : toBigInt(raw.effectiveGasPrice, 'receipt.effectiveGasPrice'),
    type: toType(raw.type, 'receipt.type'),
    logs: raw.logs.map(toLog),
    logsBloom: isAbsent(raw.logsBloom) ? null : toBloom(raw.logsBloom, 'receipt.logsBloom'),
  }
}

/** A 2048-bit logs bloom in lower case. Throws ContradictionError, which names `field`, when it is none. */
export function toBloom(value: unknown, field?: string): Hex {
  if (typeof value !== 'string' || !BLOOM.test(value)) throw unreadable(field, value, 'is no logs bloom')
  return value.toLowerCase() as Hex
}

/**
 * The type of a transaction; 0 when it has none, as servers from before EIP-2718 name none. Throws ContradictionError, which
 * names `field`, when it is no byte.
 */
export function toType(value: unknown, field: string): number {
  const type = isAbsent(value) ? 0 : toNumber(value, field)
  if (type > TYPE_MAX) throw unreadable(field, value, 'is no transaction type')
  return type
}

function toStatus(value: unknown): boolean {
  const status = toNumber(value, 'receipt.status')
  if (status > 1) throw unreadable('receipt.status', value, 'is neither 0x0 nor 0x1')
  return status === 1
}

/** Bytes in lower case. Throws ContradictionError, which names `field`, when they are none. */
export function toBytes(value: unknown, field: string): Hex {
  if (typeof value !== 'string' || value.length % 2 !== 0 || !BYTES.test(value)) {
    throw unreadable(field, value, 'are no bytes')
  }
  return value.toLowerCase() as Hex
}

/** True for a field that is not there, or null. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** Throws ContradictionError when it is no object; `what` says what it should be, for the message. */
export function requireObject(raw: unknown, what: string): void {
  if (typeof raw !== 'object' || raw === null) throw unreadable(undefined, raw, `is no ${what}`)
}

function unreadable(field: string | undefined, value: unknown, why: string): ContradictionError {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return new ContradictionError(`${field === undefined ? '' : `${field}: `}${shown.slice(0, 80)} ${why}`)
}
