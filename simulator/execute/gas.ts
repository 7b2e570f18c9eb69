import type { Call, CallAction } from './call.ts'

/** Gas of a transaction before it does anything, and of each thing it does: near what Ethereum's receipts show. */
const BASE = 38_000n
const PAIR_HOP = 68_000n
const RANGE_HOP = 92_000n
const COSTS: Readonly<Record<Exclude<CallAction['kind'], 'swap'>, bigint>> = {
  'pass-on': 28_000n,
  pull: 32_000n,
  'require-gain': 3_000n,
  fail: 1_000n,
  add: 105_000n,
  'add-all': 95_000n,
  remove: 110_000n,
  mint: 280_000n,
  burn: 190_000n,
  'create-pair': 2_100_000n,
  'create-range': 4_600_000n,
}
/** A hop that is found not to pay costs a fraction: the check comes before the transfers. */
const FAILED_HOP = 9_000n
/** Differences by storage slots touched before, up to 1 of so many. */
const SPREAD_PARTS = 8n

/**
 * Gas used by a call.
 * @param failedAfter number of actions that ran, the last of which reverted; null when none did.
 */
export function gasOf({ actions, input }: Call, failedAfter: number | null): bigint {
  let gas = BASE + BigInt(input.length - 2) * 8n
  for (const [index, action] of actions.entries()) {
    if (failedAfter !== null && index >= failedAfter) break
    gas += failedAfter === index + 1 ? FAILED_HOP : costOf(action)
  }
  // The same call costs the same; calls differ.
  const spread = BigInt(`0x${input.slice(-6).replace('x', '') || '0'}`) % (gas / SPREAD_PARTS)
  return gas + spread
}

function costOf(action: CallAction): bigint {
  if (action.kind !== 'swap') return COSTS[action.kind]
  // Pools with ticks and pairs are not told apart by a hop; calls over V3 cost a little more than that.
  return BigInt(action.route.hops.length) * (action.native === null ? RANGE_HOP : PAIR_HOP)
}
