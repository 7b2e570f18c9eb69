/** Smallest and largest tick of a price. Source: TickMath of Uniswap V3. */
export const MIN_TICK = -887_272
export const MAX_TICK = 887_272
/** Square root of the price at MIN_TICK, and at MAX_TICK, as Q64.96. */
export const MIN_SQRT_PRICE = 4_295_128_739n
export const MAX_SQRT_PRICE = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n

const Q128 = 1n << 128n
const UINT256_MAX = (1n << 256n) - 1n
/** sqrt(1.0001)^-(2^i) as Q128.128, for i from 0. */
const POWERS: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
]

const remembered = new Map<number, bigint>()
/** Pools use the same ticks over and over. */
const REMEMBERED_MAX = 200_000

/**
 * The square root of the price at a tick as Q64.96, to the last digit as TickMath.getSqrtRatioAtTick; null outside
 * MIN_TICK to MAX_TICK. Source: @uniswap/v3-core TickMath.
 */
export function sqrtPriceAtTick(tick: number): bigint | null {
  const known = remembered.get(tick)
  if (known !== undefined) return known
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick > MAX_TICK) return null
  const distance = Math.abs(tick)
  let ratio = Q128
  for (let bit = 0; bit < POWERS.length; bit++) {
    if (distance & (1 << bit)) ratio = (ratio * POWERS[bit]!) >> 128n
  }
  if (tick > 0) ratio = UINT256_MAX / ratio
  const price = (ratio >> 32n) + (ratio & 0xffffffffn ? 1n : 0n)
  if (remembered.size >= REMEMBERED_MAX) remembered.clear()
  remembered.set(tick, price)
  return price
}

const LOG_OF_ROOT = Math.log(1.0001) / 2
const Q96 = 2 ** 96

/**
 * The largest tick whose price is not above a price, as TickMath.getTickAtSqrtRatio; null for a price outside
 * MIN_SQRT_PRICE to MAX_SQRT_PRICE (the latter excluded). Source: @uniswap/v3-core TickMath.
 */
export function tickAtSqrtPrice(sqrtPriceX96: bigint): number | null {
  if (sqrtPriceX96 < MIN_SQRT_PRICE || sqrtPriceX96 >= MAX_SQRT_PRICE) return null
  // Floating point comes within a tick or two of it; which one it is say the exact prices.
  const guess = Math.floor(Math.log(Number(sqrtPriceX96) / Q96) / LOG_OF_ROOT)
  let tick = Math.min(MAX_TICK, Math.max(MIN_TICK, guess))
  while (sqrtPriceAtTick(tick)! > sqrtPriceX96) tick--
  while (tick < MAX_TICK && sqrtPriceAtTick(tick + 1)! <= sqrtPriceX96) tick++
  return tick
}
