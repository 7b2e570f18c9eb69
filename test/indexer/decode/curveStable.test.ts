import { describe, expect, test } from 'vitest'
import { decodeLog } from '../../../indexer/decode/index.ts'
import type { Hex, Log } from '../../../indexer/types/block.ts'
import { encodeEvent } from '../../support/events.ts'
import { address } from '../../support/logs.ts'

const POOL = address(0xa1)
const OWNER = address(0x51)
const ADD =
  'AddLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 invariant, uint256 token_supply)'
const REMOVE =
  'RemoveLiquidity(address indexed provider, uint256[] token_amounts, uint256[] fees, uint256 token_supply)'
const REMOVE_2 =
  'RemoveLiquidity(address indexed provider, uint256[2] token_amounts, uint256[2] fees, uint256 token_supply)'
const REMOVE_ONE =
  'RemoveLiquidityOne(address indexed provider, int128 token_id, uint256 token_amount, uint256 coin_amount, uint256 token_supply)'
const amounts = (count: number) => Array.from({ length: count }, (_, index) => BigInt(index + 1))

describe('liquidity of a Curve pool with a list of coins', () => {
  test.each([
    ['two coins with fees', 2, amounts(2)],
    ['eight coins with fees', 8, amounts(8)],
    ['three coins without fees', 3, []],
  ])('%s', (_, count, fees) => {
    const expected = (kind: string, sign: bigint) => ({
      ...{ kind, pool: POOL, owner: OWNER, amount0: sign, amount1: sign * 2n, range: null },
      changes: amounts(count).map((amount, token) => ({ token, amount: sign * amount })),
    })
    expect(decodeLog(encodeEvent(ADD, POOL, [OWNER, amounts(count), fees, 4n, 5n]))).toMatchObject(expected('mint', 1n))
    expect(decodeLog(encodeEvent(REMOVE, POOL, [OWNER, amounts(count), fees, 5n]))).toMatchObject(expected('burn', -1n))
  })

  test.each([
    ['one coin', 1, amounts(1)],
    ['nine coins', 9, amounts(9)],
    ['fewer fees than coins', 3, amounts(2)],
    ['more fees than coins', 2, amounts(3)],
  ])('of %s is refused', (_, count, fees) => {
    expect(decodeLog(encodeEvent(ADD, POOL, [OWNER, amounts(count), fees, 4n, 5n]))).toBeNull()
    expect(decodeLog(encodeEvent(REMOVE, POOL, [OWNER, amounts(count), fees, 5n]))).toBeNull()
  })

  // Words: two offsets, invariant, supply, then the amounts and the fees behind their numbers.
  const log = encodeEvent(ADD, POOL, [OWNER, amounts(2), amounts(2), 4n, 5n])
  test.each([
    ['amounts that begin elsewhere', 0, 160n],
    ['fees that begin with the amounts', 1, 128n],
    ['more amounts than a log can hold', 4, 2n ** 255n],
    ['another number of fees', 7, 1n],
  ])('with %s is refused', (_, index, value) => {
    expect(decodeLog(log)).not.toBeNull()
    expect(decodeLog(withWord(log, index, value))).toBeNull()
  })
})

test('liquidity taken from a pool of two coins is that of Curve or of PancakeSwap', () => {
  const event = decodeLog(encodeEvent(REMOVE_2, POOL, [OWNER, [1n, 2n], [0n, 0n], 5n]))
  expect(event).toMatchObject({ kind: 'burn', owner: OWNER, amount0: -1n, amount1: -2n })
  expect(event!.families).toEqual(['curve-stable', 'pancake-stable'])
})

test.each([
  [0n, -6n, 0n],
  [1n, 0n, -6n],
  [7n, 0n, 0n],
])('liquidity taken in the coin at %i', (position, amount0, amount1) => {
  expect(decodeLog(encodeEvent(REMOVE_ONE, POOL, [OWNER, position, 9n, 6n, 5n]))).toMatchObject({
    ...{ kind: 'burn', amount0, amount1, changes: [{ token: Number(position), amount: -6n }] },
  })
})

test.each([8n, -1n])('liquidity taken in a coin at %i, which no pool has', (position) => {
  expect(decodeLog(encodeEvent(REMOVE_ONE, POOL, [OWNER, position, 9n, 6n, 5n]))).toBeNull()
})

function withWord(log: Log, index: number, value: bigint): Log {
  const start = 2 + index * 64
  const word = value.toString(16).padStart(64, '0')
  return { ...log, data: `${log.data.slice(0, start)}${word}${log.data.slice(start + 64)}` as Hex }
}
