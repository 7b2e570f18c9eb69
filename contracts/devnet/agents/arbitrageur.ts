import { encodeFunctionData } from 'viem'
import type { Address } from '../../address.ts'
import { devAccounts } from '../accounts.ts'
import { searcher as searcherArtifact } from '../artifacts/Searcher.ts'
import { devnetContracts } from '../contracts.ts'
import { type Market, type PoolState, virtualReserves } from '../market.ts'
import type { PoolName } from '../pools.ts'
import { amountOfUsd, type TokenName } from '../tokens.ts'
import type { DevAccount, LabelDraft, PlannedTransaction } from '../types.ts'
import { type Agent, ordinaryTip, pickMoment, roleLabel, type Slot } from './agent.ts'
import { hopOf, otherToken } from './trades.ts'

/** Two swaps that start and end in the same token. */
export type Cycle = { buy: PoolName; sell: PoolName; token: TokenName; amountIn: bigint; profit: bigint }

/** Pools that trade the same two tokens. */
const markets: readonly (readonly PoolName[])[] = [
  ['v2WethUsdc', 'v3WethUsdc500', 'v3WethUsdc3000', 'v2ForkWethUsdc', 'v3ForkWethUsdc3000'],
  ['v2WbtcWeth', 'v3WbtcWeth3000'],
  ['v2ZapUsdc', 'v3ZapUsdc500'],
]

/** A cycle's input never exceeds this; beyond one V3 range the estimate is wrong anyway. */
const maxInputUsd = 150_000

/** Creates two searchers that close price gaps between pools; the slower one often comes too late. */
export function createArbitrageurs(): Agent {
  let count = 0
  return (slot) => {
    const best = bestCycle(slot.market)
    if (!best) return []
    const [fast, slow] = devAccounts().arbitrageur
    const { searcher, searcherRival } = devnetContracts()
    const groupId = `arbitrage-${count++}`
    const label = roleLabel('arbitrageur', 'cycle', 'ARBITRAGE', groupId, 'ATOMIC_ARBITRAGE')
    const atMs = pickMoment(slot)
    const planned: PlannedTransaction[] = []
    if (fast && slot.random.chance(0.6)) planned.push(cycleTransaction(slot, fast, searcher, best, atMs, label))
    if (slow && slot.random.chance(0.25))
      planned.push(cycleTransaction(slot, slow, searcherRival, best, atMs + slot.random.int(1, 15), label))
    return planned
  }
}

/** Returns a transaction that runs a cycle and reverts when it would not pay. */
export function cycleTransaction(
  slot: Slot,
  from: DevAccount,
  executor: Address,
  cycle: Cycle,
  atMs: number,
  label: LabelDraft,
): PlannedTransaction {
  const middle = otherTokenOf(slot.market, cycle)
  const hops = [hopOf(cycle.buy, cycle.token), hopOf(cycle.sell, middle)]
  const args = [hops, cycle.amountIn, 1n] as const
  const data = encodeFunctionData({ abi: searcherArtifact.abi, functionName: 'cycle', args })
  return { from, to: executor, data, atMs, tipWei: ordinaryTip(slot.random) * 2n, label }
}

/** Returns the most profitable cycle over all pools of a market, or null when no gap covers the fees. */
export function bestCycle(market: Market): Cycle | null {
  let best: Cycle | null = null
  let bestUsd = 5
  for (const names of markets) {
    const states = names.flatMap((name) => market.state(name) ?? [])
    for (const buy of states) {
      for (const sell of states) {
        if (buy === sell) continue
        const cycle = cycleBetween(buy, sell)
        const usd = cycle ? Number(cycle.profit) / Number(amountOfUsd(cycle.token, 1)) : 0
        if (cycle && usd > bestUsd) [best, bestUsd] = [cycle, usd]
      }
    }
  }
  return best
}

/**
 * Returns the best input for buying in one pool and selling in the other, or null when it loses.
 * The optimum of two constant-product pools in closed form, with each V3 range as a virtual pair.
 */
export function cycleBetween(buy: PoolState, sell: PoolState): Cycle | null {
  const token = buy.pool.token0 === 'usdc' ? buy.pool.token1 : buy.pool.token0
  const middle = otherToken(buy.pool, token)
  const first = virtualReserves(buy, token)
  const second = virtualReserves(sell, middle)
  const [keepFirst, keepSecond] = [1 - buy.pool.feePips / 1e6, 1 - sell.pool.feePips / 1e6]
  const base = first.reserveIn * second.reserveIn
  const root = Math.sqrt(keepFirst * keepSecond * base * first.reserveOut * second.reserveOut)
  const optimum = (root - base) / (keepFirst * (second.reserveIn + keepSecond * first.reserveOut))
  if (!(optimum > 0)) return null
  const input = Math.min(optimum, Number(amountOfUsd(token, maxInputUsd)))
  const middleOut = (input * keepFirst * first.reserveOut) / (first.reserveIn + input * keepFirst)
  const output = (middleOut * keepSecond * second.reserveOut) / (second.reserveIn + middleOut * keepSecond)
  const profit = BigInt(Math.floor(output - input))
  if (profit <= 0n) return null
  return { buy: buy.pool.name, sell: sell.pool.name, token, amountIn: BigInt(Math.floor(input)), profit }
}

function otherTokenOf(market: Market, cycle: Cycle): TokenName {
  const state = market.state(cycle.buy)
  if (!state) throw new RangeError(`pool ${cycle.buy} holds no liquidity`)
  return otherToken(state.pool, cycle.token)
}
