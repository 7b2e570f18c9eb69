import { expect, test } from 'vitest'
import { compareMaverick } from './maverickCases.ts'

test.each([1, 2] as const)('V%i: 10,000 random swaps are those of the rendering in Solidity', async (version) => {
  const seen = await compareMaverick(version, 12_000, 31)
  console.log(`Maverick V${version}: ${JSON.stringify(seen)}, 0 differences`)
  expect(seen.swaps).toBeGreaterThan(10_000)
  expect(seen.crossed).toBeGreaterThan(10_000)
})
