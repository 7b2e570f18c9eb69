import type { L1Operation } from '../proxy/l1Operation.ts'
import type { Hex } from '../types.ts'

/** What L1 wants done on L2, strictly in its order: each operation is seen, then released, then included. */
export type PriorityQueue = {
  /** Adds an operation that L1 has just accepted. */
  add(operation: L1Operation): void
  /** Gives L2 the next operations up to L1 block `l1Block`, at most `count`, and returns them. */
  release(l1Block: number, receivedAtUs: bigint, count?: number): L1Operation[]
  /** Takes all released operations for L2 block `blockNumber`. */
  take(blockNumber: number): L1Operation[]
  /** Releases again what was included above L2 block `blockNumber`. */
  rolledBack(blockNumber: number): void
  /** Operations that are released and wait for a block. */
  pending(): readonly L1Operation[]
  /** Released operation by its hash. */
  operation(hash: Hex): L1Operation | undefined
}

/** Creates an empty queue. */
export function createPriorityQueue(): PriorityQueue {
  const operations: L1Operation[] = []
  const released = new Map<Hex, L1Operation>()
  const includedIn: number[] = []

  const pending = () => operations.slice(includedIn.length, released.size)
  return {
    pending,
    operation: (hash) => released.get(hash),
    add: (operation) => void operations.push(operation),
    release(l1Block, receivedAtUs, count = operations.length) {
      const given: L1Operation[] = []
      for (const operation of operations.slice(released.size, released.size + count)) {
        if (operation.l1BlockNumber > l1Block) break
        operation.receivedAtUs = receivedAtUs + BigInt(given.length)
        released.set(operation.hash, operation)
        given.push(operation)
      }
      return given
    },
    take(blockNumber) {
      const taken = pending()
      for (const _ of taken) includedIn.push(blockNumber)
      return taken
    },
    rolledBack(blockNumber) {
      while ((includedIn.at(-1) ?? 0) > blockNumber) includedIn.pop()
    },
  }
}
