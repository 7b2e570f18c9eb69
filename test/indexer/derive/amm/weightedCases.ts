import { type WeightedState, weighted } from '../../../../indexer/derive/amm/weighted.ts'
import type { Draw, Subject } from './constantProductCases.ts'

const ONE = 10n ** 18n
const SPLITS = [
  [50n, 50n],
  [80n, 20n],
  [20n, 80n],
  [99n, 1n],
  [40n, 20n, 40n],
  [33n, 33n, 34n],
]
const DECIMALS = [18, 18, 6, 8, 0, 2]

/** Pools of two to eight tokens, with usual and odd weights, and fees from none to 10 %. */
export const weightedSubject: Subject<WeightedState> = {
  amm: weighted,
  pool(draw) {
    const weights = drawWeights(draw)
    const balances = weights.map(() => draw.magnitude(draw.below(4) === 0 ? 112 : 100))
    const scalingFactors = weights.map(() => 10n ** BigInt(36 - DECIMALS[draw.below(DECIMALS.length)]!))
    return { balances, weights, scalingFactors, swapFee: draw.upTo(10n ** 17n) - 1n }
  },
  balances: ({ balances }) => balances,
  encode: ({ balances, weights, scalingFactors, swapFee }) => [...balances, ...weights, ...scalingFactors, swapFee],
  hasExactOut: () => true,
}

function drawWeights(draw: Draw): bigint[] {
  if (draw.below(2) === 0) return SPLITS[draw.below(SPLITS.length)]!.map((percent) => (percent * ONE) / 100n)
  const shares = Array.from({ length: 2 + draw.below(7) }, () => 10n + BigInt(draw.below(1_000_000)))
  const sum = shares.reduce((a, b) => a + b)
  // 1 % each, and the rest shared out at random.
  const rest = ONE - BigInt(shares.length) * (ONE / 100n)
  const weights = shares.map((share) => ONE / 100n + (rest * share) / sum)
  return [ONE - weights.slice(1).reduce((a, b) => a + b), ...weights.slice(1)]
}
