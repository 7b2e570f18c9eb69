import type { Amm, Quote, Ratio } from './quote.ts'

/**
 * A StableSwap pool of two to eight coins.
 * - `legacy`: Curve's older pools and PancakeSwap's fork of them: one fee.
 * - `ng`: StableSwap-NG: the fee rises as the pool leaves its balance.
 */
export type StableSwapState = {
  variant: 'legacy' | 'ng'
  balances: readonly bigint[]
  /** What brings a balance to 18 decimals, times 1e18. */
  rates: readonly bigint[]
  /** A times n^(n-1) as the contract holds it, times `ampPrecision`. */
  amp: bigint
  /** 1 for the oldest pools and PancakeSwap's, 100 for the others. */
  ampPrecision: bigint
  /** Fee of the output, in parts of 1e10. */
  fee: bigint
  /** Part of the fee that leaves the pool, in parts of 1e10. */
  adminFee: bigint
  /** `ng` only: how much higher the fee can get, times 1e10; null = not at all. */
  offpegFeeMultiplier: bigint | null
}

const PRECISION = 10n ** 18n
const FEE_WHOLE = 10n ** 10n
const ROUNDS_MAX = 255
const COINS_MAX = 8
const UINT256_MAX = (1n << 256n) - 1n

/**
 * Curve's StableSwap over any number of coins, with the loops and roundings of its contracts: D and y by Newton until they move by one at
 * most, one unit less out than the curve gives, the fee taken from the output. Null where a coin or amount is impossible, a
 * balance is empty, a loop does not end, or a step overflows. `quoteOut` is a payment of which one unit less gives too little; as
 * the loops only end near, a still smaller one may give as much again where the pool is far out of balance. Null also near the end of an
 * `ng` pool, where the rising fee takes more than a larger payment brings.
 * Source: curvefi StableSwap templates (get_D, get_y, exchange), stableswap-ng CurveStableSwapNG; PancakeStableSwap.
 */
export const stableSwap: Amm<StableSwapState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => {
    if (!isSwap(state, tokenIn, tokenOut) || amountIn <= 0n || amountIn > UINT256_MAX) return null
    return exchange(state, tokenIn, tokenOut, amountIn)
  },
  quoteOut: (state, tokenIn, tokenOut, amountOut) => {
    if (!isSwap(state, tokenIn, tokenOut) || amountOut <= 0n || amountOut >= state.balances[tokenOut]!) return null
    return leastPayment((amount) => exchange(state, tokenIn, tokenOut, amount), amountOut)
  },
  spotPrice: (state, tokenIn, tokenOut): Ratio | null => {
    if (!isSwap(state, tokenIn, tokenOut)) return null
    const scaled = scaledBalances(state)
    const d = invariantOf(scaled, state)
    if (d === null) return null
    // dy/dx = (Ann x_i + D_P) / (Ann x_j + D_P) * x_j / x_i, with D_P = D^(n+1) / (n^n prod).
    const ann = state.amp * BigInt(scaled.length)
    let product = d
    for (const balance of scaled) product = (product * d) / (balance * BigInt(scaled.length))
    const [x, y] = [scaled[tokenIn]!, scaled[tokenOut]!]
    const slope = (balance: bigint) => ann * balance + product * state.ampPrecision
    return {
      numerator: slope(x) * y * state.rates[tokenIn]!,
      denominator: slope(y) * x * state.rates[tokenOut]!,
    }
  },
}

/** The least amount that gives at least `amountOut`, found by doubling and halving. */
function leastPayment<State>(
  exchangeOf: (amount: bigint) => Quote<State> | null,
  amountOut: bigint,
): Quote<State> | null {
  const gives = (amount: bigint) => (exchangeOf(amount)?.amountOut ?? 0n) >= amountOut
  let high = 1n
  while (!gives(high)) {
    high *= 2n
    if (high > UINT256_MAX) return null
  }
  let low = high / 2n
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (gives(middle)) high = middle
    else low = middle
  }
  return exchangeOf(high)
}

function isSwap({ balances, rates, amp }: StableSwapState, tokenIn: number, tokenOut: number): boolean {
  const count = balances.length
  const isCoin = (position: number) => Number.isInteger(position) && position >= 0 && position < count
  if (count < 2 || count > COINS_MAX || rates.length !== count || amp <= 0n) return false
  return isCoin(tokenIn) && isCoin(tokenOut) && tokenIn !== tokenOut && balances.every((balance) => balance > 0n)
}

function scaledBalances({ balances, rates }: StableSwapState): bigint[] {
  return balances.map((balance, position) => (balance * rates[position]!) / PRECISION)
}

function exchange(
  state: StableSwapState,
  tokenIn: number,
  tokenOut: number,
  amountIn: bigint,
): Quote<StableSwapState> | null {
  const { balances, rates, variant, fee, adminFee } = state
  const scaled = scaledBalances(state)
  if (scaled.some((balance) => balance <= 0n)) return null
  const x = scaled[tokenIn]! + (amountIn * rates[tokenIn]!) / PRECISION
  if (amountIn * rates[tokenIn]! > UINT256_MAX) return null
  const d = invariantOf(scaled, state)
  const y = d === null ? null : balanceFor(state, tokenIn, tokenOut, x, scaled, d)
  if (y === null) return null
  const gross = scaled[tokenOut]! - y - 1n
  if (gross <= 0n) return null
  const toUnits = (amount: bigint) => (amount * PRECISION) / rates[tokenOut]!
  const dynamic = variant === 'ng' ? dynamicFee(state, (scaled[tokenIn]! + x) / 2n, (scaled[tokenOut]! + y) / 2n) : fee
  const feeScaled = (gross * dynamic) / FEE_WHOLE
  // Both kinds take the fee at 18 decimals and bring the rest to units.
  const amountOut = toUnits(gross - feeScaled)
  const adminPart = toUnits((feeScaled * adminFee) / FEE_WHOLE)
  if (amountOut <= 0n || amountOut + adminPart > balances[tokenOut]!) return null
  const after = balances.map((balance, position) =>
    position === tokenIn ? balance + amountIn : position === tokenOut ? balance - amountOut - adminPart : balance,
  )
  return { amountIn, amountOut, after: { ...state, balances: after } }
}

/** What one coin pays for liquidity tokens, and the balances after it; see `removeOneCoin`. */
export type OneCoinRemoval = { amountOut: bigint; after: StableSwapState }

/**
 * What burning `burned` of `supply` liquidity tokens for one coin pays, and what is left; null where the pool or an amount
 * is impossible. Source: StableSwap _calc_withdraw_one_coin and remove_liquidity_one_coin, of NG the same with the fee of each
 * coin by its distance from balance.
 */
export function removeOneCoin(
  state: StableSwapState,
  position: number,
  burned: bigint,
  supply: bigint,
): OneCoinRemoval | null {
  const other = position === 0 ? 1 : 0
  if (!isSwap(state, position, other) || burned <= 0n || burned >= supply) return null
  const scaled = scaledBalances(state)
  const rate = state.rates[position]!
  const d0 = scaled.some((balance) => balance <= 0n) ? null : invariantOf(scaled, state)
  if (d0 === null || rate <= 0n) return null
  const d1 = d0 - (burned * d0) / supply
  const y = balanceAt(state, position, scaled, d1)
  if (y === null) return null
  const count = BigInt(scaled.length)
  const baseFee = (state.fee * count) / (4n * (count - 1n))
  const average = (d0 + d1) / (2n * count)
  const reduced = scaled.map((balance, index) => {
    const ideal = (balance * d1) / d0
    const [expected, middle] = index === position ? [ideal - y, (balance + y) / 2n] : [balance - ideal, balance]
    const fee = state.variant === 'ng' ? dynamicFee({ ...state, fee: baseFee }, middle, average) : baseFee
    return balance - (fee * expected) / FEE_WHOLE
  })
  const left = reduced.every((balance) => balance > 0n) ? balanceAt(state, position, reduced, d1) : null
  if (left === null) return null
  const toUnits = (amount: bigint) => (amount * PRECISION) / rate
  const amountOut = toUnits(reduced[position]! - left - 1n)
  const fee = toUnits(scaled[position]! - y) - amountOut
  const taken = amountOut + (fee * state.adminFee) / FEE_WHOLE
  if (amountOut <= 0n || fee < 0n || taken > state.balances[position]!) return null
  const balances = state.balances.map((balance, index) => (index === position ? balance - taken : balance))
  return { amountOut, after: { ...state, balances } }
}

/** The fee between two balances. Source: CurveStableSwapNG._dynamic_fee. */
function dynamicFee({ fee, offpegFeeMultiplier: multiplier }: StableSwapState, x: bigint, y: bigint): bigint {
  if (multiplier === null || multiplier <= FEE_WHOLE) return fee
  const sum = (x + y) ** 2n
  if (sum === 0n) return fee
  return (multiplier * fee) / (((multiplier - FEE_WHOLE) * 4n * x * y) / sum + FEE_WHOLE)
}

/** D; null where the loop does not end. Source: StableSwap get_D. */
function invariantOf(balances: readonly bigint[], { amp, ampPrecision }: StableSwapState): bigint | null {
  if (balances.some((balance) => balance <= 0n)) return null
  const count = BigInt(balances.length)
  const sum = balances.reduce((total, balance) => total + balance, 0n)
  const ann = amp * count
  let d = sum
  for (let round = 0; round < ROUNDS_MAX; round++) {
    let product = d
    for (const balance of balances) product = (product * d) / (balance * count)
    const before = d
    const weighted = (ann * sum) / ampPrecision + product * count
    const divisor = ((ann - ampPrecision) * d) / ampPrecision + (count + 1n) * product
    if (divisor <= 0n) return null
    d = (weighted * d) / divisor
    if (weighted * before > UINT256_MAX) return null
    if (isWithinOne(d, before)) return d
  }
  return null
}

/** The balance of `tokenOut` when that of `tokenIn` is `x`; null where the loop does not end. Source: StableSwap get_y. */
function balanceFor(
  { amp, ampPrecision }: StableSwapState,
  tokenIn: number,
  tokenOut: number,
  x: bigint,
  balances: readonly bigint[],
  d: bigint,
): bigint | null {
  const held = balances.map((balance, position) => (position === tokenIn ? x : balance))
  return balanceAt({ amp, ampPrecision }, tokenOut, held, d)
}

/** The balance of one coin at D, when those of the others are given; null where the loop does not end. Source: get_y_D. */
function balanceAt(
  { amp, ampPrecision }: Pick<StableSwapState, 'amp' | 'ampPrecision'>,
  wanted: number,
  balances: readonly bigint[],
  d: bigint,
): bigint | null {
  const count = BigInt(balances.length)
  const ann = amp * count
  let sum = 0n
  let c = d
  for (const [position, balance] of balances.entries()) {
    if (position === wanted) continue
    sum += balance
    c = (c * d) / (balance * count)
  }
  c = (c * d * ampPrecision) / (ann * count)
  const b = sum + (d * ampPrecision) / ann
  let y = d
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = y
    const divisor = 2n * y + b - d
    if (divisor <= 0n) return null
    y = (y * y + c) / divisor
    if (isWithinOne(y, before)) return y
  }
  return null
}

function isWithinOne(a: bigint, b: bigint): boolean {
  return (a > b ? a - b : b - a) <= 1n
}

/**
 * The amplification at a moment while it is moved from one value to another, as the contracts interpolate.
 * @param timestamp Unix seconds, as all times. Source: StableSwap _A.
 */
export function rampedAmp(
  ramp: { initialA: bigint; futureA: bigint; initialTime: bigint; futureTime: bigint },
  timestamp: bigint,
): bigint {
  const { initialA, futureA, initialTime, futureTime } = ramp
  if (timestamp >= futureTime || futureTime <= initialTime) return futureA
  const passed = timestamp - initialTime
  const span = futureTime - initialTime
  return futureA > initialA
    ? initialA + ((futureA - initialA) * passed) / span
    : initialA - ((initialA - futureA) * passed) / span
}
