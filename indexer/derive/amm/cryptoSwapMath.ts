/** One in the fixed point of CryptoSwap: 18 decimals. */
export const WAD = 10n ** 18n
/** Bounds of the amplification (times n^n times 10,000) and of gamma. Source: MIN_A, MAX_A, MIN_GAMMA, MAX_GAMMA of two coins. */
export const MIN_A = 4_000n
export const MAX_A = 4_000_000_000n
export const MIN_GAMMA = 10n ** 10n
export const MAX_GAMMA = 199n * 10n ** 15n

const ROUNDS_MAX = 255
const A_MULTIPLIER = 10_000n
const COINS = 2n

/**
 * The other balance at an invariant D, by the contract's Newton steps; null where the loop does not end or the balances are too far
 * apart. Source: newton_y of CurveCryptoMath for two coins.
 * @param x scaled balance that is given.
 */
export function solveBalance(amp: bigint, gamma: bigint, x: bigint, d: bigint): bigint | null {
  if (d < 10n ** 17n || d > 10n ** 33n || x <= 0n) return null
  const k0OfX = (WAD * COINS * x) / d
  if (k0OfX < 10n ** 16n * COINS || k0OfX > 10n ** 20n * COINS) return null
  const limit = largest(x / 10n ** 14n, d / 10n ** 14n, 100n)
  let y = (d * d) / (x * COINS ** 2n)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = y
    const step = nextBalance(amp, gamma, x, y, d, k0OfX)
    if (step === null) return null
    y = step
    const distance = y > before ? y - before : before - y
    if (distance >= largest(limit, y / 10n ** 14n, 0n)) continue
    const part = (y * WAD) / d
    return part < 10n ** 16n || part > 10n ** 20n ? null : y
  }
  return null
}

function nextBalance(amp: bigint, gamma: bigint, x: bigint, y: bigint, d: bigint, k0OfX: bigint): bigint | null {
  const k0 = (k0OfX * y * COINS) / d
  if (k0 <= 0n) return null
  const sum = x + y
  const g = distanceFrom(gamma + WAD, k0)
  const mul1 = (((((WAD * d) / gamma) * g) / gamma) * g * A_MULTIPLIER) / amp
  const mul2 = WAD + (2n * WAD * k0) / g
  const gross = WAD * y + sum * mul2 + mul1
  if (gross < d * mul2) return y / 2n
  const slopeTimesY = gross - d * mul2
  const slope = slopeTimesY / y
  if (slope <= 0n) return null
  const less = mul1 / slope
  const plus = (slopeTimesY + WAD * d) / slope + (less * WAD) / k0
  const minus = less + (WAD * sum) / slope
  const next = plus < minus ? y / 2n : plus - minus
  return next > 0n ? next : null
}

/**
 * The invariant D of scaled balances, by the contract's Newton steps; null where the loop does not end or the balances are too
 * far apart. A contract that keeps D from before has one that differs in the last digits.
 * Source: newton_D of CurveCryptoMath for two coins.
 */
export function invariantOf(amp: bigint, gamma: bigint, balances: readonly [bigint, bigint]): bigint | null {
  const [x, y] = balances[0] < balances[1] ? [balances[1], balances[0]] : balances
  if (x < 10n ** 9n || x > 10n ** 33n || (y * WAD) / x < 10n ** 14n) return null
  const sum = x + y
  let d = COINS * squareRoot(x * y)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const before = d
    if (d <= 0n) return null
    const k0 = (((WAD * COINS ** 2n * x) / d) * y) / d
    if (k0 <= 0n) return null
    const g = distanceFrom(gamma + WAD, k0)
    const mul1 = (((((WAD * d) / gamma) * g) / gamma) * g * A_MULTIPLIER) / amp
    const mul2 = (2n * WAD * COINS * k0) / g
    const negative = sum + (sum * mul2) / WAD + (mul1 * COINS) / k0 - (mul2 * d) / WAD
    if (negative <= 0n) return null
    const plus = (d * (negative + sum)) / negative
    let minus = (d * d) / negative
    if (WAD > k0) minus += (((d * (mul1 / negative)) / WAD) * (WAD - k0)) / k0
    else minus -= (((d * (mul1 / negative)) / WAD) * (k0 - WAD)) / k0
    d = plus > minus ? plus - minus : (minus - plus) / 2n
    const distance = d > before ? d - before : before - d
    if (distance * 10n ** 14n >= largest(10n ** 16n, d, 0n)) continue
    const isNear = [x, y].every((balance) => {
      const part = (balance * WAD) / d
      return part >= 10n ** 16n && part <= 10n ** 20n
    })
    return isNear ? d : null
  }
  return null
}

/** How far two values are apart, plus one. */
function distanceFrom(a: bigint, b: bigint): bigint {
  return (a > b ? a - b : b - a) + 1n
}

function largest(a: bigint, b: bigint, c: bigint): bigint {
  const most = a > b ? a : b
  return most > c ? most : c
}

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
