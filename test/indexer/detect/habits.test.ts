import { describe, expect, test } from 'vitest'
import {
  createHabits,
  HABIT_BLOCKS,
  type Habits,
  type SingleSwap,
  type TransactionPlace,
  tradesOtherwise,
} from '../../../indexer/detect/habits.ts'
import type { SwapAction } from '../../../indexer/types/action.ts'
import type { Hex, Transaction } from '../../../indexer/types/block.ts'
import { address } from '../../support/logs.ts'

const [ANNE, BERT] = [address(1), address(2)]
const NONE: readonly TransactionPlace[] = []

/** A block whose transactions have so many swaps each: hash, sender, swaps. */
const blockOf = (number: number, ...transactions: [Hex, typeof ANNE, number][]): Parameters<Habits['note']> => [
  number,
  transactions.map(([hash, from, swaps]) => ({
    actions: Array.from({ length: swaps }, () => ({ kind: 'swap' }) as SwapAction),
    from,
    transaction: { hash } as Transaction,
  })),
]

const single = (blockNumber: number, transactionHash: Hex): SingleSwap => ({ blockNumber, from: ANNE, transactionHash })

describe('countOthers', () => {
  test.each<[clause: string, blocks: Parameters<Habits['note']>[], count: number]>([
    ['transactions of the account', [blockOf(1, ['0xa', ANNE, 1], ['0xb', ANNE, 1])], 2],
    ['with one swap', [blockOf(1, ['0xa', ANNE, 2], ['0xb', ANNE, 1])], 1],
    ['not those of others', [blockOf(1, ['0xa', BERT, 1], ['0xb', ANNE, 1])], 1],
    ['of all blocks', [blockOf(1, ['0xa', ANNE, 1]), blockOf(2, ['0xb', ANNE, 1])], 2],
    ['that are not too long ago', [blockOf(1, ['0xa', ANNE, 1]), blockOf(1 + HABIT_BLOCKS, ['0xb', ANNE, 1])], 1],
    ['even the oldest', [blockOf(2, ['0xa', ANNE, 1]), blockOf(1 + HABIT_BLOCKS, ['0xb', ANNE, 1])], 2],
  ])('%s', (_, blocks, count) => {
    const habits = createHabits([])
    for (const block of blocks) habits.note(...block)
    expect(habits.countOthers(new Set([ANNE]), NONE)).toBe(count)
  })

  test('of several accounts, besides the ones that are asked about', () => {
    const habits = createHabits([])
    habits.note(...blockOf(1, ['0xa', ANNE, 1], ['0xb', BERT, 1], ['0xc', BERT, 1]))
    expect(habits.countOthers(new Set([ANNE, BERT]), [{ blockNumber: 1, transactionHash: '0xb' }])).toBe(2)
  })

  test('without those that a gaining sandwich explains', () => {
    const habits = createHabits([single(1, '0xa'), single(1, '0xb')])
    habits.explain([single(1, '0xa'), single(1, '0xother'), single(2, '0xb')])
    expect(habits.countOthers(new Set([ANNE]), NONE)).toBe(1)
  })

  test('what was known at first is forgotten in its time', () => {
    const habits = createHabits([single(1, '0xa'), single(2, '0xb')])
    habits.note(...blockOf(1 + HABIT_BLOCKS))
    expect(habits.countOthers(new Set([ANNE]), NONE)).toBe(1)
  })
})

test.each([
  ['few trades say nothing', 4, 0, false],
  ['many do', 5, 0, true],
  ['but not of somebody who gains by sandwiches as often', 10, 5, false],
  ['unless there are far more of them', 11, 5, true],
])('%s', (_, others, won, expected) => {
  expect(tradesOtherwise(others, won)).toBe(expected)
})
