import { describe, expect, test } from 'vitest'
import { compareMaverick } from './maverickCases.ts'

describe('maverick', () => {
  test.each([1, 2] as const)(
    'V%i: 500 random swaps are those of the rendering in Solidity',
    async (version) => {
      const seen = await compareMaverick(version, 500, 3)
      console.log(seen)
      expect(seen.swaps).toBeGreaterThan(400)
    },
    120_000,
  )
})
