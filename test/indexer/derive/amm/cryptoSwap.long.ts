import { expect, test } from 'vitest'
import { compareCryptoSwap } from './cryptoSwapCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  const possible = await compareCryptoSwap(14_000, 9)
  console.info(`${possible} possible of 14000 swaps`)
  expect(possible).toBeGreaterThan(10_000)
})
