import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { compare, deployReference } from './constantProductCases.ts'
import { kyberClassicSubject } from './kyberClassicCases.ts'

describe('kyberClassic over 10,000 random swaps', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('quotes and the pools after them agree with the contract to the wei', async () => {
    const seen = await compare(kyberClassicSubject, await deployReference(bench, 'KyberClassicReference'), 31, 14_000)
    expect(seen.differences).toEqual([])
    console.info(`${seen.possible} possible of ${seen.swaps} swaps`)
    expect(seen.possible).toBeGreaterThan(10_000)
  })
})
