import type { Address, Hex } from '../../types/block.ts'
import { ContradictionError, RpcError } from '../errors.ts'
import { toBigInt } from '../format.ts'
import type { Rpc } from '../rpc.ts'
import { type ReadTransaction, readTransaction } from './body.ts'

/** What an endpoint says of a hash; `unknown` = it has no such transaction, `unreadable` = nothing usable. */
export type Lookup = ReadTransaction | 'unknown' | 'unreadable'

/**
 * What the endpoint says of transactions, in the order asked. Source: eth_getTransactionByHash.
 * @throws EndpointError when it does not answer.
 */
export async function lookUp(rpc: Rpc, hashes: readonly Hex[], signal?: AbortSignal): Promise<Lookup[]> {
  const calls = hashes.map((hash) => ({ method: 'eth_getTransactionByHash', params: [hash] }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer, index) => {
    if (answer === null) return 'unknown'
    const read = tryRead(answer)
    return read !== null && read.hash === hashes[index] ? read : 'unreadable'
  })
}

/** A checked transaction; null when it is none. */
export function tryRead(raw: unknown): ReadTransaction | null {
  if (raw instanceof RpcError) return null
  try {
    return readTransaction(raw)
  } catch (error) {
    if (error instanceof ContradictionError) return null
    throw error
  }
}

/**
 * The next nonce of each account by the last block, in the order asked; null when the endpoint refuses to say.
 * Source: eth_getTransactionCount.
 * @throws EndpointError when it does not answer.
 */
export async function fetchNextNonces(
  rpc: Rpc,
  accounts: readonly Address[],
  signal?: AbortSignal,
): Promise<(bigint | null)[]> {
  const calls = accounts.map((account) => ({ method: 'eth_getTransactionCount', params: [account, 'latest'] }))
  const answers = await rpc.batch(calls, signal)
  return answers.map((answer) => (answer instanceof RpcError ? null : toBigInt(answer)))
}
