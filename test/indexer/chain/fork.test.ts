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

const range = { start: START, top: TOP, final: null, isTakenBack: () => true, hashes: stored }

/** Finds the fork with a chain that agrees up to `common`, and ends at `head`. */
const find = async (
  common: number,
  final: number | null = null,
  head = TOP + 5,
  everywhere?: (Hex | null)[],
  isTakenBack = false,
) => {
  const asked: number[] = []
  const source = {
    fetchHead: async () => ({ number: head, hash: hash(head), timestamp: 0 }),
    fetchHashEverywhere: async (number: number) => everywhere ?? [hash(number + 1_000_000)],
    fetchHashes: async (numbers: readonly number[]) => {
      asked.push(...numbers)
      return numbers.map((number) => (number > head ? null : hash(number <= common ? number : number + 1_000_000)))
    },
  } as unknown as ChainSource
  const keep = await findFork(
    source,
    { start: START, top: TOP, final, isTakenBack: () => isTakenBack, hashes: stored },
    new AbortController().signal,
  )
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
  })

  test('a chain that ends within the stored one was taken back when L1 says so, else the endpoint lags', async () => {
    expect((await find(60, null, 60, undefined, true)).keep).toBe(60)
    await expect(find(60, null, 60)).rejects.toMatchObject({ name: 'ContradictionError', fault: 'lagging' })
  })

  test('an endpoint that ends below what is final lags, whatever L1 says', async () => {
    await expect(find(60, 70, 60, undefined, true)).rejects.toMatchObject({ fault: 'lagging' })
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

  test.each([
    ['the last stored one', TOP - 1, TOP, TOP],
    ['far below', TOP - 97, TOP - 60, TOP - 60],
    ['the first stored one', START - 1, START, START],
  ])('a block that was final when it was stored (%s) is named with both hashes', async (_, common, final, named) => {
    const run = find(common, final)
    await expect(run).rejects.toBeInstanceOf(FinalityError)
    await expect(run).rejects.toThrow(
      `block ${named} is final and stored with hash ${hash(named)}, but the endpoint now serves ${hash(named + 1_000_000)}`,
    )
  })

  test.each<[string, (Hex | null)[]]>([
    ['as it is stored', [hash(1_000_000 + TOP), hash(TOP)]],
    ['not at all', [null]],
  ])('one endpoint serves the final block %s: no break, a contradiction', async (_, everywhere) => {
    await expect(find(TOP - 1, TOP, TOP + 5, everywhere)).rejects.toBeInstanceOf(ContradictionError)
  })

  test('an endpoint that does not have a block below its head is still catching up', async () => {
    const head = TOP + 5
    const served = (number: number) => (number > 50 ? null : hash(number))
    const source = {
      fetchHead: async () => ({ number: head, hash: hash(head), timestamp: 0 }),
      fetchHashes: async (numbers: readonly number[]) => numbers.map(served),
    } as unknown as ChainSource
    const run = findFork(source, range, new AbortController().signal)
    await expect(run).rejects.toBeInstanceOf(ContradictionError)
    await expect(run).rejects.toThrow(`block ${TOP} is missing below the head ${head}`)
  })

  test('blocks that neither has are not common', async () => {
    const nowhere = async (from: number, to: number) =>
      (await stored(from, to)).map((known, i) => (from + i > 60 ? null : known))
    const source = {
      fetchHead: async () => ({ number: 60, hash: hash(60), timestamp: 0 }),
      fetchHashes: async (numbers: readonly number[]) => numbers.map((number) => (number > 60 ? null : hash(number))),
    } as unknown as ChainSource
    expect(await findFork(source, { ...range, hashes: nowhere }, new AbortController().signal)).toBe(60)
  })
})
