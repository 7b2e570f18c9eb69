import { type Bucket, type BucketTrade, HORIZONS, INTERVALS, type Interval, type Scope } from '../../types/bucket.ts'
import { type Accumulator, addMarkout, addTrade, countTraders, createAccumulator, merge } from './accumulator.ts'
import { measure, type Point } from './measures.ts'

/** Trades of a pool, a pair or the chain that measures look back at. */
const POINTS_MAX = 1_000
const BPS = 1e4
const [MINUTE, , HOUR, DAY] = INTERVALS
/** Seconds before the day of the last block from which stored trades are needed to go on: what still waits for its markout. */
export const LOOKBACK_SECONDS = HOUR + MINUTE

/** A pool, a pair or the chain with what its open bucket holds. */
type Entry = { scope: Scope; key: string; pair: string; bucket: Accumulator }

/** The open buckets of one length, all of the same time. */
type Level = { interval: Interval; start: number; entries: Map<string, Entry> }

/** A trade whose markout at a horizon is still to come. */
type Waiting = { due: number; trade: BucketTrade; price: number; microUsd: bigint }

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
  const points = new Map<string, Point[]>()
  const prices = new Map<string, number>()
  const waiting = HORIZONS.map(() => createQueue<Waiting>())

  function entryOf(level: Level, scope: Scope, key: string, pair: string): Entry {
    const id = `${scope}${key}`
    let entry = level.entries.get(id)
    if (entry === undefined) {
      entry = { scope, key, pair, bucket: createAccumulator() }
      level.entries.set(id, entry)
    }
    return entry
  }

  /** Tells the markouts that are due before a time, at the last price of their pair up to then. */
  function mature(before: number): void {
    for (const [horizon, queue] of waiting.entries()) {
      for (let next = queue.peek(); next !== null && next.due < before; next = queue.peek()) {
        queue.take()
        const { trade, price, microUsd, due } = next
        if (hours.entries.size === 0) hours.start = floorTo(due, HOUR)
        const bps = ((trade.sign * (prices.get(trade.pair)! - price)) / price) * BPS
        for (const [scope, key, pair] of scopesOf(trade)) {
          addMarkout(entryOf(hours, scope, key, pair).bucket, trade.flowClass, horizon, microUsd, bps)
        }
      }
    }
  }

  function close(level: Level, decidedBlock: number | null, closed: Bucket[]): void {
    const next = levels[levels.indexOf(level) + 1]
    const agreement = decidedBlock !== null && level.interval >= HOUR ? agreementOf(level.entries.values()) : null
    for (const [id, entry] of level.entries) {
      if (decidedBlock !== null) {
        closed.push(toBucket(level, entry, decidedBlock, agreement?.get(entry.key) ?? null, points.get(id) ?? []))
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
    const needed = new Set(waiting.flatMap((queue) => queue.list().map(({ trade }) => trade.pair)))
    for (const pair of prices.keys()) if (!needed.has(pair)) prices.delete(pair)
  }

  /** The end of the first hour that closes something open, or in which something is due; null when nothing is. */
  function nextHourEnd(): number | null {
    const dues = waiting.flatMap((queue) => queue.peek()?.due ?? [])
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
      const { timestamp, timeUs, clock, sign, price, microUsd } = trade
      const point: Point = {
        timestamp,
        timeUs,
        clock,
        sign,
        price,
        usd: microUsd === null ? null : Number(microUsd) / 1e6,
      }
      for (const [scope, key, pair] of scopesOf(trade)) {
        const entry = entryOf(minutes, scope, key, pair)
        addTrade(entry.bucket, scope === 'chain' ? { ...trade, ...WITHOUT_PAIR } : trade)
        addPoint(points, `${scope}${key}`, point)
      }
      if (price === null) return
      prices.set(trade.pair, price)
      if (microUsd === null || price <= 0) return
      for (const [index, horizon] of HORIZONS.entries()) {
        waiting[index]!.add({ due: timestamp + horizon, trade, price, microUsd })
      }
    },
  }
}

const WITHOUT_PAIR = { baseAmount: 0n, quoteAmount: 0n, price: null, baseUsd: null } as const

function scopesOf({ pool, pair }: BucketTrade): readonly (readonly [Scope, string, string])[] {
  return [
    ['pool', pool, pair],
    ['pair', pair, ''],
    ['chain', '', ''],
  ]
}

function floorTo(timestamp: number, interval: number): number {
  return Math.floor(timestamp / interval) * interval
}

function addPoint(points: Map<string, Point[]>, id: string, point: Point): void {
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
  venueAgreement: number | null,
  points: readonly Point[],
): Bucket {
  const { scope, key, bucket } = entry
  const { interval, start } = level
  const recent = interval < HOUR ? [] : points.filter(({ timestamp }) => timestamp >= start).slice(-POINTS_MAX)
  const measures = measure(bucket, recent, { scope, interval, random: seeded(`${key} ${start}`) })
  return {
    ...{ scope, key, interval, start, decidedBlock, sums: bucket.sums, byClass: bucket.byClass, candle: bucket.candle },
    ...{ closeUsd: bucket.closeUsd, traders: countTraders(bucket), tradersExact: bucket.above === null },
    measures: scope === 'pair' ? { ...measures, venueAgreement } : measures,
  }
}

/** By pair of several pools: the share of the volume of its pools whose net flow goes the way of the net flow of all. */
function agreementOf(entries: Iterable<Entry>): Map<string, number> {
  const pools = new Map<string, { net: bigint; all: bigint }[]>()
  for (const { scope, pair, bucket } of entries) {
    if (scope !== 'pool' || bucket.sums.trades === 0) continue
    const { buyBase, sellBase } = bucket.sums
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

/** A queue whose front can be looked at. */
function createQueue<Item>() {
  let items: Item[] = []
  let taken = 0
  return {
    add: (item: Item) => void items.push(item),
    peek: (): Item | null => items[taken] ?? null,
    list: (): Item[] => items.slice(taken),
    take: () => {
      taken++
      if (taken * 2 > items.length && taken > 1_000) {
        items = items.slice(taken)
        taken = 0
      }
    },
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
