import type { Address } from '../../types/block.ts'
import type { BucketTrade, Candle, Markout, Sums } from '../../types/bucket.ts'
import { HORIZONS } from '../../types/bucket.ts'
import type { FlowClass } from '../../types/flow.ts'

/** Traders that are kept by name; beyond, those with the lowest addresses stand for all. */
const TRADERS_MAX = 1_024
/** Addresses are spread evenly, as they are cut from hashes: their first 48 bits tell how many there are. */
const ADDRESS_DIGITS = 14
const ADDRESS_SPAN = 2 ** 48

/** What an open bucket holds; two that follow each other can be put together. */
export type Accumulator = {
  /** What they add up to is the bucket. */
  byClass: Map<FlowClass, Sums>
  candle: Candle | null
  closeUsd: number | null
  /** Micro-dollars by trader, of the 1,024 with the lowest addresses. */
  traders: Map<Address, bigint>
  /** Addresses from this one on are no longer kept; null while all are. */
  above: Address | null
  markouts: Map<FlowClass, Markout[]>
}

/** An empty bucket. */
export function createAccumulator(): Accumulator {
  return {
    byClass: new Map(),
    candle: null,
    closeUsd: null,
    traders: new Map(),
    above: null,
    markouts: new Map(),
  }
}

function createSums(): Sums {
  return {
    trades: 0,
    unpriced: 0,
    buyBase: 0n,
    sellBase: 0n,
    buyQuote: 0n,
    sellQuote: 0n,
    buyMicroUsd: 0n,
    sellMicroUsd: 0n,
  }
}

/**
 * Takes in a swap.
 * @param isTelling false for one that says nothing about the price.
 */
export function addTrade(bucket: Accumulator, trade: BucketTrade, isTelling = true): void {
  addToSums(sumsOf(bucket, trade.flowClass), trade)
  if (trade.price !== null && isTelling) {
    const { price } = trade
    bucket.candle = joinCandles(bucket.candle, { open: price, high: price, low: price, close: price })
  }
  if (trade.baseUsd !== null && isTelling) bucket.closeUsd = trade.baseUsd
  addTrader(bucket, trade.trader, trade.microUsd ?? 0n)
}

/** Takes in what a trade made the price do until a horizon, in basis points of its own price. */
export function addMarkout(
  bucket: Accumulator,
  flowClass: FlowClass,
  horizon: number,
  microUsd: bigint,
  bps: number,
): void {
  const its = markoutsOf(bucket, flowClass)[horizon]!
  its.trades++
  its.microUsd += Number(microUsd)
  its.bpsMicroUsd += Number(microUsd) * bps
}

/** Puts a later bucket into an earlier one. */
export function merge(into: Accumulator, later: Accumulator): void {
  for (const [flowClass, sums] of later.byClass) addSums(sumsOf(into, flowClass), sums)
  if (later.candle !== null) into.candle = joinCandles(into.candle, later.candle)
  into.closeUsd = later.closeUsd ?? into.closeUsd
  if (later.above !== null) cutTraders(into, later.above)
  for (const [trader, microUsd] of later.traders) addTrader(into, trader, microUsd)
  for (const [flowClass, markouts] of later.markouts) {
    for (const [horizon, { trades, microUsd, bpsMicroUsd }] of markouts.entries()) {
      const its = markoutsOf(into, flowClass)[horizon]!
      its.trades += trades
      its.microUsd += microUsd
      its.bpsMicroUsd += bpsMicroUsd
    }
  }
}

/** All of a bucket. */
export function totalOf({ byClass }: Pick<Accumulator, 'byClass'>): Sums {
  const total = createSums()
  for (const sums of byClass.values()) addSums(total, sums)
  return total
}

/**
 * How many traded: exact while all are kept, else what the lowest addresses say (k-minimum values, Bar-Yossef et al. 2002); never more than
 * there were trades, whatever addresses somebody has picked.
 */
export function countTraders({ traders, above, byClass }: Accumulator): number {
  if (above === null) return traders.size
  return Math.min(totalOf({ byClass }).trades, Math.round(traders.size / (placeOf(above) / ADDRESS_SPAN)))
}

function sumsOf({ byClass }: Accumulator, flowClass: FlowClass): Sums {
  let sums = byClass.get(flowClass)
  if (sums === undefined) {
    sums = createSums()
    byClass.set(flowClass, sums)
  }
  return sums
}

function markoutsOf({ markouts }: Accumulator, flowClass: FlowClass): Markout[] {
  let its = markouts.get(flowClass)
  if (its === undefined) {
    its = HORIZONS.map(() => ({ trades: 0, microUsd: 0, bpsMicroUsd: 0 }))
    markouts.set(flowClass, its)
  }
  return its
}

function addToSums(sums: Sums, { sign, baseAmount, quoteAmount, microUsd }: BucketTrade): void {
  sums.trades++
  if (microUsd === null) sums.unpriced++
  if (sign === 1) {
    sums.buyBase += baseAmount
    sums.buyQuote += quoteAmount
    sums.buyMicroUsd += microUsd ?? 0n
  } else {
    sums.sellBase += baseAmount
    sums.sellQuote += quoteAmount
    sums.sellMicroUsd += microUsd ?? 0n
  }
}

function addSums(into: Sums, sums: Sums): void {
  into.trades += sums.trades
  into.unpriced += sums.unpriced
  into.buyBase += sums.buyBase
  into.sellBase += sums.sellBase
  into.buyQuote += sums.buyQuote
  into.sellQuote += sums.sellQuote
  into.buyMicroUsd += sums.buyMicroUsd
  into.sellMicroUsd += sums.sellMicroUsd
}

function joinCandles(before: Candle | null, { open, high, low, close }: Candle): Candle {
  if (before === null) return { open, high, low, close }
  return { open: before.open, high: Math.max(before.high, high), low: Math.min(before.low, low), close }
}

function addTrader(bucket: Accumulator, trader: Address, microUsd: bigint): void {
  const { traders, above } = bucket
  if (above !== null && trader >= above) return
  traders.set(trader, (traders.get(trader) ?? 0n) + microUsd)
  // Cut when it has twice as many, so that it is sorted rarely.
  if (traders.size < TRADERS_MAX * 2) return
  cutTraders(bucket, [...traders.keys()].sort()[TRADERS_MAX]!)
}

function cutTraders(bucket: Accumulator, above: Address): void {
  if (bucket.above !== null && bucket.above <= above) return
  bucket.above = above
  for (const trader of bucket.traders.keys()) if (trader >= above) bucket.traders.delete(trader)
}

function placeOf(address: Address): number {
  return Number(address.slice(0, ADDRESS_DIGITS))
}
