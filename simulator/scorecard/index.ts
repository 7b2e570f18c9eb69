import { finiteBurstiness } from '../../indexer/flow/stats/burstiness.ts'
import { fitLine } from '../../indexer/flow/stats/linear.ts'
import { signAutocorrelation } from '../../indexer/flow/stats/sign.ts'
import { mean } from '../../indexer/flow/stats/summary.ts'
import { hillTail } from '../../indexer/flow/stats/tail.ts'
import type { Address } from '../../indexer/types/block.ts'
import type { ClockedBlock } from '../clocks.ts'
import type { Behaviour } from '../labels.ts'
import { defaultTokens, type SimulatedToken } from '../tokens.ts'
import { bands, type FactName } from './bands.ts'
import { createNumbers, type Numbers } from './numbers.ts'
import { createSwapReader, type ScoredSwap } from './swaps.ts'

/** What is known of markets, measured on a history. */
export type Fact = {
  name: FactName
  title: string
  /** Null when it cannot be told. */
  value: number | null
  /** Observations that it rests on. */
  n: number
  low: number
  high: number
  verdict: 'pass' | 'fail' | 'insufficient'
}

/** How much a history is like a market. */
export type ScorecardResult = {
  blocks: number
  transactions: number
  swaps: number
  facts: Fact[]
  /** Share of the trades, which are transactions that swap, by behaviour. */
  behaviours: Partial<Record<Behaviour | 'NONE', number>>
}

/** Takes up a history block by block; keeps a few numbers of each swap. */
export type Scorecard = {
  add(block: ClockedBlock): void
  /** Swaps so far. */
  swaps(): number
  result(): ScorecardResult
}

type Pool = { signs: Numbers; returns: Numbers; bar: number; open: number; close: number; isVolatile: boolean }

const BAR_SECONDS = 60
const RETURN_LAGS = 10
const SIGN_LAGS = [1, 2, 3, 5, 8, 12, 20, 32, 50] as const
/** Fewer correlations above what chance makes (95 %, times the square root of n) are no line. */
const SIGN_POINTS_LEAST = 6
const CHANCE = 1.96
const HOURS = 24
const HOUR_SECONDS = 3_600

/** Scores a whole history. */
export function scoreHistory(blocks: Iterable<ClockedBlock>, tokens = defaultTokens): ScorecardResult {
  const scorecard = createScorecard(tokens)
  for (const block of blocks) scorecard.add(block)
  return scorecard.result()
}

/**
 * A scorecard. Sizes, signs and the day's course are those of trades that are no arbitrage; returns are those of each pool
 * whose price moves, by the minute, and tails are taken of all pools together, each in its own standard deviations.
 */
export function createScorecard(tokens: readonly SimulatedToken[] = defaultTokens): Scorecard {
  const read = createSwapReader(tokens)
  const pools = new Map<Address, Pool>()
  const lastSeen = new Map<Address, number>()
  const [sizes, gaps] = [createNumbers(), createNumbers()]
  const hours = Array.from({ length: HOURS }, () => ({ blocks: 0, trades: 0 }))
  const trades = new Map<Behaviour | 'NONE', number>()
  const counts = { blocks: 0, transactions: 0, swaps: 0 }
  const volume = { all: 0, arbitrage: 0 }

  function addSwap(swap: ScoredSwap): void {
    counts.swaps++
    volume.all += swap.usd
    addPrice(pools, swap)
    if (swap.behaviour === 'ARBITRAGE_MEV') {
      volume.arbitrage += swap.usd
      return
    }
    sizes.add(swap.usd)
    pools.get(swap.pool)!.signs.add(swap.sign)
  }

  /** One for a transaction, whatever the number of its swaps. */
  function addTrade({ behaviour, trader, seconds }: ScoredSwap, hour: (typeof hours)[number]): void {
    trades.set(behaviour ?? 'NONE', (trades.get(behaviour ?? 'NONE') ?? 0) + 1)
    if (behaviour === 'ARBITRAGE_MEV') return
    hour.trades++
    const before = lastSeen.get(trader)
    lastSeen.set(trader, seconds)
    if (before !== undefined && seconds >= before) gaps.add(seconds - before)
  }

  function result(): ScorecardResult {
    const volatile = [...pools.values()].filter(({ isVolatile }) => isVolatile).map(({ returns }) => returns.values())
    const scaled = volatile.flatMap(inDeviations)
    const tail = { n: scaled.length, value: hillTail(scaled)?.alpha ?? null }
    const size = sizes.values()
    const gap = gaps.values()
    const found: Record<FactName, Measured> = {
      returnTail: tail,
      returnAutocorrelation: { n: tail.n, value: mean(pooledCorrelation(volatile, RETURN_LAGS)?.slice(1) ?? []) },
      volatilityAutocorrelation: {
        n: tail.n,
        value: mean(
          pooledCorrelation(
            volatile.map((values) => values.map(Math.abs)),
            RETURN_LAGS,
          ) ?? [],
        ),
      },
      sizeTail: { n: size.length, value: hillTail(size)?.alpha ?? null },
      signMemory: measureSignMemory([...pools.values()].map(({ signs }) => signs.values())),
      burstiness: { n: gap.length, value: finiteBurstiness(gap) },
      diurnalRatio: measureDay(hours),
      arbitrageShare: { n: counts.swaps, value: volume.all > 0 ? volume.arbitrage / volume.all : null },
    }
    const all = [...trades.values()].reduce((sum, count) => sum + count, 0)
    return {
      ...counts,
      facts: (Object.keys(bands) as FactName[]).map((name) => judge(name, found[name])),
      behaviours: Object.fromEntries([...trades].map(([name, count]) => [name, count / all])),
    }
  }

  return {
    add: (block) => {
      counts.blocks++
      counts.transactions += block.receipts.length
      const hour = hours[Math.floor(Number(block.block.timestamp) / HOUR_SECONDS) % HOURS]!
      hour.blocks++
      let place = -1
      for (const swap of read(block)) {
        addSwap(swap)
        if (swap.transactionIndex !== place) addTrade(swap, hour)
        place = swap.transactionIndex
      }
    },
    swaps: () => counts.swaps,
    result,
  }
}

type Measured = { value: number | null; n: number }

function judge(name: FactName, { value, n }: Measured): Fact {
  const { title, low, high, least } = bands[name]
  const isInside = value !== null && value >= low && value <= high
  return { name, title, value, n, low, high, verdict: n < least ? 'insufficient' : isInside ? 'pass' : 'fail' }
}

/** Takes up a price: bars close with the last one, and what nobody trades in has no return. */
function addPrice(pools: Map<Address, Pool>, { pool: address, price, seconds, isVolatile }: ScoredSwap): void {
  const bar = Math.floor(seconds / BAR_SECONDS)
  const pool = pools.get(address)
  if (pool === undefined) {
    pools.set(address, { signs: createNumbers(), returns: createNumbers(), bar, open: price, close: price, isVolatile })
    return
  }
  for (; pool.bar < bar; pool.bar++) {
    pool.returns.add(Math.log(pool.close / pool.open))
    pool.open = pool.close
  }
  pool.close = price
}

/** Sizes of the returns of a pool, by their standard deviation. */
function inDeviations(returns: Float64Array): number[] {
  const deviation = Math.sqrt(mean(returns.map((value) => value * value)) ?? 0)
  return deviation > 0 ? Array.from(returns, (value) => Math.abs(value) / deviation) : []
}

/** Autocorrelation at lags 1 to `lags`, the mean of all pools by their length; null when none is long enough. */
function pooledCorrelation(series: readonly Float64Array[], lags: number): number[] | null {
  const sums = new Array<number>(lags).fill(0)
  let n = 0
  for (const values of series) {
    const found = signAutocorrelation(values, lags)
    if (found === null) continue
    n += values.length
    for (const [index, value] of found.entries()) sums[index]! += value * values.length
  }
  return n === 0 ? null : sums.map((sum) => sum / n)
}

/** How fast the autocorrelation of signs falls: the slope of its logarithm over that of the lag, with its sign turned. */
function measureSignMemory(signs: readonly Float64Array[]): Measured {
  const n = signs.reduce((sum, { length }) => sum + length, 0)
  const correlation = pooledCorrelation(signs, SIGN_LAGS.at(-1)!)
  const chance = CHANCE / Math.sqrt(n)
  const points = SIGN_LAGS.map((lag) => ({ lag, value: correlation?.[lag - 1] ?? 0 })).filter(
    ({ value }) => value > chance,
  )
  const line =
    points.length < SIGN_POINTS_LEAST
      ? null
      : fitLine(
          points.map(({ lag }) => Math.log(lag)),
          points.map(({ value }) => Math.log(value)),
        )
  return { n, value: line === null ? null : -line.slope }
}

/** Trades a block in the six busiest hours to those in the six quietest; of no use before each hour was seen. */
function measureDay(hours: readonly { blocks: number; trades: number }[]): Measured {
  if (hours.some(({ blocks }) => blocks === 0)) return { value: null, n: 0 }
  const rates = hours.map(({ blocks, trades }) => trades / blocks).sort((a, b) => a - b)
  const quarter = HOURS / 4
  const [quiet, busy] = [mean(rates.slice(0, quarter))!, mean(rates.slice(-quarter))!]
  return { value: quiet > 0 ? busy / quiet : null, n: hours.reduce((sum, { trades }) => sum + trades, 0) }
}
