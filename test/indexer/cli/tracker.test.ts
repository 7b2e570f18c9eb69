import { describe, expect, test } from 'vitest'
import { findProfile } from '../../../contracts/chains/index.ts'
import { describeProgress } from '../../../indexer/cli/progress.ts'
import { createTracker } from '../../../indexer/cli/tracker.ts'
import type { IndexEvent } from '../../../indexer/main.ts'

const profile = findProfile(324)

/** A tracker of blocks 100 to `end`, whose clock is moved by hand; `commit` says what blocks were committed just now. */
const track = (end: number | null = null, committed = 99) => {
  let nowMs = 1_000
  const tracker = createTracker(profile, { start: 100, committed, end, undecoded: 2 }, () => nowMs)
  const commit = (block: number, blocks: number, head: number, swaps = blocks * 2) =>
    tracker.onEvent({
      kind: 'committed',
      block,
      timestamp: block,
      head,
      headTimestamp: head + 5,
      blocks,
      swaps,
      undecoded: 1,
    })
  return { tracker, commit, wait: (ms: number) => (nowMs += ms) }
}
const caughtUp = (block: number, head = block): IndexEvent => ({
  kind: 'caught-up',
  block,
  head,
  headTimestamp: head + 5,
})
const failure: IndexEvent = { kind: 'failure', watcher: null, error: new Error('the endpoint is gone'), waitMs: 500 }

describe('createTracker', () => {
  test('before anything happened', () => {
    const { tracker } = track()
    expect(tracker.status()).toEqual({
      chainId: 324,
      name: 'zksync-era',
      state: 'starting',
      startBlock: 100,
      indexedBlock: 99,
      endBlock: null,
      headBlock: null,
      headTimestamp: null,
      blocksPerSecond: 0,
      etaSeconds: null,
      lastError: null,
      undecodedLogs: 2,
      batch: null,
      finalizedBlock: null,
      endpoints: [],
      degradedSince: null,
    })
    expect(tracker.swapsPerSecond()).toBe(0)
  })

  test('behind the head: rates and the time left', () => {
    const { tracker, commit, wait } = track()
    wait(2_000)
    commit(199, 100, 1_000)
    expect(tracker.status()).toMatchObject({
      state: 'backfill',
      indexedBlock: 199,
      headBlock: 1_000,
      headTimestamp: 1_005,
      blocksPerSecond: 50,
      // 801 blocks are left.
      etaSeconds: 17,
      undecodedLogs: 3,
    })
    expect(tracker.swapsPerSecond()).toBe(100)
  })

  test('rates are those of the last seconds', () => {
    const { tracker, commit, wait } = track()
    wait(1_000)
    commit(1_099, 1_000, 9_999)
    for (let second = 1; second <= 10; second++) {
      wait(1_000)
      commit(1_099 + second * 10, 10, 9_999)
    }
    expect(tracker.status().blocksPerSecond).toBe(10)
    expect(tracker.swapsPerSecond()).toBe(20)
  })

  test('idle: the rate sinks to nothing, and the time left is not known', () => {
    const { tracker, commit, wait } = track()
    wait(1_000)
    commit(109, 10, 1_000)
    expect(tracker.status().blocksPerSecond).toBe(10)
    wait(4_000)
    expect(tracker.status().blocksPerSecond).toBe(2)
    wait(60_000)
    expect(tracker.status()).toMatchObject({ blocksPerSecond: 0, etaSeconds: null })
  })

  test('at the head', () => {
    const { tracker, commit, wait } = track()
    wait(1_000)
    commit(200, 101, 200)
    expect(tracker.status()).toMatchObject({ state: 'live', etaSeconds: 0 })
    tracker.onEvent(caughtUp(200, 201))
    expect(tracker.status()).toMatchObject({ state: 'backfill', headBlock: 201 })
  })

  test('at the end block, below the head', () => {
    const { tracker, commit } = track(150)
    commit(149, 50, 1_000)
    expect(tracker.status()).toMatchObject({ state: 'backfill', endBlock: 150 })
    commit(150, 1, 1_000)
    expect(tracker.status()).toMatchObject({ state: 'live', etaSeconds: 0 })
  })

  test('an endpoint that lags behind what is stored', () => {
    const { tracker } = track(null, 200)
    tracker.onEvent(caughtUp(200, 190))
    expect(tracker.status()).toMatchObject({ state: 'live', indexedBlock: 200, headBlock: 190, etaSeconds: 0 })
  })

  test.each([
    ['below the head', 149, 1_000, 1],
    ['above the head, which has no time of arrival', 9_999, 219, null],
    ['that is reached', 99, 1_000, 0],
  ])('the time left to an end block %s', (_, end, head, etaSeconds) => {
    const { tracker, commit, wait } = track(end)
    wait(1_000)
    commit(99, 50, head)
    expect(tracker.status().etaSeconds).toBe(etaSeconds)
  })

  test('a failure, until something succeeds', () => {
    const { tracker, commit } = track()
    tracker.onEvent(failure)
    expect(tracker.status()).toMatchObject({ state: 'error', lastError: 'the endpoint is gone', indexedBlock: 99 })
    commit(109, 10, 109)
    expect(tracker.status()).toMatchObject({ state: 'live', lastError: null })
    tracker.onEvent(failure)
    tracker.onEvent(caughtUp(109))
    expect(tracker.status()).toMatchObject({ state: 'live', lastError: null })
    expect(tracker.totals).toMatchObject({ failures: 2, commits: 1 })
  })

  test('a reorganisation takes the index back', () => {
    const { tracker, commit } = track()
    commit(109, 10, 109)
    tracker.onEvent({ kind: 'reorg', keep: 105, depth: 4 })
    expect(tracker.status()).toMatchObject({ indexedBlock: 105, headBlock: 109 })
    expect(tracker.totals).toEqual({ blocks: 10, swaps: 20, undecoded: 3, reorgs: 1, failures: 0, commits: 1 })
  })
})

describe('describeProgress', () => {
  const status = { ...track().tracker.status(), state: 'backfill' as const }

  test.each([
    ['nothing is known', {}, null, 0, 'backfill  block 99 of ?  – %  0 blocks/s  0 swaps/s  ETA –'],
    [
      'half of the way to the head',
      { indexedBlock: 149, headBlock: 199, blocksPerSecond: 12.5, etaSeconds: 4 },
      null,
      3.6,
      'backfill  block 149 of 199  50 %  12.5 blocks/s  4 swaps/s  ETA 4 s',
    ],
    [
      'a third of the way to the end block',
      { indexedBlock: 199, headBlock: 999_999, etaSeconds: 89 },
      399,
      0,
      'backfill  block 199 of 399  33.3 %  0 blocks/s  0 swaps/s  ETA 89 s',
    ],
    [
      'almost there, which is not 100 %',
      { indexedBlock: 100_098, headBlock: 100_099, etaSeconds: 90 },
      null,
      0,
      'backfill  block 100098 of 100099  99.9 %  0 blocks/s  0 swaps/s  ETA 2 min',
    ],
    [
      'there',
      { state: 'live' as const, indexedBlock: 199, headBlock: 199, etaSeconds: 0 },
      null,
      0,
      'live  block 199 of 199  100 %  0 blocks/s  0 swaps/s  ETA 0 s',
    ],
    [
      'beyond the head that the endpoint tells',
      { indexedBlock: 199, headBlock: 150 },
      null,
      0,
      'backfill  block 199 of 150  100 %  0 blocks/s  0 swaps/s  ETA –',
    ],
    [
      'before the first block',
      { indexedBlock: 99, headBlock: 20 },
      null,
      0,
      'backfill  block 99 of 20  0 %  0 blocks/s  0 swaps/s  ETA –',
    ],
  ])('%s', (_, changes, end, swapsPerSecond, text) => {
    expect(describeProgress({ ...status, ...changes }, end, swapsPerSecond)).toBe(text)
  })
})
