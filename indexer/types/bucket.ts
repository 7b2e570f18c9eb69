import type { Address } from './block.ts'
import type { Clock } from './clock.ts'
import type { FlowClass } from './flow.ts'

/** Lengths of buckets in seconds: a minute, a quarter, an hour and a day, all counted from midnight UTC. */
export const INTERVALS = [60, 900, 3_600, 86_400] as const

/** Length of a bucket in seconds. */
export type Interval = (typeof INTERVALS)[number]

/** What a bucket is about: one pool, all pools of a pair, or the chain. */
export type Scope = 'pool' | 'pair' | 'chain'

/** A swap as buckets take it in. */
export type BucketTrade = {
  pool: Address
  /** Key of the pair (`Pair.key`) and its tokens. */
  pair: string
  timestamp: number
  timeUs: number
  clock: Clock
  /** 1 when the base token leaves the pool, -1 when it is paid in. */
  sign: 1 | -1
  /** Base units, positive. */
  baseAmount: bigint
  quoteAmount: bigint
  /** Whole micro-dollars, so that sums of sums are equal; null without a price. */
  microUsd: bigint | null
  /** Quote per base in whole tokens after the swap: of the pool where its state tells it, else as paid; null without decimals. */
  price: number | null
  /** US dollars for one whole base token; null without a price. */
  baseUsd: number | null
  trader: Address
  flowClass: FlowClass
}

/** Sums that add up exactly from bucket to bucket. */
export type Sums = {
  trades: number
  /** Of these, without a price in US dollars. */
  unpriced: number
  buyBase: bigint
  sellBase: bigint
  buyQuote: bigint
  sellQuote: bigint
  buyMicroUsd: bigint
  sellMicroUsd: bigint
}

/** What trades of a class made the price do later, summed up over trades with a price, weighted by their dollars. */
export type Markout = { trades: number; microUsd: number; bpsMicroUsd: number }

/** Horizons of markouts in seconds. */
export const HORIZONS = [60, 300, 3_600] as const

/** Prices of a bucket: quote per base in whole tokens, after each swap; null when no swap tells one. */
export type Candle = { open: number; high: number; low: number; close: number }

/** A bucket that is over. */
export type Bucket = {
  scope: Scope
  /** The pool, or base and quote token in one; empty for the chain. */
  key: string
  interval: Interval
  /** Unix seconds, a multiple of the interval. */
  start: number
  /** First block after its end, with which it is written. */
  decidedBlock: number
  sums: Sums
  byClass: ReadonlyMap<FlowClass, Sums>
  candle: Candle | null
  closeUsd: number | null
  /** Accounts that traded: exact up to 1,024, beyond an estimate within 3 % or so (of two in three). */
  traders: number
  tradersExact: boolean
  measures: Measures
}

/**
 * Figures of a bucket; each is null below the trades it needs, and where a bucket of its length does not have it. They are of the last
 * 1,000 trades where there were more (`sampleTrades`).
 */
export type Measures = {
  sampleTrades: number
  clock: Clock | null
  /** (bought - sold) / all, in dollars, -1 to 1. */
  theta: number | null
  /** w thetaInstitutional - (1 - w) thetaRetail with w the institutional share of both. */
  flowMomentumAsymmetry: number | null
  washShare: number | null
  /** Sizes in dollars. */
  medianUsd: number | null
  p95Usd: number | null
  maxUsd: number | null
  sizeGini: number | null
  tailAlpha: number | null
  tailLow: number | null
  tailHigh: number | null
  /** Sum of the squared shares of the traders; null beyond 1,024. */
  traderHhi: number | null
  arrivalsPerSecond: number | null
  /** Of the intervals between trades: burstiness for finite samples, correlation of neighbours, and share below 50 ms (sequencer's clock only). */
  burstiness: number | null
  memory: number | null
  burstShare: number | null
  hawkesBranching: number | null
  hawkesDecay: number | null
  /** Of the Kolmogorov-Smirnov test of the fitted process. */
  hawkesPValue: number | null
  vpin: number | null
  /** Basis points of price by a million dollars of net flow a minute, and its standard error. */
  kyleLambda: number | null
  kyleError: number | null
  /** Mean of |return in bps| by a million dollars of volume, over minutes. */
  amihud: number | null
  /** Basis points that a trade moves the price for good. */
  permanentImpactBps: number | null
  /** Correlation of a trade's direction with that of the next. */
  signAutocorrelation: number | null
  /** Of pairs of several pools: share of the volume of the pools whose net flow goes the way of the pair's. */
  venueAgreement: number | null
  /** By class and horizon. */
  markouts: ReadonlyMap<FlowClass, readonly Markout[]> | null
}
