import { exponentialP } from './kolmogorov.ts'
import type { Series } from './summary.ts'

/** A process in which each event brings on others: rate mu + branching * decay * sum over events before of e^(-decay * age). */
export type HawkesFit = {
  /** Events a second that no other brought on. */
  mu: number
  /** Events that one event brings on directly, on average; from 0 to under 1, and 0 when chance explains the times as well. */
  branching: number
  /** One by the mean delay of these, per second; null when there are none, or it lies outside what the events can tell. */
  decay: number | null
  /** In nats, of the events used. */
  logLikelihood: number
  /**
   * Probability of a misfit so large had the model made the times (time rescaled, Kolmogorov-Smirnov); a little high, being
   * fitted.
   */
  ksP: number
}

const EVENTS_MIN = 200
/** The last events used. */
const EVENTS_MAX = 5_000
/** From here on the process would explode. */
const BRANCHING_MAX = 0.999
/** Twice the gain in likelihood, in nats, up to which times by chance come: about 99 of 100 samples of 200 to 5,000 had less. */
const GAIN_MIN = 8
/** Longest and shortest delay looked for: a tenth of the horizon, and this part of the mean interval. */
const CYCLES_MIN = 10
const DELAY_PART = 1e5
/** Decays tried, then steps to the top of the best. */
const GRID = 32
const GOLDEN_STEPS = 18
const GOLDEN = (Math.sqrt(5) - 1) / 2
const NEWTON_STEPS = 30

type Sample = { gaps: Float64Array; horizon: number; rest: number }

type Profile = { logLikelihood: number; branching: number; mu: number; decay: number }

/**
 * The exponential Hawkes process most likely to have made the times. For each decay the rest of the likelihood is concave with
 * one unknown, since at its top the expected number of events is their number; so decays are scanned and the best refined.
 * Times must be finer than the delays looked for: of whole seconds without `dequantise`, repeated times count once. A trend in
 * the rate passes for branching. Of 200 events a branching of 0.2 mostly goes unnoticed, of 1,000 hardly ever. Null below 200
 * different times, when they do not ascend from 0 to the horizon, and at the edge of explosion. Sources: Hawkes 1971; Ogata
 * 1978; Ozaki 1979 (recursion); Filimonov & Sornette 2015 (what biases it).
 * @param times seconds since the beginning of the observation, ascending; the last 5,000 are used.
 * @param horizon seconds observed.
 */
export function fitHawkes(times: Series, horizon: number): HawkesFit | null {
  const sample = sampleOf(times, horizon)
  if (sample === null) return null
  const n = sample.gaps.length
  const [low, high] = [Math.log(CYCLES_MIN / sample.horizon), Math.log((DELAY_PART * n) / sample.horizon)]
  const best = preferChance(sample, findBest(sample, low, high))
  if (best.branching >= BRANCHING_MAX || !Number.isFinite(best.logLikelihood)) return null
  const edge = (high - low) / GRID / 100
  const isTold = best.branching > 0 && Math.log(best.decay) > low + edge && Math.log(best.decay) < high - edge
  const ksP = exponentialP(rescale(sample, best))
  return ksP === null ? null : { ...best, decay: isTold ? best.decay : null, ksP }
}

/** The process without branching unless the other is more likely than chance makes it. */
function preferChance({ gaps, horizon }: Sample, found: Profile): Profile {
  const mu = gaps.length / horizon
  const logLikelihood = gaps.length * Math.log(mu) - gaps.length
  return 2 * (found.logLikelihood - logLikelihood) < GAIN_MIN ? { ...found, mu, branching: 0, logLikelihood } : found
}

function sampleOf(times: Series, horizon: number): Sample | null {
  const gaps: number[] = []
  let last = 0
  for (let index = 0; index < times.length; index++) {
    const time = times[index]!
    if (!(time >= last)) return null
    if (time > last || index === 0) gaps.push(time - last)
    last = time
  }
  if (gaps.length < EVENTS_MIN || !Number.isFinite(horizon) || last > horizon) return null
  const used = Float64Array.from(gaps.slice(-EVENTS_MAX))
  const rest = horizon - last
  return { gaps: used, horizon: used.reduce((sum, gap) => sum + gap, 0) + rest, rest }
}

function findBest(sample: Sample, from: number, to: number): Profile {
  const excitation = new Float64Array(sample.gaps.length)
  const at = (logDecay: number) => profile(sample, Math.exp(logDecay), excitation)
  const step = (to - from) / GRID
  let [best, top] = [at(from), from]
  for (let index = 1; index <= GRID; index++) {
    const next = at(from + index * step)
    if (next.logLikelihood > best.logLikelihood) [best, top] = [next, from + index * step]
  }
  return refine(at, Math.max(from, top - step), Math.min(to, top + step))
}

/** The highest between two points, by golden section. */
function refine(at: (x: number) => Profile, from: number, to: number): Profile {
  let [low, high] = [from, to]
  let [left, right] = [at(high - GOLDEN * (high - low)), at(low + GOLDEN * (high - low))]
  for (let step = 0; step < GOLDEN_STEPS; step++) {
    if (left.logLikelihood > right.logLikelihood) {
      ;[high, right] = [low + GOLDEN * (high - low), left]
      left = at(high - GOLDEN * (high - low))
    } else {
      ;[low, left] = [high - GOLDEN * (high - low), right]
      right = at(low + GOLDEN * (high - low))
    }
  }
  return left.logLikelihood > right.logLikelihood ? left : right
}

/** The best rate and branching for a decay. The rate at each event is its mean plus the branching times a known number. */
function profile({ gaps, horizon, rest }: Sample, decay: number, slopes: Float64Array): Profile {
  const n = gaps.length
  let age = 0
  for (let index = 0; index < n; index++) {
    if (index > 0) age = Math.exp(-decay * gaps[index]!) * (1 + age)
    slopes[index] = decay * age
  }
  /** Events brought on within the horizon, were the branching 1. */
  const children = n - Math.exp(-decay * rest) * (1 + age)
  const base = n / horizon
  for (let index = 0; index < n; index++) slopes[index]! -= children / horizon
  const branching = findBranching(slopes, base)
  let logs = 0
  for (let index = 0; index < n; index++) logs += Math.log(base + branching * slopes[index]!)
  return { logLikelihood: logs - n, branching, mu: (n - branching * children) / horizon, decay }
}

/** Where the derivative of the sum of log(base + branching * slope) is 0: Newton's steps, kept between bounds. */
function findBranching(slopes: Float64Array, base: number): number {
  if (derivatives(slopes, base, 0)[0] <= 0) return 0
  let [low, high, branching] = [0, BRANCHING_MAX, 0.5]
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const [first, second] = derivatives(slopes, base, branching)
    if (first > 0) low = branching
    else high = branching
    const next = branching - first / second
    const kept = next > low && next < high ? next : (low + high) / 2
    if (Math.abs(kept - branching) < 1e-8) return kept
    branching = kept
  }
  return high > BRANCHING_MAX - 1e-6 ? BRANCHING_MAX : branching
}

function derivatives(slopes: Float64Array, base: number, branching: number): [number, number] {
  let [first, second] = [0, 0]
  for (let index = 0; index < slopes.length; index++) {
    const part = slopes[index]! / (base + branching * slopes[index]!)
    first += part
    second -= part * part
  }
  return [first, second]
}

/** Events expected from each event to the next: exponential with mean 1 when the model holds. */
function rescale({ gaps }: Sample, { mu, branching, decay }: Profile): Float64Array {
  let age = 0
  return gaps.map((gap, index) => {
    const left = Math.exp(-decay * gap)
    const expected = mu * gap + (index === 0 ? 0 : branching * (1 + age) * (1 - left))
    if (index > 0) age = left * (1 + age)
    return expected
  })
}

/**
 * Times in whole seconds, rounded down, spread evenly over their seconds and sorted. What it cannot give back is delays
 * shorter than a second.
 */
export function dequantise(secondsFloored: Series, random: () => number): Float64Array {
  return Float64Array.from(secondsFloored, (second) => second + random()).sort()
}
