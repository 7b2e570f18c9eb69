import { expect, test } from 'vitest'
import { compareOneCoin, compareStableSwap } from './stableSwapCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  expect(await compareStableSwap(12_000, 6)).toBeGreaterThan(10_000)
})

test('10,000 random payments in one coin are those of the rendering in Solidity', async () => {
  expect(await compareOneCoin(12_000, 8)).toBeGreaterThan(10_000)
})
