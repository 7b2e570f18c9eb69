import { describe, expect, test } from 'vitest'
import { type FollowOptions, followChain, type Step } from '../../../indexer/chain/follow.ts'
import { createHeads } from '../../../indexer/chain/heads.ts'
import type { ChainSource } from '../../../indexer/chain/source.ts'
import type { BlockBundle, Hex } from '../../../indexer/types/block.ts'
import { hash, makeBundle } from '../../support/logs.ts'

/** A chain held in memory, whose blocks can be replaced and added while it is followed. */
class FakeChain {
  bundles: BlockBundle[] = []
  /** How many blocks each range asked for held, in order. */
  sizes: number[] = []
  /** What a range must wait for before it is answered. */
  gate: (from: number) => Promise<void> | undefined = () => undefined

  /** Adds `count` blocks with `logs` logs each; `fork` makes their hashes others than those of the first history. */
  grow(count: number, fork = 0, logs = 0): this {
    for (let i = 0; i < count; i++) {
      const number = this.bundles.length
      const bundle = makeBundle(number, [])
      bundle.block.hash = hash(number + fork * 1_000_000)
      bundle.block.parentHash = this.bundles[number - 1]?.block.hash ?? hash(-1)
      this.bundles.push({ ...bundle, logs: new Array(logs).fill(null) })
    }
    return this
  }

  /** Removes the blocks from `number` on. */
  cut(number: number): this {
    this.bundles.length = number
    return this
  }

  source: ChainSource = {
    chainId: 1,
    endpoints: null as never,
    fetchHead: async () => this.bundles.at(-1)!.block,
    stack: 'evm',
    heads: createHeads([], String),
    finalized: () => null,
    fetchHashEverywhere: async (number) => [this.bundles[number]?.block.hash ?? null],
    fetchHashes: async (numbers) => numbers.map((number) => this.bundles[number]?.block.hash ?? null),
    fetchRange: async (from, to) => {
      this.sizes.push(to - from + 1)
      await this.gate(from)
      return this.bundles.slice(from, to + 1)
    },
    close: async () => {},
  }
}

const nowhere = { number: -1, hash: null }
const follow = (chain: FakeChain, options: Partial<FollowOptions> = {}) =>
  followChain({
    source: chain.source,
    after: nowhere,
    storedHash: async () => null,
    end: null,
    pollMs: 0,
    signal: new AbortController().signal,
    ...options,
  })
const describeStep = (step: Step): string =>
  step.kind === 'blocks' ? `${step.bundles[0]!.block.number}-${step.bundles.at(-1)!.block.number}` : step.kind
/** The steps until the sequence ends or `enough` says so; `enough` is called after each and may change the chain. */
const collect = async (steps: AsyncIterable<Step>, enough: (seen: string[]) => unknown = () => false) => {
  const seen: string[] = []
  for await (const step of steps) {
    seen.push(describeStep(step))
    if (enough(seen)) break
  }
  return seen
}
const at = (chain: FakeChain, number: number): { number: number; hash: Hex } => chain.bundles[number]!.block

describe('followChain', () => {
  test('a chain of one block, to its end', async () => {
    const chain = new FakeChain().grow(1)
    expect(await collect(follow(chain, { end: 0 }))).toEqual(['0-0', 'done'])
  })

  test('a chain that has not reached the start yet: one block is awaited', async () => {
    const chain = new FakeChain().grow(1)
    const steps = follow(chain, { after: { number: 4, hash: null }, end: 5 })
    expect(await collect(steps, (seen) => seen.length === 3 && !chain.grow(5))).toEqual([
      'caught-up',
      'caught-up',
      'caught-up',
      '5-5',
      'done',
    ])
  })

  test('a chain whose head is the block before the start: nothing can be compared yet', async () => {
    const chain = new FakeChain().grow(5)
    const steps = follow(chain, { after: { number: 4, hash: null }, end: 5 })
    expect(await collect(steps, (seen) => seen.length === 1 && !chain.grow(1))).toEqual(['caught-up', '5-5', 'done'])
  })

  test('an end that is given already', async () => {
    const chain = new FakeChain().grow(9)
    expect(await collect(follow(chain, { after: at(chain, 5), end: 5 }))).toEqual(['done'])
    expect(await collect(follow(chain, { after: at(chain, 5), end: 3 }))).toEqual(['done'])
    expect(chain.sizes).toEqual([])
  })

  test('every block once and in order, with the head', async () => {
    const chain = new FakeChain().grow(1_234)
    const numbers: number[] = []
    for await (const step of follow(chain, { end: 1_200 })) {
      if (step.kind !== 'blocks') continue
      numbers.push(...step.bundles.map(({ block }) => block.number))
      expect(step.head).toMatchObject({ number: 1_233, timestamp: chain.bundles[1_233]!.block.timestamp })
    }
    expect(numbers).toEqual(Array.from({ length: 1_201 }, (_, number) => number))
  })

  test('ranges that are answered in another order are given in theirs', async () => {
    const chain = new FakeChain().grow(400)
    let openFirst = () => {}
    const first = new Promise<void>((resolve) => (openFirst = resolve))
    // The first range is answered once the fourth has been asked for: several are fetched ahead.
    chain.gate = (from) => (from === 0 ? first : void (from === 300 && openFirst()))
    expect(await collect(follow(chain, { end: 399 }))).toEqual(['0-99', '100-199', '200-299', '300-399', 'done'])
  })

  test('a chain that grows while it is followed', async () => {
    const chain = new FakeChain().grow(3)
    const steps = follow(chain, { end: 6 })
    expect(await collect(steps, (seen) => seen.at(-1) === 'caught-up' && !chain.grow(2))).toEqual([
      '0-2',
      'caught-up',
      '3-4',
      'caught-up',
      '5-6',
      'done',
    ])
  })

  test('quiet stretches are read in larger ranges, dense ones in smaller', async () => {
    const quiet = new FakeChain().grow(3_000)
    await collect(follow(quiet, { end: 2_999 }))
    expect(quiet.sizes[0]).toBe(100)
    expect(Math.max(...quiet.sizes)).toBeGreaterThan(300)
    expect(Math.max(...quiet.sizes)).toBeLessThanOrEqual(2_000)
    const dense = new FakeChain().grow(600, 0, 800)
    await collect(follow(dense, { end: 599 }))
    // 8000 logs a range are wanted.
    expect(dense.sizes.at(-2)).toBe(10)
  })

  test('an endpoint that lags behind what is stored is no reorganisation', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 8)
    chain.cut(6)
    const steps = follow(chain, { after, end: 9 })
    expect(await collect(steps, (seen) => seen.length === 2 && !chain.grow(4))).toEqual([
      'caught-up',
      'caught-up',
      '9-9',
      'done',
    ])
  })

  test('another block at the height of the last one is a reorganisation', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 9)
    chain.cut(9).grow(1, 1)
    expect(await collect(follow(chain, { after }))).toEqual(['reorg'])
  })

  test('a next block with another parent is a reorganisation, and is not given', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 9)
    chain.cut(7).grow(5, 1)
    expect(await collect(follow(chain, { after }))).toEqual(['reorg'])
  })

  test('a shorter chain is noticed once it has grown', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 9)
    chain.cut(5).grow(2, 1)
    const steps = follow(chain, { after })
    expect(await collect(steps, (seen) => seen.length === 2 && !chain.grow(3, 1))).toEqual([
      'caught-up',
      'caught-up',
      'reorg',
    ])
  })

  test('a shorter chain is noticed at once where the block at its head is another than the stored one', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 9)
    const stored = chain.bundles.map(({ block }) => block.hash)
    chain.cut(5).grow(2, 1)
    const storedHash = async (number: number) => stored[number] ?? null
    expect(await collect(follow(chain, { after, storedHash }))).toEqual(['reorg'])
  })

  test('a shorter chain whose head is stored is one that was taken back when L1 says so', async () => {
    const chain = new FakeChain().grow(10)
    const after = at(chain, 9)
    const stored = chain.bundles.map(({ block }) => block.hash)
    chain.cut(5)
    const storedHash = async (number: number) => stored[number] ?? null
    let isTakenBack = false
    const steps = follow(chain, { after, storedHash, isTakenBack: () => isTakenBack })
    const seen = await collect(steps, (steps) => {
      isTakenBack = steps.length === 2
    })
    expect(seen).toEqual(['caught-up', 'caught-up', 'reorg'])
  })

  test('a reorganisation between two ranges', async () => {
    const chain = new FakeChain().grow(200)
    chain.gate = async (from) => void (from === 100 && chain.cut(50).grow(150, 1))
    // The second range is answered before the first is replaced.
    const first = chain.bundles.slice(0, 100)
    const { fetchRange } = chain.source
    chain.source.fetchRange = async (from, to) => (from === 0 ? first : fetchRange(from, to))
    expect(await collect(follow(chain, { end: 199 }))).toEqual(['0-99', 'reorg'])
  })

  test('the first block of all has no parent to compare', async () => {
    const chain = new FakeChain().grow(10)
    expect(await collect(follow(chain, { after: { number: 4, hash: null }, end: 9 }))).toEqual(['5-9', 'done'])
  })

  test('a failure of a range is met in its turn, after the ranges before', async () => {
    const chain = new FakeChain().grow(400)
    chain.gate = (from) => (from === 200 ? Promise.reject(new Error('range 200 failed')) : undefined)
    const seen: string[] = []
    const run = async () => {
      for await (const step of follow(chain)) seen.push(describeStep(step))
    }
    await expect(run()).rejects.toThrow('range 200 failed')
    expect(seen).toEqual(['0-99', '100-199'])
  })

  test('abort ends the wait for a new block at once', async () => {
    const chain = new FakeChain().grow(1)
    const stop = new AbortController()
    const reason = new Error('stopped')
    const steps = follow(chain, { pollMs: 60_000, signal: stop.signal })
    const startMs = performance.now()
    await expect(
      collect(steps, (seen) => void (seen.at(-1) === 'caught-up' && setImmediate(() => stop.abort(reason)))),
    ).rejects.toBe(reason)
    expect(performance.now() - startMs).toBeLessThan(1_000)
  })
})
