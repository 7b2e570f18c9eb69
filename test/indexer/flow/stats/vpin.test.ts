import { describe, expect, test } from 'vitest'
import { type SignedVolume, vpin, vpinControls } from '../../../../indexer/flow/stats/vpin.ts'
import { createRandom } from '../../../support/random.ts'
import { drawNormal } from './simulate.ts'

function repeat(trades: readonly SignedVolume[], times: number): SignedVolume[] {
  return Array.from({ length: times }, () => trades).flat()
}

const BUY: SignedVolume = { volume: 1, sign: 1 }
const SELL: SignedVolume = { volume: 1, sign: -1 }

describe('vpin', () => {
  test.each([
    { what: 'balanced flow', trades: repeat([BUY, SELL], 100), bucket: 4, buckets: 50, value: 0 },
    { what: 'one-sided flow', trades: repeat([SELL], 200), bucket: 4, buckets: 50, value: 1 },
    { what: 'three buys to a sell', trades: repeat([BUY, BUY, SELL, BUY], 50), bucket: 4, buckets: 50, value: 0.5 },
    // Buckets of 2: 2 bought; 1 bought, 1 sold.
    {
      what: 'a trade over two buckets',
      trades: [{ volume: 3, sign: 1 }, SELL] as const,
      bucket: 2,
      buckets: 2,
      value: 0.5,
    },
    { what: 'one trade of all', trades: [{ volume: 100, sign: 1 }] as const, bucket: 2, buckets: 50, value: 1 },
    { what: 'one trade of far more', trades: [{ volume: 1e15, sign: 1 }] as const, bucket: 2, buckets: 50, value: 1 },
    {
      what: 'old buckets',
      trades: [...repeat([BUY], 100), ...repeat([BUY, SELL], 10)],
      bucket: 2,
      buckets: 10,
      value: 0,
    },
    {
      what: 'tenths that add up but for rounding',
      trades: repeat([{ volume: 0.1, sign: 1 }], 100),
      bucket: 1,
      buckets: 10,
      value: 1,
    },
    { what: 'a bucket too few', trades: repeat([BUY], 99), bucket: 2, buckets: 50, value: null },
    { what: 'nothing', trades: [], bucket: 2, buckets: 50, value: null },
    { what: 'buckets of nothing', trades: repeat([BUY], 99), bucket: 0, buckets: 50, value: null },
    { what: 'trades of nothing', trades: repeat([{ volume: 0, sign: 1 }], 99), bucket: 1, buckets: 50, value: null },
  ])('$what is $value', ({ trades, bucket, buckets, value }) => {
    const found = vpin(trades, bucket, buckets)
    if (value === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(value, 9)
  })

  test('a fiftieth of all the volume makes fifty buckets whatever the rounding', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed)
      const trades = Array.from({ length: 500 }, () => ({ ...(random() < 0.5 ? BUY : SELL), volume: random() * 1e4 }))
      expect(vpin(trades, trades.reduce((sum, { volume }) => sum + volume, 0) / 50)).not.toBeNull()
    }
  })

  test('unrelated trades, 100 to a bucket, are at what chance gives', () => {
    const random = createRandom(1)
    const trades = Array.from({ length: 100_000 }, () => (random() < 0.5 ? BUY : SELL))
    expect(Math.abs(vpin(trades, 100, 1_000)! - Math.sqrt(2 / (Math.PI * 100)))).toBeLessThan(0.005)
  })
})

/** Windows whose VPIN is noise around volume, so that it explains nothing besides, or is added to the next return. */
function simulateWindows(added: number, n: number, seed: number) {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => {
    const [volume, volatility] = [drawNormal(random), drawNormal(random)]
    const own = 0.7 * volume + drawNormal(random)
    const nextAbsReturn = volume + volatility + added * own + drawNormal(random)
    return { volume, volatility, vpin: own, nextAbsReturn }
  })
}

describe('vpinControls', () => {
  test('what volume explains is not told of VPIN', () => {
    const { controlsR2, incrementalR2, fStatistic, n } = vpinControls(simulateWindows(0, 2_000, 1))!
    expect(controlsR2).toBeCloseTo(2 / 3, 1)
    expect(incrementalR2).toBeLessThan(0.003)
    expect(fStatistic).toBeLessThan(8)
    expect(n).toBe(2_000)
  })

  test('what VPIN explains besides is told', () => {
    // Of the variance 1.7^2 + 1 + 1 + 1, the part of VPIN's own is 1.
    const { incrementalR2, fStatistic } = vpinControls(simulateWindows(1, 5_000, 1))!
    expect(incrementalR2).toBeCloseTo(1 / 5.89, 1)
    expect(fStatistic).toBeGreaterThan(100)
  })

  const windows = simulateWindows(0, 50, 1)
  test.each([
    { what: 'nothing', windows: [] },
    { what: '49 windows', windows: windows.slice(1) },
    { what: 'a constant VPIN', windows: windows.map((each) => ({ ...each, vpin: 0.4 })) },
    {
      what: 'VPIN made of volume and volatility',
      windows: windows.map((each) => ({ ...each, vpin: each.volume + 0.3 * each.volatility })),
    },
    { what: 'returns of 0', windows: windows.map((each) => ({ ...each, nextAbsReturn: 0 })) },
  ])('$what gives null', (each) => {
    expect(vpinControls(each.windows)).toBeNull()
  })

  test('VPIN made of the others is found out whatever the rounding', () => {
    for (let part = 1; part <= 20; part++) {
      const made = windows.map((each) => ({ ...each, vpin: each.volume + (part / 7) * each.volatility }))
      expect(vpinControls(made)).toBeNull()
    }
  })
})
