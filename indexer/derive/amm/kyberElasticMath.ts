import { divideUp } from './sqrtPriceMath.ts'

/** One whole in the unit of Kyber Elastic's fees. Source: ks-elastic-sc MathConstants.FEE_UNITS. */
export const FEE_UNITS = 100_000n

const TWO_FEE_UNITS = 2n * FEE_UNITS
const Q96 = 1n << 96n
const UINT128_MAX = (1n << 128n) - 1n
const UINT160_MAX = (1n << 160n) - 1n
const UINT256_MAX = (1n << 256n) - 1n

/** What stays the same over a step: the specified token, whether it is paid in or out, and the fee. */
export type Terms = { isExactInput: boolean; isToken0: boolean; feeUnits: bigint }

/** Amounts of a step are signed from the pool's side: `used` of the specified token, `returned` of the other one. */
export type Step = { used: bigint; returned: bigint; addedLiquidity: bigint; price: bigint }

/**
 * One step of a swap towards a price at most 480 ticks away, at one liquidity (base and reinvested together); the fee
 * becomes liquidity. Null where the contract reverts.
 * @param specified what is left of the specified amount: positive = exact input, negative = exact output.
 * @see SwapMath.computeSwapStep of ks-elastic-sc
 */
export function computeStep(
  liquidity: bigint,
  price: bigint,
  target: bigint,
  specified: bigint,
  terms: Terms,
): Step | null {
  // A swap that turns round at an initialised tick begins with a step of no length.
  if (price === target) return { used: 0n, returned: 0n, addedLiquidity: 0n, price }
  const reach = amountToReach(liquidity, price, target, terms)
  if (reach === null) return null
  const isReached = terms.isExactInput ? reach <= specified : reach > specified
  const used = isReached ? reach : specified
  const size = used < 0n ? -used : used
  const added = isReached
    ? liquidityOfReach(size, liquidity, price, target, terms)
    : liquidityOfAmount(size, liquidity, price, terms)
  if (added === null || added > UINT128_MAX) return null
  const next = isReached ? target : priceAfter(size, liquidity, added, price, terms)
  if (next === null || next <= 0n || next > UINT160_MAX) return null
  const returned = amountReturned(liquidity, price, next, added, terms)
  return returned === null ? null : { used, returned, addedLiquidity: added, price: next }
}

/** The specified amount that moves the price to the target, rounded towards zero. Source: SwapMath.calcReachAmount. */
function amountToReach(
  liquidity: bigint,
  price: bigint,
  target: bigint,
  { isExactInput, isToken0, feeUnits }: Terms,
): bigint | null {
  const distance = price >= target ? price - target : target - price
  // The price falls when token0 comes in, and when token1 goes out.
  const [from, to] = isToken0 === isExactInput ? [target, price] : [price, target]
  const denominator = TWO_FEE_UNITS * from - feeUnits * to
  if (denominator <= 0n) return null
  if (isExactInput) {
    const scaled = (liquidity * TWO_FEE_UNITS * distance) / denominator
    return isToken0 ? (scaled * Q96) / price : (scaled * price) / Q96
  }
  const numerator = denominator - feeUnits * from
  if (numerator < 0n) return null
  if (isToken0) {
    const scaled = ((liquidity << 96n) * numerator) / denominator
    return -((scaled * distance) / price / target)
  }
  return -((((liquidity * numerator) / denominator) * distance) / Q96)
}

/** The fee of a step that ends short of its target, as liquidity. Source: SwapMath.estimateIncrementalLiquidity. */
function liquidityOfAmount(
  size: bigint,
  liquidity: bigint,
  price: bigint,
  { isExactInput, isToken0, feeUnits }: Terms,
): bigint | null {
  if (isExactInput) {
    return isToken0
      ? (price * size * feeUnits) / (TWO_FEE_UNITS << 96n)
      : (Q96 * size * feeUnits) / (TWO_FEE_UNITS * price)
  }
  const product = feeUnits * liquidity * size
  if (product > UINT256_MAX) return null
  const toLiquidity = (amount: bigint) => (isToken0 ? (amount * price) / Q96 : (amount * Q96) / price)
  return smallerRoot(feeUnits, (FEE_UNITS - feeUnits) * liquidity - toLiquidity(FEE_UNITS * size), toLiquidity(product))
}

/** The smaller root of ax² - 2bx + c; null where the contract's words do not hold it. Source: QuadMath. */
function smallerRoot(a: bigint, b: bigint, c: bigint): bigint | null {
  if (a === 0n || b < 0n || c > UINT256_MAX) return null
  const [square, product] = [b * b, a * c]
  if (square > UINT256_MAX || product > square) return null
  return (b - squareRoot(square - product)) / a
}

/** The square root, rounded down. */
function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next
  return root
}

/** The fee of a step that ends at its target, as liquidity. Source: SwapMath.calcIncrementalLiquidity. */
function liquidityOfReach(
  size: bigint,
  liquidity: bigint,
  price: bigint,
  target: bigint,
  { isExactInput, isToken0 }: Terms,
): bigint | null {
  const held = isToken0 ? (liquidity * Q96) / price : (liquidity * price) / Q96
  const after = isExactInput ? held + size : held - size
  if (after < 0n) return null
  const grown = isToken0 ? (target * after) / Q96 : (after * Q96) / target
  return grown > liquidity ? grown - liquidity : 0n
}

/** The price after a step that ends short of its target. Source: SwapMath.calcFinalPrice. */
function priceAfter(
  size: bigint,
  liquidity: bigint,
  added: bigint,
  price: bigint,
  { isExactInput, isToken0 }: Terms,
): bigint | null {
  const moved = isToken0 ? (size * price) / Q96 : (size * Q96) / price
  const held = isExactInput ? liquidity + moved : liquidity - moved
  const [above, below] = isToken0 ? [liquidity + added, held] : [held, liquidity + added]
  if (above < 0n || below <= 0n) return null
  // Rounded up where the price falls.
  return isToken0 === isExactInput ? divideUp(above * price, below) : (above * price) / below
}

/** What the other token changes by, rounded in favour of the pool. Source: SwapMath.calcReturnedAmount. */
function amountReturned(
  liquidity: bigint,
  price: bigint,
  next: bigint,
  added: bigint,
  { isExactInput, isToken0 }: Terms,
): bigint | null {
  const returned = isToken0
    ? token1Returned(liquidity, price, next, added, isExactInput)
    : divideUp((liquidity + added) << 96n, next) - (liquidity << 96n) / price
  return isExactInput && returned === 1n ? 0n : returned
}

function token1Returned(
  liquidity: bigint,
  price: bigint,
  next: bigint,
  added: bigint,
  isExactInput: boolean,
): bigint | null {
  const distance = isExactInput ? price - next : next - price
  if (distance < 0n) return null
  const fee = divideUp(added * next, Q96)
  return isExactInput ? fee - (liquidity * distance) / Q96 : fee + divideUp(liquidity * distance, Q96)
}

/**
 * The reinvested liquidity that BurnRTokens removed, told by the amounts it paid out at the price of the pool; null when
 * no liquidity gives these amounts. It is known to the last digit: the token that is worth less has more than one base
 * unit for each unit of liquidity.
 * @see Pool.burnRTokens, QtyDeltaMath.getQty0FromBurnRTokens of ks-elastic-sc
 */
export function liquidityOfBurn(sqrtPriceX96: bigint, amount0: bigint, amount1: bigint): bigint | null {
  if (sqrtPriceX96 <= 0n) return null
  const removed = sqrtPriceX96 >= Q96 ? divideUp(amount1 * Q96, sqrtPriceX96) : divideUp(amount0 * sqrtPriceX96, Q96)
  const isEqual = (removed << 96n) / sqrtPriceX96 === amount0 && (removed * sqrtPriceX96) / Q96 === amount1
  return isEqual ? removed : null
}

/**
 * The least and the greatest liquidity at which an exact input moves the price as it did, within one step; null when it
 * does not tell.
 * @see SwapMath.estimateIncrementalLiquidity and calcFinalPrice of ks-elastic-sc, solved for the liquidity
 */
export function liquidityOfSwap(
  price: bigint,
  next: bigint,
  amountIn: bigint,
  isToken0: boolean,
  feeUnits: bigint,
): readonly [bigint, bigint] | null {
  const distance = isToken0 ? price - next : next - price
  if (distance <= 0n || price <= 0n || next <= 0n || amountIn <= 0n) return null
  const terms = { isExactInput: true, isToken0, feeUnits }
  const added = liquidityOfAmount(amountIn, 0n, price, terms)!
  const moved = isToken0 ? (amountIn * price) / Q96 : (amountIn * Q96) / price
  // A price that falls is rounded up, one that rises down: the true one is less than one unit further on.
  const atRounded = isToken0 ? next * moved - added * price : moved * price - next * added
  const atNext = isToken0 ? (next - 1n) * moved - added * price : moved * price - (next + 1n) * added
  if (atNext < 0n) return null
  return [atNext / (distance + 1n) + 1n, atRounded / distance]
}
