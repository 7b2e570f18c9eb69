import type { Hex } from '../types/block.ts'
import { ContradictionError, RpcError } from './errors.ts'
import { type RawReceipt, toBigInt, toHash } from './format.ts'
import type { Rpc } from './rpc.ts'

/** A receipt on rollups that charge for L1 apart (OP stack) has this as well. */
type WithL1Fee = RawReceipt & { l1Fee?: string | null }

/**
 * How included transactions have ended, and what they have paid (eth_getTransactionReceipt), in the order asked.
 * @throws ContradictionError for a receipt that is missing or of another transaction.
 */
export async function fetchOutcomes(
  rpc: Rpc,
  hashes: readonly Hex[],
  signal?: AbortSignal,
): Promise<{ succeeded: boolean | null; feeWei: bigint | null }[]> {
  const receipts = await fetchReceipts(rpc, hashes, signal)
  return receipts.map((receipt) => ({
    succeeded: receipt.status == null ? null : toBigInt(receipt.status) === 1n,
    feeWei: toFee(receipt),
  }))
}

/**
 * What included transactions have paid, in wei: gas used at its effective price, with the L1 fee where it is apart
 * (eth_getTransactionReceipt). One whose receipt does not state the price is left out.
 * @throws ContradictionError for a receipt that is missing or of another transaction.
 */
export async function fetchFees(rpc: Rpc, hashes: readonly Hex[], signal?: AbortSignal): Promise<Map<Hex, bigint>> {
  const receipts = await fetchReceipts(rpc, hashes, signal)
  const fees = new Map<Hex, bigint>()
  for (const [index, receipt] of receipts.entries()) {
    const fee = toFee(receipt)
    if (fee !== null) fees.set(hashes[index]!, fee)
  }
  return fees
}

async function fetchReceipts(rpc: Rpc, hashes: readonly Hex[], signal?: AbortSignal): Promise<WithL1Fee[]> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer, index) => {
    if (answer instanceof RpcError) throw answer
    const hash = hashes[index]!
    if (!answer) throw new ContradictionError(`the receipt of ${hash} is missing`)
    const receipt = answer as WithL1Fee
    if (toHash(receipt.transactionHash) !== hash) {
      throw new ContradictionError(`the receipt of ${receipt.transactionHash} came for ${hash}`)
    }
    return receipt
  })
}

/** What a transaction has paid by its receipt, in wei; null when the receipt does not state the price. */
export function toFee({ gasUsed, effectiveGasPrice, l1Fee }: WithL1Fee): bigint | null {
  if (effectiveGasPrice == null) return null
  return toBigInt(gasUsed) * toBigInt(effectiveGasPrice) + (l1Fee == null ? 0n : toBigInt(l1Fee))
}
