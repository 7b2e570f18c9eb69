import { expect, test } from 'vitest'
import { compareSyncSwapStable } from './syncswapStableCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  const { equal } = await compareSyncSwapStable(10_000, 12)
  expect(equal).toBeGreaterThan(9_000)
})
