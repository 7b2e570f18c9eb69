import { describe, expect, test } from 'vitest'
import { createTimeline } from '../../../../contracts/devnet/l1/timeline.ts'

describe('createTimeline', () => {
  test('an L2 block has seen the L1 blocks that were there when it was the last', () => {
    const timeline = createTimeline()
    timeline.add(1, 4)
    timeline.add(2, 8)
    expect([0, 3, 4, 7, 8, 100].map(timeline.seenAt)).toEqual([0, 0, 1, 1, 2, 2])
  })

  test('L1 blocks mined without us count as mined with the next one', () => {
    const timeline = createTimeline()
    timeline.add(3, 5)
    expect([4, 5].map(timeline.seenAt)).toEqual([0, 3])
  })

  test('a rollback of L2 takes nothing from L1', () => {
    const timeline = createTimeline()
    timeline.add(1, 4)
    timeline.add(2, 8)
    timeline.add(3, 12)
    timeline.rolledBack(6)
    expect([3, 4, 5, 6].map(timeline.seenAt)).toEqual([0, 1, 1, 3])
    timeline.add(4, 9)
    expect([8, 9].map(timeline.seenAt)).toEqual([3, 4])
  })
})
