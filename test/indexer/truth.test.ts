import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import { checkTruth } from './truth.ts'

// The same over thousands of blocks is in truth.long.ts.
describe('truth against the chain', () => {
  let devnet: Devnet

  beforeAll(async () => {
    devnet = await startDevnet({ history: 80, seed: 3 })
  })

  afterAll(() => devnet?.close())

  test.each([
    ['the first block', () => 0],
    ['the middle, where pools are found by calls', () => Math.floor(devnet.tip() / 2)],
  ])('from %s every stored state is the contract’s and every swap its receipt', async (_, start) => {
    const { differences, values, swaps } = await checkTruth(devnet, start())
    expect(differences).toEqual([])
    expect(values).toBeGreaterThan(1_000)
    expect(swaps).toBeGreaterThan(100)
  })
})
