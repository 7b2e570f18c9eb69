import type { InnerState, PoolClaim } from '../../types/pool.ts'
import { fetchCalls } from '../calls.ts'
import type { Rpc } from '../rpc.ts'
import { callData, type Described, selector, wordAt, wordCount } from './probe.ts'
import { isThere } from './stableSwapSnapshot.ts'

const GETTERS = {
  amp: selector('A()'),
  gamma: selector('gamma()'),
  priceScale: selector('price_scale()'),
  midFee: selector('mid_fee()'),
  outFee: selector('out_fee()'),
  feeGamma: selector('fee_gamma()'),
} as const
/** Amplification and gamma before and after a ramp, each pair in one word, and when it begins and ends. */
const RAMP = ['initial_A_gamma()', 'future_A_gamma()', 'initial_A_gamma_time()', 'future_A_gamma_time()'].map(selector)
const BALANCES = selector('balances(uint256)')
const FEE_WHOLE = 10n ** 10n
const HALF = 1n << 128n

/**
 * Reads parameters and balances of a CryptoSwap pool of two coins before the block of a claim; of one that is made in this block, its
 * parameters at the end of it and empty balances.
 * @returns null for pools of other sizes, and when the node does not serve all of it.
 */
export async function fetchCryptoSwapSnapshot(
  rpc: Rpc,
  { address: to, blockNumber, creation }: PoolClaim,
  { tokens }: Described,
  signal?: AbortSignal,
): Promise<InnerState | null> {
  if (tokens.length !== 2) return null
  const isNew = creation !== null || !(await isThere(rpc, to, blockNumber - 1, signal))
  const at = isNew ? blockNumber : blockNumber - 1
  const names = Object.keys(GETTERS) as (keyof typeof GETTERS)[]
  const asked = [...names.map((name) => GETTERS[name]), ...RAMP, callData(BALANCES, 0), callData(BALANCES, 1)]
  const answers = await fetchCalls(
    rpc,
    asked.map((data) => ({ to, data, blockNumber: at })),
    'null',
    signal,
  )
  const words = answers.map((answer) => (wordCount(answer) === 1 ? wordAt(answer, 0) : null))
  const [amp, gamma, priceScale, midFee, outFee, feeGamma] = words as (bigint | null)[]
  const balances = isNew ? [0n, 0n] : words.slice(names.length + RAMP.length)
  if (amp == null || gamma == null || priceScale == null || midFee == null || outFee == null || feeGamma == null)
    return null
  if (balances.includes(null) || midFee > FEE_WHOLE || outFee > FEE_WHOLE) return null
  const ramp = toRamp(words.slice(names.length, names.length + RAMP.length), amp, gamma)
  const inner = { balances: balances as bigint[], ramp, priceScale, midFee, outFee, feeGamma }
  return { kind: 'inner', inner, doubts: 0 }
}

/** The ramp; pools that do not tell one stay as they are. */
function toRamp([initial, future, initialTime, futureTime]: readonly (bigint | null)[], amp: bigint, gamma: bigint) {
  if (initial == null || future == null || initialTime == null || futureTime == null || futureTime === 0n) {
    return { initialA: amp, futureA: amp, initialGamma: gamma, futureGamma: gamma, initialTime: 0n, futureTime: 0n }
  }
  return {
    ...{ initialA: initial / HALF, initialGamma: initial % HALF, futureA: future / HALF, futureGamma: future % HALF },
    ...{ initialTime, futureTime },
  }
}
