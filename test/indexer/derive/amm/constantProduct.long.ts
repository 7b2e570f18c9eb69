import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, startBench } from '../../../support/solidity.ts'
import {
  compare,
  compareWithPair,
  constantProductSubject,
  deployPair,
  deployReference,
} from './constantProductCases.ts'

describe('constantProduct over 10,000 random swaps', () => {
  let bench: Bench
  beforeAll(async () => {
    bench = await startBench()
  })
  afterAll(() => bench.stop())

  test('a real pair of Uniswap V2 pays each quote and refuses one more', async () => {
    const seen = await compareWithPair(await deployPair(bench), 21, 13_000)
    expect(seen.differences).toEqual([])
    console.info(`${seen.possible} possible of ${seen.swaps} swaps`)
    expect(seen.possible).toBeGreaterThan(10_000)
  })

  test('forks with other fees, other reserves and fees that leave the pool agree to the wei', async () => {
    const contract = await deployReference(bench, 'ConstantProductReference')
    const seen = await compare(constantProductSubject, contract, 22, 13_500)
    expect(seen.differences).toEqual([])
    console.info(`${seen.possible} possible of ${seen.swaps} swaps`)
    expect(seen.possible).toBeGreaterThan(10_000)
  })
})
