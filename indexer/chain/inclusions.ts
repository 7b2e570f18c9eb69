import type { Hex } from '../types/block.ts'
import type { RequestReceipt } from '../types/priority.ts'
import { ContradictionError, RpcError } from './errors.ts'
import { type RawBlock, type RawReceipt, toHash, toNumber } from './format.ts'
import { toQuantity } from './logs.ts'
import type { Rpc } from './rpc.ts'

/**
 * Where and how transactions ran (eth_getTransactionReceipt), in the order asked for.
 * @returns null for one that is in no block.
 * @throws ContradictionError for a receipt of another transaction.
 */
export async function fetchInclusions(
  rpc: Rpc,
  hashes: readonly Hex[],
  signal?: AbortSignal,
): Promise<(RequestReceipt | null)[]> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer, index) => {
    if (answer instanceof RpcError) throw answer
    // Some servers show a transaction that is in no block yet with an unfinished receipt.
    if (!answer || (answer as RawReceipt).blockNumber === null) return null
    return readInclusion(answer as RawReceipt, hashes[index]!)
  })
}

function readInclusion(receipt: RawReceipt, asked: Hex): RequestReceipt {
  const transactionHash = toHash(receipt.transactionHash)
  if (transactionHash !== asked) throw new ContradictionError(`the receipt of ${transactionHash} came for ${asked}`)
  const status = toNumber(receipt.status, 'receipt.status')
  if (status > 1) throw new ContradictionError(`the receipt of ${asked} has the status ${status}`)
  return {
    transactionHash,
    blockNumber: toNumber(receipt.blockNumber),
    blockHash: toHash(receipt.blockHash),
    transactionIndex: toNumber(receipt.transactionIndex),
    succeeded: status === 1,
  }
}

/**
 * Unix seconds of blocks, in the order asked for.
 * @throws ContradictionError for a block that the chain does not have.
 */
export async function fetchTimestamps(rpc: Rpc, numbers: readonly number[], signal?: AbortSignal): Promise<number[]> {
  const calls = numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [toQuantity(number), false] }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer, index) => {
    if (answer instanceof RpcError) throw answer
    if (!answer || toNumber((answer as RawBlock).number) !== numbers[index]) {
      throw new ContradictionError(`block ${numbers[index]} is missing`, 'missingBlock')
    }
    return toNumber((answer as RawBlock).timestamp)
  })
}
