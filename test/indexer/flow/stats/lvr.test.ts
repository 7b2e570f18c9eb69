import { describe, expect, test } from 'vitest'
import { arbitragePerBlock, lvrConcentrated, lvrConstantProduct } from '../../../../indexer/flow/stats/lvr.ts'
import { createRandom } from '../../../support/random.ts'

/**
 * What somebody gains a block, as a part of the value, who trades with x * y = k to the edge of the band whenever that pays. The price
 * is a geometric random walk without drift; steps come in pairs of opposite sign (Marsaglia's polar method).
 */
function simulate(sigma: number, fee: number, blocks: number, random: () => number): number {
  const edge = -Math.log(1 - fee)
  let [mispricing, gained] = [0, 0]
  for (let block = 0; block < blocks; block += 2) {
    let [u, v, square] = [0, 0, 2]
    while (square >= 1 || square === 0) {
      u = 2 * random() - 1
      v = 2 * random() - 1
      square = u * u + v * v
    }
    const scale = sigma * Math.sqrt((-2 * Math.log(square)) / square)
    for (const step of [u * scale, v * scale]) {
      mispricing += step - (sigma * sigma) / 2
      if (Math.abs(mispricing) <= edge) continue
      gained += gainOf(mispricing, fee)
      mispricing = Math.sign(mispricing) * edge
    }
  }
  return gained / blocks
}

/** Of one trade, as a part of the value of the pool at its own price, after the fee: prices in units of the pool's, liquidity 1. */
function gainOf(mispricing: number, fee: number): number {
  const market = Math.exp(mispricing)
  if (mispricing > 0) {
    const root = Math.sqrt(market * (1 - fee))
    return ((1 - 1 / root) * market - (root - 1) / (1 - fee)) / 2
  }
  const root = Math.sqrt(market / (1 - fee))
  return (1 - root - ((1 / root - 1) / (1 - fee)) * market) / 2
}

describe('arbitragePerBlock', () => {
  test.each([
    { sigmaBps: 1, feeBps: 5 },
    { sigmaBps: 5, feeBps: 5 },
    { sigmaBps: 2, feeBps: 10 },
    { sigmaBps: 5, feeBps: 30 },
  ])('is what is gained at $sigmaBps bps a block and a fee of $feeBps bps, to 3 %', ({ sigmaBps, feeBps }) => {
    const [sigma, fee] = [sigmaBps / 1e4, feeBps / 1e4]
    const gained = simulate(sigma, fee, 6_000_000, createRandom(sigmaBps * 100 + feeBps))
    expect(Math.abs(gained / arbitragePerBlock(sigma, fee, 1)! - 1)).toBeLessThan(0.03)
  })

  test('without a fee it is the loss of the liquidity', () => {
    expect(arbitragePerBlock(1e-4, 0, 500)).toBeCloseTo(lvrConstantProduct(1e-4, 500)!, 15)
  })

  test.each([
    { sigma: 0, fee: 0.003, value: 1, expected: 0 },
    { sigma: -1, fee: 0.003, value: 1, expected: null },
    { sigma: 1e-4, fee: -0.1, value: 1, expected: null },
    { sigma: 1e-4, fee: 1, value: 1, expected: null },
    { sigma: 1e-4, fee: 0.003, value: Number.NaN, expected: null },
    { sigma: Number.POSITIVE_INFINITY, fee: 0.003, value: 1, expected: null },
  ])('volatility $sigma, fee $fee, value $value is $expected', ({ sigma, fee, value, expected }) => {
    expect(arbitragePerBlock(sigma, fee, value)).toBe(expected)
  })
})

describe('lvrConstantProduct and lvrConcentrated', () => {
  test('an eighth of the variance', () => {
    expect(lvrConstantProduct(0.04, 1_000)).toBeCloseTo(0.2, 12)
  })

  test('over the whole range, where the value is 2 L sqrt(P), they agree', () => {
    expect(lvrConcentrated(0.04, 50, 10)).toBeCloseTo(lvrConstantProduct(0.04, 2 * 50 * 10)!, 12)
  })

  test('negative and missing inputs give null', () => {
    expect(lvrConstantProduct(-1, 1)).toBeNull()
    expect(lvrConstantProduct(1, Number.NaN)).toBeNull()
    expect(lvrConcentrated(0.1, -1, 1)).toBeNull()
    expect(lvrConcentrated(0.1, 1, Number.POSITIVE_INFINITY)).toBeNull()
  })
})
