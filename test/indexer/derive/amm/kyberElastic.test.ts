import { describe, expect, test } from 'vitest'
import { compareKyberElastic } from './kyberElasticCases.ts'

describe('kyberElastic', () => {
  test('random swaps are those of the rendering in Solidity', async () => {
    const seen = await compareKyberElastic(1_000, 5)
    console.log(seen)
    expect(seen.swaps).toBeGreaterThan(300)
  }, 120_000)
})
