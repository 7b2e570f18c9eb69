import type { Hex } from '../../types/block.ts'
import type { PendingBody } from '../../types/pending.ts'
import { ContradictionError } from '../errors.ts'
import { isAbsent, requireObject, toAddress, toBigInt, toBytes, toHash, toNumber, toType } from '../format.ts'

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

/**
 * Checks a transaction object of JSON-RPC, pending or mined.
 * @throws ContradictionError when a field is missing or none of its kind.
 */
export function readTransaction(raw: unknown): ReadTransaction {
  requireObject(raw, 'transaction')
  const fields = raw as Record<string, unknown>
  return {
    hash: toHash(fields.hash, 'transaction.hash'),
    body: {
      from: toAddress(word(fields.from), 'transaction.from'),
      to: isAbsent(fields.to) ? null : toAddress(word(fields.to), 'transaction.to'),
      nonce: toBigInt(word(fields.nonce), 'transaction.nonce'),
      valueWei: toBigInt(word(fields.value), 'transaction.value'),
      gasLimit: toBigInt(word(fields.gas), 'transaction.gas'),
      maxFeePerGasWei: toBigInt(word(fields.maxFeePerGas ?? fields.gasPrice), 'transaction.maxFeePerGas'),
      maxPriorityFeePerGasWei: isAbsent(fields.maxPriorityFeePerGas)
        ? null
        : toBigInt(word(fields.maxPriorityFeePerGas), 'transaction.maxPriorityFeePerGas'),
      type: toType(word(fields.type), 'transaction.type'),
      calldata: readCalldata(fields.input ?? fields.data),
    },
    place: isAbsent(fields.blockNumber)
      ? null
      : {
          blockNumber: toNumber(word(fields.blockNumber), 'transaction.blockNumber'),
          blockHash: toHash(fields.blockHash, 'transaction.blockHash'),
          transactionIndex: toNumber(word(fields.transactionIndex), 'transaction.transactionIndex'),
        },
  }
}

/** Null when it is too long to be kept. */
function readCalldata(value: unknown): Hex | null {
  const isTooLong = typeof value === 'string' && value.length > 2 + 2 * PENDING_CALLDATA_BYTES_MAX
  return isTooLong ? null : toBytes(value, 'transaction.input')
}

/** Bounds what is parsed next: a number of a million digits would neither fit a column nor a message. */
function word(value: unknown): unknown {
  if (typeof value === 'string' && value.length > WORD_LENGTH) {
    throw new ContradictionError(`${value.slice(0, WORD_LENGTH)}… is longer than 32 bytes`)
  }
  return value
}
