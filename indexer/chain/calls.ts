import type { Address, Hex } from '../types/block.ts'
import { EndpointError, RpcError } from './errors.ts'
import { toQuantity } from './logs.ts'
import type { Rpc } from './rpc.ts'

/** A read of a contract at the end of a block. */
export type ContractCall = { to: Address; data: Hex; blockNumber: number }

/** Calls per JSON-RPC batch. */
const BATCH_CALLS = 100
/** Code of a reverted call (EIP-1474 extension used by geth, anvil and ZKsync). */
const REVERT_CODE = 3
/** Words of a call that failed in the contract; any other failure is the server's. */
const CONTRACT_FAILED = /revert|invalid (opcode|jump)|opcode|out of gas|outofgas|stack (under|over)flow|evm error/i
/** Words by which servers say that they hold the state of newer blocks only. */
const STATE_PRUNED = /missing trie node|pruned|historical state|state .*not available|no state available/i
/** Longer answers are no getter's. */
const RETURN_DATA_DIGITS_MAX = 2 * 65_536

/** What to do where the node no longer holds the state of a block: read the latest one, or answer null. */
type WhenPruned = 'latest' | 'null'

/**
 * Return data of each call, in the order asked; null for a call that reverts or returns nothing usable.
 * @throws EndpointError when the server fails: its hiccup must not be taken for the contract's word.
 */
export async function fetchCalls(
  rpc: Rpc,
  calls: readonly ContractCall[],
  whenPruned: WhenPruned,
  signal?: AbortSignal,
): Promise<(Hex | null)[]> {
  const batches: Promise<(Hex | null)[]>[] = []
  for (let start = 0; start < calls.length; start += BATCH_CALLS) {
    batches.push(fetchBatch(rpc, calls.slice(start, start + BATCH_CALLS), whenPruned, signal))
  }
  return (await Promise.all(batches)).flat()
}

async function fetchBatch(
  rpc: Rpc,
  calls: readonly ContractCall[],
  whenPruned: WhenPruned,
  signal: AbortSignal | undefined,
): Promise<(Hex | null)[]> {
  const answers = await callAll(rpc, calls, ({ blockNumber }) => toQuantity(blockNumber), signal)
  if (!answers.some(isPruned)) return answers.map((answer) => toReturnData(rpc.name, answer))
  if (whenPruned === 'null') return answers.map((answer) => (isPruned(answer) ? null : toReturnData(rpc.name, answer)))
  const latest = await callAll(rpc, calls, () => 'latest', signal)
  return latest.map((answer) => toReturnData(rpc.name, answer))
}

function callAll(
  rpc: Rpc,
  calls: readonly ContractCall[],
  blockOf: (call: ContractCall) => string,
  signal: AbortSignal | undefined,
): Promise<unknown[]> {
  return rpc.batch(
    calls.map((call) => ({ method: 'eth_call', params: [{ to: call.to, data: call.data }, blockOf(call)] })),
    signal,
  )
}

function isRevert({ code, message }: RpcError): boolean {
  return code === REVERT_CODE || CONTRACT_FAILED.test(message)
}

function isPruned(answer: unknown): boolean {
  // The words of a revert are the contract's own.
  return answer instanceof RpcError && !isRevert(answer) && STATE_PRUNED.test(answer.message)
}

function toReturnData(endpoint: string, answer: unknown): Hex | null {
  if (answer instanceof RpcError) {
    if (isRevert(answer)) return null
    throw new EndpointError(endpoint, `eth_call: ${answer.message} (${answer.code})`, { fault: 'serverError' })
  }
  if (typeof answer !== 'string' || answer.length <= 2 || answer.length > RETURN_DATA_DIGITS_MAX) return null
  return /^0x[0-9a-f]*$/i.test(answer) && answer.length % 2 === 0 ? (answer.toLowerCase() as Hex) : null
}
