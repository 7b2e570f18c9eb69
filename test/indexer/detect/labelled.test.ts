import { describe, expect, test } from 'vitest'
import { CONFIRMED } from '../../../indexer/detect/rules.ts'
import { everybody, NOISE_ONLY } from './histories.ts'
import { detectSimulated } from './labelled.ts'
import { judgeFound } from './scores.ts'

// Longer histories and the figures of bench/RESULTS.md are in labelled.long.ts.
describe.each(['fifo', 'tip'] as const)('a simulated history with everybody in it, %s', (ordering) => {
  const found = detectSimulated({ seed: 'short', blocks: 120, ordering, agents: everybody })
  const { sandwiches, losses } = judgeFound(found)

  test('nearly all sandwiches are confirmed, and nearly all that are confirmed are some', () => {
    expect(sandwiches.labelled).toBeGreaterThan(10)
    expect(sandwiches.confirmed / sandwiches.labelled).toBeGreaterThan(0.9)
    expect(sandwiches.right / sandwiches.sure).toBeGreaterThan(0.9)
  })

  test('what swaps have lost is equal to the last unit', () => {
    expect(losses.equal).toBeGreaterThan(10)
    // The truth knows that a cycle in between would have reverted without the attack; no log tells that.
    expect(losses.other * 20).toBeLessThanOrEqual(losses.equal)
  })

  test('the same blocks give the same bundles', () => {
    const again = detectSimulated({ seed: 'short', blocks: 120, ordering, agents: everybody })
    expect(again.bundles.map(({ id }) => id)).toEqual(found.bundles.map(({ id }) => id))
    expect(new Set(found.bundles.map(({ id }) => id)).size).toBe(found.bundles.length)
  })
})

test('random flow without any attack has nothing confirmed', () => {
  const { bundles, swaps } = detectSimulated({ seed: 'noise', blocks: 150, ordering: 'fifo', agents: NOISE_ONLY })
  expect(swaps).toBeGreaterThan(3_000)
  expect(bundles.filter(({ kind, confidence }) => kind === 'SANDWICH' && confidence >= CONFIRMED)).toEqual([])
})
