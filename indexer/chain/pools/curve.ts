import { toFeePips } from '../../../contracts/families.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { Family } from '../../types/event.ts'
import { fetchCryptoSwapSnapshot } from './cryptoSwapSnapshot.ts'
import { callData, type Probe, selector, toAddress, wordAt, wordCount } from './probe.ts'
import { fetchStableSwapSnapshot } from './stableSwapSnapshot.ts'

/** Most coins of a Curve pool (StableSwap-NG). */
const COINS_MAX = 8
const COINS = selector('coins(uint256)')

function curveProbe(
  family: Family,
  own: readonly Hex[],
  isOwn: (answers: readonly (Hex | null)[]) => boolean,
  snapshot?: Probe['snapshot'],
): Probe {
  const positions = Array.from({ length: COINS_MAX }, (_, position) => position)
  return {
    family,
    ask: ({ address: to }) => [
      ...positions.map((position) => ({ to, data: callData(COINS, position) })),
      ...[selector('fee()'), ...own].map((data) => ({ to, data })),
    ],
    read: (answers) => {
      const tokens = readCoins(answers.slice(0, COINS_MAX))
      const fee = wordCount(answers[COINS_MAX]) === 1 ? wordAt(answers[COINS_MAX], 0) : null
      if (tokens === null || !isOwn(answers.slice(COINS_MAX + 1))) return null
      const pool = { family, factory: null, tokens, tickSpacing: null, stable: null }
      return { ...pool, feePips: toFeePips(family, fee) }
    },
    lookUp: (to, { tokens }, { address }) => ({
      ...{ to, data: callData(selector('get_n_coins(address)'), address), expects: BigInt(tokens.length) },
    }),
    ...(snapshot && { snapshot }),
  }
}

/** The coins up to the first that is missing; null when there are fewer than two, or one twice. */
function readCoins(answers: readonly (Hex | null)[]): Address[] | null {
  const coins: Address[] = []
  for (const answer of answers) {
    const coin = toAddress(answer)
    if (coin === null) break
    coins.push(coin)
  }
  return coins.length < 2 || new Set(coins).size < coins.length ? null : coins
}

const isAnswered = (answers: readonly (Hex | null)[]) => answers.every((answer) => wordCount(answer) > 0)

/** Curve and its forks: coins by position; what they are besides is told by getters of their own. */
export const curveProbes: readonly Probe[] = [
  curveProbe('curve-crypto', [selector('A()'), selector('gamma()')], isAnswered, fetchCryptoSwapSnapshot),
  curveProbe(
    'pancake-stable',
    [selector('A()'), selector('N_COINS()'), selector('FEE_DENOMINATOR()')],
    isAnswered,
    fetchStableSwapSnapshot,
  ),
  curveProbe('curve-stable', [selector('A()'), selector('get_virtual_price()')], isAnswered, fetchStableSwapSnapshot),
]
