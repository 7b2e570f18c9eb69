import type { Block, Hex } from '../types/block.ts'
import { ContradictionError } from './errors.ts'
import { type RawBlock, type RawLog, type RawTransaction, toNumber } from './format.ts'

/**
 * Checks that the blocks are `from`, `from + 1`, … and that each names the one before as its parent.
 * @throws ContradictionError for another number or a broken parent link.
 */
export function verifyBlocks(from: number, blocks: readonly Block[]): void {
  let last: Block | null = null
  for (const [offset, block] of blocks.entries()) {
    const number = from + offset
    if (block.number !== number) throw new ContradictionError(`block ${block.number} came for ${number}`)
    if (last !== null && block.parentHash !== last.hash) {
      throw new ContradictionError(
        `block ${number} has the parent ${block.parentHash}, but block ${number - 1} is ${last.hash}`,
      )
    }
    last = block
  }
}

/**
 * Checks that the logs belong to their block and stand in order.
 * @param logs of one block, as served.
 * @throws ContradictionError for a log of another block, of a transaction the block does not hold, or out of order.
 */
export function verifyLogs(block: RawBlock, logs: readonly RawLog[]): void {
  let last = -1
  for (const log of logs) {
    const index = toNumber(log.logIndex)
    const at = `log ${index} of block ${toNumber(block.number)}`
    if (log.blockHash !== block.hash) {
      throw new ContradictionError(`${at} belongs to block ${log.blockHash}, not ${block.hash}`)
    }
    if (index <= last) throw new ContradictionError(`${at} comes after log ${last}`)
    last = index
    if (isSystemHash(log.transactionHash)) continue
    const transaction = block.transactions[toNumber(log.transactionIndex)]
    const hash = typeof transaction === 'string' ? transaction : transaction?.hash
    if (hash !== log.transactionHash) {
      throw new ContradictionError(`${at} names transaction ${log.transactionHash}, the block has ${hash}`)
    }
  }
}

/** True for the transaction hash of ZKsync's system logs, which belong to no transaction. */
export function isSystemHash(hash: Hex): boolean {
  return /^0x0+$/.test(hash)
}

/** The full transaction at `index`. Throws ContradictionError when the block was served without it or in another order. */
export function fullTransaction(block: RawBlock, index: number): RawTransaction {
  const transaction = block.transactions[index]
  if (typeof transaction !== 'object') {
    throw new ContradictionError(`block ${block.number} came without the body of transaction ${index}`)
  }
  if (toNumber(transaction.transactionIndex) !== index) {
    throw new ContradictionError(`block ${block.number} has transaction ${transaction.transactionIndex} at ${index}`)
  }
  return transaction
}
