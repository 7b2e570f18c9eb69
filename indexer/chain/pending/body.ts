import type { Address, Hex } from '../../types/block.ts'
import type { PendingBody } from '../../types/pending.ts'
import { ContradictionError } from '../errors.ts'
import { toAddress, toBigInt, toHash, toNumber } from '../format.ts'

/** Longer calldata is not kept: no swap needs it, and a flood of it would fill memory and tables. */
export const PENDING_CALLDATA_BYTES_MAX = 128 * 1024

/** A transaction as it was told or read. */
export type ReadTransaction = {
  hash: Hex
  body: PendingBody
  /** Null while it is in no block. */
  place: { blockNumber: number; blockHash: Hex; transactionIndex: number } | null
}

/** `0x` and 64 digits: no quantity of a transaction is longer. */
const WORD_LENGTH = 66
/** The type is one byte (EIP-2718). */
const TYPE_MAX = 0xff
const BYTES = /^0x(?:[0-9a-fA-F]{2})*$/

/**
 * Checks a transaction object of JSON-RPC, pending or mined.
 * @throws ContradictionError when a field is missing or none of its kind.
 */
export function readTransaction(raw: unknown): ReadTransaction {
  if (typeof raw !== 'object' || raw === null) throw new ContradictionError(`${String(raw)} is no transaction`)
  const fields = raw as Record<string, unknown>
  const type = isGiven(fields.type) ? toNumber(word(fields.type)) : 0
  if (type > TYPE_MAX) throw new ContradictionError(`${type} is no transaction type`)
  return {
    hash: toHash(fields.hash),
    body: {
      from: readAddress(fields.from),
      to: isGiven(fields.to) ? readAddress(fields.to) : null,
      nonce: toBigInt(word(fields.nonce)),
      valueWei: toBigInt(word(fields.value)),
      gasLimit: toBigInt(word(fields.gas)),
      maxFeePerGasWei: toBigInt(word(fields.maxFeePerGas ?? fields.gasPrice)),
      maxPriorityFeePerGasWei: isGiven(fields.maxPriorityFeePerGas)
        ? toBigInt(word(fields.maxPriorityFeePerGas))
        : null,
      type,
      calldata: readCalldata(fields.input ?? fields.data),
    },
    place: isGiven(fields.blockNumber)
      ? {
          blockNumber: toNumber(word(fields.blockNumber)),
          blockHash: toHash(fields.blockHash),
          transactionIndex: toNumber(word(fields.transactionIndex)),
        }
      : null,
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** Null when it is too long to be kept. */
function readCalldata(value: unknown): Hex | null {
  if (typeof value !== 'string') throw new ContradictionError('a transaction came without calldata')
  if (value.length > 2 + 2 * PENDING_CALLDATA_BYTES_MAX) return null
  if (!BYTES.test(value)) throw new ContradictionError(`${value.slice(0, 80)} is no calldata`)
  return value.toLowerCase() as Hex
}

function readAddress(value: unknown): Address {
  return toAddress(word(value))
}

/** Bounds what is parsed next: a number of a million digits would neither fit a column nor a message. */
function word(value: unknown): unknown {
  if (typeof value === 'string' && value.length > WORD_LENGTH) {
    throw new ContradictionError(`${value.slice(0, WORD_LENGTH)}… is longer than 32 bytes`)
  }
  return value
}
