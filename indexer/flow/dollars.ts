const MICRO = 1e6
/** More than anything is worth: what a made-up token may be said to be. */
const MOST_MICRO = 1e30

/** US dollars in whole millionths; null without a value, and for one that is beyond all measure. */
export function toMicroUsd(usd: number | null): bigint | null {
  return usd === null || !(Math.abs(usd * MICRO) < MOST_MICRO) ? null : BigInt(Math.round(usd * MICRO))
}
