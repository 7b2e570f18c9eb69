import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Devnet, startDevnet } from '../../contracts/devnet/index.ts'
import { checkTruth } from './truth.ts'

const BLOCKS = Number(process.env.TRUTH_BLOCKS ?? 3_000)

describe(`truth against the chain over ${BLOCKS} blocks`, () => {
  let devnet: Devnet

  beforeAll(async () => {
    devnet = await startDevnet({ history: BLOCKS, seed: 7 })
  })

  afterAll(() => devnet?.close())

  test.each([
    ['the first block', () => 0],
    ['the middle, where pools are found by calls', () => Math.floor(devnet.tip() / 2)],
  ])('from %s', async (_, start) => {
    const { differences, values, swaps } = await checkTruth(devnet, start())
    expect(differences).toEqual([])
    expect(swaps).toBeGreaterThan((devnet.tip() - start()) * 2)
    console.info(`${values} values and ${swaps} swaps of ${devnet.tip() - start() + 1} blocks equal`)
  })
})
