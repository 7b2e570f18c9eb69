import type { FlowClass, FlowEvent, FlowIntent, Route } from '../types/flow.ts'

/** Trades from which on a habit counts. */
const HABIT_MIN = 4
const HABIT_SHARE = 0.5
/** Trades to and fro from which on they are called wash. */
const WASH_MIN = 6
/** Share of them of which the next gives back exactly what was got. */
const WASH_SHARE = 0.8
/** Trades in a pair from which on a provider of liquidity in it is said to hedge. */
const HEDGE_MIN = 3
/** From this probability on an account behaves like an execution algorithm. */
const INSTITUTIONAL = 0.5

const AGGREGATED: ReadonlySet<Route> = new Set(['AGGREGATOR', 'META_AGGREGATOR', 'SOLVER'])

/** True for a transaction that gave or got nothing on balance: it went round. */
export function wentRound({ tokenIn, tokenOut }: Pick<FlowIntent, 'tokenIn' | 'tokenOut'>): boolean {
  return tokenIn === null || tokenOut === null
}

/** What the rules say of a trade that need no model. */
export type Evidence = {
  route: Route
  /** It went round, or is a part of a bundle that gained by order. */
  isMev: boolean
  /** The last trades of the account, this one among them, oldest first. */
  events: readonly FlowEvent[]
  /** The account changed liquidity in the pair within a day. */
  isProvider: boolean
  /** The pair of the trade; empty for one that went round. */
  pair: string
  pInstitutional: number | null
}

/**
 * The behaviour of a trade, the first that holds: a part of MEV, or of an account most of whose last trades are; wash trading, when the
 * account gives back at once what it took, again and again; hedging by somebody who provides liquidity in the pair; an execution
 * algorithm, when the model says so; unknown, when it abstains; else a person, who came by an aggregator or not.
 */
export function classify({ route, isMev, events, pair, isProvider, pInstitutional }: Evidence): FlowClass {
  if (isMev || livesByMev(events)) return 'ARBITRAGE_MEV'
  if (washesTrades(events, pair)) return 'WASH'
  if (isProvider && countInPair(events, pair) >= HEDGE_MIN) return 'LP_HEDGE'
  if (pInstitutional === null) return 'UNKNOWN'
  if (pInstitutional >= INSTITUTIONAL) return 'EXECUTION_ALGORITHM'
  return AGGREGATED.has(route) ? 'RETAIL_AGGREGATOR' : 'RETAIL_DIRECT'
}

function livesByMev(events: readonly FlowEvent[]): boolean {
  return events.length >= HABIT_MIN && mevShareOf(events) > HABIT_SHARE
}

/** Share of the trades that are a part of MEV. */
export function mevShareOf(events: readonly FlowEvent[]): number {
  if (events.length === 0) return 0
  let mev = 0
  for (const { isMev } of events) if (isMev) mev++
  return mev / events.length
}

function countInPair(events: readonly FlowEvent[], pair: string): number {
  let count = 0
  for (const event of events) if (event.pair === pair) count++
  return count
}

/** Who trades for volume gives back just what was got, to the unit, and begins again. */
function washesTrades(events: readonly FlowEvent[], pair: string): boolean {
  let [count, returned] = [0, 0]
  let before: FlowEvent | null = null
  for (const event of events) {
    if (event.pair !== pair || event.side === null) continue
    count++
    if (before !== null && before.side !== event.side && before.got === event.given) {
      returned += 2
      before = null
    } else before = event
  }
  return count >= WASH_MIN && returned >= WASH_SHARE * (count - 1)
}
