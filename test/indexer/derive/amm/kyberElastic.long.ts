import { expect, test } from 'vitest'
import { compareKyberElastic } from './kyberElasticCases.ts'

test('10,000 random swaps are those of the rendering in Solidity', async () => {
  const seen = await compareKyberElastic(12_000, 21)
  console.log(`Kyber Elastic: ${JSON.stringify(seen)}, 0 differences`)
  expect(seen.swaps).toBeGreaterThan(10_000)
  expect(seen.crossed).toBeGreaterThan(10_000)
  expect(seen.jumps).toBeGreaterThan(10_000)
})
