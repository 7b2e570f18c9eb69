import type { Address } from '../../address.ts'
import type { Ordering } from '../../chains/profile.ts'
import type { Hex } from '../types.ts'
import type { Json } from './json.ts'

/** A transaction that waits for a block. */
export type PendingTransaction = {
  /** Null for an unsigned transaction of the devnet itself, which gets its hash from anvil. */
  hash: Hex | null
  from: Address
  nonce: number
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  receivedAtUs: bigint
  /** The call that hands the transaction to anvil. */
  submit: { method: 'eth_sendRawTransaction' | 'eth_sendTransaction'; params: readonly unknown[] }
  /** The transaction object shown while it is pending; null for an unsigned one. */
  rpc: Json | null
}

/** The pool of pending transactions and the rule that orders them. */
export type Sequencer = {
  /** Adds a transaction; one with the same sender and nonce is replaced and loses its place. */
  add(transaction: PendingTransaction): void
  /** Takes out what goes into the next block, in order. */
  drain(baseFeePerGas: bigint, nonceOf: (address: Address) => number): PendingTransaction[]
  byHash(hash: Hex): PendingTransaction | undefined
  /** All pending transactions, by sender and nonce. */
  all(): PendingTransaction[]
  /** Next nonce of an account, counted on from `nonce` through its pending transactions. */
  nextNonce(address: Address, nonce: number): number
  clear(): void
}

/** Creates the pool of a chain that orders by arrival (`fifo`) or by priority fee (`tip`). */
export function createSequencer(ordering: Ordering): Sequencer {
  const bySender = new Map<Address, Map<number, PendingTransaction>>()
  const all = () => [...bySender.values()].flatMap((queue) => [...queue.values()])
  const isBefore = ordering === 'fifo' ? arrivesBefore : paysMoreThan

  return {
    all,
    add(transaction) {
      const queue = bySender.get(transaction.from) ?? new Map<number, PendingTransaction>()
      queue.set(transaction.nonce, transaction)
      bySender.set(transaction.from, queue)
    },
    drain(baseFeePerGas, nonceOf) {
      const taken: PendingTransaction[] = []
      const heads = new Map<Address, PendingTransaction>()
      const advance = (address: Address, nonce: number) => {
        const next = bySender.get(address)?.get(nonce)
        if (next && next.maxFeePerGas >= baseFeePerGas) heads.set(address, next)
        else heads.delete(address)
      }
      for (const address of bySender.keys()) advance(address, nonceOf(address))
      while (heads.size > 0) {
        const first = [...heads.values()].reduce((best, head) => (isBefore(head, best, baseFeePerGas) ? head : best))
        taken.push(first)
        bySender.get(first.from)?.delete(first.nonce)
        advance(first.from, first.nonce + 1)
      }
      return taken
    },
    byHash: (hash) => all().find((transaction) => transaction.hash === hash),
    nextNonce(address, nonce) {
      const queue = bySender.get(address)
      let next = nonce
      while (queue?.has(next)) next++
      return next
    },
    clear: () => bySender.clear(),
  }
}

/** The era sequencer's order: by arrival in milliseconds, ties to the higher address. */
function arrivesBefore(a: PendingTransaction, b: PendingTransaction): boolean {
  const [aMs, bMs] = [a.receivedAtUs / 1000n, b.receivedAtUs / 1000n]
  return aMs === bMs ? a.from > b.from : aMs < bMs
}

/** The order of reth's pool, which ZKsync OS uses: by effective priority fee, ties by arrival. */
function paysMoreThan(a: PendingTransaction, b: PendingTransaction, baseFeePerGas: bigint): boolean {
  const [aTip, bTip] = [effectiveTip(a, baseFeePerGas), effectiveTip(b, baseFeePerGas)]
  return aTip === bTip ? a.receivedAtUs < b.receivedAtUs : aTip > bTip
}

function effectiveTip(transaction: PendingTransaction, baseFeePerGas: bigint): bigint {
  const room = transaction.maxFeePerGas - baseFeePerGas
  if (room < transaction.maxPriorityFeePerGas) return room
  return transaction.maxPriorityFeePerGas
}
