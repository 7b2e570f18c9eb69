const Q96 = 2 ** 96

/** Returns the tick of a price; floating point, so only for choosing ranges, never for exact maths. */
export function sqrtPriceToTick(sqrtPriceX96: bigint): number {
  return Math.floor((2 * Math.log(Number(sqrtPriceX96) / Q96)) / Math.log(1.0001))
}

/** Returns the price in base units of token1 per base unit of token0, in floating point. */
export function sqrtPriceToPrice(sqrtPriceX96: bigint): number {
  return (Number(sqrtPriceX96) / Q96) ** 2
}
