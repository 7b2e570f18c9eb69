import type { BlockActions } from '../types/action.ts'
import type { Address, Hex } from '../types/block.ts'

/** For so many blocks it is remembered who has traded. */
export const HABIT_BLOCKS = 1_000
/** Trades that say something of somebody's habits. */
const OTHERS_MIN = 5
/** Somebody with more trades than this for one gaining sandwich lives by something else. */
const OTHERS_PER_WON = 2

/** A transaction with one swap, and who sent it. */
export type SingleSwap = { blockNumber: number; from: Address; transactionHash: Hex }

/**
 * Transactions of the last blocks with just one swap, which were no part of a sandwich that gained: what attackers have few of, and
 * people who trade both ways anyway have many of.
 */
export type Habits = {
  /** Takes in the next block. */
  note(actions: BlockActions): void
  /** These were part of a sandwich that gained. */
  explain(transactions: Iterable<Hex>): void
  /** How many there are of these accounts, besides these transactions. */
  countOthers(accounts: ReadonlySet<Address>, besides: ReadonlySet<Hex>): number
}

/** Begins with what is known already. */
export function createHabits(stored: Iterable<SingleSwap>): Habits {
  const byAccount = new Map<Address, Map<Hex, number>>()
  const byTransaction = new Map<Hex, SingleSwap>()
  const add = (swap: SingleSwap) => {
    byTransaction.set(swap.transactionHash, swap)
    const its = byAccount.get(swap.from)
    if (its === undefined) byAccount.set(swap.from, new Map([[swap.transactionHash, swap.blockNumber]]))
    else its.set(swap.transactionHash, swap.blockNumber)
  }
  const remove = ({ from, transactionHash }: SingleSwap) => {
    byTransaction.delete(transactionHash)
    const its = byAccount.get(from)!
    its.delete(transactionHash)
    if (its.size === 0) byAccount.delete(from)
  }
  for (const swap of stored) add(swap)
  return {
    note: ({ block, actions }) => {
      // In the order of the blocks, so that the oldest come first.
      for (const swap of byTransaction.values()) {
        if (swap.blockNumber > block.number - HABIT_BLOCKS) break
        remove(swap)
      }
      for (const swap of listSingles(block.number, actions)) add(swap)
    },
    explain: (transactions) => {
      for (const hash of transactions) {
        const swap = byTransaction.get(hash)
        if (swap !== undefined) remove(swap)
      }
    },
    countOthers: (accounts, besides) => {
      let count = 0
      for (const account of accounts) {
        for (const hash of byAccount.get(account)?.keys() ?? []) if (!besides.has(hash)) count++
      }
      return count
    },
  }
}

function listSingles(blockNumber: number, actions: BlockActions['actions']): SingleSwap[] {
  const counts = new Map<Hex, { count: number; from: Address }>()
  for (const { kind, transaction } of actions) {
    if (kind !== 'swap') continue
    const known = counts.get(transaction.hash)
    if (known === undefined) counts.set(transaction.hash, { count: 1, from: transaction.from })
    else known.count++
  }
  return [...counts].flatMap(([transactionHash, { count, from }]) =>
    count === 1 ? [{ blockNumber, from, transactionHash }] : [],
  )
}

/** True for accounts that trade far more than they gain by sandwiches. */
export function tradesOtherwise(others: number, won: number): boolean {
  return others >= OTHERS_MIN && others > won * OTHERS_PER_WON
}
