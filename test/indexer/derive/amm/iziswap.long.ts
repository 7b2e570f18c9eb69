import { expect, test } from 'vitest'
import { compareIziswap } from './iziswapCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  const seen = await compareIziswap(13_000, 31)
  console.log(`iZiSwap: ${JSON.stringify(seen)}, 0 differences`)
  expect(seen.swaps).toBeGreaterThan(10_000)
  expect(seen.crossed).toBeGreaterThan(10_000)
  expect(seen.filled).toBeGreaterThan(1_000)
})
