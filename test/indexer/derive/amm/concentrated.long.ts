import { expect, test } from 'vitest'
import { compareConcentrated, type PoolKind } from './concentratedCases.ts'

test.each<PoolKind>(['Uniswap V3', 'PancakeSwap V3', 'Uniswap V4'])(
  '10,000 random swaps on real contracts of %s are equal to the wei',
  async (kind) => {
    const { swaps, crossed } = await compareConcentrated(kind, 27_000, 21)
    console.log(`${kind}: ${swaps} swaps, ${crossed} initialised ticks crossed, 0 differences`)
    expect(swaps).toBeGreaterThan(10_000)
    expect(crossed).toBeGreaterThan(10_000)
  },
)
