import { devAccounts } from '../accounts.ts'
import type { PoolName } from '../pools.ts'
import { amountOfUsd } from '../tokens.ts'
import type { PlannedTransaction } from '../types.ts'
import { type Agent, ordinaryTip, pickMoment, plainLabel, type Slot } from './agent.ts'
import {
  aggregatorRoute,
  aggregatorSplit,
  aggregatorSwap,
  type Call,
  orderOfUsd,
  pathSwap,
  pathSwapV3,
  pickDirection,
  routerSwap,
} from './trades.ts'

/** Pools by how often small traders choose them. */
const popularPools: readonly PoolName[] = [
  ...(['v2WethUsdc', 'v2WethUsdc', 'v2WethUsdc', 'v3WethUsdc500', 'v3WethUsdc500', 'v3WethUsdc500'] as const),
  ...(['v3WethUsdc3000', 'v3WethUsdc3000', 'v2WbtcWeth', 'v2WbtcWeth', 'v3WbtcWeth3000', 'v3WbtcWeth3000'] as const),
  ...(['v2WethMkr', 'v2WethFot', 'v2UsdcNul', 'v3WethZap10000', 'v2ForkWethUsdc', 'v3ForkWethUsdc3000'] as const),
  ...(['v2ZapUsdc', 'v3ZapUsdc500'] as const),
]

const medianUsd = 600
const maxUsd = 30_000

/**
 * Creates the small traders who use the DEX's own routers: one to three trades a block.
 * @param l1Share share of the trades that are sent through L1, 0 to 1
 */
export function createRetail(l1Share: number): Agent {
  return (slot) => {
    const count = slot.random.pick([1, 1, 2, 2, 3])
    return Array.from({ length: count }, () => {
      const trade = directTrade(slot)
      // Without an L1 nothing is drawn, so that its traffic stays what the seed always gave.
      return l1Share > 0 && slot.random.chance(l1Share) ? { ...trade, isThroughL1: true } : trade
    })
  }
}

/** Creates the small traders who go through the aggregator: about one trade every other block. */
export function createAggregatorRetail(): Agent {
  return (slot) => (slot.random.chance(0.6) ? [aggregatorTrade(slot)] : [])
}

function tradeUsd({ random }: Slot): number {
  return Math.min(maxUsd, medianUsd * random.logNormal(1.2))
}

function pickPool({ random, market }: Slot): PoolName {
  const name = random.pick(popularPools)
  return market.state(name) ? name : 'v2WethUsdc'
}

function directTrade(slot: Slot): PlannedTransaction {
  const { random } = slot
  const from = random.pick(devAccounts().retail)
  const usd = tradeUsd(slot)
  const call = random.chance(0.12) ? multiSwap(slot, from, usd) : singleSwap(slot, from, usd)
  const label = plainLabel('retail', call.action)
  return { from, to: call.to, data: call.data, atMs: pickMoment(slot), tipWei: ordinaryTip(random), label }
}

function singleSwap(slot: Slot, from: PlannedTransaction['from'], usd: number): Call {
  const pool = pickPool(slot)
  const tokenIn = pickDirection(slot.random, slot.market, pool)
  return routerSwap(from, orderOfUsd(slot.market, pool, tokenIn, usd, slot.random.pick([0.01, 0.02, 0.05])))
}

function multiSwap({ random }: Slot, from: PlannedTransaction['from'], usd: number): Call {
  if (random.chance(0.5)) {
    const path = random.pick([
      ['usdc', 'weth', 'wbtc'],
      ['wbtc', 'weth', 'usdc'],
      ['mkr', 'weth', 'usdc'],
    ] as const)
    return pathSwap(from, path, amountOfUsd(path[0], usd))
  }
  const last = random.pick([
    [3000, 'wbtc'],
    [10_000, 'zap'],
  ] as const)
  return pathSwapV3(from, 'usdc', [[500, 'weth'], [...last]], amountOfUsd('usdc', usd))
}

function aggregatorTrade(slot: Slot): PlannedTransaction {
  const { random } = slot
  const from = random.pick(devAccounts().aggregatorRetail)
  const call = aggregatorCall(slot)
  const label = plainLabel('aggregator-retail', call.action)
  return { from, to: call.to, data: call.data, atMs: pickMoment(slot), tipWei: ordinaryTip(random), label }
}

function aggregatorCall(slot: Slot): Call {
  const { random, market } = slot
  const usd = tradeUsd(slot) * 3
  const kind = random.next()
  if (kind < 0.5) {
    const pool = pickPool(slot)
    return aggregatorSwap(orderOfUsd(market, pool, pickDirection(random, market, pool), usd, 0.03))
  }
  if (kind < 0.8) return aggregatorRoute(['v3WethUsdc500', 'v2WbtcWeth'], 'usdc', amountOfUsd('usdc', usd), 0n)
  const tokenIn = pickDirection(random, market, 'v3WethUsdc3000')
  return aggregatorSplit(['v2WethUsdc', 'v3WethUsdc500', 'v2ForkWethUsdc'], tokenIn, amountOfUsd(tokenIn, usd * 4))
}
