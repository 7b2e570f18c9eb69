import { describe, expect, test } from 'vitest'
import { CALLER_BLOCKS, createCallers } from '../../../indexer/detect/callers.ts'
import type { BlockActions } from '../../../indexer/types/action.ts'
import type { Address } from '../../../indexer/types/block.ts'
import { address } from '../../support/logs.ts'

const ROUTER = address(0xee)
const accounts = Array.from({ length: 20 }, (_, index) => address(index + 1))

/** A block in which each of these accounts calls a contract. */
const blockOf = (
  number: number,
  callers: readonly Address[],
  to: Address | null = ROUTER,
  kind: 'swap' | 'liquidation' = 'swap',
) =>
  ({
    block: { number },
    actions: callers.map((from, transactionIndex) => ({ kind, transaction: { transactionIndex, from, to } })),
    intents: new Map(),
    idle: [],
  }) as unknown as BlockActions

describe('isShared', () => {
  test.each<[clause: string, blocks: BlockActions[], isShared: boolean]>([
    ['more than eight callers', [blockOf(1, accounts.slice(0, 9))], true],
    ['over several blocks', [blockOf(1, accounts.slice(0, 5)), blockOf(2, accounts.slice(5, 9))], true],
    ['not eight', [blockOf(1, accounts.slice(0, 8))], false],
    ['not one who calls often', [blockOf(1, [...accounts.slice(0, 8), ...accounts.slice(0, 8)])], false],
    [
      'not callers of long ago',
      [blockOf(1, accounts.slice(0, 5)), blockOf(1 + CALLER_BLOCKS, accounts.slice(5, 9))],
      false,
    ],
    [
      'unless they have called again',
      [
        blockOf(1, accounts.slice(0, 5)),
        blockOf(2, accounts.slice(0, 5)),
        blockOf(1 + CALLER_BLOCKS, accounts.slice(5, 9)),
      ],
      true,
    ],
    ['who have traded', [blockOf(1, accounts, ROUTER, 'liquidation')], false],
    ['of this contract', [blockOf(1, accounts, address(0xef))], false],
    ['a contract that is made is none', [blockOf(1, accounts, null)], false],
    ['nor is an account that calls itself', [blockOf(1, Array(9).fill(ROUTER))], false],
  ])('%s', (_, blocks, isShared) => {
    const callers = createCallers([])
    for (const block of blocks) callers.note(block)
    expect(callers.isShared(ROUTER)).toBe(isShared)
  })

  test('what was known at first is forgotten in its time', () => {
    const stored = accounts.slice(0, 9).map((from) => ({ blockNumber: 5, contract: ROUTER, from }))
    const callers = createCallers(stored)
    callers.note(blockOf(4 + CALLER_BLOCKS, []))
    expect(callers.isShared(ROUTER)).toBe(true)
    callers.note(blockOf(5 + CALLER_BLOCKS, []))
    expect(callers.isShared(ROUTER)).toBe(false)
  })
})
