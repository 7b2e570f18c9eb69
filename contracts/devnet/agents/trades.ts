import { concatHex, encodeFunctionData, maxUint256, toHex } from 'viem'
import type { Address } from '../../address.ts'
import { swapRouterAbi, v2RouterAbi } from '../abi.ts'
import { aggregator } from '../artifacts/Aggregator.ts'
import { devnetContracts } from '../contracts.ts'
import { expectedOut, type Market, relativePrice } from '../market.ts'
import { type DevnetPool, devnetPools, type PoolName } from '../pools.ts'
import type { Random } from '../random.ts'
import { amountOfUsd, type TokenName, tokenAddress } from '../tokens.ts'
import type { DevAccount, Hex } from '../types.ts'

/** Where a transaction goes and what it says. */
export type Call = { to: Address; data: Hex; action: string }

/** A swap an agent wants: exact input into one pool. */
export type SwapOrder = {
  pool: PoolName
  tokenIn: TokenName
  amountIn: bigint
  minAmountOut: bigint
}

/** A hop as `Aggregator` and `Searcher` take it. */
export type Hop = { pool: Address; tokenIn: Address; isV3: boolean }

/** Returns the other token of a pool. */
export function otherToken(pool: DevnetPool, token: TokenName): TokenName {
  return pool.token0 === token ? pool.token1 : pool.token0
}

/** Returns the pool's hop in the given direction. */
export function hopOf(name: PoolName, tokenIn: TokenName): Hop {
  const pool = devnetPools()[name]
  return { pool: pool.address, tokenIn: tokenAddress(tokenIn), isV3: pool.family === 'uniswap-v3' }
}

/**
 * Chooses a direction, more often the one that brings the price back to its start: without an
 * outside market random trades would let it drift away.
 */
export function pickDirection(random: Random, market: Market, name: PoolName): TokenName {
  const state = market.state(name)
  const { token0, token1 } = devnetPools()[name]
  const drift = state ? Math.log(relativePrice(state)) : 0
  const sellsToken0 = 0.5 + Math.max(-0.4, Math.min(0.4, drift * 8))
  return random.chance(sellsToken0) ? token0 : token1
}

/** Returns an order of about `usd` dollars that accepts `slippage` (0.03 = 3 %) below the expected output. */
export function orderOfUsd(
  market: Market,
  pool: PoolName,
  tokenIn: TokenName,
  usd: number,
  slippage: number,
): SwapOrder {
  const amountIn = amountOfUsd(tokenIn, usd)
  const state = market.state(pool)
  const out = state ? expectedOut(state, tokenIn, amountIn) : 0n
  // A V3 swap may leave the range the estimate is made for.
  const isExact = devnetPools()[pool].family === 'uniswap-v2'
  const minAmountOut = isExact ? (out * BigInt(Math.round((1 - slippage) * 10_000))) / 10_000n : 0n
  return { pool, tokenIn, amountIn, minAmountOut }
}

/** Returns the call that swaps through the pool's own router. */
export function routerSwap(trader: DevAccount, order: SwapOrder): Call {
  const pool = devnetPools()[order.pool]
  if (pool.family === 'uniswap-v2') return pairSwap(trader, order, pool)
  // The periphery router serves one factory only.
  if (pool.isFork) return aggregatorSwap(order)
  const data = encodeFunctionData({
    abi: swapRouterAbi,
    functionName: 'exactInputSingle',
    args: [
      {
        ...{ tokenIn: tokenAddress(order.tokenIn), tokenOut: tokenAddress(otherToken(pool, order.tokenIn)) },
        ...{ fee: pool.feePips, recipient: trader.address, deadline: maxUint256, sqrtPriceLimitX96: 0n },
        ...{ amountIn: order.amountIn, amountOutMinimum: order.minAmountOut },
      },
    ],
  })
  return { to: devnetContracts().swapRouter, data, action: 'swap-v3' }
}

function pairSwap(trader: DevAccount, order: SwapOrder, pool: DevnetPool): Call {
  const { v2Router, v2ForkRouter } = devnetContracts()
  const tokens = [order.tokenIn, otherToken(pool, order.tokenIn)]
  const isFeeOnTransfer = tokens.includes('fot')
  const data = encodeFunctionData({
    abi: v2RouterAbi,
    functionName: isFeeOnTransfer
      ? 'swapExactTokensForTokensSupportingFeeOnTransferTokens'
      : 'swapExactTokensForTokens',
    // The token keeps a part of what the pair sends, so the usual bound would always fail.
    args: [
      order.amountIn,
      isFeeOnTransfer ? 0n : order.minAmountOut,
      tokens.map(tokenAddress),
      trader.address,
      maxUint256,
    ],
  })
  return {
    to: pool.isFork ? v2ForkRouter : v2Router,
    data,
    action: isFeeOnTransfer ? 'swap-v2-fee-on-transfer' : 'swap-v2',
  }
}

/** Returns the call that swaps WETH and USDC and WBTC in one path of V2 pairs. */
export function pathSwap(trader: DevAccount, path: readonly TokenName[], amountIn: bigint): Call {
  const data = encodeFunctionData({
    abi: v2RouterAbi,
    functionName: 'swapExactTokensForTokens',
    args: [amountIn, 0n, path.map(tokenAddress), trader.address, maxUint256],
  })
  return { to: devnetContracts().v2Router, data, action: 'swap-v2-path' }
}

/** Returns the call that swaps along V3 pools in one path. */
export function pathSwapV3(
  trader: DevAccount,
  first: TokenName,
  hops: readonly [number, TokenName][],
  amountIn: bigint,
): Call {
  const path = concatHex([
    tokenAddress(first),
    ...hops.flatMap(([fee, token]) => [toHex(fee, { size: 3 }), tokenAddress(token)]),
  ])
  const data = encodeFunctionData({
    abi: swapRouterAbi,
    functionName: 'exactInput',
    args: [{ path, recipient: trader.address, deadline: maxUint256, amountIn, amountOutMinimum: 0n }],
  })
  return { to: devnetContracts().swapRouter, data, action: 'swap-v3-path' }
}

/** Returns the call that swaps one order through the aggregator. */
export function aggregatorSwap(order: SwapOrder): Call {
  return aggregatorRoute([order.pool], order.tokenIn, order.amountIn, order.minAmountOut)
}

/** Returns the call that sends one order through several pools in a row. */
export function aggregatorRoute(
  route: readonly PoolName[],
  tokenIn: TokenName,
  amountIn: bigint,
  minAmountOut: bigint,
): Call {
  let token = tokenIn
  const hops = route.map((name) => {
    const hop = hopOf(name, token)
    token = otherToken(devnetPools()[name], token)
    return hop
  })
  const args = [hops, tokenAddress(token), amountIn, minAmountOut] as const
  const data = encodeFunctionData({ abi: aggregator.abi, functionName: 'swap', args })
  return { to: devnetContracts().aggregator, data, action: 'swap-aggregator' }
}

/** Returns the call that splits one order evenly over pools of the same two tokens. */
export function aggregatorSplit(pools: readonly PoolName[], tokenIn: TokenName, amountIn: bigint): Call {
  const [first] = pools
  if (!first) throw new RangeError('split over no pools')
  const tokenOut = otherToken(devnetPools()[first], tokenIn)
  const part = amountIn / BigInt(pools.length)
  const args = [pools.map((name) => hopOf(name, tokenIn)), pools.map(() => part), tokenAddress(tokenOut), 0n] as const
  const data = encodeFunctionData({ abi: aggregator.abi, functionName: 'split', args })
  return { to: devnetContracts().aggregator, data, action: 'split-aggregator' }
}
