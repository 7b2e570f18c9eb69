import type { Address, Hex } from '../types/block.ts'
import { EndpointError, RpcError } from './errors.ts'
import { toQuantity } from './logs.ts'
import type { Rpc } from './rpc.ts'

/** A read of a contract. */
export type ContractCall = { to: Address; data: Hex }

/** Calls per JSON-RPC batch. */
const BATCH_CALLS = 100
/** Words by which servers say that they do not hold the state of a block. */
const STATE_GONE = /missing trie node|pruned|not available|state (is )?not|historical state|header not found/i
/** Code and words of a failure that is the server's and not the contract's. */
const SERVER_CODE = -32603
const SERVER_WORDS = /timeout|timed out|unavailable|try again|overload/i

/** What to do when the node does not hold the state of the block: read the latest one, or answer null. */
type WhenGone = 'latest' | 'null'

/**
 * Return data of each call at the end of `blockNumber`; null for a call that reverts or returns nothing.
 * @throws EndpointError when the server itself fails.
 */
export async function fetchCalls(
  rpc: Rpc,
  calls: readonly ContractCall[],
  blockNumber: number,
  whenGone: WhenGone,
  signal?: AbortSignal,
): Promise<(Hex | null)[]> {
  const results: (Hex | null)[] = []
  for (let start = 0; start < calls.length; start += BATCH_CALLS) {
    const slice = calls.slice(start, start + BATCH_CALLS)
    const answers = await callAt(rpc, slice, toQuantity(blockNumber), signal)
    const gone = answers.some((answer) => answer instanceof RpcError && STATE_GONE.test(answer.message))
    const final = gone && whenGone === 'latest' ? await callAt(rpc, slice, 'latest', signal) : answers
    for (const answer of final) results.push(toReturnData(rpc.name, answer))
  }
  return results
}

function callAt(rpc: Rpc, calls: readonly ContractCall[], block: string, signal: AbortSignal | undefined) {
  return rpc.batch(
    calls.map((call) => ({ method: 'eth_call', params: [call, block] })),
    signal,
  )
}

function toReturnData(endpoint: string, answer: unknown): Hex | null {
  if (answer instanceof RpcError) {
    if (answer.code !== SERVER_CODE && !SERVER_WORDS.test(answer.message)) return null
    throw new EndpointError(endpoint, answer.message)
  }
  return typeof answer === 'string' && /^0x([0-9a-f]{2})+$/i.test(answer) ? (answer.toLowerCase() as Hex) : null
}
