import type { Address, Hex } from '../types/block.ts'
import type { WindowTransaction } from './actors.ts'

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
  /** Takes in the transactions of the next block. */
  note(blockNumber: number, transactions: readonly Pick<WindowTransaction, 'actions' | 'from' | 'transaction'>[]): void
  /** These were part of a sandwich that gained. */
  explain(transactions: Iterable<Hex>): void
  /** How many there are of these accounts, besides these transactions. */
  countOthers(accounts: ReadonlySet<Address>, besides: ReadonlySet<Hex>): number
}

/** Begins with what is known already, in chain order. */
export function createHabits(stored: Iterable<SingleSwap>): Habits {
  const bySwap = new Map<Hex, SingleSwap>()
  const counts = new Map<Address, number>()
  const add = (swap: SingleSwap) => {
    bySwap.set(swap.transactionHash, swap)
    counts.set(swap.from, (counts.get(swap.from) ?? 0) + 1)
  }
  const remove = ({ from, transactionHash }: SingleSwap) => {
    bySwap.delete(transactionHash)
    const left = counts.get(from)! - 1
    if (left === 0) counts.delete(from)
    else counts.set(from, left)
  }
  for (const swap of stored) add(swap)
  return {
    note: (blockNumber, transactions) => {
      // They were added in the order of their blocks.
      for (const swap of bySwap.values()) {
        if (swap.blockNumber > blockNumber - HABIT_BLOCKS) break
        remove(swap)
      }
      for (const { actions, from, transaction } of transactions) {
        if (actions.filter(({ kind }) => kind === 'swap').length !== 1) continue
        add({ blockNumber, from, transactionHash: transaction.hash })
      }
    },
    explain: (transactions) => {
      for (const hash of transactions) {
        const swap = bySwap.get(hash)
        if (swap !== undefined) remove(swap)
      }
    },
    countOthers: (accounts, besides) => {
      let count = 0
      for (const account of accounts) count += counts.get(account) ?? 0
      for (const hash of besides) if (accounts.has(bySwap.get(hash)?.from ?? '0x')) count--
      return count
    },
  }
}

/** True for accounts that trade far more than they gain by sandwiches. */
export function tradesOtherwise(others: number, won: number): boolean {
  return others >= OTHERS_MIN && others > won * OTHERS_PER_WON
}
