/** One in Maverick's fixed point: 18 decimals. */
export const WAD = 10n ** 18n
/** Source: the bound in tickPrice of both versions. */
const MAX_SUB_TICK = 460_540
const UINT128_MAX = (1n << 128n) - 1n
const UINT256_MAX = (1n << 256n) - 1n
/** Tokens with more decimals are not followed. */
const AMM_DECIMALS = 18

/** sqrt(1.0001) to the power of -1, -2, -4 … in parts of 2^128, as in Uniswap's TickMath. */
const POWERS: readonly bigint[] = [
  ...[0xfffcb933bd6fad9d3af5f0b9f25db4d6n, 0xfff97272373d41fd789c8cb37ffcaa1cn, 0xfff2e50f5f656ac9229c67059486f389n],
  ...[0xffe5caca7e10e81259b3cddc7a064941n, 0xffcb9843d60f67b19e8887e0bd251eb7n, 0xff973b41fa98cd2e57b660be99eb2c4an],
  ...[0xff2ea16466c9838804e327cb417cafcbn, 0xfe5dee046a99d51e2cc356c2f617dbe0n, 0xfcbe86c7900aecf64236ab31f1f9dcb5n],
  ...[0xf987a7253ac4d9194200696907cf2e37n, 0xf3392b0822b88206f8abe8a3b44dd9ben, 0xe7159475a2c578ef4f1d17b2b235d480n],
  ...[0xd097f3bdfd254ee83bdd3f248e7e785en, 0xa9f746462d8f7dd10e744d913d033333n, 0x70d869a156ddd32a39e257bc3f50aa9bn],
  ...[0x31be135f97da6e09a19dc367e3b6da40n, 0x9aa508b5b7e5a9780b0cc4e25d61a56n, 0x5d6af8dedbcb3a6ccb7ce618d14225n],
  0x2216e584f630389b2052b8db590en,
]

/** Thrown where the contract would revert. */
export class MaverickRevert extends Error {}

/** The result of `compute`; null where the contract would revert. */
export function unlessReverted<Result>(compute: () => Result): Result | null {
  try {
    return compute()
  } catch (error) {
    if (error instanceof MaverickRevert) return null
    throw error
  }
}

/** The value as it is. @throws MaverickRevert when it is no uint256. */
export function asUint256(value: bigint): bigint {
  if (value < 0n || value > UINT256_MAX) throw new MaverickRevert('uint256')
  return value
}

/** The value as it is. @throws MaverickRevert when it is no uint128, in which reserves are kept. */
export function asUint128(value: bigint): bigint {
  if (value < 0n || value > UINT128_MAX) throw new MaverickRevert('uint128')
  return value
}

/** a · b / c, rounded down, with a product of any size. @throws MaverickRevert for c = 0 and results above uint256. */
export function mulDiv(a: bigint, b: bigint, c: bigint): bigint {
  if (c === 0n) throw new MaverickRevert('division by zero')
  return asUint256((a * b) / c)
}

/** As `mulDiv`, rounded up. */
export function mulDivUp(a: bigint, b: bigint, c: bigint): bigint {
  if (c === 0n) throw new MaverickRevert('division by zero')
  return asUint256((a * b + c - 1n) / c)
}

/** a - b, or 0 when b is more. */
export function clip(a: bigint, b: bigint): bigint {
  return a < b ? 0n : a - b
}

/** The smaller of two. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

/** The larger of two. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** The square root of a non-negative integer, rounded down. */
export function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

/**
 * The square root of the price at the lower edge of a tick, 18 decimals: 1.0001^(tick · spacing / 2).
 * @throws MaverickRevert out of the range of prices
 */
export function tickSqrtPrice(tick: number, tickSpacing: number): bigint {
  const subTick = Math.abs(tick) * tickSpacing
  if (!Number.isSafeInteger(subTick) || subTick > MAX_SUB_TICK) throw new MaverickRevert('tick')
  let ratio = 1n << 128n
  for (let bit = 0; subTick >> bit > 0; bit++) {
    if ((subTick >> bit) & 1) ratio = (ratio * POWERS[bit]!) >> 128n
  }
  if (tick > 0) ratio = UINT256_MAX / ratio
  return (ratio * WAD) >> 128n
}

/** What one base unit of a token is in the 18 decimals of a pool; null for tokens with more decimals. */
export function scaleOf(decimals: number): bigint | null {
  return Number.isInteger(decimals) && decimals >= 0 && decimals <= AMM_DECIMALS
    ? 10n ** BigInt(AMM_DECIMALS - decimals)
    : null
}

/** An amount of 18 decimals in base units of a token. */
export function toTokenScale(amount: bigint, scale: bigint, isUp: boolean): bigint {
  return isUp ? (amount + scale - 1n) / scale : amount / scale
}
