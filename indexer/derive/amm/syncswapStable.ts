import type { Amm, Ratio } from './quote.ts'

/** A SyncSwap stable pool of two tokens. */
export type SyncSwapStableState = {
  reserve0: bigint
  reserve1: bigint
  /** 10^(18 - decimals): bring both tokens to 18 decimals. */
  multiplier0: bigint
  multiplier1: bigint
  /** Fee in parts of 1e5 when token0 is paid in, and when token1 is. */
  fee0: bigint
  fee1: bigint
}

const MAX_FEE = 100_000n
/** A = 1000, times two coins. */
const N_A = 2_000n
const ROUNDS_MAX = 256
const UINT256_MAX = (1n << 256n) - 1n

/**
 * SyncSwap's StableSwap of two coins with A = 1000. The fee is rounded down and taken from the amount in, and stays in the
 * pool; the output is one unit less than the curve gives, at 18 decimals. The pool computes unchecked: where it would
 * overflow, null is given. `quoteOut` is the least payment. Source: SyncSwap core-contracts SyncSwapStablePool, StableMath.
 */
export const syncswapStable: Amm<SyncSwapStableState> = {
  quoteIn: (state, tokenIn, tokenOut, amountIn) => {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || amountIn <= 0n || amountIn > UINT256_MAX) return null
    const amountOut = outputOf(side, amountIn)
    if (amountOut === null || amountOut <= 0n || amountOut >= side.reserveOut) return null
    const reserves =
      tokenIn === 0
        ? { reserve0: state.reserve0 + amountIn, reserve1: state.reserve1 - amountOut }
        : { reserve0: state.reserve0 - amountOut, reserve1: state.reserve1 + amountIn }
    return { amountIn, amountOut, after: { ...state, ...reserves } }
  },
  quoteOut: (state, tokenIn, tokenOut, amountOut) => {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null || amountOut <= 0n || amountOut >= side.reserveOut) return null
    const gives = (amount: bigint) => (outputOf(side, amount) ?? 0n) >= amountOut
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
    return syncswapStable.quoteIn(state, tokenIn, tokenOut, high)
  },
  spotPrice: (state, tokenIn, tokenOut): Ratio | null => {
    const side = sideOf(state, tokenIn, tokenOut)
    if (side === null) return null
    const [x, y] = [side.reserveIn * side.multiplierIn, side.reserveOut * side.multiplierOut]
    const d = invariantOf(x, y)
    // p = (Ann + D^3 / (4 x^2 y)) / (Ann + D^3 / (4 x y^2)), both sides times 4 x^2 y^2.
    const cube = d * d * d
    const numerator = (4n * N_A * x * x * y + cube) * y * side.multiplierIn
    return { numerator, denominator: (4n * N_A * x * y * y + cube) * x * side.multiplierOut }
  },
}

/** The pool as seen from the token paid in. */
type Side = { reserveIn: bigint; reserveOut: bigint; multiplierIn: bigint; multiplierOut: bigint; fee: bigint }

function sideOf(state: SyncSwapStableState, tokenIn: number, tokenOut: number): Side | null {
  const { reserve0, reserve1, multiplier0, multiplier1, fee0, fee1 } = state
  if (reserve0 <= 0n || reserve1 <= 0n) return null
  const forward = {
    reserveIn: reserve0,
    reserveOut: reserve1,
    multiplierIn: multiplier0,
    multiplierOut: multiplier1,
    fee: fee0,
  }
  const side =
    tokenIn === 0 && tokenOut === 1
      ? forward
      : tokenIn === 1 && tokenOut === 0
        ? {
            reserveIn: reserve1,
            reserveOut: reserve0,
            multiplierIn: multiplier1,
            multiplierOut: multiplier0,
            fee: fee1,
          }
        : null
  return side === null || side.fee < 0n || side.fee >= MAX_FEE ? null : side
}

/** Null where a step overflows. */
function outputOf({ reserveIn, reserveOut, multiplierIn, multiplierOut, fee }: Side, amountIn: bigint): bigint | null {
  const [balanceIn, balanceOut] = [reserveIn * multiplierIn, reserveOut * multiplierOut]
  const net = amountIn - (amountIn * fee) / MAX_FEE
  const x = balanceIn + net * multiplierIn
  const d = invariantOf(balanceIn, balanceOut)
  // The largest products of the contract.
  if (amountIn * fee > UINT256_MAX || x > UINT256_MAX || d * d > UINT256_MAX || 2n * x > UINT256_MAX) return null
  const y = balanceFor(x, d)
  const out = balanceOut - y - 1n
  return out <= 0n ? null : out / multiplierOut
}

/** D of two balances of 18 decimals. Source: StableMath.computeDFromAdjustedBalances. */
function invariantOf(x: bigint, y: bigint): bigint {
  const sum = x + y
  let d = sum
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const product = (((d * d) / x) * d) / y / 4n
    const before = d
    d = ((N_A * sum + 2n * product) * d) / ((N_A - 1n) * d + 3n * product)
    if (isWithinOne(d, before)) break
  }
  return d
}

/** The other balance at an invariant. Source: StableMath.getY. */
function balanceFor(x: bigint, d: bigint): bigint {
  const c = (((d * d) / (2n * x)) * d) / (2n * N_A)
  const b = x + d / N_A
  let y = d
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = y
    y = (y * y + c) / (2n * y + b - d)
    if (isWithinOne(y, before)) break
  }
  return y
}

function isWithinOne(a: bigint, b: bigint): boolean {
  return (a > b ? a - b : b - a) <= 1n
}

const INFERRED_MAX = 10_000n

/**
 * The fee in parts of 1e5, up to 10,000, with which the pool gives exactly `amountOut`; null when none does, or several (the
 * amounts are too small to tell). A higher fee never gives more, so both ends are searched for.
 */
export function inferSyncSwapStableFee(
  state: SyncSwapStableState,
  tokenIn: number,
  amountIn: bigint,
  amountOut: bigint,
): bigint | null {
  const side = sideOf({ ...state, fee0: 0n, fee1: 0n }, tokenIn, 1 - tokenIn)
  if (side === null || amountIn <= 0n || amountOut <= 0n) return null
  const outputAt = (fee: bigint) => outputOf({ ...side, fee }, amountIn) ?? 0n
  const first = lowest((fee) => outputAt(fee) <= amountOut)
  const next = lowest((fee) => outputAt(fee) < amountOut)
  return first <= INFERRED_MAX && next - first === 1n ? first : null
}

/** The lowest fee for which a condition holds that holds from some fee on; one above the highest when for none. */
function lowest(holds: (fee: bigint) => boolean): bigint {
  let low = 0n
  let high = INFERRED_MAX + 1n
  while (low < high) {
    const middle = (low + high) / 2n
    if (holds(middle)) high = middle
    else low = middle + 1n
  }
  return low
}
