import type { Stack } from '../../contracts/chains/profile.ts'
import type { Hex } from '../types/block.ts'
import { addBloom, addLog, type BloomBytes, emptyBloom, equalsBloom, isWithinBloom, saysAnything } from './bloom.ts'
import { ContradictionError } from './errors.ts'
import { type RawBlock, type RawReceipt, toBloom, toNumber } from './format.ts'

/**
 * Checks that the receipts are those of the block, whole and in order: one a transaction, the logs numbered through the
 * block from 0 without a gap, each naming its transaction, and no bloom that says otherwise.
 *
 * ZKsync Era's bootloader logs outside all transactions, and such logs are in no receipt. It runs before the first
 * transaction or after the last, so on `era` the numbers may begin above 0 and the block's bloom may hold more than the
 * receipts do; between two logs of receipts there is no gap there either.
 * @param block of eth_getBlockByNumber, with or without the bodies of its transactions.
 * @param receipts of eth_getBlockReceipts, as served.
 * @throws ContradictionError for anything else.
 */
export function verifyReceipts(block: RawBlock, receipts: readonly RawReceipt[], stack: Stack): void {
  const at = `block ${toNumber(block.number, 'block.number')}`
  const hasSystemLogs = stack === 'era'
  if (!Array.isArray(receipts)) throw new ContradictionError(`the receipts of ${at} are no list`)
  if (receipts.length !== block.transactions.length) {
    throw new ContradictionError(`${at} has ${block.transactions.length} transactions but ${receipts.length} receipts`)
  }
  let nextLog: number | null = hasSystemLogs ? null : 0
  const blockBloom = emptyBloom()
  for (const [index, receipt] of receipts.entries()) {
    verifyPlace(block, receipt, index, at)
    nextLog = verifyLogNumbers(block, receipt, nextLog, at)
    addBloom(blockBloom, verifyReceiptBloom(receipt, at))
  }
  if (!saysAnything(block.logsBloom)) return
  const served = toBloom(block.logsBloom, 'block.logsBloom')
  if (!(hasSystemLogs ? isWithinBloom(blockBloom, served) : equalsBloom(blockBloom, served))) {
    throw new ContradictionError(`the logs in the receipts of ${at} are not those of its bloom`)
  }
}

function verifyPlace(block: RawBlock, receipt: RawReceipt, index: number, at: string): void {
  const transaction = block.transactions[index]
  const hash = typeof transaction === 'string' ? transaction : transaction?.hash
  const where = `receipt ${index} of ${at}`
  if (!isSameHash(receipt?.transactionHash, hash)) {
    throw new ContradictionError(`${where} is of transaction ${receipt?.transactionHash}, the block has ${hash}`)
  }
  if (!isSameHash(receipt.blockHash, block.hash)) {
    throw new ContradictionError(`${where} belongs to block ${receipt.blockHash}, not ${block.hash}`)
  }
  if (toNumber(receipt.transactionIndex, 'receipt.transactionIndex') !== index) {
    throw new ContradictionError(`${where} has the index ${receipt.transactionIndex}`)
  }
  if (!Array.isArray(receipt.logs)) throw new ContradictionError(`${where} came without logs`)
}

/** Returns the number of the next log; null while there was none. */
function verifyLogNumbers(block: RawBlock, receipt: RawReceipt, first: number | null, at: string): number | null {
  let next = first
  for (const log of receipt.logs) {
    const number = toNumber(log.logIndex, 'log.logIndex')
    const where = `log ${number} of ${at}`
    if (next !== null && number !== next) throw new ContradictionError(`${where} comes where log ${next} is due`)
    if (!isSameHash(log.transactionHash, receipt.transactionHash)) {
      throw new ContradictionError(
        `${where} names transaction ${log.transactionHash}, its receipt is of ${receipt.transactionHash}`,
      )
    }
    if (toNumber(log.transactionIndex, 'log.transactionIndex') !== Number(receipt.transactionIndex)) {
      throw new ContradictionError(`${where} names transaction index ${log.transactionIndex}`)
    }
    if (!isSameHash(log.blockHash, block.hash)) {
      throw new ContradictionError(`${where} belongs to block ${log.blockHash}, not ${block.hash}`)
    }
    next = number + 1
  }
  return next
}

function verifyReceiptBloom(receipt: RawReceipt, at: string): BloomBytes {
  const bloom = emptyBloom()
  for (const log of receipt.logs) addLog(bloom, log)
  if (saysAnything(receipt.logsBloom) && !equalsBloom(bloom, toBloom(receipt.logsBloom, 'receipt.logsBloom'))) {
    throw new ContradictionError(
      `the ${receipt.logs.length} logs of transaction ${receipt.transactionHash} in ${at} are not those of its bloom`,
    )
  }
  return bloom
}

/** Hashes that differ in the case of their digits are the same. */
function isSameHash(a: Hex | undefined, b: Hex | undefined): boolean {
  return typeof a === 'string' && (a === b || a.toLowerCase() === b?.toLowerCase())
}
