import type { BucketTrade, Interval, Measures, Scope, Sums } from '../../types/bucket.ts'
import type { FlowClass } from '../../types/flow.ts'
import { finiteBurstiness, memory } from '../stats/burstiness.ts'
import { dequantise, fitHawkes } from '../stats/hawkes.ts'
import { amihud, kyleLambda, permanentImpact } from '../stats/impact.ts'
import { signAutocorrelation } from '../stats/sign.ts'
import { gini, quantile } from '../stats/summary.ts'
import { hillTail } from '../stats/tail.ts'
import { vpin } from '../stats/vpin.ts'
import { burstShare, clockOf, listIntervals } from '../timing.ts'
import { type Accumulator, totalOf } from './accumulator.ts'

/** A trade as the measures of a bucket need it. */
export type Point = Pick<BucketTrade, 'timestamp' | 'timeUs' | 'clock' | 'sign' | 'microUsd' | 'price'>

const usdOf = ({ microUsd }: Point): number | null => (microUsd === null ? null : Number(microUsd) / MILLION)

const HOUR = 3_600
const MILLION = 1e6
const BPS = 1e4
/** Trades below which a size distribution, and a measure of flow, is not told. */
const SIZES_MIN = 20
const FLOW_MIN = 100
const VPIN_BUCKETS = 50

/**
 * The measures of a bucket from its sums and its last trades. Minutes and quarters have those that are sums; hours and days those of
 * sizes, prices and minutes as well; what takes a fit of a process
 * stands in days, for those with the most trades, and for the chain in hours.
 * @param points the last trades of the bucket, at most 1,000, oldest first.
 * @param random a generator that the bucket alone decides.
 */
export function measure(
  bucket: Accumulator,
  points: readonly Point[],
  { scope, interval, isFitted, random }: { scope: Scope; interval: Interval; isFitted: boolean; random: () => number },
): Measures {
  const total = totalOf(bucket)
  const sums = measureSums(bucket, total)
  if (interval < HOUR) return { ...NONE, ...sums }
  return {
    ...{ ...NONE, ...sums, sampleTrades: points.length, clock: points.length === 0 ? null : clockOf(points) },
    ...measureSizes(points),
    ...measureRhythm(points),
    ...{ traderHhi: traderHhi(bucket, total), arrivalsPerSecond: total.trades / interval },
    ...(scope === 'chain' ? {} : measureImpact(points, isFitted)),
    ...(isFitted ? measureArrivals(points, random) : {}),
    markouts: bucket.markouts.size === 0 ? null : bucket.markouts,
  }
}

const NONE: Measures = {
  ...{ sampleTrades: 0, clock: null, theta: null, flowMomentumAsymmetry: null, washShare: null },
  ...{ medianUsd: null, p95Usd: null, maxUsd: null, sizeGini: null, tailAlpha: null, tailLow: null, tailHigh: null },
  ...{
    traderHhi: null,
    arrivalsPerSecond: null,
    burstiness: null,
    memory: null,
    burstShare: null,
    hawkesBranching: null,
    hawkesDecay: null,
    hawkesPValue: null,
  },
  ...{ vpin: null, kyleLambda: null, kyleError: null, amihud: null, permanentImpactBps: null },
  ...{ signAutocorrelation: null, venueAgreement: null, markouts: null },
}

const RETAIL: readonly FlowClass[] = ['RETAIL_DIRECT', 'RETAIL_AGGREGATOR']
const INSTITUTIONAL: readonly FlowClass[] = ['EXECUTION_ALGORITHM']

function measureSums({ byClass }: Accumulator, sums: Sums): Partial<Measures> {
  const all = Number(sums.buyMicroUsd + sums.sellMicroUsd)
  const [institutional, retail] = [balanceOf(byClass, INSTITUTIONAL), balanceOf(byClass, RETAIL)]
  const both = institutional.all + retail.all
  const weight = institutional.all / both
  const wash = byClass.get('WASH')
  return {
    theta: all === 0 ? null : Number(sums.buyMicroUsd - sums.sellMicroUsd) / all,
    flowMomentumAsymmetry: both === 0 ? null : weight * thetaOf(institutional) - (1 - weight) * thetaOf(retail),
    washShare: all === 0 ? null : wash === undefined ? 0 : Number(wash.buyMicroUsd + wash.sellMicroUsd) / all,
  }
}

function balanceOf(byClass: ReadonlyMap<FlowClass, Sums>, classes: readonly FlowClass[]): { net: number; all: number } {
  let [bought, sold] = [0n, 0n]
  for (const each of classes) {
    bought += byClass.get(each)?.buyMicroUsd ?? 0n
    sold += byClass.get(each)?.sellMicroUsd ?? 0n
  }
  return { net: Number(bought - sold), all: Number(bought + sold) }
}

function thetaOf({ net, all }: { net: number; all: number }): number {
  return all === 0 ? 0 : net / all
}

function measureSizes(points: readonly Point[]): Partial<Measures> {
  const sizes = points
    .flatMap((point) => usdOf(point) || [])
    .filter((usd) => usd > 0)
    .sort((a, b) => a - b)
  if (sizes.length < SIZES_MIN) return {}
  const tail = hillTail(sizes)
  return {
    medianUsd: quantile(sizes, 0.5),
    p95Usd: quantile(sizes, 0.95),
    maxUsd: sizes.at(-1)!,
    sizeGini: gini(sizes),
    ...(tail === null ? {} : { tailAlpha: tail.alpha, tailLow: tail.low, tailHigh: tail.high }),
  }
}

function traderHhi({ traders, above }: Accumulator, sums: Sums): number | null {
  const all = Number(sums.buyMicroUsd + sums.sellMicroUsd)
  if (above !== null || all === 0) return null
  let hhi = 0
  for (const microUsd of traders.values()) hhi += (Number(microUsd) / all) ** 2
  return hhi
}

/** Net flow and the change of the price, by the minute. */
function listMinutes(points: readonly Point[]) {
  const minutes: { net: number; all: number; bps: number }[] = []
  let [minute, last, open] = [-1, null as number | null, null as number | null]
  for (const point of points) {
    const { timestamp, sign, price } = point
    const usd = usdOf(point)
    if (price === null || price <= 0 || usd === null) continue
    if (Math.floor(timestamp / 60) !== minute) {
      minute = Math.floor(timestamp / 60)
      open = last ?? price
      minutes.push({ net: 0, all: 0, bps: 0 })
    }
    const its = minutes.at(-1)!
    its.net += sign * usd
    its.all += usd
    its.bps = Math.log(price / open!) * BPS
    last = price
  }
  return minutes
}

function measureImpact(points: readonly Point[], isFitted: boolean): Partial<Measures> {
  if (points.length < FLOW_MIN) return {}
  const minutes = listMinutes(points)
  const slope = kyleLambda(
    minutes.map(({ net }) => net / MILLION),
    minutes.map(({ bps }) => bps),
  )
  const priced = points.filter(({ microUsd, price }) => microUsd !== null && price !== null && price > 0)
  const volumes = priced.map((point) => ({ volume: usdOf(point)!, sign: point.sign }))
  const all = volumes.reduce((sum, { volume }) => sum + volume, 0)
  const returns = priced.slice(1).map(({ price }, index) => Math.log(price! / priced[index]!.price!) * BPS)
  const signs = priced.slice(1).map(({ sign }) => sign)
  return {
    kyleLambda: slope?.lambda ?? null,
    kyleError: slope?.standardError ?? null,
    amihud: amihud(
      minutes.map(({ bps }) => Math.abs(bps)),
      minutes.map((each) => each.all / MILLION),
    ),
    vpin: all === 0 ? null : vpin(volumes, all / VPIN_BUCKETS, VPIN_BUCKETS),
    signAutocorrelation: signAutocorrelation(signs, 1)?.[0] ?? null,
    permanentImpactBps: isFitted ? permanentImpact(signs, returns) : null,
  }
}

const MICROSECONDS = 1e6
function measureRhythm(points: readonly Point[]): Partial<Measures> {
  const intervals = listIntervals(points)
  return {
    burstiness: finiteBurstiness(intervals),
    memory: memory(intervals),
    burstShare: burstShare(points, intervals),
  }
}

function measureArrivals(points: readonly Point[], random: () => number): Partial<Measures> {
  const isFine = clockOf(points) === 'sequencer'
  const first = points[0]
  if (first === undefined) return {}
  const seconds = points.map(({ timeUs, timestamp }) =>
    isFine ? (timeUs - first.timeUs) / MICROSECONDS : timestamp - first.timestamp,
  )
  // Arrivals on one clock may come a little out of order.
  const times = isFine ? seconds.sort((a, b) => a - b).map((time) => time - seconds[0]!) : dequantise(seconds, random)
  const fitted = fitHawkes(times, times.at(-1)!)
  if (fitted === null) return {}
  return { hawkesBranching: fitted.branching, hawkesDecay: fitted.decay, hawkesPValue: fitted.ksP }
}
