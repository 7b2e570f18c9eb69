import { finite, type Series, sort } from './summary.ts'

/** A period that the times of events keep to. */
export type Cadence = {
  periodSeconds: number
  /** Length of the mean of the events as points on a clock of that period: 1 when all are in phase. */
  strength: number
  /** Probability that times by chance alone keep as well to any of the periods scanned. */
  falseAlarm: number
}

const EVENTS_MIN = 6
/** The last events used. */
const EVENTS_MAX = 64
/** Fewest periods in the span: of one, two events in phase would be enough. */
const CYCLES_MIN = 2
/** Periods scanned to one independent: within a quarter of a cycle over the span, a peak loses a tenth at most. */
const OVERSAMPLING = 4
/** A longer period explains as much as one that divides it when it is as strong but for this. */
const SAME_STRENGTH = 0.02
/** Integral of the autocorrelation of a periodogram of evenly spread times over its frequencies: the square root of 4 pi / 12. */
const SPREAD = Math.sqrt(Math.PI / 3)

/**
 * The period between half the mean interval and half the span that the last 64 events keep to best, and how probable it is
 * that chance does as well. The scan is even in frequency, since that is what independent periods are even in. Events at the
 * same time count once; for times in whole seconds, periods under two seconds are left out. Null below six events at different
 * times. The false alarm is that of times spread evenly, not of bursts. Sources: Mardia & Jupp 2000 (Rayleigh test); Davies
 * 1987 and Baluev 2008 (maximum of a scan).
 * @param timesSeconds in any order.
 */
export function cadence(timesSeconds: Series): Cadence | null {
  const times = listDistinct(timesSeconds)
  const span = times.length === 0 ? 0 : times.at(-1)! - times[0]!
  if (times.length < EVENTS_MIN || !Number.isFinite(span) || span <= 0) return null
  const isWhole = times.every((time) => Number.isInteger(time))
  const cyclesMax = Math.min(2 * times.length, isWhole ? span / 2 : Number.POSITIVE_INFINITY)
  if (cyclesMax < CYCLES_MIN) return null
  const turns = times.map((time) => (time - times[0]!) / span)
  const cycles = preferLonger(turns, findPeak(turns, cyclesMax))
  const strength = strengthOf(turns, cycles)
  return { periodSeconds: span / cycles, strength, falseAlarm: falseAlarmOf(turns, cycles, cyclesMax) }
}

function listDistinct(times: Series): number[] {
  const distinct = Array.from(sort(times)).filter((time, index, all) => index === 0 || time !== all[index - 1])
  return distinct.slice(-EVENTS_MAX)
}

/** Length of the mean of the events as points on a clock that goes round `cycles` times in the span. */
function strengthOf(turns: readonly number[], cycles: number): number {
  let [x, y] = [0, 0]
  for (const turn of turns) {
    const angle = 2 * Math.PI * cycles * turn
    x += Math.cos(angle)
    y += Math.sin(angle)
  }
  return Math.min(1, Math.sqrt(x * x + y * y) / turns.length)
}

/** Cycles in the span of the strongest period: the best of the scan, then the top of its peak. */
function findPeak(turns: readonly number[], cyclesMax: number): number {
  let [best, strongest] = [CYCLES_MIN, -1]
  const steps = Math.floor((cyclesMax - CYCLES_MIN) * OVERSAMPLING)
  const strengths = scan(turns, steps)
  for (let step = 0; step <= steps; step++) {
    if (strengths[step]! <= strongest) continue
    strongest = strengths[step]!
    best = CYCLES_MIN + step / OVERSAMPLING
  }
  const [low, high] = [Math.max(CYCLES_MIN, best - 1 / OVERSAMPLING), Math.min(cyclesMax, best + 1 / OVERSAMPLING)]
  return climb(turns, low, high)
}

/** Strength at each step of the scan, squared; each event turns on by the same angle from step to step. */
function scan(turns: readonly number[], steps: number): Float64Array {
  const [sumX, sumY] = [new Float64Array(steps + 1), new Float64Array(steps + 1)]
  for (const turn of turns) {
    const [angle, start] = [(2 * Math.PI * turn) / OVERSAMPLING, 2 * Math.PI * turn * CYCLES_MIN]
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    let [x, y] = [Math.cos(start), Math.sin(start)]
    for (let step = 0; step <= steps; step++) {
      sumX[step]! += x
      sumY[step]! += y
      const turned = x * cos - y * sin
      y = x * sin + y * cos
      x = turned
    }
  }
  return sumX.map((x, step) => x * x + sumY[step]! ** 2)
}

function climb(turns: readonly number[], from: number, to: number): number {
  let [low, high] = [from, to]
  for (let step = 0; step < 20; step++) {
    const third = (high - low) / 3
    if (strengthOf(turns, low + third) < strengthOf(turns, high - third)) low += third
    else high -= third
  }
  return (low + high) / 2
}

/** What keeps to a period keeps to its half as well: the longest that is as strong. */
function preferLonger(turns: readonly number[], cycles: number): number {
  const strength = strengthOf(turns, cycles)
  for (let divisor = Math.floor(cycles / CYCLES_MIN); divisor > 1; divisor--)
    if (strengthOf(turns, cycles / divisor) >= strength - SAME_STRENGTH) return cycles / divisor
  return cycles
}

/**
 * Chance of a peak so high anywhere in the scan. The first and the last event set the span and are in phase at whole numbers
 * of cycles, so that one of them is left out.
 */
function falseAlarmOf(turns: readonly number[], cycles: number, cyclesMax: number): number {
  const inner = turns.slice(1)
  const n = inner.length
  const length = n * strengthOf(inner, cycles)
  const single = Math.min(1, Math.exp(Math.sqrt(1 + 4 * n + 4 * (n * n - length * length)) - (1 + 2 * n)))
  const upcrossings = SPREAD * (cyclesMax - CYCLES_MIN) * single * Math.sqrt(-Math.log(single))
  return finite(Math.min(1, Math.max(0, 1 - (1 - single) * Math.exp(-upcrossings)))) ?? 1
}
