import { describe, expect, test } from 'vitest'
import { type Child, createParents, type EndedParent, type Parents } from '../../../indexer/flow/metaorders.ts'
import type { FlowEvent, Pair, Side } from '../../../indexer/types/flow.ts'
import { address } from '../../support/logs.ts'

const ALICE = address(0xa0)
const BOB = address(0xb0)
const ETHER: Pair = { base: address(1), quote: address(9), key: 'ether', id: 0 }
const OTHER: Pair = { base: address(2), quote: address(9), key: 'other', id: 1 }
const MINUTE = 60
const HOUR = 3_600

let place = 0

function childAt(minutes: number, amount: bigint, pair: Pair): Child {
  const event: FlowEvent = {
    ...{ trader: ALICE, blockNumber: ++place, transactionIndex: 0, timestamp: minutes * MINUTE },
    ...{
      timeUs: minutes * MINUTE * 1e6,
      clock: 'block',
      pair: pair.key,
      side: 'BUY',
      size: Number(amount),
      given: 1,
      got: 1,
    },
    ...{ valueUsd: 1, contract: null, isMev: false, inBlock: null },
  }
  const shape = { route: 'ROUTER' as const, slippageBps: null, amountIn: amount, amountOut: amount }
  return { event, baseAmount: amount, quoteAmount: amount, shape: { ...shape, relativeSize: null, valueUsd: 1 } }
}

/** Sends trades of ALICE, at minutes; returns how many children each parent that has ended had, and why, in the order of their ends. */
function send(
  parents: Parents,
  trades: readonly (readonly [minutes: number, side?: Side, amount?: bigint])[],
): EndedParent[] {
  return trades.flatMap(([minutes, side = 'BUY', amount = 100n]) => [
    ...parents.expire(minutes * MINUTE),
    ...parents.add(ALICE, ETHER, side, childAt(minutes, amount, ETHER)).ended,
  ])
}

const told = (ended: readonly EndedParent[]) =>
  ended.map(({ parent, end }) => `${parent.children.length} ${parent.side} by ${end}`)

describe('a parent order', () => {
  test.each<[string, (readonly [number, Side?, bigint?])[], string[]]>([
    ['goes on within 30 minutes', [[0], [29], [58]], []],
    ['ends after 30 minutes, when there is no median yet', [[0], [30]], ['1 BUY by gap']],
    ['waits ten times its median gap', [[0], [10], [20], [30], [129]], []],
    ['and no longer', [[0], [10], [20], [30], [130]], ['4 BUY by gap']],
    ['waits less again once its gaps have become shorter', [[0], [20], [21], [22], [23], [53]], ['5 BUY by gap']],
    ['bears a fifth of its size the other way', [[0], [1], [2, 'SELL', 40n], [3]], []],
    ['and no more', [[0], [1], [2, 'SELL', 41n], [3]], ['2 BUY by opposite']],
    ['sums up what goes the other way', [[0], [1], [2, 'SELL', 30n], [3, 'SELL', 11n]], ['2 BUY by opposite']],
    [
      'goes both ways at once, when neither is a fifth',
      [
        [0, 'BUY', 1_000n],
        [1, 'SELL', 100n],
      ],
      [],
    ],
  ])('%s', (_, trades, ended) => {
    // What goes the other way is a parent of its own, which what follows ends.
    expect(told(send(createParents(), trades)).filter((each) => !each.includes('SELL'))).toEqual(ended)
  })

  test('is cut after a day', () => {
    const ended = send(
      createParents(),
      Array.from({ length: 300 }, (_, index) => [index * 10] as const),
    )
    expect(told(ended)).toEqual(['144 BUY by age', '144 BUY by age'])
  })

  test('is cut after 5,000 children', () => {
    const ended = send(
      createParents(),
      Array.from({ length: 5_001 }, (_, index) => [index / 60] as const),
    )
    expect(told(ended)).toEqual(['5000 BUY by length'])
  })

  test('is of one account and one pair', () => {
    const parents = createParents()
    const first = parents.add(ALICE, ETHER, 'BUY', childAt(0, 1n, ETHER)).parent
    expect(parents.add(BOB, ETHER, 'BUY', childAt(1, 1n, ETHER)).parent).not.toBe(first)
    expect(parents.add(ALICE, OTHER, 'BUY', childAt(2, 1n, OTHER)).parent).not.toBe(first)
    expect(parents.add(ALICE, ETHER, 'BUY', childAt(3, 1n, ETHER)).parent).toBe(first)
    expect([...parents.list()]).toHaveLength(3)
  })

  test('ends by itself, at the time of a block, in the order of first children', () => {
    const parents = createParents()
    const [first] = [
      parents.add(ALICE, ETHER, 'BUY', childAt(0, 1n, ETHER)),
      parents.add(BOB, ETHER, 'BUY', childAt(1, 1n, ETHER)),
    ]
    expect(parents.expire(30 * MINUTE - 1)).toEqual([])
    expect(parents.expire(30 * MINUTE).map(({ parent }) => parent)).toEqual([first.parent])
    expect(parents.expire(400 * HOUR)).toHaveLength(1)
    expect(parents.expire(500 * HOUR)).toEqual([])
  })
})
