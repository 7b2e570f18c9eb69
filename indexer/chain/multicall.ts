import { decodeFunctionResult, encodeFunctionData, parseAbi } from 'viem'
import type { Address, Hex } from '../types/block.ts'
import { type ContractCall, fetchCalls } from './calls.ts'
import type { Rpc } from './rpc.ts'

const abi = parseAbi([
  'struct Call { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call[] calls) view returns (Result[])',
])

/** Calls in one: a node caps the gas of all of them together. */
const GROUP_CALLS = 150
const RETURN_DATA_DIGITS_MAX = 2 * 65_536

/**
 * As `fetchCalls` with the latest state where old ones are pruned, the calls of each block in as few as possible through
 * Multicall3. Where that is not there yet, or fails as a whole, each call is made by itself. A contract that burns all the gas makes the
 * calls behind it fail, so a null is no last word. Source: Multicall3.aggregate3.
 * @param multicall3 null when the chain has none.
 */
export async function fetchMulticall(
  rpc: Rpc,
  multicall3: Address | null,
  calls: readonly ContractCall[],
  signal?: AbortSignal,
): Promise<(Hex | null)[]> {
  const groups = multicall3 === null ? [] : groupCalls(calls)
  if (groups.every((group) => group.length < 2)) return fetchCalls(rpc, calls, 'latest', signal)
  const answers = await fetchCalls(
    rpc,
    groups.map((group) => ({ to: multicall3!, data: encode(group), blockNumber: group[0]!.blockNumber })),
    'latest',
    signal,
  )
  const found = new Map<ContractCall, Hex | null>()
  const alone: ContractCall[] = []
  for (const [index, group] of groups.entries()) {
    const results = decode(answers[index] ?? null, group.length)
    if (results === null) alone.push(...group)
    else for (const [position, call] of group.entries()) found.set(call, results[position]!)
  }
  const others = await fetchCalls(rpc, alone, 'latest', signal)
  for (const [index, call] of alone.entries()) found.set(call, others[index] ?? null)
  return calls.map((call) => found.get(call) ?? null)
}

function groupCalls(calls: readonly ContractCall[]): ContractCall[][] {
  const byBlock = new Map<number, ContractCall[]>()
  for (const call of calls) byBlock.set(call.blockNumber, [...(byBlock.get(call.blockNumber) ?? []), call])
  return [...byBlock.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / GROUP_CALLS) }, (_, part) =>
      group.slice(part * GROUP_CALLS, (part + 1) * GROUP_CALLS),
    ),
  )
}

function encode(group: readonly ContractCall[]): Hex {
  const args = group.map(({ to: target, data: callData }) => ({ target, allowFailure: true, callData }))
  return encodeFunctionData({ abi, functionName: 'aggregate3', args: [args] })
}

/** Null when the answer is none of Multicall3's. */
function decode(answer: Hex | null, length: number): (Hex | null)[] | null {
  if (answer === null) return null
  try {
    const results = decodeFunctionResult({ abi, functionName: 'aggregate3', data: answer })
    if (results.length !== length) return null
    return results.map(({ success, returnData }) =>
      success && returnData.length > 2 && returnData.length <= RETURN_DATA_DIGITS_MAX ? returnData : null,
    )
  } catch {
    return null
  }
}
