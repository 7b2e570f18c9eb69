import type { Hex } from '../types/block.ts'
import { ContradictionError, RpcError } from './errors.ts'
import { type RawReceipt, toBigInt, toHash } from './format.ts'
import type { Rpc } from './rpc.ts'

/** A receipt on rollups that charge for L1 apart (OP stack) has this as well. */
type WithL1Fee = RawReceipt & { l1Fee?: string | null }

/**
 * What included transactions have paid, in wei: gas used at its effective price, with the L1 fee where it is apart
 * (eth_getTransactionReceipt). One whose receipt does not state the price is left out.
 * @throws ContradictionError for a receipt that is missing or of another transaction.
 */
export async function fetchFees(rpc: Rpc, hashes: readonly Hex[], signal?: AbortSignal): Promise<Map<Hex, bigint>> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }))
  const answers = await rpc.batch(calls, signal)
  const fees = new Map<Hex, bigint>()
  for (const [index, answer] of answers.entries()) {
    if (answer instanceof RpcError) throw answer
    const hash = hashes[index]!
    if (!answer) throw new ContradictionError(`the receipt of ${hash} is missing`)
    const receipt = answer as WithL1Fee
    if (toHash(receipt.transactionHash) !== hash) {
      throw new ContradictionError(`the receipt of ${receipt.transactionHash} came for ${hash}`)
    }
    const fee = toFee(receipt)
    if (fee !== null) fees.set(hash, fee)
  }
  return fees
}

/** What a transaction has paid by its receipt, in wei; null when the receipt does not state the price. */
export function toFee({ gasUsed, effectiveGasPrice, l1Fee }: WithL1Fee): bigint | null {
  if (effectiveGasPrice == null) return null
  return toBigInt(gasUsed) * toBigInt(effectiveGasPrice) + (l1Fee == null ? 0n : toBigInt(l1Fee))
}
