import { beforeEach, expect, test } from 'vitest'
import { createShelf, type Shelf } from '../../../../indexer/chain/pending/shelf.ts'
import type { Hex } from '../../../../indexer/types/block.ts'
import type { PendingBody, PendingSighting } from '../../../../indexer/types/pending.ts'
import { hashOf } from './transactions.ts'

let lost = 0
let shelf: Shelf

beforeEach(() => {
  lost = 0
  shelf = createShelf({ sightings: 8, calldataBytes: 100 }, (count) => {
    lost += count
  })
})

const sighting = (n: number, bytes: number | null = 1): PendingSighting => ({
  ...{ hash: hashOf(n), endpoint: 'e', stream: 'filter', firstSeenAt: n, seenUnmined: true },
  body: bytes === null ? null : ({ calldata: `0x${'00'.repeat(bytes)}` as Hex } as PendingBody),
})
const numbers = (sightings: readonly PendingSighting[]) => sightings.map(({ firstSeenAt }) => firstSeenAt)
/** Puts `count` sightings with calldata of `bytes`, numbered on from `from`. */
const fill = (from: number, count: number, bytes: number | null = 1) => {
  for (let n = from; n < from + count; n++) shelf.put(sighting(n, bytes))
}

test('gives the oldest first, once', () => {
  fill(1, 5)
  expect(numbers(shelf.take(2))).toEqual([1, 2])
  expect(numbers(shelf.take(9))).toEqual([3, 4, 5])
  expect(shelf.take(9)).toEqual([])
  expect(lost).toBe(0)
})

test('what is given back comes first again', () => {
  fill(1, 3)
  const taken = shelf.take(2)
  shelf.put(sighting(4))
  shelf.giveBack(taken)
  expect(numbers(shelf.take(9))).toEqual([1, 2, 3, 4])
})

test('too much calldata: the oldest bodies go, their sightings stay', () => {
  fill(1, 4, 40)
  const taken = shelf.take(9)
  expect(taken.map(({ body }) => body === null)).toEqual([true, true, false, false])
  expect(taken.map(({ seenUnmined }) => seenUnmined)).toEqual([true, true, true, true])
  expect(lost).toBe(2)
})

test('a body above all limits does not stay', () => {
  shelf.put(sighting(1, 101))
  expect(shelf.take(1)[0]!.body).toBeNull()
})

test('what is taken makes room', () => {
  fill(1, 2, 50)
  shelf.take(2)
  fill(3, 2, 50)
  expect(shelf.take(2).map(({ body }) => body === null)).toEqual([false, false])
  expect(lost).toBe(0)
})

test('what is given back takes room', () => {
  fill(1, 2, 50)
  const taken = shelf.take(2)
  fill(3, 1, 50)
  shelf.giveBack(taken)
  expect(shelf.take(9).map(({ body }) => body === null)).toEqual([true, false, false])
})

test('too many sightings: the oldest go', () => {
  fill(1, 1_000, null)
  const left = numbers(shelf.take(1_000))
  expect(left.length).toBeLessThanOrEqual(10)
  expect(left.at(-1)).toBe(1_000)
  expect(lost).toBe(1_000 - left.length)
})
