import { toFeePips } from '../../../contracts/families.ts'
import type { Address, Hex } from '../../types/block.ts'
import type { Family } from '../../types/event.ts'
import { lookUpByAddress, PAIR_GETTERS } from './pairs.ts'
import { callData, orderedTokens, type Probe, selector, toAddress, toSmall, wordAt, wordCount } from './probe.ts'

const FACTORY = PAIR_GETTERS[2]!

/** iZiSwap: tokens, fee, spacing of points and state; the factory knows pools by tokens and fee. */
export const iziswapProbe: Probe = {
  family: 'iziswap',
  ask: ({ address: to }) =>
    ['tokenX()', 'tokenY()', 'factory()', 'fee()', 'pointDelta()', 'state()'].map((name) => ({
      ...{ to, data: selector(name) },
    })),
  read: ([tokenX, tokenY, factory, fee, pointDelta, state]) => {
    const tokens = orderedTokens(tokenX, tokenY)
    const [feePips, tickSpacing] = [toSmall(fee), toSmall(pointDelta)]
    if (tokens === null || feePips === null || tickSpacing === null || wordCount(state) < 8) return null
    return { family: 'iziswap', factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
  },
  lookUp: (to, { tokens: [tokenX, tokenY], feePips }) => ({
    ...{ to, data: callData(selector('pool(address,address,uint24)'), tokenX!, tokenY!, feePips!) },
    expects: 'address',
  }),
}

function maverickProbe(family: 'maverick-v1' | 'maverick-v2', fee: Hex): Probe {
  const names = ['tokenA()', 'tokenB()', 'tickSpacing()', 'getState()'].map(selector)
  return {
    family,
    ask: ({ address: to }) => [...names, FACTORY, fee].map((data) => ({ to, data })),
    read: ([tokenA, tokenB, spacing, state, factory, feeAnswer]) => {
      const tokens = orderedTokens(tokenA, tokenB)
      const tickSpacing = toSmall(spacing)
      const feePips = wordCount(feeAnswer) === 1 ? toFeePips(family, wordAt(feeAnswer, 0)) : null
      if (tokens === null || tickSpacing === null || tickSpacing === 0 || wordCount(state) < 4) return null
      if (feePips === null) return null
      return { family, factory: toAddress(factory), tokens, feePips, tickSpacing, stable: null }
    },
    lookUp: lookUpByAddress(selector('isFactoryPool(address)')),
  }
}

/** Maverick V1 and V2: the second has a fee for each direction. */
export const maverickProbes: readonly Probe[] = [
  maverickProbe('maverick-v2', callData(selector('fee(bool)'), true)),
  maverickProbe('maverick-v1', selector('fee()')),
]

/** Most coins of a Curve pool (StableSwap-NG). */
const COINS_MAX = 8
const COINS = selector('coins(uint256)')

function curveProbe(family: Family, own: readonly Hex[], isOwn: (answers: readonly (Hex | null)[]) => boolean): Probe {
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
  curveProbe('curve-crypto', [selector('A()'), selector('gamma()')], isAnswered),
  curveProbe('pancake-stable', [selector('A()'), selector('N_COINS()'), selector('FEE_DENOMINATOR()')], isAnswered),
  curveProbe('curve-stable', [selector('A()'), selector('get_virtual_price()')], isAnswered),
]

/** Balancer V2: pool and vault have to name each other. */
export const balancerV2Probe: Probe = {
  family: 'balancer-v2',
  ask: ({ address: to }) =>
    ['getVault()', 'getPoolId()', 'getSwapFeePercentage()'].map((name) => ({ to, data: selector(name) })),
  read: ([vault, poolId, fee], { address, emitter, creation }) => {
    const id = wordCount(poolId) === 1 ? wordAt(poolId, 0)! : null
    const named = creation?.tokens ?? []
    if (toAddress(vault) !== emitter || id === null || id >> 96n !== BigInt(address) || named.length < 2) return null
    const feePips = wordCount(fee) === 1 ? toFeePips('balancer-v2', wordAt(fee, 0)) : null
    return { family: 'balancer-v2', factory: emitter, tokens: [...named], feePips, tickSpacing: null, stable: null }
  },
  lookUp: () => null,
}
