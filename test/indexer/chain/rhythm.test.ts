import { describe, expect, test } from 'vitest'
import { createRhythm } from '../../../indexer/chain/rhythm.ts'

/** The waits of a rhythm that hears of a head each time; `heads` are pairs of time and number. */
const waitsAfter = (heads: readonly (readonly [number, number])[], leastMs = 50) => {
  let nowMs = 0
  const rhythm = createRhythm(leastMs, () => nowMs)
  return heads.map(([atMs, number]) => {
    nowMs = atMs
    rhythm.heard(number)
    return rhythm.waitMs()
  })
}

describe('createRhythm', () => {
  test.each<[string, [number, number][], number]>([
    ['nothing is known yet: the least', [[0, 5]], 50],
    [
      'after a new block: most of the usual time',
      [
        [0, 5],
        [500, 6],
      ],
      300,
    ],
    [
      'several blocks at once: the time of each',
      [
        [0, 5],
        [2_000, 9],
      ],
      300,
    ],
    [
      'the block is not there: a part of it',
      [
        [0, 5],
        [600, 6],
        [960, 6],
      ],
      100,
    ],
    [
      'a lower head is no new block',
      [
        [0, 5],
        [600, 6],
        [960, 4],
      ],
      100,
    ],
    [
      'never less than the least',
      [
        [0, 5],
        [60, 6],
      ],
      50,
    ],
    [
      'never more than a second',
      [
        [0, 5],
        [12_000, 6],
      ],
      1_000,
    ],
  ])('%s', (_, heads, waitMs) => {
    expect(waitsAfter(heads).at(-1)).toBeCloseTo(waitMs)
  })

  test('a change of pace is learnt', () => {
    const slow = Array.from({ length: 10 }, (_, index) => [index * 1_000, index] as const)
    const quick = Array.from({ length: 30 }, (_, index) => [9_000 + (index + 1) * 200, 10 + index] as const)
    const waits = waitsAfter([...slow, ...quick])
    expect(waits[9]).toBeCloseTo(600)
    expect(waits.at(-1)).toBeGreaterThan(119)
    expect(waits.at(-1)).toBeLessThan(125)
  })
})
