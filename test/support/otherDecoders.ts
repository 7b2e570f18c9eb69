import { chainConfig } from 'viem/zksync'
import { Provider } from 'zksync-ethers'
import {
  type RawBlock,
  type RawReceipt,
  type RawTransaction,
  toBlock,
  toReceipt,
  toTransaction,
} from '../../indexer/chain/format.ts'
import type { Log } from '../../indexer/types/block.ts'

/** Kinds of answers that libraries decode, too. */
export type DecodedKind = 'block' | 'transaction' | 'receipt'

/** Fields of one answer by name, as text in one notation; a decoder that throws has `throws` alone. */
export type Fields = Record<string, string>

type Any = Record<string, unknown>

/** Our decoding, and for the fields we do not read what stands in the answer. */
export function decodeHere(kind: DecodedKind, wire: Any): Fields {
  if (kind === 'block') {
    return toFields({ ...toBlock(wire as RawBlock), l1BatchNumber: quantity(wire.l1BatchNumber) })
  }
  if (kind === 'transaction') {
    return toFields({ ...toTransaction(wire as RawTransaction), l1BatchNumber: quantity(wire.l1BatchNumber) })
  }
  const { logs, ...receipt } = toReceipt(wire as RawReceipt)
  const rawLogs = wire.logs as Any[]
  return toFields({
    ...receipt,
    l1BatchNumber: quantity(wire.l1BatchNumber),
    ...logFields(logs),
    'logs.l1BatchNumber': rawLogs.map((log) => quantity(log.l1BatchNumber)),
    'l2ToL1Logs.blockNumber': ((wire.l2ToL1Logs as Any[]) ?? []).map((log) => quantity(log.blockNumber)),
  })
}

const VIEM_TYPES = { legacy: 0, eip2930: 1, eip1559: 2, eip4844: 3, eip7702: 4, eip712: 0x71, priority: 0xff }
/** A type it has no name for stays a quantity in receipts. */
const viemType = (type: unknown) =>
  VIEM_TYPES[type as keyof typeof VIEM_TYPES] ?? (String(type).startsWith('0x') ? Number(type) : type)

/** The decoding of viem with its formatters for ZKsync. */
export function decodeWithViem(kind: DecodedKind, wire: Any): Fields {
  return orThrown(() => {
    const { formatters } = chainConfig
    if (kind === 'block') {
      const block = formatters.block.format(wire as never) as unknown as Any
      return { ...block, transactionCount: (block.transactions as unknown[]).length }
    }
    if (kind === 'transaction') {
      const transaction = formatters.transaction.format(wire as never) as unknown as Any
      const { gas, gasPrice, value, type, input } = transaction
      return {
        ...transaction,
        ...{ gasLimit: gas, gasPriceWei: gasPrice, valueWei: value, type: viemType(type), selector: selector(input) },
      }
    }
    const receipt = formatters.transactionReceipt.format(wire as never) as unknown as Any
    const { status, type, effectiveGasPrice, logs, l2ToL1Logs } = receipt
    return {
      ...receipt,
      ...{ succeeded: status === 'success', type: viemType(type), effectiveGasPriceWei: effectiveGasPrice },
      ...logFields(logs as Log[]),
      'logs.l1BatchNumber': (logs as Any[]).map((log) => log.l1BatchNumber),
      'l2ToL1Logs.blockNumber': (l2ToL1Logs as Any[]).map((log) => log.blockNumber),
    }
  })
}

/** A provider that is never asked anything: it decodes what it is given. */
const provider = new Provider('http://127.0.0.1:1', 324, { staticNetwork: true })

/** The decoding of zksync-ethers, as its provider does it. */
export function decodeWithEthers(kind: DecodedKind, wire: Any): Fields {
  return orThrown(() => {
    // It writes into what it is given.
    const copy = structuredClone(wire)
    if (kind === 'block') {
      const block = provider._wrapBlock(copy)
      return { ...spread(block, BLOCK_GETTERS), transactionCount: block.transactions.length }
    }
    if (kind === 'transaction') {
      const transaction = provider._wrapTransactionResponse(copy)
      const { index, gasPrice, value, data } = transaction
      return {
        ...spread(transaction, TRANSACTION_GETTERS),
        ...{ transactionIndex: index, gasPriceWei: gasPrice, valueWei: value, input: data, selector: selector(data) },
      }
    }
    const receipt = provider._wrapTransactionReceipt(copy)
    const { hash, index, status, gasPrice, logs, l2ToL1Logs } = receipt
    return {
      ...spread(receipt, RECEIPT_GETTERS),
      ...{ transactionHash: hash, transactionIndex: index, succeeded: status === 1, effectiveGasPriceWei: gasPrice },
      ...logFields(logs.map((log) => ({ ...spread(log, LOG_GETTERS), logIndex: log.index }) as unknown as Log)),
      'logs.l1BatchNumber': logs.map((log) => log.l1BatchNumber),
      'l2ToL1Logs.blockNumber': l2ToL1Logs.map((log) => log.blockNumber),
    }
  })
}

const BLOCK_GETTERS = [
  'number',
  'hash',
  'parentHash',
  'timestamp',
  'gasUsed',
  'gasLimit',
  'baseFeePerGas',
  'l1BatchNumber',
]
const TRANSACTION_GETTERS = ['hash', 'from', 'to', 'nonce', 'gasLimit', 'type', 'l1BatchNumber']
const RECEIPT_GETTERS = ['from', 'to', 'contractAddress', 'gasUsed', 'type', 'logsBloom', 'l1BatchNumber']
const LOG_GETTERS = ['address', 'topics', 'data', 'transactionIndex', 'transactionHash']

/** ethers has getters where others have fields. */
function spread(object: object, getters: readonly string[]): Any {
  return Object.fromEntries(getters.map((name) => [name, (object as Any)[name]]))
}

function logFields(logs: readonly Log[]): Any {
  const names = ['address', 'topics', 'data', 'logIndex', 'transactionIndex', 'transactionHash'] as const
  return Object.fromEntries(names.map((name) => [`logs.${name}`, logs.map((log) => log[name])]))
}

function orThrown(run: () => Any): Fields {
  try {
    return toFields(run())
  } catch (error) {
    return { throws: (error as Error).message.split('\n')[0]! }
  }
}

function toFields(values: Any): Fields {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toText(value)]))
}

/** One notation for all: nothing is `null`, numbers are decimal, texts lower case. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  return Array.isArray(value) ? `[${value.map(toText).join(' ')}]` : String(value).toLowerCase()
}

function quantity(value: unknown): bigint | null {
  return value === null || value === undefined ? null : BigInt(value as string)
}

function selector(input: unknown): string | null {
  return String(input).length >= 10 ? String(input).slice(0, 10) : null
}
