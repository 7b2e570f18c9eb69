import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../../../support/solidity.ts'
import { compare, deployReference } from './constantProductCases.ts'
import { smallSolidlyStableSubject, solidlyStableSubject } from './solidlyStableCases.ts'

describe('solidlyStable over 10,000 random swaps', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('quotes and the pools after them agree with the contract to the wei', async () => {
    const seen = await compare(solidlyStableSubject, await deployReference(bench, 'SolidlyStableReference'), 31, 15_500)
    expect(seen.differences).toEqual([])
    console.info(`${seen.possible} possible of ${seen.swaps} swaps`)
    expect(seen.possible).toBeGreaterThan(10_000)
  })

  test('so do they in pools of less than a token, where every rounding shows', async () => {
    const contract = await deployReference(bench, 'SolidlyStableReference')
    const seen = await compare(smallSolidlyStableSubject, contract, 32, 15_500)
    expect(seen.differences).toEqual([])
    console.info(`${seen.possible} possible of ${seen.swaps} swaps`)
    expect(seen.possible).toBeGreaterThan(10_000)
  })
})
