import type { Address } from '../../types/block.ts'
import {
  type Bucket,
  type BucketTrade,
  HORIZONS,
  INTERVALS,
  type Interval,
  type Scope,
  type Sums,
} from '../../types/bucket.ts'
import {
  type Accumulator,
  addMarkout,
  addTrade,
  countTraders,
  createAccumulator,
  merge,
  totalOf,
} from './accumulator.ts'
import { measure } from './measures.ts'

/** Trades of a pool, a pair or the chain that measures look back at. */
const POINTS_MAX = 1_000
const BPS = 1e4
/** A larger move of the own pool is no markout. */
const MARKOUT_BPS_MAX = 5_000
/** A trade of less than a dollar says nothing about the price of a pair: anybody can make a pool for it. */
const TELLING_MICRO_USD = 1_000_000n
/** In a day the process of arrivals is fitted for so many pools and pairs, those with the most trades. */
const FITTED_MAX = 100
const [MINUTE, , HOUR, DAY] = INTERVALS
/** Seconds before the day of the last block from which stored trades are needed to go on: what still waits for its markout. */
export const LOOKBACK_SECONDS = HOUR + MINUTE

/** A pool, a pair or the chain with what its open bucket holds. */
type Entry = { scope: Scope; key: string; pair: string; bucket: Accumulator }

/** The open buckets of one length, all of the same time. */
type Level = { interval: Interval; start: number; entries: Map<string, Entry> }

/** The open buckets of everything. */
export type Buckets = {
  /**
   * Closes what is over at the time of a block, before its trades are taken in; returns it.
   * @param decidedBlock null where all of it is stored already: then nothing is measured and returned.
   */
  advance(decidedBlock: number | null, timestamp: number): Bucket[]
  /** Takes in a trade of the current block; null for a swap that has no direction. */
  add(trade: BucketTrade | null): void
}

/** Begins with no open bucket. */
export function createBuckets(): Buckets {
  const levels: Level[] = INTERVALS.map((interval) => ({
    interval,
    start: Number.NEGATIVE_INFINITY,
    entries: new Map(),
  }))
  const hours = levels[INTERVALS.indexOf(HOUR)]!
  const points = new Map<string, BucketTrade[]>()
  const prices = new Map<Address, number>()
  const waiting = createWaiting()

  function entryOf(level: Level, scope: Scope, key: string, pair: string): Entry {
    // Keys of pools, pairs and the chain differ in length.
    let entry = level.entries.get(key)
    if (entry === undefined) {
      entry = { scope, key, pair, bucket: createAccumulator() }
      level.entries.set(key, entry)
    }
    return entry
  }

  /** Tells the markouts that are due before a time, at the last price of their pool up to then. */
  function mature(before: number): void {
    for (const [horizon, seconds] of HORIZONS.entries()) {
      for (let trade = waiting.next(horizon); trade !== null; trade = waiting.next(horizon)) {
        const due = trade.timestamp + seconds
        if (due >= before) break
        waiting.take(horizon)
        const { pool, pair, flowClass } = trade
        const [price, microUsd] = [trade.price!, trade.microUsd!]
        const bps = ((trade.sign * (prices.get(pool)! - price)) / price) * BPS
        // A pool that somebody has emptied tells nothing of anybody's trades.
        if (!(Math.abs(bps) < MARKOUT_BPS_MAX)) continue
        if (hours.entries.size === 0) hours.start = floorTo(due, HOUR)
        addMarkout(entryOf(hours, 'pool', pool, pair).bucket, flowClass, horizon, microUsd, bps)
        addMarkout(entryOf(hours, 'pair', pair, '').bucket, flowClass, horizon, microUsd, bps)
        addMarkout(entryOf(hours, 'chain', '', '').bucket, flowClass, horizon, microUsd, bps)
      }
    }
  }

  function close(level: Level, decidedBlock: number | null, closed: Bucket[]): void {
    const next = levels[levels.indexOf(level) + 1]
    const fitted = decidedBlock === null || level.interval < DAY ? null : busiest(level.entries)
    const agreement = decidedBlock !== null && level.interval >= HOUR ? agreementOf(level.entries.values()) : null
    for (const [key, entry] of level.entries) {
      if (decidedBlock !== null) {
        const its = {
          venueAgreement: agreement?.get(key) ?? null,
          isFitted: entry.scope === 'chain' || fitted?.has(key) === true,
        }
        closed.push(toBucket(level, entry, decidedBlock, its, points.get(key) ?? []))
      }
      if (next === undefined) continue
      if (next.entries.size === 0) next.start = floorTo(level.start, next.interval)
      merge(entryOf(next, entry.scope, entry.key, entry.pair).bucket, entry.bucket)
    }
    level.entries = new Map()
  }

  function closeUpTo(time: number, decidedBlock: number | null, closed: Bucket[]): void {
    for (const level of levels) {
      if (level.entries.size > 0 && level.start + level.interval <= time) close(level, decidedBlock, closed)
    }
  }

  /** Nothing looks back beyond the day but what waits for its markout. */
  function forget(): void {
    points.clear()
    const needed = new Set(waiting.list().map(({ pool }) => pool))
    for (const pool of prices.keys()) if (!needed.has(pool)) prices.delete(pool)
  }

  /** The end of the first hour that closes something open, or in which something is due; null when nothing is. */
  function nextHourEnd(): number | null {
    const dues = HORIZONS.flatMap((seconds, horizon) => {
      const trade = waiting.next(horizon)
      return trade === null ? [] : [trade.timestamp + seconds]
    })
    const open = levels.filter(({ entries }) => entries.size > 0)
    const ends = open.map(({ start, interval }) => (interval === DAY ? start + DAY - HOUR : start))
    const first = Math.min(...dues, ...ends)
    return Number.isFinite(first) ? floorTo(first, HOUR) + HOUR : null
  }

  return {
    advance: (decidedBlock, timestamp) => {
      const closed: Bucket[] = []
      for (let end = nextHourEnd(); end !== null && end <= timestamp; end = nextHourEnd()) {
        mature(end)
        closeUpTo(end, decidedBlock, closed)
        if (end % DAY === 0) forget()
      }
      mature(timestamp)
      closeUpTo(floorTo(timestamp, MINUTE), decidedBlock, closed)
      return closed
    },
    add: (trade) => {
      if (trade === null) return
      const minutes = levels[0]!
      if (minutes.entries.size === 0) minutes.start = floorTo(trade.timestamp, MINUTE)
      const { pool, pair, price, microUsd } = trade
      addTrade(entryOf(minutes, 'pool', pool, pair).bucket, trade)
      addTrade(entryOf(minutes, 'pair', pair, '').bucket, trade, microUsd === null || microUsd >= TELLING_MICRO_USD)
      addTrade(entryOf(minutes, 'chain', '', '').bucket, trade)
      addPoint(points, pool, trade)
      addPoint(points, pair, trade)
      addPoint(points, '', trade)
      if (price === null) return
      prices.set(pool, price)
      if (microUsd !== null) waiting.add(trade)
    },
  }
}

function floorTo(timestamp: number, interval: number): number {
  return Math.floor(timestamp / interval) * interval
}

function addPoint(points: Map<string, BucketTrade[]>, id: string, point: BucketTrade): void {
  const its = points.get(id)
  if (its === undefined) points.set(id, [point])
  else {
    its.push(point)
    if (its.length >= POINTS_MAX * 2) its.splice(0, POINTS_MAX)
  }
}

function toBucket(
  level: Level,
  entry: Entry,
  decidedBlock: number,
  { venueAgreement, isFitted }: { venueAgreement: number | null; isFitted: boolean },
  points: readonly BucketTrade[],
): Bucket {
  const { scope, key, bucket } = entry
  const { interval, start } = level
  const recent = interval < HOUR ? [] : points.filter(({ timestamp }) => timestamp >= start).slice(-POINTS_MAX)
  const measures = measure(bucket, recent, { scope, interval, isFitted, random: seeded(`${key} ${start}`) })
  const isChain = scope === 'chain'
  measures.venueAgreement = scope === 'pair' ? venueAgreement : null
  return {
    scope,
    key,
    interval,
    start,
    decidedBlock,
    sums: isChain ? withoutPair(totalOf(bucket)) : totalOf(bucket),
    byClass: isChain ? new Map([...bucket.byClass].map(([name, sums]) => [name, withoutPair(sums)])) : bucket.byClass,
    candle: isChain ? null : bucket.candle,
    closeUsd: isChain ? null : bucket.closeUsd,
    traders: countTraders(bucket),
    tradersExact: bucket.above === null,
    measures,
  }
}

/** The keys of the pools and pairs with the most trades. */
function busiest(entries: ReadonlyMap<string, Entry>): ReadonlySet<string> {
  const counted = [...entries].map(([key, { bucket }]) => ({ key, trades: totalOf(bucket).trades }))
  counted.sort((a, b) => b.trades - a.trades || (a.key < b.key ? -1 : 1))
  return new Set(counted.slice(0, FITTED_MAX).map(({ key }) => key))
}

/** Amounts of different tokens have no sum. */
function withoutPair(sums: Sums): Sums {
  return { ...sums, buyBase: 0n, sellBase: 0n, buyQuote: 0n, sellQuote: 0n }
}

/** By pair of several pools: the share of the volume of its pools whose net flow goes the way of the net flow of all. */
function agreementOf(entries: Iterable<Entry>): Map<string, number> {
  const pools = new Map<string, { net: bigint; all: bigint }[]>()
  for (const { scope, pair, bucket } of entries) {
    const { trades, buyBase, sellBase } = totalOf(bucket)
    if (scope !== 'pool' || trades === 0) continue
    const its = { net: buyBase - sellBase, all: buyBase + sellBase }
    const known = pools.get(pair)
    if (known === undefined) pools.set(pair, [its])
    else known.push(its)
  }
  const agreement = new Map<string, number>()
  for (const [pair, its] of pools) {
    const net = its.reduce((sum, each) => sum + each.net, 0n)
    const all = its.reduce((sum, each) => sum + each.all, 0n)
    if (its.length < 2 || all === 0n || net === 0n) continue
    const along = its.reduce((sum, each) => (each.net > 0n === net > 0n && each.net !== 0n ? sum + each.all : sum), 0n)
    agreement.set(pair, Number(along) / Number(all))
  }
  return agreement
}

/** Trades that wait for their markouts, in order, with a place in them for each horizon. */
function createWaiting() {
  let trades: BucketTrade[] = []
  const places = HORIZONS.map(() => 0)
  return {
    add: (trade: BucketTrade) => void trades.push(trade),
    next: (horizon: number): BucketTrade | null => trades[places[horizon]!] ?? null,
    take: (horizon: number) => {
      places[horizon]!++
      // The longest horizon comes last.
      const done = Math.min(...places)
      if (horizon < places.length - 1 || done < 1_000 || done * 2 < trades.length) return
      trades = trades.slice(done)
      for (const [index, place] of places.entries()) places[index] = place - done
    },
    list: (): BucketTrade[] => trades.slice(Math.min(...places)),
  }
}

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** Numbers in [0, 1) that a text decides (FNV-1a, then mulberry32). */
function seeded(text: string): () => number {
  let state = FNV_OFFSET
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), FNV_PRIME)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
