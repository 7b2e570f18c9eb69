import { keccak256, parseTransaction, recoverTransactionAddress, type TransactionSerialized } from 'viem'
import type { Address } from '../../address.ts'
import type { Hex } from '../types.ts'
import type { ProxyContext } from './context.ts'
import { ProxyError } from './errors.ts'
import { type Json, toQuantity } from './json.ts'
import type { PendingTransaction } from './sequencer.ts'

/**
 * Takes a signed transaction into the pool, stamped with its arrival, and returns its hash.
 * @throws ProxyError when it is malformed, for another chain, known or has a used nonce
 */
export async function sendRawTransaction(
  context: ProxyContext,
  params: readonly unknown[],
  receivedAtUs: bigint,
): Promise<string> {
  const { chain, sequencer } = context
  const pending = await decode(params[0], receivedAtUs, context.chainId)
  if (chain.transaction(pending.hash) || sequencer.byHash(pending.hash)) throw new ProxyError(3, 'already known')
  const expected = chain.nonce(pending.from)
  if (pending.nonce < expected)
    throw new ProxyError(3, `nonce too low: next nonce ${expected}, tx nonce ${pending.nonce}`)
  sequencer.add(pending)
  context.pending.add(pending.hash)
  return `"${pending.hash}"`
}

async function decode(
  raw: unknown,
  receivedAtUs: bigint,
  chainId: number,
): Promise<PendingTransaction & { hash: Hex }> {
  const serialized = raw as TransactionSerialized
  try {
    const transaction = parseTransaction(serialized)
    if (transaction.chainId !== undefined && transaction.chainId !== chainId)
      throw new RangeError(`chain id ${transaction.chainId} is not ${chainId}`)
    const from = (await recoverTransactionAddress({ serializedTransaction: serialized })).toLowerCase() as Address
    const hash = keccak256(serialized)
    return {
      ...{ hash, from, receivedAtUs, nonce: transaction.nonce ?? 0 },
      maxFeePerGas: transaction.maxFeePerGas ?? transaction.gasPrice ?? 0n,
      maxPriorityFeePerGas: transaction.maxPriorityFeePerGas ?? transaction.gasPrice ?? 0n,
      submit: { method: 'eth_sendRawTransaction', params: [serialized] },
      rpc: pendingObject(transaction, hash, from, chainId),
    }
  } catch (cause) {
    throw new ProxyError(3, `failed to decode transaction: ${(cause as Error).message}`)
  }
}

const typeNumbers: Readonly<Record<string, Hex>> = { legacy: '0x0', eip2930: '0x1', eip1559: '0x2' }

function pendingObject(
  transaction: ReturnType<typeof parseTransaction>,
  hash: Hex,
  from: Address,
  chainId: number,
): Json {
  const t = transaction
  const price = t.maxFeePerGas ?? t.gasPrice ?? 0n
  return {
    ...{ hash, nonce: toQuantity(t.nonce ?? 0), blockHash: null, blockNumber: null, transactionIndex: null },
    ...{ from, to: t.to?.toLowerCase() ?? null, value: toQuantity(t.value ?? 0n), gasPrice: toQuantity(price) },
    ...{ gas: toQuantity(t.gas ?? 0n), input: t.data ?? '0x', v: toQuantity(t.v ?? BigInt(t.yParity ?? 0)) },
    ...{ r: t.r ?? '0x0', s: t.s ?? '0x0', type: typeNumbers[t.type ?? 'legacy'] ?? '0x2' },
    ...(t.maxFeePerGas === undefined
      ? {}
      : { maxFeePerGas: toQuantity(t.maxFeePerGas), maxPriorityFeePerGas: toQuantity(t.maxPriorityFeePerGas ?? 0n) }),
    chainId: toQuantity(chainId),
  }
}
