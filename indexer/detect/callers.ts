import type { BlockActions } from '../types/action.ts'
import type { Address } from '../types/block.ts'

/** For so many blocks it is remembered who has called what. */
export const CALLER_BLOCKS = 1_000
/** A contract with more callers than this serves others: attackers with more accounts than that in so short a time are rare. */
const OWN_CALLERS_MAX = 8

/** A contract that somebody called in order to trade or to provide liquidity. */
export type ContractCall = { blockNumber: number; contract: Address; from: Address }

/** Who has called which contracts in the last blocks. */
export type Callers = {
  /** Takes in the next block. */
  note(actions: BlockActions): void
  /** True for a contract that so many accounts have called that it is nobody's own: a router, known or not. */
  isShared(contract: Address): boolean
}

/** Begins with what is known already, in chain order. */
export function createCallers(stored: Iterable<ContractCall>): Callers {
  const calls: ContractCall[] = []
  const counts = new Map<Address, Map<Address, number>>()
  let forgotten = 0
  const add = (call: ContractCall) => {
    calls.push(call)
    const callers = counts.get(call.contract)
    if (callers === undefined) counts.set(call.contract, new Map([[call.from, 1]]))
    else callers.set(call.from, (callers.get(call.from) ?? 0) + 1)
  }
  const remove = ({ contract, from }: ContractCall) => {
    const callers = counts.get(contract)!
    const left = callers.get(from)! - 1
    if (left > 0) callers.set(from, left)
    else callers.delete(from)
    if (callers.size === 0) counts.delete(contract)
  }
  for (const call of stored) add(call)
  return {
    note: ({ block, actions }) => {
      while (forgotten < calls.length && calls[forgotten]!.blockNumber <= block.number - CALLER_BLOCKS) {
        remove(calls[forgotten++]!)
      }
      // What is forgotten is cut off now and then.
      if (forgotten * 2 > calls.length) {
        calls.splice(0, forgotten)
        forgotten = 0
      }
      for (const call of listCalls(block.number, actions)) add(call)
    },
    isShared: (contract) => (counts.get(contract)?.size ?? 0) > OWN_CALLERS_MAX,
  }
}

function listCalls(blockNumber: number, actions: BlockActions['actions']): ContractCall[] {
  const calls: ContractCall[] = []
  let last: number | null = null
  for (const { kind, transaction } of actions) {
    const { transactionIndex, from, to } = transaction
    // Actions of one transaction stand next to each other.
    if (kind === 'liquidation' || transactionIndex === last) continue
    last = transactionIndex
    if (to !== null && to !== from) calls.push({ blockNumber, contract: to, from })
  }
  return calls
}
