import { describe, expect, test } from 'vitest'
import { ContradictionError, FinalityError } from '../../../indexer/chain/errors.ts'
import { findFork } from '../../../indexer/chain/fork.ts'
import type { ChainSource } from '../../../indexer/chain/source.ts'
import type { Hex } from '../../../indexer/types/block.ts'
import { hash } from '../../support/logs.ts'

const START = 10
const TOP = 109
const stored = async (from: number, to: number): Promise<(Hex | null)[]> =>
  Array.from({ length: to - from + 1 }, (_, offset) => hash(from + offset))

/** Finds the fork with a chain that agrees up to `common`, and ends at `head`. */
const find = async (common: number, finalized: number | null = null, head = TOP + 5) => {
  const asked: number[] = []
  const source = {
    fetchFinalized: async () => finalized,
    fetchHead: async () => ({ number: head, hash: hash(head), timestamp: 0 }),
    fetchHashes: async (numbers: readonly number[]) => {
      asked.push(...numbers)
      return numbers.map((number) => (number > head ? null : hash(number <= common ? number : number + 1_000_000)))
    },
  } as unknown as ChainSource
  const keep = await findFork(source, stored, TOP, START, new AbortController().signal)
  return { keep, asked }
}

describe('findFork', () => {
  test.each([
    ['nothing was replaced', TOP],
    ['depth 1', TOP - 1],
    ['depth 3', TOP - 3],
    ['the last of the first page', TOP - 31],
    ['the first of the second page', TOP - 32],
    ['depth 40', TOP - 40],
    ['all but the first stored block', START],
    ['none in common', START - 1],
  ])('%s', async (_, common) => {
    const { keep, asked } = await find(common)
    expect(keep).toBe(common)
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(START)
    expect(new Set(asked).size).toBe(asked.length)
  })

  test('a chain that is shorter now', async () => {
    expect((await find(50, null, 60)).keep).toBe(50)
    expect((await find(60, null, 60)).keep).toBe(60)
  })

  test('a chain that ends below the first stored block', async () => {
    expect((await find(5, null, 5)).keep).toBe(START - 1)
  })

  test.each([
    ['right below the fork', TOP - 3],
    ['far below the fork', 20],
    ['below the first stored block', 3],
  ])('final blocks %s are kept', async (_, finalized) => {
    expect((await find(TOP - 3, finalized)).keep).toBe(TOP - 3)
  })

  test('blocks that became final in another form than they were stored in are given up', async () => {
    expect((await find(TOP - 1, TOP)).keep).toBe(TOP - 1)
    expect((await find(TOP - 96, TOP)).keep).toBe(TOP - 96)
  })

  test.each([
    ['among more final blocks', TOP - 97, TOP, TOP - 96],
    ['the last final one', START, START + 1, START + 1],
  ])(
    'a block that was final when it was stored (%s) is named with both hashes',
    async (_, common, finalized, named) => {
      const run = find(common, finalized)
      await expect(run).rejects.toBeInstanceOf(FinalityError)
      await expect(run).rejects.toThrow(
        `block ${named} is final and stored with hash ${hash(named)}, but the endpoint now serves ${hash(named + 1_000_000)}`,
      )
    },
  )

  test.each([
    ['a final block', 50, TOP],
    ['a block below its head', TOP + 5, null],
  ])('an endpoint that does not have %s is still catching up', async (_, head, finalized) => {
    const served = (number: number) => (number > 50 ? null : hash(number))
    const source = {
      fetchFinalized: async () => finalized,
      fetchHead: async () => ({ number: head, hash: hash(head), timestamp: 0 }),
      fetchHashes: async (numbers: readonly number[]) => numbers.map(served),
    } as unknown as ChainSource
    const run = findFork(source, stored, TOP, START, new AbortController().signal)
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    await expect(run).rejects.toThrow(`block ${TOP} is missing below the head ${head}`)
  })

  test('blocks that neither has are not common', async () => {
    const nowhere = async (from: number, to: number) =>
      (await stored(from, to)).map((known, i) => (from + i > 60 ? null : known))
    const source = {
      fetchFinalized: async () => null,
      fetchHead: async () => ({ number: 60, hash: hash(60), timestamp: 0 }),
      fetchHashes: async (numbers: readonly number[]) => numbers.map((number) => (number > 60 ? null : hash(number))),
    } as unknown as ChainSource
    expect(await findFork(source, nowhere, TOP, START, new AbortController().signal)).toBe(60)
  })
})
