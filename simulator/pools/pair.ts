import { constantProduct, UINT112_MAX } from '../../indexer/derive/amm/constantProduct.ts'
import type { PairPool, SwapMode } from './types.ts'

/** What UniswapV2Pair never gives back of the first liquidity. */
export const MINIMUM_LIQUIDITY = 1_000n

/** A swap as router and pair do it; null where they would revert. `tokenIn` is 0 or 1. */
export function swapPair(
  pool: PairPool,
  tokenIn: number,
  mode: SwapMode,
  amount: bigint,
): { amountIn: bigint; amountOut: bigint; after: PairPool } | null {
  const { reserve0, reserve1, feePips } = pool
  const state = {
    reserve0,
    reserve1,
    fee0Pips: feePips,
    fee1Pips: feePips,
    taking: 'inside',
    reserveMax: UINT112_MAX,
  } as const
  const quote = (mode === 'EXACT_IN' ? constantProduct.quoteIn : constantProduct.quoteOut)(
    state,
    tokenIn,
    1 - tokenIn,
    amount,
  )
  if (quote === null) return null
  const { amountIn, amountOut, after } = quote
  return { amountIn, amountOut, after: { ...pool, reserve0: after.reserve0, reserve1: after.reserve1 } }
}

/** The amounts that the router adds of what is wanted at most, so that the price stays; null when one of them is nothing. */
export function fitAmounts(pool: PairPool, wanted0: bigint, wanted1: bigint): readonly [bigint, bigint] | null {
  if (pool.supply === 0n) return [wanted0, wanted1]
  const fitting1 = (wanted0 * pool.reserve1) / pool.reserve0
  const [amount0, amount1] =
    fitting1 <= wanted1 ? [wanted0, fitting1] : [(wanted1 * pool.reserve0) / pool.reserve1, wanted1]
  return amount0 > 0n && amount1 > 0n ? [amount0, amount1] : null
}

/** Adds liquidity as the pair does; null where it would revert. */
export function mintPair(pool: PairPool, amount0: bigint, amount1: bigint): { shares: bigint; after: PairPool } | null {
  const { reserve0, reserve1, supply } = pool
  const parts = [(amount0 * supply) / (reserve0 || 1n), (amount1 * supply) / (reserve1 || 1n)] as const
  const shares =
    supply === 0n ? squareRoot(amount0 * amount1) - MINIMUM_LIQUIDITY : parts[0] < parts[1] ? parts[0] : parts[1]
  if (shares <= 0n) return null
  const minted = supply === 0n ? shares + MINIMUM_LIQUIDITY : shares
  const after = { ...pool, reserve0: reserve0 + amount0, reserve1: reserve1 + amount1, supply: supply + minted }
  return { shares, after }
}

/** Takes liquidity out as the pair does; null where it would revert. */
export function burnPair(pool: PairPool, shares: bigint): { amount0: bigint; amount1: bigint; after: PairPool } | null {
  const { reserve0, reserve1, supply } = pool
  if (shares <= 0n || shares > supply) return null
  const [amount0, amount1] = [(shares * reserve0) / supply, (shares * reserve1) / supply]
  if (amount0 === 0n || amount1 === 0n) return null
  const after = { ...pool, reserve0: reserve0 - amount0, reserve1: reserve1 - amount1, supply: supply - shares }
  return { amount0, amount1, after }
}

/** The square root rounded down. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
