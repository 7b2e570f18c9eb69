const Q96 = 1n << 96n
const UINT160_MAX = (1n << 160n) - 1n
const UINT256_MAX = (1n << 256n) - 1n

/** `a / b` rounded up. */
export function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

/** Amount of token0 between two prices at a liquidity. Source: @uniswap/v3-core SqrtPriceMath.getAmount0Delta. */
export function amount0Between(sqrtA: bigint, sqrtB: bigint, liquidity: bigint, roundUp: boolean): bigint {
  const [low, high] = sqrtA < sqrtB ? [sqrtA, sqrtB] : [sqrtB, sqrtA]
  const product = (liquidity << 96n) * (high - low)
  return roundUp ? divideUp(divideUp(product, high), low) : product / high / low
}

/** Amount of token1 between two prices at a liquidity. Source: @uniswap/v3-core SqrtPriceMath.getAmount1Delta. */
export function amount1Between(sqrtA: bigint, sqrtB: bigint, liquidity: bigint, roundUp: boolean): bigint {
  const product = liquidity * (sqrtA < sqrtB ? sqrtB - sqrtA : sqrtA - sqrtB)
  return roundUp ? divideUp(product, Q96) : product / Q96
}

/**
 * The price after an amount has come in (token0 when `zeroForOne`), rounded as SqrtPriceMath.getNextSqrtPriceFromInput;
 * null when it does not fit. Source: @uniswap/v3-core SqrtPriceMath.
 */
export function priceAfterInput(
  sqrtPrice: bigint,
  liquidity: bigint,
  amount: bigint,
  zeroForOne: boolean,
): bigint | null {
  if (zeroForOne) return priceAfterAmount0In(sqrtPrice, liquidity, amount)
  const price = sqrtPrice + (amount << 96n) / liquidity
  return price <= UINT160_MAX ? price : null
}

function priceAfterAmount0In(sqrtPrice: bigint, liquidity: bigint, amount: bigint): bigint {
  if (amount === 0n) return sqrtPrice
  const numerator = liquidity << 96n
  const product = amount * sqrtPrice
  const denominator = numerator + product
  // Where the contract's product overflows, it takes a coarser way.
  if (product <= UINT256_MAX && denominator <= UINT256_MAX) return divideUp(numerator * sqrtPrice, denominator)
  return divideUp(numerator, numerator / sqrtPrice + amount)
}

/**
 * The price after an amount has gone out (token1 when `zeroForOne`), rounded as SqrtPriceMath.getNextSqrtPriceFromOutput;
 * null when there is not so much. Source: @uniswap/v3-core SqrtPriceMath.
 */
export function priceAfterOutput(
  sqrtPrice: bigint,
  liquidity: bigint,
  amount: bigint,
  zeroForOne: boolean,
): bigint | null {
  if (zeroForOne) {
    const quotient = divideUp(amount << 96n, liquidity)
    return sqrtPrice > quotient ? sqrtPrice - quotient : null
  }
  if (amount === 0n) return sqrtPrice
  const numerator = liquidity << 96n
  const product = amount * sqrtPrice
  if (product > UINT256_MAX || numerator <= product) return null
  const price = divideUp(numerator * sqrtPrice, numerator - product)
  return price <= UINT160_MAX ? price : null
}
