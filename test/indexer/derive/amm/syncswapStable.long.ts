import { expect, test } from 'vitest'
import { compareSyncSwapStable } from './syncswapStableCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  const { equal } = await compareSyncSwapStable(12_000, 12)
  expect(equal).toBeGreaterThan(10_000)
})
