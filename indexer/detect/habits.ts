import type { Address, Hex } from '../types/block.ts'
import type { WindowTransaction } from './actors.ts'

/** For so many blocks it is remembered who has traded. */
export const HABIT_BLOCKS = 1_000
/** Trades that say something of somebody's habits. */
const OTHERS_MIN = 5
/** Somebody with more trades than this for one gaining sandwich lives by something else. */
const OTHERS_PER_WON = 2

/** Where a transaction stands. */
export type TransactionPlace = { blockNumber: number; transactionHash: Hex }

/** A transaction with one swap, and who sent it. */
export type SingleSwap = TransactionPlace & { from: Address }

/**
 * Transactions of the last blocks with just one swap, which were no part of a sandwich that gained: what attackers have few of, and
 * people who trade both ways anyway have many of.
 */
export type Habits = {
  /** Takes in the transactions of the next block. */
  note(blockNumber: number, transactions: readonly Pick<WindowTransaction, 'actions' | 'from' | 'transaction'>[]): void
  /** These were part of a sandwich that gained. */
  explain(transactions: Iterable<TransactionPlace>): void
  /** How many there are of these accounts, besides these transactions. */
  countOthers(accounts: ReadonlySet<Address>, besides: Iterable<TransactionPlace>): number
}

/** Begins with what is known already, in chain order. */
export function createHabits(stored: Iterable<SingleSwap>): Habits {
  const blocks: { blockNumber: number; swaps: Map<Hex, Address> }[] = []
  const counts = new Map<Address, number>()
  const change = (account: Address, by: 1 | -1) => {
    const count = (counts.get(account) ?? 0) + by
    if (count === 0) counts.delete(account)
    else counts.set(account, count)
  }
  const add = ({ blockNumber, transactionHash, from }: SingleSwap) => {
    if (blocks.at(-1)?.blockNumber !== blockNumber) blocks.push({ blockNumber, swaps: new Map() })
    blocks.at(-1)!.swaps.set(transactionHash, from)
    change(from, 1)
  }
  const find = ({ blockNumber, transactionHash }: TransactionPlace) => {
    const its = blocks.findLast((each) => each.blockNumber <= blockNumber)
    const from = its?.blockNumber === blockNumber ? its.swaps.get(transactionHash) : undefined
    return from === undefined ? null : { from, swaps: its!.swaps }
  }
  for (const swap of stored) add(swap)
  return {
    note: (blockNumber, transactions) => {
      while (blocks[0] !== undefined && blocks[0].blockNumber <= blockNumber - HABIT_BLOCKS) {
        for (const from of blocks.shift()!.swaps.values()) change(from, -1)
      }
      for (const { actions, from, transaction } of transactions) {
        if (countSwaps(actions) === 1) add({ blockNumber, from, transactionHash: transaction.hash })
      }
    },
    explain: (transactions) => {
      for (const place of transactions) {
        const found = find(place)
        if (found === null) continue
        found.swaps.delete(place.transactionHash)
        change(found.from, -1)
      }
    },
    countOthers: (accounts, besides) => {
      let count = 0
      for (const account of accounts) count += counts.get(account) ?? 0
      for (const place of besides) if (accounts.has(find(place)?.from ?? '0x')) count--
      return count
    },
  }
}

function countSwaps(actions: WindowTransaction['actions']): number {
  let count = 0
  for (const { kind } of actions) if (kind === 'swap') count++
  return count
}

/** True for accounts that trade far more than they gain by sandwiches. */
export function tradesOtherwise(others: number, won: number): boolean {
  return others >= OTHERS_MIN && others > won * OTHERS_PER_WON
}
