import { describe, expect, test } from 'vitest'
import { type Compared, compareMaverick } from './maverickCases.ts'

/** How many of each there are at least: the drawn figures depend on how the engine rounds powers. */
const least: readonly [version: 1 | 2, Compared][] = [
  [1, { swaps: 450, crossed: 450, stopped: 0, reverted: 5, changes: 0 }],
  [2, { swaps: 430, crossed: 450, stopped: 40, reverted: 10, changes: 15 }],
]

describe('maverick', () => {
  test.each(least)(
    'V%i: 500 random swaps are those of the rendering in Solidity',
    async (version, expected) => {
      const seen = await compareMaverick(version, 500, 3)
      expect(seen.swaps + seen.reverted).toBe(500)
      for (const [name, count] of Object.entries(expected)) {
        expect(seen[name as keyof Compared], name).toBeGreaterThanOrEqual(count)
      }
    },
    120_000,
  )
})
