import type { Stack } from '../../contracts/chains/profile.ts'
import { EndpointError, RpcError } from './errors.ts'
import { toNumber } from './format.ts'
import type { Rpc } from './rpc.ts'

/** "Method not found" of JSON-RPC, and "method not supported" of EIP-1474. */
const METHOD_MISSING_CODES = new Set([-32601, -32004])
/** What providers say under other codes, such as -32600 "Unsupported method: …". */
const METHOD_MISSING_WORDS =
  /unsupported method|\bmethod:?( \S+)? (is )?(not (found|supported|available|allowed|whitelisted)|does not exist)/i

/** Methods of the ZKsync OS server that the Era server has not; the first has the shorter answer. */
const ZKSYNC_OS_CALLS = [
  { method: 'zks_getBlockMetadataByNumber', params: [0] },
  { method: 'zks_getGenesis', params: [] },
] as const

/**
 * The software that serves the chain: `era` when it knows L1 batches by zks_L1BatchNumber, `zksync-os` when not that
 * but one of its own methods, else `evm`.
 * @throws EndpointError when a call fails for another reason than an unknown method; ContradictionError for a batch
 *   number that is none.
 */
export async function probeStack(rpc: Rpc, signal?: AbortSignal): Promise<Stack> {
  const batch = await ask(rpc, 'zks_L1BatchNumber', [], signal)
  if (batch.served) {
    toNumber(batch.result, 'zks_L1BatchNumber')
    return 'era'
  }
  for (const { method, params } of ZKSYNC_OS_CALLS) {
    if ((await ask(rpc, method, params, signal)).served) return 'zksync-os'
  }
  return 'evm'
}

/** True for the refusal of a method that the endpoint does not serve, in contrast to a failure that may pass. */
export function isMethodMissing(answer: unknown): answer is RpcError {
  return (
    answer instanceof RpcError && (METHOD_MISSING_CODES.has(answer.code) || METHOD_MISSING_WORDS.test(answer.message))
  )
}

type Asked = { served: true; result: unknown } | { served: false }

async function ask(rpc: Rpc, method: string, params: readonly unknown[], signal?: AbortSignal): Promise<Asked> {
  try {
    return { served: true, result: await rpc.request(method, params, signal) }
  } catch (error) {
    if (isMethodMissing(error)) return { served: false }
    if (error instanceof RpcError)
      throw new EndpointError(rpc.name, error.message, { fault: 'serverError', cause: error })
    throw error
  }
}
