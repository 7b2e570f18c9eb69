import { describe, expect, test } from 'vitest'
import { cadence } from '../../../../indexer/flow/stats/cadence.ts'
import { createRandom } from '../../../support/random.ts'
import { simulatePoisson } from './simulate.ts'

const REPEATS = 1_000

function grid(events: number, period: number, jitter: number, seed: number): number[] {
  const random = createRandom(seed)
  return Array.from({ length: events }, (_, index) => 1_000 + period * (index + jitter * (random() - 0.5)))
}

describe('cadence', () => {
  test.each([6, 10, 20, 64])('%d events by chance raise a false alarm no more often than told', (events) => {
    const alarms = Array.from({ length: REPEATS }, (_, seed) => {
      return cadence(simulatePoisson(1, events, createRandom(seed)))!.falseAlarm
    })
    for (const level of [0.01, 0.05, 0.1, 0.25, 0.5]) {
      const share = alarms.filter((alarm) => alarm < level).length / REPEATS
      // Within chance of the level, or fewer.
      expect(share).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / REPEATS))
    }
  })

  test.each([
    { events: 10, period: 60, jitter: 0 },
    { events: 12, period: 60, jitter: 0.2 },
    { events: 20, period: 3_600, jitter: 0.3 },
    { events: 64, period: 7.3, jitter: 0.3 },
    { events: 200, period: 60, jitter: 0.3 },
  ])('a grid of $events events, $period s and jitter $jitter is found', ({ events, period, jitter }) => {
    for (let seed = 1; seed <= 20; seed++) {
      const found = cadence(grid(events, period, jitter, seed))!
      expect(found.falseAlarm).toBeLessThan(1e-3)
      expect(Math.abs(found.periodSeconds / period - 1)).toBeLessThan(0.03)
      expect(found.strength).toBeGreaterThan(0.75)
    }
  })

  test('a grid with a third of its events left out is found', () => {
    const found = cadence(grid(48, 60, 0.2, 1).filter((_, index) => index % 3 !== 1))!
    expect(found.falseAlarm).toBeLessThan(1e-3)
  })

  test('the period is told and not its half', () => {
    expect(cadence(grid(20, 60, 0, 1))!.periodSeconds).toBeCloseTo(60, 1)
    // An eighth of a period late, the last event puts the period between the steps of the scan, and its half on one.
    const times = grid(64, 60, 0, 1)
    expect(cadence([...times.slice(0, -1), times.at(-1)! + 7.5])!.periodSeconds).toBeCloseTo(60, 0)
  })

  test('whole seconds are no rhythm', () => {
    let low = 0
    for (let seed = 1; seed <= 200; seed++) {
      const times = simulatePoisson(0.8, 64, createRandom(seed)).map(Math.floor)
      if (cadence(times)!.falseAlarm < 0.01) low++
    }
    expect(low).toBeLessThanOrEqual(6)
  })

  test('events at one time count once', () => {
    const times = grid(10, 60, 0.2, 1)
    expect(cadence(times.flatMap((time) => [time, time, time]))).toEqual(cadence(times))
  })

  test('the order does not matter', () => {
    const times = grid(30, 60, 0.2, 1)
    expect(cadence(times.toReversed())).toEqual(cadence(times))
  })

  test('the last 64 events count', () => {
    const random = createRandom(9)
    const before = Array.from({ length: 50 }, () => random() * 900).sort((a, b) => a - b)
    const times = grid(64, 60, 0.2, 1)
    expect(cadence([...before, ...times])).toEqual(cadence(times))
  })

  test.each([
    { what: 'nothing', times: [] },
    { what: 'five events', times: [1, 2, 3, 4, 5] },
    { what: 'one time', times: [5, 5, 5, 5, 5, 5, 5] },
    { what: 'no number', times: [1, 2, 3, 4, 5, Number.NaN] },
  ])('$what gives null', ({ times }) => {
    expect(cadence(times)).toBeNull()
  })
})
